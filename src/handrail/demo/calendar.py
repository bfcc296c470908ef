"""When things happened: working days counted back from today."""

from datetime import UTC, datetime, timedelta
from typing import Final

from handrail.kernel.clock import HOUR, SECOND

_WEEKEND: Final = 5


class Calendar:
    """Working days before a moment.

    Attributes:
        now: The moment, in microseconds since 1970.
    """

    def __init__(self, now: int) -> None:
        self.now = now
        self._today = datetime.fromtimestamp(now / SECOND, UTC).date()

    def at(self, day: int, clock: str) -> int:
        """Return a time on the `day`-th working day before today (1 or more)."""
        date, left = self._today, day
        while left > 0:
            date -= timedelta(days=1)
            left -= date.weekday() < _WEEKEND
        hour, minute = map(int, clock.split(":"))
        return int(datetime(date.year, date.month, date.day, hour, minute, tzinfo=UTC).timestamp()) * SECOND

    def ago(self, hours: float) -> int:
        """Return the time some hours before now."""
        return self.now - int(hours * HOUR)
