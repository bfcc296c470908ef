"""People and teams."""

from typing import Final

from handrail.kernel.ids import new_id, require_name
from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.identity import store
from handrail.registry.identity.access import require_everywhere
from handrail.registry.identity.errors import (
    LastAdmin,
    OwnRoles,
    PersonNameTaken,
    PersonUnknown,
    ProfileInvalid,
    TeamNameTaken,
    TeamTitleInvalid,
    TeamUnknown,
)
from handrail.registry.identity.model import Caller, Permission, Person, Team

DISPLAY_NAME_MAX: Final = 200


def _person(row: Row) -> Person:
    return Person(row["id"], row["name"], row["display_name"], row["status"], row["created_at"], row["time_zone"])


def _team(row: Row) -> Team:
    return Team(row["id"], row["name"], row["title"])


def find_person(work: Work, name: str) -> Person:
    """Return a person by name.

    Raises:
        PersonUnknown: Nobody has it.
    """
    row = work.one(store.PERSON_BY_NAME, name=name)
    if row is None:
        raise PersonUnknown(f"There is nobody called {name!r}.", fix="See who there is with: handrail people list.")
    return _person(row)


def person_by_id(work: Work, person_id: str) -> Person:
    """Return a person by id.

    Raises:
        PersonUnknown: Nobody has it.
    """
    row = work.one(store.PERSON_BY_ID, id=person_id)
    if row is None:
        raise PersonUnknown("There is no such person.")
    return _person(row)


def people(work: Work) -> list[Person]:
    """Return everybody, disabled people included, by name."""
    return [_person(row) for row in work.all(store.PEOPLE)]


def require_display_name(name: str) -> None:
    """Return if others can read a name, and take it for nobody else's.

    Raises:
        ProfileInvalid: It is empty or very long, or holds characters that nobody sees.
    """
    if not 0 < len(name) <= DISPLAY_NAME_MAX or not name.isprintable():
        # Marks that turn the direction of writing, or that have no width, make one name look like another.
        raise ProfileInvalid(
            f"What others read has 1 to {DISPLAY_NAME_MAX} characters, all of them visible.",
            fix="Write your name as others know it.",
            place="displayName",
        )


def add_person(work: Work, actor: Actor, name: str, display_name: str) -> Person:
    """Add a person without any role; accounts come from `redeem_setup` and `redeem_invitation`.

    Raises:
        NameInvalid: The name is not readable.
        ProfileInvalid: As `require_display_name`.
        PersonNameTaken: Somebody has it, or had it.
    """
    require_name(name)
    display_name = display_name.strip() or name
    require_display_name(display_name)
    person = Person(new_id(), name, display_name, "active", work.now)
    added = work.run(store.INSERT_PERSON, id=person.id, name=name, display_name=person.display_name, now=work.now)
    if not added:
        raise PersonNameTaken(f"The name {name!r} is taken.", fix=f"Use another, such as '{name}-2'.", place="name")
    audit.record(work, actor, "person.added", f"person:{person.id}", {"name": name})
    return person


def disable_person(work: Work, caller: Caller, name: str) -> Person:
    """Disable a person: their sessions and API tokens end at once, what they did stays.

    Raises:
        RoleMissing: The caller may not manage people.
        OwnRoles: It is the caller.
        LastAdmin: Nobody could manage people afterwards.
    """
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    work.lock("roles")
    person = find_person(work, name)
    if person.id == caller.person_id:
        raise OwnRoles("You cannot disable yourself.", fix="Ask another admin.")
    require_other_admin(work, person.id)
    work.run(store.SET_STATUS, id=person.id, status="disabled")
    work.run(store.DELETE_SESSIONS, person_id=person.id)
    work.run(store.REVOKE_TOKENS, person_id=person.id, now=work.now)
    audit.record(work, caller.actor, "person.disabled", f"person:{person.id}", {"name": name})
    return person_by_id(work, person.id)


def enable_person(work: Work, caller: Caller, name: str) -> Person:
    """Let a disabled person sign in again; ended sessions and tokens stay ended.

    Raises:
        RoleMissing: The caller may not manage people.
    """
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    person = find_person(work, name)
    work.run(store.SET_STATUS, id=person.id, status="active")
    audit.record(work, caller.actor, "person.enabled", f"person:{person.id}", {"name": name})
    return person_by_id(work, person.id)


def require_other_admin(work: Work, person_id: str) -> None:
    """Return if an active administrator would remain without this person.

    Raises:
        LastAdmin: None would.
    """
    if not work.scalar(store.OTHER_ADMINS, person_id=person_id):
        raise LastAdmin(
            "This is the last active admin: nobody could manage people afterwards.",
            fix="Give somebody else the role admin first: handrail people grant NAME admin.",
        )


def find_team(work: Work, name: str) -> Team:
    """Return a team by name.

    Raises:
        TeamUnknown: There is none.
    """
    row = work.one(store.TEAM_BY_NAME, name=name)
    if row is None:
        raise TeamUnknown(f"There is no team {name!r}.", fix="See the teams with: handrail team list.", place="team")
    return _team(row)


def team_by_id(work: Work, team_id: str) -> Team:
    """Return a team by id.

    Raises:
        TeamUnknown: There is none.
    """
    row = work.one(store.TEAM_BY_ID, id=team_id)
    if row is None:
        raise TeamUnknown("There is no such team.", place="team")
    return _team(row)


def teams(work: Work) -> list[Team]:
    """Return all teams, by name."""
    return [_team(row) for row in work.all(store.TEAMS)]


def add_team(work: Work, actor: Actor, name: str, title: str) -> Team:
    """Add a team; the surface uses `create_team`, which asks for permission.

    Raises:
        NameInvalid: The name is not readable.
        TeamNameTaken: There is such a team.
    """
    require_name(name)
    team = Team(new_id(), name, title or name)
    if not work.run(store.INSERT_TEAM, id=team.id, name=name, title=team.title, now=work.now):
        raise TeamNameTaken(f"There is a team {name!r} already.", fix="Use another name.", place="name")
    audit.record(work, actor, "team.added", f"team:{team.id}", {"name": name})
    return team


def create_team(work: Work, caller: Caller, name: str, title: str) -> Team:
    """Add a team.

    Raises:
        RoleMissing: The caller may not manage people.
        TeamNameTaken: There is such a team.
    """
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    return add_team(work, caller.actor, name, title)


def rename_team(work: Work, caller: Caller, name: str, title: str) -> Team:
    """Change a team's title; its name stays, because roles, apps and files say it.

    Raises:
        RoleMissing: The caller may not manage people.
        TeamUnknown: There is no such team.
        TeamTitleInvalid: A title of nothing.
    """
    require_everywhere(caller, Permission.PEOPLE_WRITE)
    team = find_team(work, name)
    wanted = title.strip()
    if not wanted:
        raise TeamTitleInvalid("A team without a title.", fix="Write what people call it.", place="title")
    if wanted != team.title:
        work.run(store.SET_TITLE, id=team.id, title=wanted)
        facts = {"name": name, "from": team.title, "to": wanted}
        audit.record(work, caller.actor, "team.changed", f"team:{team.id}", facts)
    return team_by_id(work, team.id)


def holders(work: Work) -> dict[str, int]:
    """Return how many active people hold a role in each team, by the team's id; `*` for roles in all teams."""
    return {row["team_id"]: row["people"] for row in work.all(store.HOLDERS, now=work.now)}
