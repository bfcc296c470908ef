"""Calls as people ask for them: by app, over time and by connection."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query

from handrail.kernel.clock import SECOND, rfc3339
from handrail.registry import catalog, connectors
from handrail.registry.identity import Permission, require
from handrail.runtime import signals
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import MoneyView, View
from handrail.surfaces.http.windows import Since, Step, Until, window_of

router = APIRouter(tags=["calls"])


def moment(at: int | None) -> str | None:
    """Write a time that may be unknown."""
    return None if at is None else rfc3339(at)


def _ms(duration_us: int | None) -> float | None:
    return None if duration_us is None else round(duration_us / 1000, 3)


class GapView(View):
    """A time in which calls may be missing from the figures."""

    since: str
    until: str
    reason: str


def gaps_of(gaps: Iterable[signals.Gap]) -> list[GapView]:
    """Show gaps."""
    return [GapView(since=rfc3339(gap.since), until=rfc3339(gap.until), reason=gap.reason) for gap in gaps]


class OperationCallsView(View):
    """One operation; durations in milliseconds, null when nothing was measured.

    `lastAt` is the minute of the last call, the hour for older times.
    """

    environment: str
    connection: str
    operation: str
    calls: int
    errors: int
    refused: int
    limited: int
    refusals: dict[str, int]
    p50_ms: float | None
    p95_ms: float | None
    max_ms: float | None
    last_at: str
    received_bytes: int
    sent_bytes: int
    cost: list[MoneyView]

    @classmethod
    def of(cls, found: signals.OperationCalls) -> Self:
        return cls(
            environment=found.environment,
            connection=found.connection,
            operation=found.operation,
            calls=found.calls,
            errors=found.errors,
            refused=found.refused,
            limited=found.limited,
            refusals=dict(found.refusals),
            p50_ms=_ms(found.p50_us),
            p95_ms=_ms(found.p95_us),
            max_ms=_ms(found.max_us),
            last_at=rfc3339(found.last_at),
            received_bytes=found.received_bytes,
            sent_bytes=found.sent_bytes,
            cost=[MoneyView(micros=money.micros, currency=money.currency) for money in found.cost],
        )


class CallsView(View):
    """An app's calls in a window.

    `state` is `gap` when calls may be missing, `no_data` when there were none, else `ok`; `asOf` is up to when the
    calls of every hub are known, null when no hub has ever reported.
    """

    app: str
    since: str
    until: str
    state: Literal["ok", "no_data", "gap"]
    as_of: str | None
    gaps: list[GapView]
    items: list[OperationCallsView]

    @classmethod
    def of(cls, app: str, found: signals.CallReport) -> Self:
        return cls(
            app=app,
            since=rfc3339(found.since),
            until=rfc3339(found.until),
            state=found.state,
            as_of=moment(found.as_of),
            gaps=gaps_of(found.gaps),
            items=[OperationCallsView.of(operation) for operation in found.operations],
        )


class PointView(View):
    """One step; `answered` is what the upstream answered without an error.

    `known` is false when nobody knows whether there were (more) calls: after `asOf`, inside a gap, or longer ago than
    calls are kept. Then 0 does not mean none.
    """

    at: str
    known: bool
    calls: int
    answered: int
    refused: int
    limited: int
    errors: int

    @classmethod
    def of(cls, found: signals.Point) -> Self:
        return cls.model_validate({**_counts(found), "at": rfc3339(found.at), "known": found.known})


class AppPointView(PointView):
    """One step of an app; the duration in milliseconds, null when nothing was measured."""

    p95_ms: float | None
    cost: list[MoneyView]

    @classmethod
    def of(cls, found: signals.Point) -> Self:
        return cls.model_validate(
            {
                **_counts(found),
                "at": rfc3339(found.at),
                "known": found.known,
                "p95_ms": _ms(found.p95_us),
                "cost": [MoneyView(micros=money.micros, currency=money.currency) for money in found.cost],
            }
        )


def _counts(found: signals.Point | signals.ConnectionCalls) -> dict[str, int]:
    return {name: getattr(found, name) for name in ("calls", "answered", "refused", "limited", "errors")}


class CallSeriesView(View):
    """An app's calls over time: every step of the window, also those without calls.

    `since` and `until` are those of whole steps; `state` and `asOf` as in the answer by operation.
    """

    app: str
    since: str
    until: str
    step_s: int
    state: Literal["ok", "no_data", "gap"]
    as_of: str | None
    gaps: list[GapView]
    items: list[AppPointView]


class AppCallsView(View):
    """One app; `series` holds its calls in each step."""

    app: str
    calls: int
    refused: int
    errors: int
    series: list[int]


class AppsCallsView(View):
    """Several apps over the same steps; steps after `asOf` are not known."""

    since: str
    until: str
    step_s: int
    as_of: str | None
    items: list[AppCallsView]


class ConnectionCallsView(View):
    """One connection; `lastAt` is when the newest call of the window began, to the minute."""

    connection: str
    environment: str
    calls: int
    answered: int
    refused: int
    limited: int
    errors: int
    p95_ms: float | None
    last_at: str | None
    series: list[int]


class ConnectionsCallsView(View):
    """The connections over the same steps; steps after `asOf` are not known."""

    since: str
    until: str
    step_s: int
    as_of: str | None
    items: list[ConnectionCallsView]


@router.get("/api/v1/apps/{name}/calls", responses=PROBLEMS)
def calls(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    since: Since = "1h",
    until: Until = "",
    by: Annotated[Literal["operation"], Query(description="How the calls are grouped.")] = "operation",  # noqa: ARG001 - part of the contract, with one value so far
) -> CallsView:
    """Return an app's calls, errors, durations and cost by operation."""
    window = window_of(context.database.clock(), since, until)
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        require(caller, Permission.SIGNAL_READ, app.team_id)
        return CallsView.of(app.name, signals.calls(work, app.id, *window))


