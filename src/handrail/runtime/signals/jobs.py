"""Keeps the roll-ups small: minutes for 7 days, hours for 13 months, a hub's own minutes for 30 days."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import text

from handrail.kernel.clock import DAY, HOUR
from handrail.platform.database import Work
from handrail.runtime.signals import histogram, store

MINUTES_KEPT_DAYS: Final = 7
HOURS_KEPT_DAYS: Final = 396
HUB_MINUTES_KEPT_DAYS: Final = 30
_MINUTES_IN_HOUR: Final = 60

_COUNTS: Final = (
    "calls",
    "errors",
    "refused",
    "limited",
    "received_bytes",
    "sent_bytes",
    "cost_micros",
    "duration_us",
)
_OLDEST: Final = text("SELECT MIN(minute) FROM rollup_minute WHERE minute < :before")
_MINUTES: Final = text("SELECT * FROM rollup_minute WHERE minute >= :first AND minute < :last")
_HOUR: Final = text("SELECT * FROM rollup_hour WHERE hour = :hour")
_DROP_MINUTES: Final = text("DELETE FROM rollup_minute WHERE minute >= :first AND minute < :last")
_PUT: Final = text("""
    INSERT INTO rollup_hour (series_id, hour, calls, errors, refused, limited, received_bytes, sent_bytes,
        cost_micros, duration_us, duration_max_us, histogram)
    VALUES (:series_id, :hour, :calls, :errors, :refused, :limited, :received_bytes, :sent_bytes,
        :cost_micros, :duration_us, :duration_max_us, :histogram)
    ON CONFLICT (series_id, hour) DO UPDATE SET
        calls = excluded.calls, errors = excluded.errors, refused = excluded.refused, limited = excluded.limited,
        received_bytes = excluded.received_bytes, sent_bytes = excluded.sent_bytes,
        cost_micros = excluded.cost_micros, duration_us = excluded.duration_us,
        duration_max_us = excluded.duration_max_us, histogram = excluded.histogram
""")
_FOLD_REFUSALS: Final = text("""
    INSERT INTO rollup_refusal (series_id, minute, code, calls)
    SELECT series_id, CAST(:first AS BIGINT), code, SUM(calls)
    FROM rollup_refusal
    WHERE minute > :first AND minute < :last
    GROUP BY series_id, code
    ON CONFLICT (series_id, minute, code) DO UPDATE SET calls = rollup_refusal.calls + excluded.calls
""")
_DROP_REFUSALS: Final = text("DELETE FROM rollup_refusal WHERE minute > :first AND minute < :last")
_EXPIRE_HOURS: Final = text("DELETE FROM rollup_hour WHERE hour < :hour")
_EXPIRE_REFUSALS: Final = text("DELETE FROM rollup_refusal WHERE minute < :minute")
_EXPIRE_APP_HOURS: Final = text("DELETE FROM rollup_app_hour WHERE hour < :hour")
_EXPIRE_HUB_MINUTES: Final = text("DELETE FROM hub_minute WHERE minute < :minute")
_EXPIRE_HUB_CODES: Final = text("DELETE FROM hub_code WHERE minute < :minute")


def downsample(work: Work) -> bool:
    """Turn one hour of minutes older than 7 days into hours, and drop what is older than it is kept.

    One hour in each unit of work keeps the writer's lock short; call it again while it returns True. Lines that
    arrive later still count: they make new minutes, which are added to the hour by the next call.

    Returns:
        Whether there may be more to do.
    """
    store.lock(work)
    work.run(_EXPIRE_HOURS, hour=(work.now - HOURS_KEPT_DAYS * DAY) // HOUR)
    work.run(_EXPIRE_APP_HOURS, hour=(work.now - HOURS_KEPT_DAYS * DAY) // HOUR)
    # Whole hours, as the answers say.
    hubs_kept_since = (work.now - HUB_MINUTES_KEPT_DAYS * DAY) // HOUR * _MINUTES_IN_HOUR
    work.run(_EXPIRE_HUB_MINUTES, minute=hubs_kept_since)
    work.run(_EXPIRE_HUB_CODES, minute=hubs_kept_since)
    work.run(_EXPIRE_REFUSALS, minute=(work.now - HOURS_KEPT_DAYS * DAY) // HOUR * _MINUTES_IN_HOUR)
    # Whole hours only, so that no hour is half minutes and half hours.
    before = (work.now - MINUTES_KEPT_DAYS * DAY) // HOUR * _MINUTES_IN_HOUR
    oldest = work.scalar(_OLDEST, before=before)
    if oldest is None:
        return False
    hour = oldest // _MINUTES_IN_HOUR
    first, last = hour * _MINUTES_IN_HOUR, (hour + 1) * _MINUTES_IN_HOUR
    sums: dict[int, dict[str, Any]] = {}
    buckets: dict[int, dict[int, int]] = defaultdict(dict)
    for row in [*work.all(_HOUR, hour=hour), *work.all(_MINUTES, first=first, last=last)]:
        key = row["series_id"]
        total = sums.setdefault(
            key, {"series_id": key, "hour": hour, "duration_max_us": 0, **dict.fromkeys(_COUNTS, 0)}
        )
        for name in _COUNTS:
            total[name] += row[name]
        total["duration_max_us"] = max(total["duration_max_us"], row["duration_max_us"])
        histogram.add(buckets[key], bytes(row["histogram"]))
    work.run_many(_PUT, [{**total, "histogram": histogram.encode(buckets[key])} for key, total in sums.items()])
    work.run(_DROP_MINUTES, first=first, last=last)
    work.run(_FOLD_REFUSALS, first=first, last=last)
    work.run(_DROP_REFUSALS, first=first, last=last)
    return True
