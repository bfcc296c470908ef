"""Time: microseconds since 1970 in UTC inside, RFC 3339 outside."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from handrail.kernel.errors import Invalid

Clock = Callable[[], int]
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def now_us() -> int:
    """Return the time now, in microseconds since 1970 (UTC)."""
    return time.time_ns() // 1000


def rfc3339(at_us: int) -> str:
    """Write a time in microseconds as RFC 3339 in UTC with milliseconds."""
    moment = _EPOCH + timedelta(microseconds=at_us)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_rfc3339(text: str, place: str = "time") -> int:
    """Read RFC 3339 into microseconds since 1970 (UTC).

    Raises:
        Invalid: If it is no time or has no offset.
    """
    refusal = Invalid(f"{text!r} is not a time.", fix="Write it as 2026-03-01T09:00:00Z.", place=place)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refusal from None
    if moment.tzinfo is None:
        raise refusal
    return (moment - _EPOCH) // timedelta(microseconds=1)
