"""Reads what a hub sends. Pure: everything is checked here, so that nothing else has to."""

import hashlib
import re
from typing import Any, Final

import orjson

from handrail.runtime.signals import histogram
from handrail.runtime.signals.errors import RollupInvalid
from handrail.runtime.signals.model import SEPARATOR, Batch, Gap, Reject, Rows, TailCall

WIRE_VERSION: Final = 1
ROWS_MAX: Final = 100_000
REJECTS_MAX: Final = 1_000
GAPS_MAX: Final = 1_000
CAUSES_MAX: Final = 10_000
TAIL_MAX: Final = 50
STATUS_MAX: Final = 999
TEXT_MAX: Final = 200
NUMBER_MAX: Final = 1 << 60
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COLUMNS: Final = 18
_TYPES: Final = [int] + [str] * 6 + [int] * 9
_TEXTS: Final = slice(1, 7)
_NUMBERS: Final = slice(7, 16)
_COUNTS: Final = slice(7, 11)
_MINUTES_IN_HOUR: Final = 60


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RollupInvalid(f"This is not JSON: {error}.") from None
    if not isinstance(found, dict):
        raise RollupInvalid("This is not a JSON object.")
    return found


def _text(found: dict[str, Any], name: str, limit: int = TEXT_MAX) -> str:
    text = found.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= limit or not text.isprintable():
        raise RollupInvalid(f"{name} must be a printable text of at most {limit} characters.", place=name)
    return text


def _number(found: dict[str, Any], name: str) -> int:
    number = found.get(name)
    if type(number) is not int or not 0 <= number < NUMBER_MAX:
        raise RollupInvalid(f"{name} must be a whole number, 0 or more.", place=name)
    return number


def _list(found: dict[str, Any], name: str, limit: int) -> list[Any]:
    items = found.get(name)
    if not isinstance(items, list) or len(items) > limit:
        raise RollupInvalid(f"{name} must be a list of at most {limit} entries.", place=name)
    return items


def _gap(found: Any) -> Gap:
    if not isinstance(found, dict):
        raise RollupInvalid("A gap must be an object.", place="gap")
    gap = Gap(_text(found, "id", 64), _number(found, "since"), _number(found, "until"), _text(found, "reason", 64))
    if gap.until < gap.since:
        raise RollupInvalid("A gap ends after it starts.", place="gap")
    return gap


def _reject(found: Any) -> Reject:
    match found:
        case [int(position), str(reason)] if (
            0 <= position < NUMBER_MAX and len(reason) <= TEXT_MAX and reason.isprintable()
        ):
            return Reject(position, reason)
    raise RollupInvalid("A reject is a position and a reason.", place="rejects")