@router.get("/api/v1/apps/{name}/calls/series", responses=PROBLEMS)
def call_series(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    since: Since = "28d",
    until: Until = "",
    step: Step = "1d",
    environment: Annotated[str, Query(description="Only calls of this environment.", max_length=64)] = "",
) -> CallSeriesView:
    """Return an app's calls over time: every step of the window, with those that are not known marked."""
    window = window_of(context.database.clock(), since, until)
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        require(caller, Permission.SIGNAL_READ, app.team_id)
        if environment:
            connectors.find_environment(work, environment)
        found = signals.series(work, app.id, *window, step, environment)
    return CallSeriesView(
        app=app.name,
        since=rfc3339(found.since),
        until=rfc3339(found.until),
        step_s=found.step // SECOND,
        state=found.state,
        as_of=moment(found.as_of),
        gaps=gaps_of(found.gaps),
        items=[AppPointView.of(point) for point in found.points],
    )


@router.get("/api/v1/calls/by-app", responses=PROBLEMS)
def calls_by_app(
    context: ContextDep,
    caller: CallerDep,
    name: Annotated[list[str], Query(description="An app; at most 200 of them.", min_length=1, max_length=200)],
    since: Since = "7d",
    until: Until = "",
    step: Annotated[Literal["1h", "6h", "1d"], Query(description="How long each step is, in UTC.")] = "1d",
) -> AppsCallsView:
    """Return the calls of several apps over time; apps that the caller may not see are left out."""
    require(caller, Permission.SIGNAL_READ)
    window = window_of(context.database.clock(), since, until)
    with context.database.read() as work:
        ids = catalog.visible_ids(work, caller, name)
        found = signals.by_app(work, [ids[app] for app in name if app in ids], *window, step)
    names = {app_id: app for app, app_id in ids.items()}
    return AppsCallsView(
        since=rfc3339(found.since),
        until=rfc3339(found.until),
        step_s=found.step // SECOND,
        as_of=moment(found.as_of),
        items=[
            AppCallsView(
                app=names[app.app_id],
                calls=app.calls,
                refused=app.refused,
                errors=app.errors,
                series=list(app.series),
            )
            for app in found.apps
        ],
    )


# Before `connections/{name}`: modules of routes are taken in the order of their names.
@router.get("/api/v1/connections/calls", responses=PROBLEMS)
def connection_calls(
    context: ContextDep, caller: CallerDep, since: Since = "24h", until: Until = "", step: Step = "1h"
) -> ConnectionsCallsView:
    """Return the calls on each connection, of the apps that the caller may see.

    Somebody who may see the calls of all teams also gets those of callers that were not known.
    """
    require(caller, Permission.SIGNAL_READ)
    require(caller, Permission.CONNECTOR_READ)
    window = window_of(context.database.clock(), since, until)
    with context.database.read() as work:
        listed = connectors.connections(work)
        found = signals.by_connection(work, caller.teams(Permission.SIGNAL_READ), *window, step)
    items = []
    for connection in listed:
        sums = found.of(connection.name)
        items.append(
            ConnectionCallsView(
                connection=connection.name,
                environment=connection.environment.name,
                **_counts(sums),
                p95_ms=_ms(sums.p95_us),
                last_at=moment(sums.last_at),
                series=list(sums.series),
            )
        )
    return ConnectionsCallsView(
        since=rfc3339(found.since),
        until=rfc3339(found.until),
        step_s=found.step // SECOND,
        as_of=moment(found.as_of),
        items=items,
    )
