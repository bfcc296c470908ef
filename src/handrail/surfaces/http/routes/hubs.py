"""Hubs: what people do with them, and what they ask for themselves."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from handrail.kernel.clock import rfc3339
from handrail.runtime import hub as hubs
from handrail.runtime import signals
from handrail.runtime.hub import Hub, Position
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ConfirmedCallerDep, Context, ContextDep
from handrail.surfaces.http.hub_authentication import HubDep
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["hubs"])
_LONGEST_WAIT_S = 55.0
_PROBLEMS_MAX = 10_000
# What the database's 64 bits hold; -1 for none.
_Counter = Annotated[int, Field(ge=-1, lt=2**63)]


class HubView(View):
    """`inForce` tells whether its Envoy enforces the newest declared state."""

    name: str
    region: str
    revision: int
    quarantine_revision: int
    in_force: bool
    seen_at: str | None
    problems: list[str]
    created_at: str


class HubList(View):
    items: list[HubView]


class HubNew(Body):
    name: str
    region: str = "local"


class HubMade(View):
    """The token is shown once."""

    name: str
    token: str


class Wire(BaseModel):
    """The protocol between hub and control plane: snake_case, both ways."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Enrolment(Wire):
    public_key: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")


class Enrolled(Wire):
    hub: str
    name: str
    signing_key: str


class HubProblem(Wire):
    code: str = Field(max_length=64)
    message: str = Field(max_length=4000)
    place: str = Field(default="", max_length=1000)
    fix: str = Field(default="", max_length=1000)


class Acknowledgement(Wire):
    """`revision` and `quarantine_revision` are the last that Envoy confirmed, -1 for none."""

    epoch: _Counter
    revision: _Counter
    quarantine_revision: _Counter
    problems: tuple[HubProblem, ...] = Field(default=(), max_length=_PROBLEMS_MAX)


def view_of(hub: Hub, position: Position) -> HubView:
    """Show a hub."""
    return HubView(
        name=hub.name,
        region=hub.region,
        revision=hub.acked_revision,
        quarantine_revision=hub.acked_quarantine,
        in_force=Position(hub.acked_epoch, hub.acked_revision, hub.acked_quarantine) == position,
        seen_at=None if hub.seen_at is None else rfc3339(hub.seen_at),
        problems=list(hub.problems),
        created_at=rfc3339(hub.created_at),
    )


@router.get("/api/v1/hubs", responses=PROBLEMS)
def list_hubs(context: ContextDep, caller: CallerDep) -> HubList:
    """List the hubs and how new what they enforce is."""
    with context.database.read() as work:
        position = context.snapshots.position(work)
        return HubList(items=[view_of(hub, position) for hub in hubs.hubs(work, caller)])


@router.post("/api/v1/hubs", status_code=201, responses=PROBLEMS)
def enrol_hub(context: ContextDep, caller: ConfirmedCallerDep, body: HubNew) -> HubMade:
    """Enrol a hub; its token is in the answer and nowhere else."""
    with context.database.begin() as work:
        hub, token = hubs.enrol_hub(work, caller, body.name, body.region)
        return HubMade(name=hub.name, token=token.reveal())


@router.delete("/api/v1/hubs/{name}", status_code=204, responses=PROBLEMS)
def remove_hub(context: ContextDep, caller: CallerDep, name: str) -> None:
    """Forget a hub; its token ends at once."""
    with context.database.begin() as work:
        removed = hubs.find_hub(work, name)
        hubs.remove_hub(work, caller, name)
        # A hub that is gone must not hold back how fresh the calls of everybody else are.
        signals.forget_hub(work, removed.id)


@router.post("/hub/v1/enrol", responses=PROBLEMS)
def bind_key(context: ContextDep, hub: HubDep, body: Enrolment) -> Enrolled:
    """Bind a hub to its key (the hub's own first request)."""
    with context.database.begin() as work:
        hubs.bind_key(work, hub, body.public_key)
        return Enrolled(hub=hub.id, name=hub.name, signing_key=hubs.ensure_signing_key(work, context.vault))


def _position(context: Context, hub: Hub) -> Position:
    with context.database.read() as work:
        position = context.snapshots.position(work)
    if hub.seen_at is None or context.database.clock() - hub.seen_at > 5_000_000:
        with context.database.begin() as work:
            hubs.seen(work, hub)
    return position


@router.get(
    "/hub/v1/snapshot",
    responses={**PROBLEMS, 204: {"description": "There is nothing newer."}},
    response_model=None,
)
async def snapshot(
    context: ContextDep,
    hub: HubDep,
    after: Annotated[int, Query(ge=-1, description="Revision that the hub has")] = -1,
    quarantine: Annotated[int, Query(ge=-1, description="Quarantine revision that the hub has")] = -1,
    epoch: Annotated[int, Query(ge=-1, description="Epoch that the hub is in")] = -1,
    wait: Annotated[float, Query(ge=0, le=_LONGEST_WAIT_S)] = 0,
    tls: Annotated[bool, Query(description="Whether the hub serves host names too")] = True,
    x_handrail_have: Annotated[str, Header(max_length=20_000)] = "",
) -> Response:
    """Hand a hub the newest snapshot, or wait until there is a newer one (204 when there was none)."""
    known = Position(epoch, after, quarantine)

    async def newer() -> bool:
        return await run_in_threadpool(_position, context, hub) != known

    if not await context.news.wait_for(newer, wait):
        return Response(status_code=204)
    have = frozenset(part.strip() for part in x_handrail_have.split(",") if part.strip())
    body: dict[str, Any] = await run_in_threadpool(context.snapshots.snapshot, hub, have, tls=tls)
    return Response(orjson.dumps(body), media_type="application/json")


@router.post("/hub/v1/ack", status_code=204, responses=PROBLEMS)
def acknowledge(context: ContextDep, hub: HubDep, body: Acknowledgement) -> None:
    """Note what a hub's Envoy has taken, and what it refused."""
    with context.database.begin() as work:
        hubs.acknowledge(
            work,
            hub,
            epoch=body.epoch,
            revision=body.revision,
            quarantine=body.quarantine_revision,
            problems=[f"{problem.message} [{problem.code}]" for problem in body.problems],
        )
