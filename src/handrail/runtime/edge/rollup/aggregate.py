"""Lines of the call log become minute roll-ups. Pure: bytes in, rows out."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil, log2
from typing import Any, Final

import orjson

from handrail.runtime.edge.rollup.line import ANSWERED, NotACall, code_of, names_of
from handrail.runtime.edge.rollup.model import Reject
from handrail.runtime.edge.rollup.tail import end_of, newest

# OTel exponential histogram, scale 4: bucket i holds durations in (2**(i/16), 2**((i+1)/16)] microseconds.
BUCKETS_PER_DOUBLING: Final = 16
REJECTS_KEPT: Final = 50
# Causes of errors that are no code of the hub's own: the upstream said it, or nobody was there to be answered.
UPSTREAM_ERROR: Final = "upstream_5xx"
CALLER_GONE: Final = "caller_gone"
_UNEXPLAINED: Final = "upstream_unavailable"
_NUMBER_LIMIT: Final = 1 << 53
_DAY_MINUTES: Final = 24 * 60
# Where things stand in a row.
_CALLS, _ERRORS, _REFUSED, _LIMITED, _RECEIVED, _SENT, _COST, _DURATION, _LONGEST = range(7, 16)
_HISTOGRAM, _REFUSALS, _PRICE, _DENIAL = range(16, 20)
_Key = tuple[Any, ...]


@dataclass(slots=True)
class Tally:
    """What one stretch of a log adds up to.

    A row is a list: minute since 1970, app, environment, connection, operation, digest, currency, calls,
    errors, refused, limited, received bytes, sent bytes, cost in micros, sum and maximum of durations in
    microseconds, {bucket: calls}, {code: refused calls} or None; then what one call costs and the route's denial, which
    are only needed here. A name that a line does not have is an empty text.

    Attributes:
        now_minute: The reader's clock; a line from more than a day later is rejected.
        last: Start time of the newest call, as the log writes it; empty when there was none.
        causes: (minute, why) -> calls that ended in an error.
    """

    now_minute: int
    groups: dict[_Key, list[Any]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    lines: int = 0
    last: str = ""
    causes: dict[tuple[int, str], int] = field(default_factory=dict)
    _end: bytes = b""
    _minutes: dict[str, int] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def add(self, block: bytes, position: int) -> None:
        """Add whole lines.

        Args:
            block: Ends with a newline.
            position: Where the block starts in its file, in bytes.
        """
        groups, minutes = self.groups, self._minutes
        self._end = end_of(self._end, block)
        loads = orjson.loads
        for line in block.splitlines(keepends=True):
            try:
                call = loads(line)
                started = call["t"]
                status = call["status"]
                details = call["details"]
                received = call["rx"]
                sent = call["tx"]
                duration = call["us"]
                minute = minutes.get(started[:16]) or self._minute(started[:16])
                key = (minute, call["route"], call["key"])
                # One expression that a text, a fraction or a negative number cannot pass.
                if not 0 <= (status | received | sent | (duration or 0)) < _NUMBER_LIMIT:
                    raise NotACall("number")
                row = groups.get(key) or self._open(key)
                code = None if details == ANSWERED else code_of(details, status, row[_DENIAL])
            except (ValueError, TypeError, KeyError) as error:
                self._reject(position, error)
            else:
                _count(row, self.causes, status, code, received, sent, duration)
                if started > self.last:  # noqa: PLR1730 - max() is a call for every line
                    self.last = started
            position += len(line)
            self.lines += 1

    def _open(self, key: _Key) -> list[Any]:
        """Start the row of a key that has not been seen, after a look at its texts."""
        minute, route, header = key
        names = names_of(route, header)
        row: list[Any] = [minute]
        # The same few names come back in thousands of groups.
        row += [self._texts.setdefault(text, text) for text in names.series]
        row += [0, 0, 0, 0, 0, 0, 0, 0, 0, {}, None, names.price, names.denial]
        self.groups[key] = row
        return row

    def _minute(self, text: Any) -> int:
        """Read the first half of a time; each minute is read once."""
        if type(text) is not str:
            raise NotACall("type")
        if len(text) != len("2026-01-01T00:00"):
            raise NotACall("time")
        try:
            moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            raise NotACall("time") from None
        minute = int(moment.timestamp()) // 60
        if not 0 < minute <= self.now_minute + _DAY_MINUTES:
            raise NotACall("time")
        self._minutes[text] = minute
        return minute

    def _reject(self, position: int, error: Exception) -> None:
        self.rejected += 1
        if len(self.rejects) < REJECTS_KEPT:
            self.rejects.append(Reject(position, _reason(error)))

    def reject(self, position: int, reason: str) -> None:
        """Count bytes that are no line at all."""
        self._reject(position, NotACall(reason))

    def rows(self) -> list[list[Any]]:
        """Return the rows that hold calls."""
        return [row for row in self.groups.values() if row[_CALLS]]

    def tail(self) -> list[list[Any]]:
        """Return the newest calls, oldest first, as `tail.newest` gives them."""
        return newest(self._end.splitlines())


def _reason(error: Exception) -> str:
    if isinstance(error, NotACall):
        return str(error)
    return {KeyError: "field", TypeError: "type"}.get(type(error), "json")


def bucket(duration_us: int) -> int:
    """Return the histogram bucket of a duration; -1 holds everything up to one microsecond."""
    return ceil(log2(duration_us) * BUCKETS_PER_DOUBLING) - 1 if duration_us > 1 else -1


def _count(
    row: list[Any],
    causes: dict[tuple[int, str], int],
    status: int,
    code: str | None,
    received: int,
    sent: int,
    duration: int | None,
) -> None:
    """Count one call.

    Errors, refused and limited exclude each other. What the hub refused by itself costs nothing and says nothing
    about how fast the upstream is. Status 0 is a call that ended without an answer. The code is None when the
    upstream answered, else the hub's own, and empty when nobody answered.
    """
    row[_CALLS] += 1
    row[_RECEIVED] += received
    row[_SENT] += sent
    if status == 429:
        row[_LIMITED] += 1
        if code is not None:
            return
    elif status >= 500 or status == 0:
        row[_ERRORS] += 1
        cause = row[0], CALLER_GONE if status == 0 else UPSTREAM_ERROR if code is None else code or _UNEXPLAINED
        causes[cause] = causes.get(cause, 0) + 1
    elif code:
        row[_REFUSED] += 1
        refusals = row[_REFUSALS] = row[_REFUSALS] or {}
        refusals[code] = refusals.get(code, 0) + 1
        return
    if code is None:
        row[_COST] += row[_PRICE]
    if duration is not None:
        row[_DURATION] += duration
        if duration > row[_LONGEST]:
            row[_LONGEST] = duration + 0
        histogram = row[_HISTOGRAM]
        index = ceil(log2(duration) * BUCKETS_PER_DOUBLING) - 1 if duration > 1 else -1
        histogram[index] = histogram.get(index, 0) + 1
