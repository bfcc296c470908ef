"""The audit log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from handrail.kernel.clock import parse_rfc3339, rfc3339
from handrail.kernel.errors import Invalid
from handrail.registry import audit
from handrail.registry.audit import Event
from handrail.registry.identity import Permission, require_everywhere
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["audit"])


class AuditHeadInvalid(Invalid):
    code = "audit_head_invalid"


class EventView(View):
    """`seq` is the place in the chain; null until the sealer has been there, which takes a second."""

    id: str
    at: str
    actor: str
    actor_kind: str
    actor_id: str
    action: str
    subject: str
    facts: dict[str, Any]
    seq: int | None

    @classmethod
    def of(cls, event: Event) -> "EventView":
        return cls(
            id=event.id,
            at=rfc3339(event.at),
            actor=event.actor.name,
            actor_kind=event.actor.kind,
            actor_id=event.actor.id,
            action=event.action,
            subject=event.subject,
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


@router.get("/api/v1/audit", responses=PROBLEMS)
def list_events(
    context: ContextDep,
    caller: CallerDep,
    subject: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> EventsView:
    """List who did what, newest first."""
    require_everywhere(caller, Permission.AUDIT_READ)
    since = None if after is None else parse_rfc3339(after, "after")
    with context.database.read() as work:
        found = audit.listing(
            work, subject=subject, actor=actor, action=action, after=since, before_id=before, limit=limit
        )
    following = found[-1].id if len(found) == limit else None
    return EventsView(items=[EventView.of(event) for event in found], next=following)


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
