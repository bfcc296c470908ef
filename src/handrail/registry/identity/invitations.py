"""Links that make an account: one for the first administrator, one for each further person."""

import json
from collections.abc import Sequence
from typing import Final

from handrail.kernel.clock import DAY, HOUR
from handrail.kernel.ids import new_id
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import store_access
from handrail.registry.identity.access import require_everywhere
from handrail.registry.identity.attempts import note_attempt, require_room, subject_of
from handrail.registry.identity.bearer import hash_of, new_secret
from handrail.registry.identity.errors import (
    AdminExists,
    InvitationInvalid,
    InvitationUnknown,
    LinkUnknown,
    RoleInvalid,
)
from handrail.registry.identity.model import ALL_TEAMS, Binding, Caller, Invitation, Permission, Person, Role
from handrail.registry.identity.people import add_person
from handrail.registry.identity.roles import grant_role, require_binding
from handrail.registry.identity.signin import actor_of, set_password_hash

SETUP_LASTS: Final = HOUR
INVITATION_LASTS: Final = DAY
LOOKS_OF_ADDRESS: Final = 30
_PREFIXES: Final = {"setup": "hs_", "invitation": "hi_"}
_FIRST: Final = (Binding(Role.ADMIN, ALL_TEAMS), Binding(Role.STEWARD, ALL_TEAMS))


def join_link(public_url: str, token: Secret) -> str:
    """Return the link to hand over. The token is behind `#`, so that it never reaches a log."""
    return f"{public_url.rstrip('/')}/join#{token.reveal()}"


def _invitation(row: Row) -> Invitation:
    return Invitation(
        row["id"],
        row["kind"],
        tuple(Binding(Role(role), team) for role, team in json.loads(row["bindings"])),
        row["created_by"],
        row["created_at"],
        row["expires_at"],
        row["used_by"],
        row["revoked_at"],
    )


def _insert(
    work: Work, kind: str, bindings: Sequence[Binding], created_by: str, lasts: int
) -> tuple[Invitation, Secret]:
    # The prefix tells a client which of the two it holds; it is part of what is hashed.
    token = _PREFIXES[kind] + new_secret()
    made = Invitation(new_id(), kind, tuple(bindings), created_by, work.now, work.now + lasts, None, None)
    work.run(
        store_access.INSERT_INVITATION,
        id=made.id,
        kind=kind,
        token_hash=hash_of(token),
        bindings=json.dumps([[binding.role.value, binding.team] for binding in bindings]),
        created_by=created_by,
        now=work.now,
        expires_at=made.expires_at,
    )
    return made, Secret(token)


def has_admin(work: Work) -> bool:
    """Tell whether anybody can manage people yet."""
    return bool(work.scalar(store_access.ADMINS))


def _require_no_admin(work: Work) -> None:
    if has_admin(work):
        raise AdminExists(
            "This install has an admin already; set-up links are over.",
            fix="Ask an admin for an invitation: handrail people invite.",
        )


def create_setup_link(work: Work) -> tuple[Invitation, Secret]:
    """Make the link for the first administrator: one hour, one use. Older ones end.

    Only for somebody who stands on the host (`handrail init`, `handrail up`): no caller is asked.

    Raises:
        AdminExists: There is an active administrator.
    """
    work.lock("roles")
    _require_no_admin(work)
    work.run(store_access.REVOKE_SETUPS, now=work.now)
    made, token = _insert(work, "setup", _FIRST, "system", SETUP_LASTS)
    audit.record(work, SYSTEM, "setup_link.made", f"invitation:{made.id}")
    return made, token


def invite(work: Work, caller: Caller, bindings: Sequence[Binding]) -> tuple[Invitation, Secret]:
    """Make a link for one new person, who gets these roles: 24 hours, one use.

    Raises:
        RoleMissing: The caller may not manage people.
        RoleInvalid: No role, or one that makes no sense.
    """
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    if not bindings:
        raise RoleInvalid("An invitation without a role.", fix="Name one, such as builder@TEAM.", place="roles")
    for binding in bindings:
        require_binding(work, binding)
    made, token = _insert(work, "invitation", bindings, caller.person_id, INVITATION_LASTS)
    facts = {"roles": [f"{binding.role.value}@{binding.team}" for binding in bindings]}
    audit.record(work, caller.actor, "invitation.made", f"invitation:{made.id}", facts)
    return made, token


