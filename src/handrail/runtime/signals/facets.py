"""What else a batch adds to, in the same transaction: sums by hub, by app and hour, and the newest calls."""

import sqlite3
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import text

from handrail.platform.database import Work
from handrail.runtime.signals.model import SEPARATOR, Batch, Rows

TAIL_KEPT: Final = 200
REFUSAL: Final = "refusal"
CAUSE: Final = "cause"

_ADD: Final = """
    calls = {table}.calls + excluded.calls,
    errors = {table}.errors + excluded.errors,
    refused = {table}.refused + excluded.refused,
    limited = {table}.limited + excluded.limited
"""
_MINUTE: Final = text(f"""
    INSERT INTO hub_minute (hub_id, minute, calls, errors, refused, limited)
    VALUES (:hub_id, :minute, :calls, :errors, :refused, :limited)
    ON CONFLICT (hub_id, minute) DO UPDATE SET {_ADD.format(table="hub_minute")}
""")  # noqa: S608 - constants only
_CODE: Final = text("""
    INSERT INTO hub_code (hub_id, minute, kind, code, calls)
    VALUES (:hub_id, :minute, :kind, :code, :calls)
    ON CONFLICT (hub_id, minute, kind, code) DO UPDATE SET calls = hub_code.calls + excluded.calls
""")
_SQLITE_HOUR: Final = f"""
    INSERT INTO rollup_app_hour (app_id, hour, calls, errors, refused, limited)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (app_id, hour) DO UPDATE SET {_ADD.format(table="rollup_app_hour")}
"""  # noqa: S608 - constants only
_POSTGRES_HOUR: Final = text(f"""
    INSERT INTO rollup_app_hour (app_id, hour, calls, errors, refused, limited)
    SELECT * FROM unnest(
        CAST(:c0 AS TEXT[]), CAST(:c1 AS BIGINT[]), CAST(:c2 AS BIGINT[]), CAST(:c3 AS BIGINT[]),
        CAST(:c4 AS BIGINT[]), CAST(:c5 AS BIGINT[])
    )
    ON CONFLICT (app_id, hour) DO UPDATE SET {_ADD.format(table="rollup_app_hour")}
""")  # noqa: S608 - constants only
_SEEN: Final = text("""
    INSERT INTO connection_seen (connection, minute) VALUES (:connection, :minute)
    ON CONFLICT (connection) DO UPDATE SET minute = excluded.minute WHERE excluded.minute > connection_seen.minute
""")
_NEWEST: Final = text("SELECT MAX(number) FROM hub_tail WHERE hub_id = :hub_id")
_TAIL: Final = text("""
    INSERT INTO hub_tail (hub_id, number, started_at, app_id, environment, connection, operation, status, code,
        duration_us, request_id)
    VALUES (:hub_id, :number, :started_at, :app_id, :environment, :connection, :operation, :status, :code,
        :duration_us, :request_id)
""")
_CUT: Final = text("DELETE FROM hub_tail WHERE hub_id = :hub_id AND number <= :number")


def add(work: Work, hub_id: str, batch: Batch) -> None:
    """Add a batch whose rows are sorted, as `rows.add` leaves them; the caller has made sure that it is added once."""
    work.run_many(
        _MINUTE,
        [
            {
                "hub_id": hub_id,
                "minute": minute,
                "calls": calls,
                "errors": errors,
                "refused": refused,
                "limited": limited,
            }
            for minute, (calls, errors, refused, limited) in _minutes(batch.rows).items()
        ],
    )
    seen = sorted(_seen(batch.rows).items())
    work.run_many(_SEEN, [{"connection": connection, "minute": minute} for connection, minute in seen])
    refusals = ((minute, REFUSAL, code, calls) for minute, _, code, calls in batch.rows.refusals)
    causes = ((minute, CAUSE, code, calls) for minute, code, calls in batch.causes)
    _add_codes(work, hub_id, [*refusals, *causes])
    _add_hours(work, batch.rows)
    _add_tail(work, hub_id, batch)


def _minutes(rows: Rows) -> dict[int, list[int]]:
    """Return the sums of each minute, column by column: this runs over every row of every batch."""
    found: dict[int, list[int]] = {}
    for minute, group in groupby(rows.values, itemgetter(0)):
        same = list(group)
        found[minute] = [sum([row[column] for row in same]) for column in range(2, 6)]
    return found


def _seen(rows: Rows) -> dict[str, int]:
    """Return the newest minute in which each connection passed a call on."""
    seen: dict[str, int] = {}
    left = rows.connections - {""}
    for row in reversed(rows.values):
        if not left:
            break
        # What the hub refused never reached the connection.
        if row[2] > row[4] + row[5]:
            connection = rows.series[row[1]].split(SEPARATOR, 3)[2]
            if connection in left:
                seen[connection] = row[0]
                left.discard(connection)
    return seen


def _add_codes(work: Work, hub_id: str, found: Iterable[tuple[int, str, str, int]]) -> None:
    sums: dict[tuple[int, str, str], int] = {}
    for minute, kind, code, calls in found:
        sums[minute, kind, code] = sums.get((minute, kind, code), 0) + calls
    work.run_many(
        _CODE,
        [
            {"hub_id": hub_id, "minute": minute, "kind": kind, "code": code, "calls": calls}
            for (minute, kind, code), calls in sums.items()
        ],
    )


def _add_hours(work: Work, batched: Rows) -> None:
    """In bulk: a batch may hold calls of every app."""
    rows = sorted((*key, *sums) for key, sums in batched.hours.items() if key[0])
    if not rows:
        return
    if work.dialect == "sqlite":
        raw = work.connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the dialect says so
        raw.executemany(_SQLITE_HOUR, rows)
    else:
        columns = zip(*rows, strict=True)
        work.connection.execute(_POSTGRES_HOUR, {f"c{index}": list(column) for index, column in enumerate(columns)})


def _add_tail(work: Work, hub_id: str, batch: Batch) -> None:
    if not batch.tail:
        return
    last = int(work.scalar(_NEWEST, hub_id=hub_id) or 0)
    work.run_many(
        _TAIL,
        [
            {
                "hub_id": hub_id,
                "number": last + place,
                "started_at": call.at,
                "app_id": call.app_id,
                "environment": call.environment,
                "connection": call.connection,
                "operation": call.operation,
                "status": call.status,
                "code": call.code,
                "duration_us": call.duration_us,
                "request_id": call.request_id,
            }
            for place, call in enumerate(batch.tail, 1)
        ],
    )
    work.run(_CUT, hub_id=hub_id, number=last + len(batch.tail) - TAIL_KEPT)
