"""Drift that is tolerated for a while: what runs unapproved may still do what the last approval allows."""

from handrail.kernel.clock import HOUR
from handrail.platform.database import Work, revisions
from handrail.registry import audit, catalog
from handrail.registry.access import approval_service, store
from handrail.registry.access.difference import newest_approved
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.catalog import App, Status, Version


def tolerate(work: Work, actor: Actor, app: App, version: Version, until: int) -> int | None:
    """Let a version that drifted go on with the operations that were approved before it, until a time.

    Nothing that nobody approved can be reached by it: it gets the grants of the version that was approved last, for
    as long as that approval holds. The deadline belongs to the drift: further edits do not move it, and a version that
    had its time gets none again.

    Args:
        work: The unit of work.
        actor: Whose rule it is.
        app: The app.
        version: What runs.
        until: The latest end (microseconds since 1970).

    Returns:
        Until when it is tolerated; None if it is not: it is approved, was refused or revoked, or nothing is approved.
    """
    place = {"app_id": app.id, "environment_id": version.environment}
    if approval_service.live_approval(work, app.id, version.environment, version.digest) is not None:
        settle(work, actor, app, version.environment)
        return None
    known = work.one(store.GRACE, digest=version.digest, **place)
    if known is not None:
        live = known["ended_at"] is None and known["until"] > work.now
        return int(known["until"]) if live else None
    if version.status in {Status.REFUSED, Status.REVOKED}:
        return None
    base = newest_approved(work, app.id, version.environment, except_digest=version.digest)
    if base is None:
        return None
    first = work.scalar(store.GRACE_FIRST, **place)
    end = until if first is None else min(until, int(first))
    if end <= work.now:
        return None
    work.run(store.ADD_GRACE, digest=version.digest, base_digest=base.digest, now=work.now, until=end, **place)
    facts = {
        "environment": version.environment_name,
        "digest": version.digest,
        "base": base.digest,
        "until": end,
    }
    audit.record(work, actor, "drift.tolerated", app.subject, facts)
    revisions.bump(work, "hub")
    return end


def settle(work: Work, actor: Actor, app: App, environment_id: str) -> None:
    """Note that what is approved runs (again): the drift is over, and another one would have its own deadline."""
    end_graces(work, actor, app, environment_id, "It runs what is approved again.")
    work.run(store.CLOSE_GRACES, app_id=app.id, environment_id=environment_id, now=work.now)


def end_graces(work: Work, actor: Actor, app: App, environment_id: str, reason: str, digest: str = "") -> bool:
    """End what is tolerated of an app in an environment (or one digest of it) at once; tell whether anything was."""
    ended = work.run(store.END_GRACE, app_id=app.id, environment_id=environment_id, digest=digest, now=work.now)
    if ended:
        audit.record(work, actor, "drift.grace_ended", app.subject, {"reason": reason})
        revisions.bump(work, "hub")
    return bool(ended)


def shorten_graces(work: Work, actor: Actor, app: App, environment_id: str, length: int) -> None:
    """Let what is tolerated of an app in an environment last at most so long (microseconds) since the drift began."""
    if work.run(store.SHORTEN_GRACE, app_id=app.id, environment_id=environment_id, length=length):
        audit.record(work, actor, "drift.grace_shortened", app.subject, {"hours": length // HOUR})
        revisions.bump(work, "hub")


def tolerated_until(work: Work, app_id: str, environment_id: str, digest: str) -> int | None:
    """Return until when a digest is tolerated without an approval; None when it is not."""
    found = work.scalar(store.GRACE_LIVE, app_id=app_id, environment_id=environment_id, digest=digest, now=work.now)
    return None if found is None else int(found)


def graces_lapsed(work: Work) -> bool:
    """Tell, reading only, whether `end_lapsed_graces` has anything to do."""
    return bool(work.scalar(store.GRACES_LAPSED, now=work.now))


def end_lapsed_graces(work: Work) -> int:
    """Note which deadlines have passed and tell the hubs; run it every few seconds. Returns how many."""
    ended = work.all(store.END_LAPSED_GRACES, now=work.now)
    for row in ended:
        app = catalog.app_by_id(work, row["app_id"])
        facts = {"reason": "The deadline has passed.", "digest": row["digest"]}
        audit.record(work, SYSTEM, "drift.grace_ended", app.subject, facts)
    if ended:
        revisions.bump(work, "hub")
    return len(ended)
