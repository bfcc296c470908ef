"""Adds a batch's rows to the tables: in bulk, because this is where the time goes."""

import sqlite3
from typing import Any, Final

from sqlalchemy import text

from handrail.platform.database import Work
from handrail.runtime.signals import histogram
from handrail.runtime.signals.model import SEPARATOR, Rows

_NAMES: Final = ("app_id", "environment", "connection", "operation", "digest", "currency")
_ADD: Final = """
    calls = rollup_minute.calls + excluded.calls,
    errors = rollup_minute.errors + excluded.errors,
    refused = rollup_minute.refused + excluded.refused,
    limited = rollup_minute.limited + excluded.limited,
    received_bytes = rollup_minute.received_bytes + excluded.received_bytes,
    sent_bytes = rollup_minute.sent_bytes + excluded.sent_bytes,
    cost_micros = rollup_minute.cost_micros + excluded.cost_micros,
    duration_us = rollup_minute.duration_us + excluded.duration_us,
"""
_COLUMNS: Final = """
    minute, series_id, calls, errors, refused, limited, received_bytes, sent_bytes,
    cost_micros, duration_us, duration_max_us, histogram
"""

_SQLITE_SERIES: Final = """
    INSERT INTO signal_series (id, app_id, environment, connection, operation, digest, currency)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING
"""
_SQLITE_ROWS: Final = f"""
    INSERT INTO rollup_minute ({_COLUMNS})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (minute, series_id) DO UPDATE SET {_ADD}
    duration_max_us = max(rollup_minute.duration_max_us, excluded.duration_max_us),
    histogram = histogram_sum(rollup_minute.histogram, excluded.histogram)
"""  # noqa: S608 - constants only

_POSTGRES_SERIES: Final = text("""
    INSERT INTO signal_series (id, app_id, environment, connection, operation, digest, currency)
    SELECT * FROM unnest(
        CAST(:id AS BIGINT[]), CAST(:app_id AS TEXT[]), CAST(:environment AS TEXT[]),
        CAST(:connection AS TEXT[]), CAST(:operation AS TEXT[]), CAST(:digest AS TEXT[]),
        CAST(:currency AS TEXT[])
    )
    ON CONFLICT (id) DO NOTHING
""")
_POSTGRES_HISTOGRAMS: Final = text("""
    SELECT minute, series_id, histogram
    FROM rollup_minute
    JOIN unnest(CAST(:minutes AS BIGINT[]), CAST(:series AS BIGINT[])) AS wanted (m, s)
        ON minute = m AND series_id = s
""")
_POSTGRES_ROWS: Final = text(f"""
    INSERT INTO rollup_minute ({_COLUMNS})
    SELECT * FROM unnest(
        CAST(:c0 AS BIGINT[]), CAST(:c1 AS BIGINT[]), CAST(:c2 AS BIGINT[]), CAST(:c3 AS BIGINT[]),
        CAST(:c4 AS BIGINT[]), CAST(:c5 AS BIGINT[]), CAST(:c6 AS BIGINT[]), CAST(:c7 AS BIGINT[]),
        CAST(:c8 AS BIGINT[]), CAST(:c9 AS BIGINT[]), CAST(:c10 AS BIGINT[]), CAST(:c11 AS BYTEA[])
    )
    ON CONFLICT (minute, series_id) DO UPDATE SET {_ADD}
    duration_max_us = greatest(rollup_minute.duration_max_us, excluded.duration_max_us),
    histogram = excluded.histogram
""")  # noqa: S608 - constants only

_REFUSALS: Final = text("""
    INSERT INTO rollup_refusal (series_id, minute, code, calls)
    VALUES (:series_id, :minute, :code, :calls)
    ON CONFLICT (series_id, minute, code) DO UPDATE SET calls = rollup_refusal.calls + excluded.calls
""")


def add(work: Work, rows: Rows) -> None:
    """Add a batch's rows to the minute roll-ups."""
    if not rows.values:
        return
    # Sorted, so that neighbours in the table are written one after the other.
    rows.values.sort()
    if work.dialect == "sqlite":
        _add_sqlite(work, rows)
    else:
        _add_postgres(work, rows)
    work.run_many(
        _REFUSALS,
        [
            {"series_id": key, "minute": minute, "code": code, "calls": calls}
            for minute, key, code, calls in rows.refusals
        ],
    )


def _add_sqlite(work: Work, rows: Rows) -> None:
    raw = work.connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the dialect says so
    raw.create_function("histogram_sum", 2, _histogram_sum, deterministic=True)
    series = sorted(rows.series.items())
    raw.executemany(_SQLITE_SERIES, ((key, *names.split(SEPARATOR)) for key, names in series))
    raw.executemany(_SQLITE_ROWS, rows.values)


def _histogram_sum(stored: bytes, added: bytes) -> bytes:
    return histogram.merge((stored, added))


def _add_postgres(work: Work, rows: Rows) -> None:
    """Histograms are added here, not in SQL: the caller holds the lock that keeps other writers out."""
    keys = sorted(rows.series)
    columns = zip(*(rows.series[key].split(SEPARATOR) for key in keys), strict=True)
    named = {name: list(column) for name, column in zip(_NAMES, columns, strict=True)}
    work.connection.execute(_POSTGRES_SERIES, {"id": keys, **named})
    merged: dict[tuple[int, int], list[Any]] = {}
    for value in rows.values:
        same = merged.get(value[:2])
        if same is None:
            merged[value[:2]] = list(value)
        else:
            # The same names twice in a batch: ON CONFLICT could not touch one row twice.
            same[2:10] = [had + more for had, more in zip(same[2:10], value[2:10], strict=True)]
            same[10] = max(same[10], value[10])
            same[11] = _histogram_sum(same[11], value[11])
    wanted = {"minutes": [key[0] for key in merged], "series": [key[1] for key in merged]}
    for minute, key, stored in work.connection.execute(_POSTGRES_HISTOGRAMS, wanted):
        row = merged[minute, key]
        row[11] = _histogram_sum(bytes(stored), row[11])
    table = zip(*merged.values(), strict=True)
    work.connection.execute(_POSTGRES_ROWS, {f"c{index}": list(column) for index, column in enumerate(table)})
