"""Takes what hubs send, exactly once, and answers what is known about calls."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from handrail.kernel.clock import DAY
from handrail.kernel.money import Money
from handrail.platform.database import Row, Work
from handrail.runtime.signals import facets, histogram, rows, store
from handrail.runtime.signals.errors import WindowInvalid
from handrail.runtime.signals.model import (
    Batch,
    CallReport,
    Freshness,
    Gap,
    OperationCalls,
    Position,
    State,
)

WINDOW_MAX_DAYS: Final = 400


def apply(work: Work, hub_id: str, batch: Batch) -> int:
    """Add a batch to the roll-ups and move its file's offset, or do nothing.

    Nothing happens unless the batch starts where the file stands, so sending one twice, or two workers on one log,
    does no harm: whoever sent it goes on from the returned offset.

    The hub's id is the authenticated one; a batch cannot name another.

    Returns:
        The offset that is stored now.
    """
    store.lock(work)
    stored = store.offset(work, hub_id, batch.file)
    if batch.start != stored:
        return stored
    rows.add(work, batch.rows)
    facets.add(work, hub_id, batch)
    store.add_rejects(work, hub_id, batch.file, batch.rejects)
    if batch.gap:
        store.add_gap(work, hub_id, batch.gap, batch.file, batch.start, batch.end)
    store.advance(work, hub_id, batch)
    store.freshen(work, hub_id, batch.as_of)
    return batch.end


def report(work: Work, hub_id: str, as_of: int, gaps: Sequence[Gap]) -> None:
    """Note up to when a hub has sent everything, and gaps that belong to no file."""
    for gap in gaps:
        store.add_gap(work, hub_id, gap)
    store.freshen(work, hub_id, as_of)


def positions(work: Work, hub_id: str) -> list[Position]:
    """Return how far each file of a hub's log is stored; closed files are left out."""
    return store.positions(work, hub_id)


def freshness(work: Work) -> list[Freshness]:
    """Return up to when each hub's calls are known."""
    return store.freshness(work)


def forget_hub(work: Work, hub_id: str) -> None:
    """Stop waiting for a hub that was removed; its calls stay."""
    store.forget(work, hub_id)


@dataclass(slots=True)
class _Sum:
    calls: int = 0
    errors: int = 0
    refused: int = 0
    limited: int = 0
    received_bytes: int = 0
    sent_bytes: int = 0
    max_us: int = 0
    last_at: int = 0
    cost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    buckets: dict[int, int] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.calls += row["calls"]
        self.errors += row["errors"]
        self.refused += row["refused"]
        self.limited += row["limited"]
        self.received_bytes += row["received_bytes"]
        self.sent_bytes += row["sent_bytes"]
        self.max_us = max(self.max_us, row["duration_max_us"])
        self.last_at = max(self.last_at, row["at"])
        if row["currency"]:
            self.cost[row["currency"]] += row["cost_micros"]
        histogram.add(self.buckets, bytes(row["histogram"]))

    def quantile(self, share: float) -> int | None:
        found = histogram.quantile(self.buckets, share)
        return None if found is None else min(found, self.max_us)


def _operation(row: Row) -> tuple[str, str, str]:
    return row["environment"], row["connection"], row["operation"]


def _calls(sums: Mapping[tuple[str, str, str], _Sum]) -> tuple[OperationCalls, ...]:
    return tuple(
        OperationCalls(
            environment=environment,
            connection=connection,
            operation=operation,
            calls=total.calls,
            errors=total.errors,
            refused=total.refused,
            limited=total.limited,
            refusals=total.refusals,
            p50_us=total.quantile(0.50),
            p95_us=total.quantile(0.95),
            max_us=total.max_us if total.buckets else None,
            last_at=total.last_at,
            received_bytes=total.received_bytes,
            sent_bytes=total.sent_bytes,
            cost=tuple(Money(micros, currency) for currency, micros in sorted(total.cost.items())),
        )
        for (environment, connection, operation), total in sorted(sums.items())
    )


def last_call(work: Work, app_id: str) -> int | None:
    """Return when an app called last, to the minute (to the hour for older times); None when it never did."""
    return store.last_call(work, app_id)


def calls(work: Work, app_id: str, since: int, until: int) -> CallReport:
    """Return what an app did in a window, by environment, connection and operation.

    The window is given in microseconds since 1970, its end exclusive. Whole minutes that touch it count (whole
    hours, from 7 days back on).

    Raises:
        WindowInvalid: When the window is empty or longer than 400 days.
    """
    if not since < until <= since + WINDOW_MAX_DAYS * DAY:
        raise WindowInvalid(
            f"The window must end after it starts and be at most {WINDOW_MAX_DAYS} days long.",
            fix="Ask for the last hour with since=1h.",
            place="since",
        )
    sums: dict[tuple[str, str, str], _Sum] = defaultdict(_Sum)
    for row in store.rollups(work, app_id, since, until):
        sums[_operation(row)].add(row)
    for row in store.refusals(work, app_id, since, until):
        sums[_operation(row)].refusals[row["code"]] = int(row["calls"])
    gaps = tuple(store.gaps(work, since, until))
    known = store.freshness(work)
    state: State = "gap" if gaps else "ok" if sums else "no_data"
    return CallReport(
        app_id=app_id,
        since=since,
        until=until,
        state=state,
        as_of=min((hub.as_of for hub in known), default=None),
        gaps=gaps,
        operations=_calls(sums),
    )
