"""The SQL of signals, but for the bulk of it (`rows`)."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.platform.database import Row, Work
from handrail.runtime.signals.model import Batch, Freshness, Gap, Position, Reject

_OFFSET: Final = text("SELECT next_offset FROM signal_cursor WHERE hub_id = :hub_id AND file = :file")
_ADVANCE: Final = text("""
    INSERT INTO signal_cursor (hub_id, file, name, next_offset, rejected, closed, as_of, updated_at)
    VALUES (:hub_id, :file, :name, :next_offset, :rejected, :closed, :as_of, :now)
    ON CONFLICT (hub_id, file) DO UPDATE SET
        name = excluded.name,
        next_offset = excluded.next_offset,
        rejected = signal_cursor.rejected + excluded.rejected,
        closed = excluded.closed,
        as_of = CASE WHEN excluded.as_of > signal_cursor.as_of THEN excluded.as_of ELSE signal_cursor.as_of END,
        updated_at = excluded.updated_at
""")
_POSITIONS: Final = text("""
    SELECT file, next_offset, as_of
    FROM signal_cursor
    WHERE hub_id = :hub_id AND closed = 0
    ORDER BY file
""")
_FRESHEN: Final = text("""
    INSERT INTO signal_hub (hub_id, as_of, updated_at)
    VALUES (:hub_id, :as_of, :now)
    ON CONFLICT (hub_id) DO UPDATE SET
        as_of = CASE WHEN excluded.as_of > signal_hub.as_of THEN excluded.as_of ELSE signal_hub.as_of END,
        updated_at = excluded.updated_at
""")
_FRESHNESS: Final = text("SELECT hub_id, as_of FROM signal_hub ORDER BY hub_id")
_FORGET: Final = text("DELETE FROM signal_hub WHERE hub_id = :hub_id")
_FORGET_TAIL: Final = text("DELETE FROM hub_tail WHERE hub_id = :hub_id")
_REJECT: Final = text("""
    INSERT INTO signal_reject (hub_id, file, position, reason, recorded_at)
    VALUES (:hub_id, :file, :position, :reason, :now)
    ON CONFLICT (hub_id, file, position) DO NOTHING
""")
_GAP: Final = text("""
    INSERT INTO signal_gap (id, hub_id, file, since, until, reason, start_offset, end_offset, recorded_at)
    VALUES (:id, :hub_id, :file, :since, :until, :reason, :start_offset, :end_offset, :now)
    ON CONFLICT (id) DO NOTHING
""")
_GAPS: Final = text("""
    SELECT id, hub_id, since, until, reason
    FROM signal_gap
    WHERE until >= :since AND since < :until
    ORDER BY since, id
""")
# The minutes are named one by one, so that both databases reach each row through the primary key.
_MINUTES: Final = text("""
    WITH RECURSIVE span (minute) AS (
        SELECT CAST(:first AS BIGINT)
        UNION ALL
        SELECT minute + 1 FROM span WHERE minute + 1 < :last
    )
    SELECT r.minute * 60000000 AS at, s.environment, s.connection, s.operation, s.currency, r.calls, r.errors,
        r.refused, r.limited, r.received_bytes, r.sent_bytes, r.cost_micros, r.duration_max_us, r.histogram
    FROM span
    CROSS JOIN signal_series AS s
    JOIN rollup_minute AS r ON r.minute = span.minute AND r.series_id = s.id
    WHERE s.app_id = :app_id AND (:environment = '' OR s.environment = :environment)
""")
_HOURS: Final = text("""
    SELECT r.hour * 3600000000 AS at, s.environment, s.connection, s.operation, s.currency, r.calls, r.errors,
        r.refused, r.limited, r.received_bytes, r.sent_bytes, r.cost_micros, r.duration_max_us, r.histogram
    FROM signal_series AS s
    JOIN rollup_hour AS r ON r.series_id = s.id
    WHERE s.app_id = :app_id AND (:environment = '' OR s.environment = :environment)
        AND r.hour >= :first AND r.hour < :last
""")
_OLDEST_MINUTE: Final = text("SELECT MIN(minute) FROM rollup_minute")
_LAST_MINUTE: Final = text("""
    WITH RECURSIVE span (minute) AS (
        SELECT CAST(:first AS BIGINT)
        UNION ALL
        SELECT minute + 1 FROM span WHERE minute + 1 < :last
    )
    SELECT MAX(r.minute)
    FROM span
    CROSS JOIN signal_series AS s
    JOIN rollup_minute AS r ON r.minute = span.minute AND r.series_id = s.id
    WHERE s.app_id = :app_id
""")
_LAST_HOUR: Final = text("""
    SELECT MAX(r.hour) FROM signal_series AS s JOIN rollup_hour AS r ON r.series_id = s.id WHERE s.app_id = :app_id
