"""Answers what one hub did, and what it does right now."""

from typing import Final

from sqlalchemy import text

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.platform.database import Work
from handrail.runtime.signals import store
from handrail.runtime.signals.facets import CAUSE, REFUSAL
from handrail.runtime.signals.jobs import HUB_MINUTES_KEPT_DAYS
from handrail.runtime.signals.model import HubCalls, Point, Pulse, TailCall
from handrail.runtime.signals.over_time import state_of
from handrail.runtime.signals.steps import steps_of

TAIL_TOLD: Final = 100

_AS_OF: Final = text("SELECT as_of FROM signal_hub WHERE hub_id = :hub_id")
_MINUTES: Final = text("""
    SELECT (minute - :first) / :step AS place, SUM(calls) AS calls, SUM(errors) AS errors, SUM(refused) AS refused,
        SUM(limited) AS limited
    FROM hub_minute
    WHERE hub_id = :hub_id AND minute >= :first AND minute < :last
    GROUP BY (minute - :first) / :step
""")
_CODES: Final = text("""
    SELECT kind, code, SUM(calls) AS calls
    FROM hub_code
    WHERE hub_id = :hub_id AND minute >= :first AND minute < :last
    GROUP BY kind, code
    ORDER BY kind, code
""")
_PER_MINUTE: Final = text("SELECT calls FROM hub_minute WHERE hub_id = :hub_id AND minute = :minute")
_TAIL: Final = text("""
    SELECT started_at, app_id, environment, connection, operation, status, code, duration_us, request_id, number
    FROM hub_tail
    WHERE hub_id = :hub_id AND number > :after
    ORDER BY number DESC
    LIMIT :most
""")
_SEEN: Final = text("SELECT connection, minute FROM connection_seen")


def hub_as_of(work: Work, hub_id: str) -> int | None:
    """Return up to when a hub's calls are known; None when it has never reported."""
    found = work.scalar(_AS_OF, hub_id=hub_id)
    return None if found is None else int(found)


def hub_calls(work: Work, hub_id: str, since: int, until: int, step: str) -> HubCalls:
    """Return a hub's calls in each step that touches a window, and why some of them failed.

    Raises:
        WindowInvalid: As `steps_of`.
    """
    kept_since = (work.now - HUB_MINUTES_KEPT_DAYS * DAY) // HOUR * HOUR
    steps = steps_of(since, until, step, minutes_since=kept_since)
    window = {"hub_id": hub_id, "first": steps.first // MINUTE, "last": steps.last // MINUTE}
    counts = [(0, 0, 0, 0)] * steps.number
    for row in work.all(_MINUTES, step=steps.step // MINUTE, **window):
        counts[row["place"]] = (int(row["calls"]), int(row["errors"]), int(row["refused"]), int(row["limited"]))
    codes: dict[str, dict[str, int]] = {REFUSAL: {}, CAUSE: {}}
    for row in work.all(_CODES, **window):
        codes[row["kind"]][row["code"]] = int(row["calls"])
    gaps = tuple(gap for gap in store.gaps(work, steps.first, steps.last) if gap.hub_id == hub_id)
    as_of = hub_as_of(work, hub_id)
    calls = [count[0] for count in counts]
    known = steps.known(calls, as_of, gaps, kept_since)
    return HubCalls(
        steps.first,
        steps.last,
        steps.step,
        state_of(gaps, sum(calls)),
        as_of,
        gaps,
        tuple(Point(at, *count, sure) for at, count, sure in zip(steps.starts(), counts, known, strict=True)),
        codes[REFUSAL],
        codes[CAUSE],
    )


def pulse(work: Work, hub_id: str) -> Pulse:
    """Return up to when a hub's calls are known, and how many there were in the last full minute before."""
    as_of = hub_as_of(work, hub_id)
    if as_of is None:
        return Pulse(None, None)
    return Pulse(as_of, int(work.scalar(_PER_MINUTE, hub_id=hub_id, minute=as_of // MINUTE - 1) or 0))


def tail(work: Work, hub_id: str, after: int = 0) -> list[TailCall]:
    """Return a hub's newest calls, newest first.

    Args:
        work: Any unit of work.
        hub_id: The hub.
        after: Only calls with a higher number.
    """
    rows = work.all(_TAIL, hub_id=hub_id, after=after, most=TAIL_TOLD)
    return [
        TailCall(
            row["started_at"],
            row["app_id"],
            row["environment"],
            row["connection"],
            row["operation"],
            row["status"],
            row["code"],
            row["duration_us"],
            row["request_id"],
            row["number"],
        )
        for row in rows
    ]


def connections_seen(work: Work) -> dict[str, int]:
    """Return when each connection last passed a call on, to the minute."""
    return {row["connection"]: row["minute"] * MINUTE for row in work.all(_SEEN)}
