"""Who has which role."""

from collections.abc import Mapping

from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.identity import store
from handrail.registry.identity.access import require_everywhere, roles_with
from handrail.registry.identity.errors import OwnRoles, PersonDisabled, RoleInvalid, RoleNotHeld
from handrail.registry.identity.model import (
    ALL_TEAMS,
    PLATFORM_ROLES,
    Binding,
    Caller,
    HeldRole,
    Permission,
    Person,
    Role,
)
from handrail.registry.identity.people import find_person, person_by_id, require_other_admin, team_by_id


def caller_of(work: Work, person_id: str, scopes: frozenset[Permission] | None = None) -> Caller:
    """Return a person with the roles in force now.

    Raises:
        PersonUnknown: There is no such person.
        PersonDisabled: They may not do anything.
    """
    person = person_by_id(work, person_id)
    if person.status != "active":
        raise PersonDisabled(f"{person.name} is disabled.", fix="Ask an admin.")
    rows = work.all(store.BINDINGS, person_id=person_id, now=work.now)
    bindings = tuple(Binding(Role(row["role"]), row["team_id"]) for row in rows)
    return Caller(person.id, person.name, bindings, scopes)


def held_roles(work: Work, person_id: str | None = None) -> Mapping[str, list[HeldRole]]:
    """Return the roles in force by person's id, of one person or of everybody."""
    found: dict[str, list[HeldRole]] = {}
    for row in work.all(store.HELD, person_id=person_id, now=work.now):
        held = HeldRole(Role(row["role"]), row["team_id"], row["team_name"], row["team_title"], row["expires_at"])
        found.setdefault(row["person_id"], []).append(held)
    return found


def who_may(work: Work, permission: Permission) -> list[tuple[Person, str]]:
    """Return every active person with a permission and the team's id for which they have it (`*` for all teams)."""
    own = ("id", "name", "display_name", "status", "created_at")
    rows = work.all(store.WHO_MAY, roles=list(roles_with(permission)), now=work.now)
    return [(Person(**{name: row[name] for name in own}), str(row["team_id"])) for row in rows]


def require_binding(work: Work, binding: Binding, expires_at: int | None = None) -> None:
    """Return if a binding makes sense.

    Raises:
        RoleInvalid: A platform role for one team, an admin that expires, or an expiry in the past.
        TeamUnknown: There is no such team.
    """
    if binding.team != ALL_TEAMS:
        team_by_id(work, binding.team)
        if binding.role in PLATFORM_ROLES:
            raise RoleInvalid(
                f"The role {binding.role.value} is for all teams, not for one.",
                fix="Leave the team out.",
                place="team",
            )
    if expires_at is not None and (binding.role is Role.ADMIN or expires_at <= work.now):
        raise RoleInvalid(
            "An admin's role cannot expire, and an expiry lies in the future.",
            fix="Leave the expiry out, or name a later time.",
            place="expires",
        )


def grant_role(work: Work, actor: Actor, person: Person, binding: Binding, *, expires_at: int | None = None) -> None:
    """Give a role; the surfaces use `grant`, which asks for permission. Again with an expiry changes the expiry.

    Raises:
        RoleInvalid: As `require_binding`.
    """
    require_binding(work, binding, expires_at)
    work.run(
        store.GRANT,
        person_id=person.id,
        role=binding.role.value,
        team_id=binding.team,
        expires_at=expires_at,
        now=work.now,
    )
    facts = {"role": binding.role.value, "team": binding.team, "expires_at": expires_at}
    audit.record(work, actor, "role.granted", f"person:{person.id}", facts)


def grant(work: Work, caller: Caller, name: str, binding: Binding, *, expires_at: int | None = None) -> Person:
    """Give somebody else a role.

    Raises:
        RoleMissing: The caller may not manage people.
        OwnRoles: It is the caller.
        RoleInvalid: As `require_binding`.
        PersonDisabled: They may not do anything.
    """
    person = _other(work, caller, name)
    if person.status != "active":
        raise PersonDisabled(f"{name} is disabled.", fix=f"First: handrail people enable {name}.")
    grant_role(work, caller.actor, person, binding, expires_at=expires_at)
    return person


def revoke(work: Work, caller: Caller, name: str, binding: Binding) -> Person:
    """Take a role from somebody else.

    Raises:
        RoleMissing: The caller may not manage people.
        OwnRoles: It is the caller.
        RoleNotHeld: They do not have it.
        LastAdmin: Nobody could manage people afterwards.
    """
    person = _other(work, caller, name)
    if binding.role is Role.ADMIN:
        require_other_admin(work, person.id)
    if not work.run(store.REVOKE, person_id=person.id, role=binding.role.value, team_id=binding.team):
        raise RoleNotHeld(
            f"{name} does not have the role {binding.role.value} there.",
            fix="See their roles with: handrail people list.",
        )
    facts = {"role": binding.role.value, "team": binding.team}
    audit.record(work, caller.actor, "role.revoked", f"person:{person.id}", facts)
    return person


def _other(work: Work, caller: Caller, name: str) -> Person:
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    # Two admins who remove each other at once must not both succeed.
    work.lock("roles")
    person = find_person(work, name)
    if person.id == caller.person_id:
        raise OwnRoles("Nobody changes their own roles.", fix="Ask another admin.")
    return person
