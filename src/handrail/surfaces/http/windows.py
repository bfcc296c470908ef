"""The window of a question about calls: `since`, `until` and `step` as every route of the kind takes them."""

import re
from typing import Annotated, Final, Literal

from fastapi import Query

from handrail.kernel.clock import DAY, HOUR, MINUTE, SECOND, parse_rfc3339
from handrail.runtime.signals import WindowInvalid

_AGO: Final = re.compile(r"([0-9]{1,6})(s|m|h|d)")
_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}

Since = Annotated[str, Query(description="A time, or how long ago: 30m, 1h, 7d.", max_length=64)]
Until = Annotated[str, Query(description="A time, or how long ago; empty means now.", max_length=64)]
Step = Annotated[
    Literal["1m", "5m", "15m", "1h", "6h", "1d"],
    Query(description="How long each step is, in UTC; an answer has at most 500 steps."),
]


def window_of(now: int, since: str, until: str = "") -> tuple[int, int]:
    """Return start and end in microseconds since 1970.

    Raises:
        Invalid: When one is neither a time nor how long ago.
        WindowInvalid: When one is out of range.
    """
    return _time(since, now, "since"), _time(until, now, "until") if until else now


def _time(text: str, now: int, place: str) -> int:
    ago = _AGO.fullmatch(text)
    if ago:
        return max(0, now - int(ago[1]) * _UNITS[ago[2]])
    try:
        return max(0, parse_rfc3339(text, place))
    except OverflowError:
        raise WindowInvalid(f"{text!r} is out of range.", fix="Write 1h, 7d or a time.", place=place) from None
