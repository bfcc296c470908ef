"""Answers what apps and connections did over time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.kernel.money import Money
from handrail.platform.database import Row, Work
from handrail.runtime.signals import histogram, store
from handrail.runtime.signals.errors import WindowInvalid
from handrail.runtime.signals.jobs import HOURS_KEPT_DAYS, MINUTES_KEPT_DAYS
from handrail.runtime.signals.model import (
    AppCalls,
    AppsCalls,
    CallSeries,
    ConnectionCalls,
    ConnectionsCalls,
    Gap,
    Point,
    State,
)
from handrail.runtime.signals.steps import Steps, steps_of

_ROWS_AT_ONCE: Final = 5_000
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True, type_=String)
_TEAMS: Final[BindParameter[Any]] = bindparam("teams", expanding=True, type_=String)
_BY_APP: Final = text("""
    SELECT app_id, (hour - :first) / :step AS place, SUM(calls) AS calls, SUM(errors) AS errors,
        SUM(refused) AS refused
    FROM rollup_app_hour
    WHERE app_id IN :ids AND hour >= :first AND hour < :last
    GROUP BY app_id, (hour - :first) / :step
""").bindparams(_IDS)
# Only apps of these teams: what others do on a connection is not told, not even as a part of a sum.
_VISIBLE: Final = "(:all_teams = 1 OR EXISTS (SELECT 1 FROM app WHERE app.id = s.app_id AND app.team_id IN :teams))"
_SERIES: Final = text(f"SELECT s.id, s.connection FROM signal_series AS s WHERE {_VISIBLE}").bindparams(_TEAMS)  # noqa: S608 - constants only
_WINDOW_MINUTES: Final = text("""
    SELECT series_id, minute, calls, errors, refused, limited, duration_max_us, histogram
    FROM rollup_minute
    WHERE minute >= :first AND minute < :last
""")
_WINDOW_HOURS: Final = text("""
    SELECT series_id, hour * 60, calls, errors, refused, limited, duration_max_us, histogram
    FROM rollup_hour
    WHERE hour >= :first AND hour < :last
