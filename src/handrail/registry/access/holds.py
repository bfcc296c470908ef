"""A hold on any app: every call is refused everywhere until it is lifted."""

from handrail.kernel.ids import new_id
from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit, catalog
from handrail.registry.access import store
from handrail.registry.access.errors import AlreadyQuarantined, NotQuarantined, ReasonMissing
from handrail.registry.access.model import Hold
from handrail.registry.identity import Caller, Permission, require


def _hold(row: Row) -> Hold:
    return Hold(row["app_id"], row["reason"], row["placed_by"], row["placed_at"])


def hold_of(work: Work, app_id: str) -> Hold | None:
    """Return the quarantine an app is in, or None."""
    row = work.one(store.HOLD, app_id=app_id)
    return None if row is None else _hold(row)


def quarantine(work: Work, caller: Caller, name: str, reason: str) -> Hold:
    """Hold an app: no token for it, and the hubs refuse the tokens it has.

    Raises:
        AppUnknown: If the caller may not see such an app.
        ReasonMissing: Without a reason: the owner reads it.
        AlreadyQuarantined: If it is held.
    """
    app = catalog.find_app(work, caller, name)
    require(caller, Permission.QUARANTINE, app.team_id)
    if not reason.strip():
        raise ReasonMissing(
            "A quarantine needs a reason: the app's owner reads it.", fix="Add --reason TEXT.", place="reason"
        )
    work.lock(f"quarantine:{app.id}")
    held = hold_of(work, app.id)
    if held is not None:
        raise AlreadyQuarantined(
            f"{name!r} is in quarantine since {held.by} placed it: {held.reason}.",
            fix=f"To lift it: handrail unquarantine {name}",
        )
    work.run(
        store.PLACE,
        id=new_id(),
        app_id=app.id,
        reason=reason.strip(),
        placed_by=caller.person_id,
        placed_at=work.now,
    )
    catalog.set_held(work, app.id, held=True)
    audit.record(work, caller.actor, "quarantine.placed", app.subject, {"reason": reason.strip()})
    revisions.bump(work, "quarantine")
    return Hold(app.id, reason.strip(), caller.name, work.now)


def lift_quarantine(work: Work, caller: Caller, name: str) -> None:
    """End a hold; what was approved and running before is so again.

    Raises:
        AppUnknown: If the caller may not see such an app.
        NotQuarantined: If it isn't held.
    """
    app = catalog.find_app(work, caller, name)
    require(caller, Permission.QUARANTINE, app.team_id)
    if not work.run(store.LIFT, app_id=app.id, lifted_by=caller.person_id, now=work.now):
        raise NotQuarantined(f"{name!r} is not in quarantine.")
    catalog.set_held(work, app.id, held=False)
    audit.record(work, caller.actor, "quarantine.lifted", app.subject)
    revisions.bump(work, "quarantine")


def quarantined(work: Work) -> tuple[str, ...]:
    """Return the ids of all held apps, sorted."""
    return tuple(str(row["app_id"]) for row in work.all(store.HOLDS))