def invitations(work: Work, caller: Caller) -> list[Invitation]:
    """Return every link that was made, newest first; never the token.

    Raises:
        RoleMissing: The caller may not read people.
    """
    require_everywhere(caller, Permission.PEOPLE_READ)
    return [_invitation(row) for row in work.all(store_access.INVITATIONS)]


def revoke_invitation(work: Work, caller: Caller, invitation_id: str) -> None:
    """End a link that nobody used yet.

    Raises:
        RoleMissing: The caller may not manage people.
        InvitationUnknown: There is no such open link.
    """
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    if not work.run(store_access.REVOKE_INVITATION, id=invitation_id, now=work.now):
        raise InvitationUnknown("There is no such open invitation.", fix="handrail people invitations")
    audit.record(work, caller.actor, "invitation.revoked", f"invitation:{invitation_id}")


def open_invitation(work: Work, token: Secret, kind: str) -> Invitation:
    """Return the link's facts while it can be used; look here before hashing a password.

    Raises:
        InvitationInvalid: It was used, has ended, is of another kind or never was.
        AdminExists: It is a set-up link, and there is an administrator by now.
    """
    row = work.one(store_access.INVITATION, token_hash=hash_of(token.reveal()), now=work.now)
    if row is None or row["kind"] != kind:
        raise InvitationInvalid(
            "This link does not work: it was used, has ended or is incomplete.",
            fix="Ask for a new one: handrail people invite (or handrail init for the first admin).",
        )
    if kind == "setup":
        _require_no_admin(work)
    return _invitation(row)


def look(work: Work, token: Secret, address: str) -> Invitation | None:
    """Return what a link gives while it can be used, or None (then commit, and raise `link_refused()`).

    Only links that lead nowhere count against an address.

    Raises:
        TooManySignIns: The address tried too many of those.
    """
    looks = subject_of("look", address)
    require_room(work, looks, LOOKS_OF_ADDRESS, "Too many links that do not work were tried from your address.")
    row = work.one(store_access.INVITATION, token_hash=hash_of(token.reveal()), now=work.now)
    if row is None or (row["kind"] == "setup" and has_admin(work)):
        note_attempt(work, looks)
        return None
    return _invitation(row)


def link_refused() -> LinkUnknown:
    """Return the one answer to a link that was used, has ended, was revoked, or never was."""
    return LinkUnknown(
        "This link does not work: it was used, has ended or is incomplete.",
        fix="Ask whoever gave it to you for a new one: handrail people invite (or handrail init for the first admin).",
    )


def redeem(work: Work, token: Secret, kind: str, name: str, display_name: str, password_hash: str) -> Person:
    """Use a link: make the account with its roles.

    Args:
        work: The unit of work.
        token: What the link carries.
        kind: `setup` or `invitation`.
        name: The readable id that the person chose.
        display_name: What others read; the name by default.
        password_hash: Of `prepare_password`, made outside of this unit of work.

    Raises:
        InvitationInvalid: As `open_invitation`; also when somebody else was faster.
        AdminExists: As `open_invitation`.
        PersonNameTaken: Somebody has the name.
    """
    work.lock("roles")
    found = open_invitation(work, token, kind)
    person = add_person(work, SYSTEM, name, display_name)
    if not work.run(store_access.USE_INVITATION, id=found.id, person_id=person.id, now=work.now):
        raise InvitationInvalid("This link was used a moment ago.", fix="Ask for a new one.")
    set_password_hash(work, person.id, password_hash)
    for binding in found.bindings:
        grant_role(work, SYSTEM, person, binding)
    audit.record(work, actor_of(person), f"{kind}.redeemed", f"invitation:{found.id}", {"created_by": found.created_by})
    return person
