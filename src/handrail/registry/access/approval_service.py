"""What may run where, until when; the lifecycle decides, this only keeps and ends."""

from collections.abc import Iterable
from typing import Any, Final

from handrail.kernel.clock import DAY
from handrail.kernel.ids import new_id
from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit, catalog
from handrail.registry.access import store
from handrail.registry.access.errors import ApprovalUnknown
from handrail.registry.access.model import POLICY_REVISION, Approval, Grant, GrantedOperation
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.catalog import App, VersionSummary

APPROVAL_DAYS: Final = 365
SUPERSEDED_DAYS: Final = 14


def _approval(row: Row) -> Approval:
    return Approval(**dict(row))


def add_approval(
    work: Work,
    actor: Actor,
    app: App,
    version: VersionSummary,
    grants: Iterable[GrantedOperation],
    *,
    policy_revision: str = POLICY_REVISION,
    days: int = APPROVAL_DAYS,
    carried_from: str = "",
    reason: str = "",
) -> tuple[Approval, tuple[str, ...]]:
    """Let a version run in its environment and call what it was granted; older approvals there end in 14 days.

    Args:
        work: The unit of work.
        actor: The approver, or the policy that approved.
        app: The app.
        version: The version; only its digest is approved.
        grants: What it may call, each operation with its interface.
        policy_revision: Under which policy.
        days: How long it holds.
        carried_from: Id of the approval it follows from without a new review.
        reason: What the approver said about it.

    Returns:
        The approval, and the digests whose approvals it superseded.
    """
    asked = sorted(set(grants), key=lambda grant: (grant.connection_id, grant.operation))
    approval_id = new_id()
    ended = work.all(
        store.SUPERSEDE,
        app_id=app.id,
        environment_id=version.environment,
        keep=approval_id,
        now=work.now,
        ends=work.now + SUPERSEDED_DAYS * DAY,
    )
    superseded = tuple(sorted({str(row["digest"]) for row in ended}))
    work.run(
        store.INSERT,
        id=approval_id,
        app_id=app.id,
        environment_id=version.environment,
        digest=version.digest,
        policy_revision=policy_revision,
        approver=actor.id,
        valid_from=work.now,
        expires_at=work.now + days * DAY,
        carried_from=carried_from or None,
        hub_revision=revisions.bump(work, "hub"),
    )
    catalog.set_allowed(work, app.id, version.environment, version.digest, allowed=True)
    work.run_many(
        store.INSERT_GRANT,
        [
            {
                "approval_id": approval_id,
                "connection_id": grant.connection_id,
                "operation": grant.operation,
                "interface_digest": grant.interface_digest,
            }
            for grant in asked
        ],
    )
    facts: dict[str, Any] = {
        "approval": approval_id,
        "environment": version.environment_name,
        "digest": version.digest,
        "policy": policy_revision,
        "grants": [[grant.connection_id, grant.operation] for grant in asked],
        "superseded": list(superseded),
    }
    if reason:
        facts["reason"] = reason
    if carried_from:
        facts["carriedFrom"] = carried_from
    audit.record(work, actor, "approval.granted", app.subject, facts)
    return approval_by_id(work, approval_id), superseded


def revoke_approval(work: Work, actor: Actor, app: App, version: VersionSummary, reason: str) -> None:
    """End every live approval of a version at once.

    Raises:
        ApprovalUnknown: If it has none.
    """
    ended = work.run(
        store.REVOKE,
        app_id=app.id,
        environment_id=version.environment,
        digest=version.digest,
        now=work.now,
        revoked_by=actor.id,
    )
    if not ended:
        raise ApprovalUnknown(
            f"Version {version.number} of {app.name!r} has no approval in {version.environment_name} to end.",
            fix=f"See the approvals with: handrail app show {app.name}",
        )
    catalog.set_allowed(work, app.id, version.environment, version.digest, allowed=False)
    facts = {"environment": version.environment_name, "digest": version.digest, "reason": reason}
    audit.record(work, actor, "approval.revoked", app.subject, facts)
    revisions.bump(work, "hub")


def approval_by_id(work: Work, approval_id: str) -> Approval:
    """Return an approval.

    Raises:
        ApprovalUnknown: If there is none.
    """
    row = work.one(store.BY_ID, id=approval_id)
    if row is None:
        raise ApprovalUnknown("There is no such approval.")
    return _approval(row)


def approval_of(work: Work, app: App, approval_id: str) -> Approval:
    """Return an approval of an app.

    Raises:
        ApprovalUnknown: If there is none, or it is another app's.
    """
    row = work.one(store.BY_ID, id=approval_id)
    if row is None or row["app_id"] != app.id:
        raise ApprovalUnknown(f"{app.name!r} has no such approval.")
    return _approval(row)


def approvals(work: Work, app_id: str, environment_id: str = "") -> list[Approval]:
    """Return every approval an app has or had, newest first; in all environments by default."""
    return [_approval(row) for row in work.all(store.LISTING, app_id=app_id, environment_id=environment_id)]


def live_approval(work: Work, app_id: str, environment_id: str, digest: str) -> Approval | None:
    """Return the approval that lets a digest run in an environment now, or None."""
    row = work.one(store.LIVE, app_id=app_id, environment_id=environment_id, digest=digest, now=work.now)
    return None if row is None else _approval(row)


def grants_of(work: Work, approval_id: str) -> list[Grant]:
    """Return what an approval allows, by connection and operation."""
    return [Grant(**dict(row)) for row in work.all(store.GRANTS, approval_id=approval_id)]


def approvals_lapsed(work: Work) -> bool:
    """Tell, reading only, whether `end_expired_approvals` has anything to do."""
    return bool(work.scalar(store.LAPSED, now=work.now))


def end_expired_approvals(work: Work) -> int:
    """Note which approvals ran out and tell the hubs; run it every few seconds. Returns how many."""
    ended = work.all(store.END_EXPIRED, now=work.now)
    for row in ended:
        place = (row["app_id"], row["environment_id"], row["digest"])
        # A digest may have been approved twice, and the other approval still hold.
        catalog.set_allowed(work, *place, allowed=live_approval(work, *place) is not None)
        facts = {"approval": row["id"], "digest": row["digest"]}
        audit.record(work, SYSTEM, "approval.expired", f"app:{row['app_id']}", facts)
    if ended:
        revisions.bump(work, "hub")
    return len(ended)
