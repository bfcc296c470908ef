"""The audit log."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from handrail.governance import overview
from handrail.kernel.clock import parse_rfc3339, rfc3339
from handrail.kernel.errors import Invalid
from handrail.registry import audit, catalog
from handrail.registry.audit import Event
from handrail.registry.identity import Caller, Permission, require_everywhere
from handrail.surfaces.http.context import PROBLEMS, CallerDep, Context, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["audit"])


class AuditHeadInvalid(Invalid):
    code = "audit_head_invalid"


class EventView(View):
    """`seq` is the place in the chain; null until the sealer has been there, which takes a second.

    `subjectName` is what the subject is called now; empty where it has no name.
    """

    id: str
    at: str
    actor: str
    actor_kind: str
    actor_id: str
    action: str
    subject: str
    subject_name: str
    facts: dict[str, Any]
    seq: int | None

    @classmethod
    def of(cls, event: Event, names: Mapping[str, str]) -> "EventView":
        return cls(
            id=event.id,
            at=rfc3339(event.at),
            actor=event.actor.name,
            actor_kind=event.actor.kind,
            actor_id=event.actor.id,
            action=event.action,
            subject=event.subject,
            subject_name=names.get(event.subject, ""),
            facts=dict(event.facts),
            seq=event.seq,
        )


class EventsView(View):
    """`next` is the `before` of the next page; null on the last."""

    items: list[EventView]
    next: str | None


class FaultView(View):
    kind: str
    seq: int | None
    event_id: str
    text: str


class VerdictView(View):
    """`head` is `seq:hash` of the last good row: note it elsewhere, and give it again to prove nothing was cut."""

    intact: bool
    rows: int
    waiting: int
    head: str
    checkpoints: int
    fault: FaultView | None


class ActionsView(View):
    items: list[str]


_PAGE: Final = 1000


class Wanted:
    """Which events are asked for; every filter narrows further."""

    def __init__(
        self,
        subject: Annotated[str | None, Query(description="Only about this, as app:UUID.")] = None,
        app: Annotated[str | None, Query(description="Only about the app of this name.")] = None,
        actor: Annotated[str | None, Query(description="Only by this person, app or policy: a name or an id.")] = None,
        action: Annotated[
            str | None, Query(description="Only this action (approval.granted) or family (approval or approval.*).")
        ] = None,
        q: Annotated[
            str, Query(max_length=200, description="Words that stand in actor, action, subject or facts.")
        ] = "",
        after: Annotated[str | None, Query(description="Only from this time on.")] = None,
        until: Annotated[str | None, Query(description="Only before this time.")] = None,
    ) -> None:
        self.app = app
        self.filters: dict[str, Any] = {
            "subject": subject,
            "actor": actor,
            "action": action,
            "words": q,
            "after": None if after is None else parse_rfc3339(after, "after"),
            "until": None if until is None else parse_rfc3339(until, "until"),
        }

    def find(
        self, context: Context, caller: Caller, before: str | None, limit: int
    ) -> tuple[list[Event], dict[str, str]]:
        """Return a page of events and what their subjects are called."""
        with context.database.read() as work:
            filters = dict(self.filters)
            if self.app is not None:
                subject = catalog.find_app(work, caller, self.app).subject
                if filters["subject"] not in {None, subject}:
                    return [], {}
                filters["subject"] = subject
            found = audit.listing(work, **filters, before_id=before, limit=limit)
            return found, overview.subject_names(work, {event.subject for event in found})


WantedDep = Annotated[Wanted, Depends()]


def _page(found: list[Event], names: Mapping[str, str], limit: int) -> EventsView:
    following = found[-1].id if len(found) == limit else None
    return EventsView(items=[EventView.of(event, names) for event in found], next=following)


@router.get("/api/v1/audit", responses=PROBLEMS)
def list_events(
    context: ContextDep,
    caller: CallerDep,
    wanted: WantedDep,
    before: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> EventsView:
    """List who did what, newest first."""
    require_everywhere(caller, Permission.AUDIT_READ)
    return _page(*wanted.find(context, caller, before, limit), limit)


@router.get("/api/v1/audit/actions", responses=PROBLEMS)
def list_actions(context: ContextDep, caller: CallerDep) -> ActionsView:
    """List every action that was ever recorded."""
    require_everywhere(caller, Permission.AUDIT_READ)
    with context.database.read() as work:
        return ActionsView(items=audit.actions(work))


@router.get(
    "/api/v1/audit/export",
    response_class=StreamingResponse,
    responses={
        **PROBLEMS,
        200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}, "description": "One event a line."},
    },
)
def export_events(
    context: ContextDep,
    caller: CallerDep,
    wanted: WantedDep,
    format: Literal["jsonl"] = "jsonl",  # noqa: A002 - the parameter's name in the address
) -> StreamingResponse:
    """Send every event that is asked for, newest first, as one JSON object a line."""
    require_everywhere(caller, Permission.AUDIT_READ)
    # The first page is read before the answer begins, so that a refusal still can be one.
    first = wanted.find(context, caller, None, _PAGE)

    def lines() -> Iterator[bytes]:
        found, names = first
        while found:
            yield b"".join(
                orjson.dumps(EventView.of(event, names).model_dump(by_alias=True)) + b"\n" for event in found
            )
            if len(found) < _PAGE:
                return
            # Page by page: no transaction stays open while somebody reads slowly.
            found, names = wanted.find(context, caller, found[-1].id, _PAGE)

    headers = {"content-disposition": f'attachment; filename="audit.{format}"'}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


@router.get("/api/v1/apps/{name}/history", responses=PROBLEMS)
def read_history(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    before: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> EventsView:
    """List what was done to an app and its versions, newest first, for whoever may see the app."""
    with context.database.read() as work:
        found = overview.history(work, caller, name, before=before, limit=limit)
        names = overview.subject_names(work, {event.subject for event in found})
    return _page(found, names, limit)


def _head(text: str) -> tuple[int, str]:
    seq, colon, hashed = text.partition(":")
    if not colon or not seq.isdecimal() or not hashed.startswith("sha256:"):
        raise AuditHeadInvalid(
            f"{text!r} is not a place in the log.",
            fix="Give what verify printed as head: SEQ:sha256:HASH.",
            place="head",
        )
    return int(seq), hashed


@router.get("/api/v1/audit/verify", responses=PROBLEMS)
def verify_log(context: ContextDep, caller: CallerDep, head: str | None = None) -> VerdictView:
    """Check the whole chain; with a `head` noted earlier, also that the end was not rewritten."""
    require_everywhere(caller, Permission.AUDIT_READ)
    expected = None if head is None else _head(head)
    with context.database.read() as work:
        found = audit.verify(work, expected=expected)
    fault = None
    if found.fault is not None:
        fault = FaultView(
            kind=found.fault.kind, seq=found.fault.seq, event_id=found.fault.event_id, text=found.fault.text
        )
    return VerdictView(
        intact=fault is None,
        rows=found.rows,
        waiting=found.waiting,
        head=f"{found.rows}:{found.head}",
        checkpoints=found.checkpoints,
        fault=fault,
    )