""")
_REFUSALS: Final = text("""
    SELECT s.environment, s.connection, s.operation, f.code, SUM(f.calls) AS calls
    FROM signal_series AS s
    JOIN rollup_refusal AS f ON f.series_id = s.id
    WHERE s.app_id = :app_id AND f.minute >= :first AND f.minute < :last
    GROUP BY s.environment, s.connection, s.operation, f.code
    ORDER BY f.code
""")


def lock(work: Work) -> None:
    """Let only one batch be added at a time, whichever hub it comes from."""
    work.lock("signals")


def offset(work: Work, hub_id: str, file: str) -> int:
    """Return the stored offset of a file; 0 for one that nobody has heard of."""
    return int(work.scalar(_OFFSET, hub_id=hub_id, file=file) or 0)


def advance(work: Work, hub_id: str, batch: Batch) -> None:
    """Set a file's offset to the end of a batch."""
    work.run(
        _ADVANCE,
        hub_id=hub_id,
        file=batch.file,
        name=batch.name,
        next_offset=batch.end,
        rejected=batch.rejected,
        closed=int(batch.closed),
        as_of=batch.as_of,
        now=work.now,
    )


def positions(work: Work, hub_id: str) -> list[Position]:
    """Return every file of a hub that is not closed."""
    return [Position(row["file"], row["next_offset"], row["as_of"]) for row in work.all(_POSITIONS, hub_id=hub_id)]


def freshen(work: Work, hub_id: str, as_of: int) -> None:
    """Note up to when a hub has sent everything; never earlier than before, never later than now."""
    work.run(_FRESHEN, hub_id=hub_id, as_of=min(as_of, work.now), now=work.now)


def freshness(work: Work) -> list[Freshness]:
    """Return up to when each hub's calls are known."""
    return [Freshness(row["hub_id"], row["as_of"]) for row in work.all(_FRESHNESS)]


def forget(work: Work, hub_id: str) -> None:
    """Stop waiting for a hub, and drop its newest calls."""
    work.run(_FORGET, hub_id=hub_id)
    work.run(_FORGET_TAIL, hub_id=hub_id)


def add_rejects(work: Work, hub_id: str, file: str, rejects: Sequence[Reject]) -> None:
    """Keep where lines were rejected."""
    work.run_many(
        _REJECT,
        [
            {
                "hub_id": hub_id,
                "file": file,
                "position": reject.position,
                "reason": reject.reason,
                "now": work.now,
            }
            for reject in rejects
        ],
    )


def add_gap(
    work: Work, hub_id: str, gap: Gap, file: str = "", start: int | None = None, end: int | None = None
) -> None:
    """Keep a gap; one that is known stays as it is."""
    work.run(
        _GAP,
        id=gap.id,
        hub_id=hub_id,
        file=file,
        since=gap.since,
        until=gap.until,
        reason=gap.reason,
        start_offset=start,
        end_offset=end,
        now=work.now,
    )


def gaps(work: Work, since: int, until: int) -> list[Gap]:
    """Return the gaps that touch a window."""
    return [
        Gap(row["id"], row["since"], row["until"], row["reason"], row["hub_id"])
        for row in work.all(_GAPS, since=since, until=until)
    ]


def rollups(work: Work, app_id: str, since: int, until: int, environment: str = "") -> list[Row]:
    """Return an app's roll-ups of the minutes, and of the hours for older times, that touch a window.

    Args:
        work: Any unit of work.
        app_id: The app.
        since: Start, microseconds since 1970.
        until: End.
        environment: Only its calls; empty for all.
    """
    oldest = work.scalar(_OLDEST_MINUTE)
    asked = {"app_id": app_id, "environment": environment}
    found = work.all(_HOURS, first=since // HOUR, last=-(-until // HOUR), **asked)
    if oldest is not None:
        first, last = max(since // MINUTE, oldest), -(-until // MINUTE)
        if first < last:
            found += work.all(_MINUTES, first=first, last=last, **asked)
    return found


def last_call(work: Work, app_id: str) -> int | None:
    """Return the start of the minute (of the hour, for older times) of an app's last call; None without any."""
    oldest = work.scalar(_OLDEST_MINUTE)
    last = work.now // MINUTE + 1
    if oldest is not None:
        # Most apps called today; only those that did not need a look at every minute that is kept.
        day = max(oldest, last - DAY // MINUTE)
        for first, end in ((day, last), (oldest, day)):
            found = work.scalar(_LAST_MINUTE, app_id=app_id, first=first, last=end) if first < end else None
            if found is not None:
                return int(found) * MINUTE
    hour = work.scalar(_LAST_HOUR, app_id=app_id)
    return None if hour is None else int(hour) * HOUR


def refusals(work: Work, app_id: str, since: int, until: int) -> list[Row]:
    """Return an app's refused calls of a window, by operation and code."""
    return work.all(_REFUSALS, app_id=app_id, first=since // MINUTE, last=-(-until // MINUTE))