""")


def minutes_kept_since(now: int) -> int:
    """Return from when on there are minutes."""
    return (now - MINUTES_KEPT_DAYS * DAY) // HOUR * HOUR


def _hours_kept_since(now: int) -> int:
    return (now - HOURS_KEPT_DAYS * DAY) // HOUR * HOUR


def as_of(work: Work) -> int | None:
    """Return up to when the calls of every hub are known; None when no hub has ever reported."""
    return min((hub.as_of for hub in store.freshness(work)), default=None)


def state_of(gaps: Sequence[Gap], calls: int) -> State:
    """Return what can be said of a window."""
    return "gap" if gaps else "ok" if calls else "no_data"


@dataclass(slots=True)
class _Step:
    calls: int = 0
    errors: int = 0
    refused: int = 0
    limited: int = 0
    max_us: int = 0
    cost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    buckets: dict[int, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.calls += row["calls"]
        self.errors += row["errors"]
        self.refused += row["refused"]
        self.limited += row["limited"]
        self.max_us = max(self.max_us, row["duration_max_us"])
        if row["currency"]:
            self.cost[row["currency"]] += row["cost_micros"]
        histogram.add(self.buckets, bytes(row["histogram"]))

    def point(self, at: int, *, known: bool) -> Point:
        p95_us = histogram.quantile(self.buckets, 0.95)
        return Point(
            at,
            self.calls,
            self.errors,
            self.refused,
            self.limited,
            known,
            None if p95_us is None else min(p95_us, self.max_us),
            tuple(Money(micros, currency) for currency, micros in sorted(self.cost.items())),
        )


def series(work: Work, app_id: str, since: int, until: int, step: str, environment: str = "") -> CallSeries:
    """Return an app's calls in each step that touches a window.

    Args:
        work: Any unit of work.
        app_id: The app.
        since: Start, microseconds since 1970.
        until: End, exclusive.
        step: One of `STEPS`.
        environment: Only its calls; empty for all.

    Raises:
        WindowInvalid: As `steps_of`.
    """
    steps = steps_of(since, until, step, minutes_since=minutes_kept_since(work.now))
    sums = [_Step() for _ in range(steps.number)]
    for row in store.rollups(work, app_id, steps.first, steps.last, environment):
        sums[steps.place(row["at"])].add(row)
    gaps = tuple(store.gaps(work, steps.first, steps.last))
    fresh = as_of(work)
    calls = [step.calls for step in sums]
    known = steps.known(calls, fresh, gaps, _hours_kept_since(work.now))
    points = tuple(step.point(at, known=sure) for step, at, sure in zip(sums, steps.starts(), known, strict=True))
    return CallSeries(steps.first, steps.last, steps.step, state_of(gaps, sum(calls)), fresh, gaps, points)


def by_app(work: Work, app_ids: Iterable[str], since: int, until: int, step: str) -> AppsCalls:
    """Return several apps' calls over the same window; the order is that of the ids.

    Raises:
        WindowInvalid: As `steps_of`; also for steps finer than an hour.
    """
    steps = steps_of(since, until, step, minutes_since=minutes_kept_since(work.now))
    if steps.step < HOUR:
        raise WindowInvalid(
            "Several apps at once are counted by the hour.", fix="Ask with step=1h, 6h or 1d.", place="step"
        )
    asked = list(dict.fromkeys(app_ids))
    totals = {app_id: {"calls": 0, "refused": 0, "errors": 0} for app_id in asked}
    counted = {app_id: [0] * steps.number for app_id in asked}
    window = {"first": steps.first // HOUR, "last": steps.last // HOUR, "step": steps.step // HOUR}
    for row in work.all(_BY_APP, ids=asked, **window):
        total = totals[row["app_id"]]
        for column in total:
            total[column] += int(row[column])
        counted[row["app_id"]][row["place"]] += int(row["calls"])
    return AppsCalls(
        steps.first,
        steps.last,
        steps.step,
        as_of(work),
        tuple(AppCalls(app_id, series=tuple(counted[app_id]), **totals[app_id]) for app_id in asked),
    )


class _Connection:
    """Sums of one connection; histograms are counted first, because most are equal to another one."""

    __slots__ = ("counts", "histograms", "last", "max_us", "series")

    def __init__(self, number: int) -> None:
        self.counts = [0, 0, 0, 0]
        self.series = [0] * number
        self.histograms: dict[bytes, int] = {}
        self.max_us = 0
        self.last = 0

    def calls(self, name: str) -> ConnectionCalls:
        buckets: dict[int, int] = {}
        for blob, times in self.histograms.items():
            for bucket, number in histogram.decode(blob).items():
                buckets[bucket] = buckets.get(bucket, 0) + number * times
        p95_us = histogram.quantile(buckets, 0.95)
        calls, errors, refused, limited = self.counts
        return ConnectionCalls(
            name,
            calls,
            errors,
            refused,
            limited,
            None if p95_us is None else min(p95_us, self.max_us),
            self.last * MINUTE,
            tuple(self.series),
        )


def by_connection(work: Work, teams: Iterable[str] | None, since: int, until: int, step: str) -> ConnectionsCalls:
    """Return what the apps of some teams did on each connection.

    Args:
        work: Any unit of work.
        teams: Their ids; None for everybody, and then also callers that are not known.
        since: Start, microseconds since 1970.
        until: End, exclusive.
        step: One of `STEPS`.

    Raises:
        WindowInvalid: As `steps_of`.
    """
    steps = steps_of(since, until, step, minutes_since=minutes_kept_since(work.now))
    visible = {"all_teams": int(teams is None), "teams": sorted(teams or ())}
    names = {row["id"]: row["connection"] for row in work.all(_SERIES, **visible) if row["connection"]}
    found: dict[str, _Connection] = {}
    places: dict[int, int] = {}
    for row in _window(work, steps):
        name = names.get(row[0])
        if name is None:
            continue
        sums = found.get(name)
        if sums is None:
            sums = found[name] = _Connection(steps.number)
        place = places.get(row[1])
        if place is None:
            place = places[row[1]] = steps.place(row[1] * MINUTE)
        _add(sums, row, place)
    return ConnectionsCalls(
        steps.first,
        steps.last,
        steps.step,
        as_of(work),
        {name: sums.calls(name) for name, sums in found.items()},
    )


def _window(work: Work, steps: Steps) -> Iterator[Sequence[Any]]:
    """Yield the rows of everybody, as the driver gives them: making them nicer takes longer than adding them up."""
    hours = {"first": steps.first // HOUR, "last": -(-steps.last // HOUR)}
    minutes = {"first": steps.first // MINUTE, "last": steps.last // MINUTE}
    for statement, window in ((_WINDOW_HOURS, hours), (_WINDOW_MINUTES, minutes)):
        result = work.connection.execute(statement, window)
        cursor = result.cursor
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows
        result.close()


def _add(sums: _Connection, row: Sequence[Any], place: int) -> None:
    counts = sums.counts
    counts[0] += row[2]
    if row[3]:
        counts[1] += row[3]
    if row[4]:
        counts[2] += row[4]
    if row[5]:
        counts[3] += row[5]
    minute, longest, blob = row[1], row[6], bytes(row[7])
    sums.series[place] += row[2]
    sums.histograms[blob] = sums.histograms.get(blob, 0) + 1
    if longest > sums.max_us:  # noqa: PLR1730 - max() is a call for every row
        sums.max_us = longest
    if minute > sums.last:  # noqa: PLR1730 - same
        sums.last = minute
