"""Calls: what hubs send, and what people ask."""

import re
from typing import Annotated, Final, Literal, Self

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from handrail.kernel.clock import DAY, HOUR, MINUTE, SECOND, now_us, parse_rfc3339, rfc3339
from handrail.registry import catalog
from handrail.registry.identity import Permission, require
from handrail.runtime import signals
from handrail.runtime.signals import WindowInvalid
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.hub_authentication import HubDep
from handrail.surfaces.http.views import MoneyView, View

router = APIRouter(tags=["signals"])

_AGO: Final = re.compile(r"([0-9]{1,6})(s|m|h|d)")
_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
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


class GapView(View):
    """A time in which calls may be missing from the figures."""

    since: str
    until: str
    reason: str


class OperationCallsView(View):
    """One operation; durations in milliseconds, null when nothing was measured."""

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
            as_of=None if found.as_of is None else rfc3339(found.as_of),
            gaps=[GapView(since=rfc3339(gap.since), until=rfc3339(gap.until), reason=gap.reason) for gap in found.gaps],
            items=[OperationCallsView.of(operation) for operation in found.operations],
        )


def _ms(duration_us: int | None) -> float | None:
    return None if duration_us is None else round(duration_us / 1000, 3)


def _time(text: str, now: int, place: str) -> int:
    ago = _AGO.fullmatch(text)
    if ago:
        return max(0, now - int(ago[1]) * _UNITS[ago[2]])
    try:
        return max(0, parse_rfc3339(text, place))
    except OverflowError:
        raise WindowInvalid(f"{text!r} is out of range.", fix="Write 1h, 7d or a time.", place=place) from None


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


@router.get("/api/v1/apps/{name}/calls", responses=PROBLEMS)
def calls(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    since: Annotated[str, Query(description="A time, or how long ago: 30m, 1h, 7d.")] = "1h",
    until: Annotated[str, Query(description="A time, or how long ago; empty means now.")] = "",
    by: Annotated[Literal["operation"], Query(description="How the calls are grouped.")] = "operation",  # noqa: ARG001 - part of the contract, with one value so far
) -> CallsView:
    """Return an app's calls, errors, durations and cost by operation."""
    now = now_us()
    window = _time(since, now, "since"), _time(until, now, "until") if until else now
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        require(caller, Permission.SIGNAL_READ, app.team_id)
        return CallsView.of(app.name, signals.calls(work, app.id, *window))
