"""One hub as people watch it: how new it is, what it did, and what passes it right now."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from handrail.kernel.clock import SECOND, rfc3339
from handrail.registry import catalog
from handrail.runtime import hub as hubs
from handrail.runtime import signals
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.routes.calls import GapView, PointView, gaps_of, moment
from handrail.surfaces.http.routes.hubs import HubView, view_of
from handrail.surfaces.http.views import View
from handrail.surfaces.http.windows import Since, Step, Until, window_of

router = APIRouter(tags=["hubs"])


class HubDetailView(HubView):
    """A hub in full.

    `epoch` and `snapshotRevision` are what its Envoy has confirmed (-1 for nothing yet), `newestRevision` is what is
    declared; `behind` when the two differ in anything. `perMinute` counts the calls of the last full minute before
    `callsAsOf`; both are null for a hub that has not reported calls yet.
    """

    epoch: int
    snapshot_revision: int
    newest_revision: int
    behind: bool
    seen_age_s: int | None
    calls_as_of: str | None
    per_minute: int | None


class HubCallsView(View):
    """A hub's calls over time, and why some were refused or failed.

    `causes` counts errors by what the hub answered when the upstream did not (`upstream_unavailable`,
    `upstream_timeout`, ...), `upstream_5xx` where the upstream itself answered with an error, and `caller_gone` where
    nobody waited for an answer.
    """

    hub: str
    since: str
    until: str
    step_s: int
    state: Literal["ok", "no_data", "gap"]
    as_of: str | None
    gaps: list[GapView]
    items: list[PointView]
    refusals: dict[str, int]
    causes: dict[str, int]


class TailCallView(View):
    """One call by names and ids: never a path, a query, a header or a body.

    `app` is empty for a caller that is not known; `code` is the hub's own and empty when the upstream answered.
    `status` 0 is a caller who went away. `requestId` is the one in the answer's `x-request-id`.
    """

    id: int
    at: str
    app: str
    environment: str
    connection: str
    operation: str
    status: int
    code: str
    ms: float | None
    request_id: str | None


class TailView(View):
    """A hub's newest calls, newest first; ask again with the highest `id` for those that came after."""

    as_of: str | None
    items: list[TailCallView]


@router.get("/api/v1/hubs/{name}", responses=PROBLEMS)
def read_hub(context: ContextDep, caller: CallerDep, name: str) -> HubDetailView:
    """Show a hub: how new what it enforces is, when it was seen, and how busy it is."""
    with context.database.read() as work:
        hub = hubs.read_hub(work, caller, name)
        position = context.snapshots.position(work)
        pulse = signals.pulse(work, hub.id)
        age_us = None if hub.seen_at is None else max(0, work.now - hub.seen_at)
    shown = view_of(hub, position)
    return HubDetailView(
        **shown.model_dump(),
        epoch=hub.acked_epoch,
        snapshot_revision=hub.acked_revision,
        newest_revision=position.revision,
        behind=not shown.in_force,
        seen_age_s=None if age_us is None else age_us // SECOND,
        calls_as_of=moment(pulse.as_of),
        per_minute=pulse.per_minute,
    )


@router.get("/api/v1/hubs/{name}/calls", responses=PROBLEMS)
def hub_calls(
    context: ContextDep, caller: CallerDep, name: str, since: Since = "24h", until: Until = "", step: Step = "15m"
) -> HubCallsView:
    """Return a hub's calls over time, its refusals by code and its errors by cause; minutes are kept for 30 days."""
    window = window_of(context.database.clock(), since, until)
    with context.database.read() as work:
        hub = hubs.read_hub(work, caller, name)
        found = signals.hub_calls(work, hub.id, *window, step)
    return HubCallsView(
        hub=hub.name,
        since=rfc3339(found.since),
        until=rfc3339(found.until),
        step_s=found.step // SECOND,
        state=found.state,
        as_of=moment(found.as_of),
        gaps=gaps_of(found.gaps),
        items=[PointView.of(point) for point in found.points],
        refusals=dict(found.refusals),
        causes=dict(found.causes),
    )


@router.get("/api/v1/hubs/{name}/tail", responses=PROBLEMS)
def hub_tail(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    after: Annotated[int, Query(ge=0, lt=2**63, description="Only calls with a higher id.")] = 0,
) -> TailView:
    """Return a hub's newest calls, at most 100, by names and ids only."""
    with context.database.read() as work:
        hub = hubs.read_hub(work, caller, name)
        found = signals.tail(work, hub.id, after)
        names = catalog.names_by_id(work, (call.app_id for call in found))
        as_of = signals.pulse(work, hub.id).as_of
    return TailView(
        as_of=moment(as_of),
        items=[
            TailCallView(
                id=call.number,
                at=rfc3339(call.at),
                app=names.get(call.app_id, ""),
                environment=call.environment,
                connection=call.connection,
                operation=call.operation,
                status=call.status,
                code=call.code,
                ms=None if call.duration_us is None else round(call.duration_us / 1000, 3),
                request_id=call.request_id,
            )
            for call in found
        ],
    )