def _word(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= TEXT_MAX and text.isprintable()


def _count(number: Any) -> bool:
    return type(number) is int and 0 <= number < NUMBER_MAX


def _cause(found: Any) -> tuple[int, str, int]:
    match found:
        case [minute, code, calls] if _count(minute) and code and _word(code) and _count(calls) and calls:
            return minute, code, calls
    raise RollupInvalid("A cause is a minute, a code and a number of calls.", place="causes")


def _tail_call(found: Any) -> TailCall:
    match found:
        case [at, app, environment, connection, operation, status, code, duration, request] if (
            all(map(_word, (app, environment, connection, operation, code)))
            and _count(at)
            and _count(status)
            and status <= STATUS_MAX
            and (duration is None or _count(duration))
            and (request is None or (isinstance(request, str) and _REQUEST_ID.fullmatch(request)))
        ):
            return TailCall(at, app, environment, connection, operation, status, code, duration, request)
    raise RollupInvalid("A call of the tail has nine fields: names, ids and numbers.", place="tail")


def series_id(series: str) -> int:
    """Return the id of a series: 64 bits of a hash of its names, so that no batch has to look ids up."""
    return int.from_bytes(hashlib.blake2b(series.encode(), digest_size=8).digest(), "big", signed=True)


def _row(row: Any, rows: Rows) -> None:
    """Check one row and add it."""
    if (
        type(row) is not list
        or len(row) != _COLUMNS
        or [type(value) for value in row[:16]] != _TYPES
        or min(row[_NUMBERS]) < 0
        or max(row[_NUMBERS]) >= NUMBER_MAX
        or not 0 <= row[0] < NUMBER_MAX
        or max(map(len, row[_TEXTS])) > TEXT_MAX
        or not "".join(row[_TEXTS]).isprintable()
    ):
        raise RollupInvalid("A row does not have the columns of version 1.", place="rows")
    try:
        buckets = histogram.encode_flat(row[16])
    except (TypeError, ValueError):
        raise RollupInvalid("A histogram is a list of buckets and counts.", place="rows") from None
    series = SEPARATOR.join(row[_TEXTS])
    key = series_id(series)
    rows.series[key] = series
    rows.values.append((row[0], key, *row[_NUMBERS], buckets))
    rows.connections.add(row[3])
    hour = row[1], row[0] // _MINUTES_IN_HOUR
    sums = rows.hours.get(hour)
    if sums is None:
        rows.hours[hour] = row[_COUNTS]
    else:
        # Most rows are calls and nothing else.
        sums[0] += row[7]
        if row[8]:
            sums[1] += row[8]
        if row[9]:
            sums[2] += row[9]
        if row[10]:
            sums[3] += row[10]
    if row[17] is not None:
        _refusals(row[17], row[0], key, rows)


def _refusals(found: Any, minute: int, key: int, rows: Rows) -> None:
    if not isinstance(found, dict):
        raise RollupInvalid("Refusals are codes with their number of calls.", place="rows")
    for code, calls in found.items():
        if type(calls) is not int or not 0 < calls < NUMBER_MAX or len(code) > TEXT_MAX or not code.isprintable():
            raise RollupInvalid("Refusals are codes with their number of calls.", place="rows")
        rows.refusals.append((minute, key, code, calls))


def read_batch(body: bytes) -> Batch:
    """Read one batch: lines of JSON, first the batch, then each row.

    A row is: minute since 1970, app, environment, connection, operation, digest, currency, calls, errors,
    refused, limited, received bytes, sent bytes, cost in micros, sum and maximum of durations in microseconds,
    histogram (bucket, calls, bucket, calls, ...), {code: refused calls} or null. A name that is not known is an
    empty text. The batch may hold `causes` (minute, code, calls that ended in an error) and `tail` (the newest calls,
    see `TailCall`).

    Raises:
        RollupInvalid: For anything else.
    """
    head, *lines = body.split(b"\n")
    found = _json(head)
    if found.get("v") != WIRE_VERSION:
        raise RollupInvalid(
            f"Roll-ups of version {found.get('v')!r} are not known here.",
            fix="Run the same version of Handrail on hub and control plane.",
            place="v",
        )
    if len(lines) > ROWS_MAX:
        raise RollupInvalid(f"A batch has at most {ROWS_MAX} rows.", place="rows")
    rows = Rows()
    try:
        for line in lines:
            _row(orjson.loads(line), rows)
    except orjson.JSONDecodeError as error:
        raise RollupInvalid(f"A row is not JSON: {error}.", place="rows") from None
    gap = found.get("gap")
    batch = Batch(
        file=_text(found, "file"),
        name=_text(found, "name"),
        start=_number(found, "start"),
        end=_number(found, "end"),
        as_of=_number(found, "asOf"),
        rows=rows,
        rejects=[_reject(reject) for reject in _list(found, "rejects", REJECTS_MAX)],
        rejected=_number(found, "rejected"),
        gap=None if gap is None else _gap(gap),
        closed=found.get("closed") is True,
        # An older hub sends neither.
        causes=[_cause(cause) for cause in _list({"causes": [], **found}, "causes", CAUSES_MAX)],
        tail=[_tail_call(call) for call in _list({"tail": [], **found}, "tail", TAIL_MAX)],
    )
    if batch.end < batch.start and batch.gap is None:
        raise RollupInvalid("A batch ends after it starts.", place="end")
    return batch


def read_gaps(body: bytes) -> tuple[int, list[Gap]]:
    """Read up to when a hub has sent everything, and gaps that belong to no file.

    Raises:
        RollupInvalid: When it is anything else.
    """
    found = _json(body)
    return _number(found, "asOf"), [_gap(gap) for gap in _list(found, "gaps", GAPS_MAX)]
