"""Calls as hubs send them; `calls` and `hub_calls` answer people."""

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Request, Response

from handrail.runtime import signals
from handrail.surfaces.http.context import PROBLEMS, ContextDep
from handrail.surfaces.http.hub_authentication import HubDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["signals"])

# The bodies are too hot for a model field by field; `signals.read_batch` checks them.
_JSON_BODY: Final = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
_LINES_BODY: Final = {
    "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}
}


async def _body(request: Request) -> bytes:
    return await request.body()


BodyDep = Annotated[bytes, Depends(_body)]


class PositionView(View):
    """How far one file of a hub's log is stored; `asOf` in microseconds since 1970."""

    file: str
    offset: int
    as_of: int


class PositionsView(View):
    items: list[PositionView]


class OffsetView(View):
    """Where the file stands now; the hub goes on from here."""

    offset: int


@router.get("/hub/v1/rollups", responses=PROBLEMS)
def positions(context: ContextDep, hub: HubDep) -> PositionsView:
    """Tell a hub how far each file of its log is stored."""
    with context.database.read() as work:
        found = signals.positions(work, hub.id)
    return PositionsView(items=[PositionView(file=item.file, offset=item.offset, as_of=item.as_of) for item in found])


@router.post("/hub/v1/rollups", responses=PROBLEMS, response_model=OffsetView, openapi_extra=_LINES_BODY)
def apply(context: ContextDep, hub: HubDep, body: BodyDep) -> Response:
    """Take one stretch of a hub's log, if it starts where the file stands; answer where it stands now."""
    batch = signals.read_batch(body)
    with context.database.begin() as work:
        stored = signals.apply(work, hub.id, batch)
    return Response(orjson.dumps({"offset": stored}), media_type="application/json")


@router.post("/hub/v1/gaps", responses=PROBLEMS, status_code=204, openapi_extra=_JSON_BODY)
def report(context: ContextDep, hub: HubDep, body: BodyDep) -> None:
    """Take up to when a hub has sent everything, and in which times calls may be missing."""
    as_of, gaps = signals.read_gaps(body)
    with context.database.begin() as work:
        signals.report(work, hub.id, as_of, gaps)
