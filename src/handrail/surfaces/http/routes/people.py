"""People, their roles, invitations and teams."""

from collections.abc import Mapping

from fastapi import APIRouter, Response
from pydantic import Field

from handrail.kernel.clock import parse_rfc3339, rfc3339
from handrail.platform.database import Work
from handrail.registry import catalog, identity
from handrail.registry.identity import (
    ALL_TEAMS,
    PERMISSIONS,
    Binding,
    HeldRole,
    Invitation,
    Permission,
    Person,
    Role,
    Team,
)
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ConfirmedCallerDep, ContextDep
from handrail.surfaces.http.routes.session import RoleView
from handrail.surfaces.http.texts import Line
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["people"])


class RoleNew(Body):
    """`team` is a team's name, or `*` for all teams."""

    role: Role
    team: str = ALL_TEAMS
    expires_at: str | None = None


class InvitationNew(Body):
    roles: list[RoleNew] = Field(min_length=1, max_length=50)


class TeamNew(Body):
    name: str
    title: str = Field(default="", max_length=200)


class PersonView(View):
    id: str
    name: str
    display_name: str
    status: str
    roles: list[RoleView]
    created_at: str

    @classmethod
    def of(cls, person: Person, held: list[HeldRole]) -> "PersonView":
        return cls(
            id=person.id,
            name=person.name,
            display_name=person.display_name,
            status=person.status,
            roles=[RoleView.of(role) for role in held],
            created_at=rfc3339(person.created_at),
        )


class PeopleView(View):
    items: list[PersonView]


class DirectoryEntryView(View):
    name: str
    display_name: str
    active: bool


class DirectoryView(View):
    items: list[DirectoryEntryView]


class TeamEdit(Body):
    title: Line


class TeamView(View):
    """`people` counts those who hold a role in this team; roles in all teams do not count."""

    id: str
    name: str
    title: str
    people: int


class TeamsView(View):
    items: list[TeamView]


class RolePermissionsView(View):
    role: str
    permissions: list[str]


class RolesView(View):
    items: list[RolePermissionsView]


class InvitationView(View):
    """`status` is open, used, revoked or ended."""

    id: str
    kind: str
    roles: list[RoleView]
    status: str
    created_at: str
    expires_at: str


class NewInvitationView(InvitationView):
    """`link` is shown now and never again."""

    link: str


class InvitationsView(View):
    items: list[InvitationView]


def _binding(work: Work, body: RoleNew) -> Binding:
    team = ALL_TEAMS if body.team == ALL_TEAMS else identity.find_team(work, body.team).id
    return Binding(body.role, team)


def _person(work: Work, person: Person) -> PersonView:
    return PersonView.of(person, identity.held_roles(work, person.id).get(person.id, []))


@router.get("/api/v1/directory", responses=PROBLEMS)
def list_directory(context: ContextDep, _caller: CallerDep) -> DirectoryView:
    """List everybody's names, for anybody signed in: whom to name as owner, and who is behind a name."""
    with context.database.read() as work:
        found = identity.people(work)
    return DirectoryView(
        items=[
            DirectoryEntryView(name=person.name, display_name=person.display_name, active=person.status == "active")
            for person in found
        ]
    )


@router.get("/api/v1/people", responses=PROBLEMS)
def list_people(context: ContextDep, caller: CallerDep) -> PeopleView:
    """List everybody with their roles."""
    identity.require_everywhere(caller, Permission.PEOPLE_READ)
    with context.database.read() as work:
        held = identity.held_roles(work)
        found = identity.people(work)
        return PeopleView(items=[PersonView.of(person, held.get(person.id, [])) for person in found])


@router.get("/api/v1/people/{name}", responses=PROBLEMS)
def read_person(context: ContextDep, caller: CallerDep, name: str) -> PersonView:
    """Show one person with their roles."""
    identity.require_everywhere(caller, Permission.PEOPLE_READ)
    with context.database.read() as work:
        return _person(work, identity.find_person(work, name))


@router.post("/api/v1/people/{name}/disable", responses=PROBLEMS)
def disable_person(context: ContextDep, caller: CallerDep, name: str) -> PersonView:
    """Disable a person: their sessions and API tokens end at once."""
    with context.database.begin() as work:
        person = identity.disable_person(work, caller, name)
        # The catalog lists apps whose owner left; identity stands below it and cannot tell.
        catalog.touch_person(work, person.id)
        return _person(work, person)


@router.post("/api/v1/people/{name}/enable", responses=PROBLEMS)
def enable_person(context: ContextDep, caller: ConfirmedCallerDep, name: str) -> PersonView:
    """Let a disabled person sign in again."""
    with context.database.begin() as work:
        person = identity.enable_person(work, caller, name)
        catalog.touch_person(work, person.id)
        return _person(work, person)


@router.post("/api/v1/people/{name}/roles", responses=PROBLEMS)
def grant_role(context: ContextDep, caller: ConfirmedCallerDep, name: str, body: RoleNew) -> PersonView:
    """Give somebody else a role, for one team or for all."""
    expires = None if body.expires_at is None else parse_rfc3339(body.expires_at, "expiresAt")
    with context.database.begin() as work:
        person = identity.grant(work, caller, name, _binding(work, body), expires_at=expires)
        return _person(work, person)


@router.delete("/api/v1/people/{name}/roles/{role}", responses=PROBLEMS)
def revoke_role(
    context: ContextDep, caller: ConfirmedCallerDep, name: str, role: Role, team: str = ALL_TEAMS
) -> PersonView:
    """Take a role from somebody else."""
    with context.database.begin() as work:
        binding = _binding(work, RoleNew(role=role, team=team))
        return _person(work, identity.revoke(work, caller, name, binding))


@router.get("/api/v1/roles", responses=PROBLEMS)
def list_roles(_caller: CallerDep) -> RolesView:
    """List the roles and what each may do."""
    return RolesView(
        items=[
            RolePermissionsView(role=role.value, permissions=sorted(item.value for item in held))
            for role, held in PERMISSIONS.items()
        ]
    )


def _team(team: Team, holders: Mapping[str, int]) -> TeamView:
    return TeamView(id=team.id, name=team.name, title=team.title, people=holders.get(team.id, 0))


@router.get("/api/v1/teams", responses=PROBLEMS)
def list_teams(context: ContextDep, caller: CallerDep) -> TeamsView:
    """List the teams that the caller may see."""
    seen = caller.teams(Permission.APP_READ)
    with context.database.read() as work:
        found = identity.teams(work)
        holders = identity.holders(work)
    return TeamsView(items=[_team(team, holders) for team in found if seen is None or team.id in seen])


@router.post("/api/v1/teams", status_code=201, responses=PROBLEMS)
def make_team(context: ContextDep, caller: CallerDep, body: TeamNew) -> TeamView:
    """Add a team."""
    with context.database.begin() as work:
        return _team(identity.create_team(work, caller, body.name, body.title), {})


@router.patch("/api/v1/teams/{name}", responses=PROBLEMS)
def edit_team(context: ContextDep, caller: CallerDep, name: str, body: TeamEdit) -> TeamView:
    """Change what people read of a team; its name stays."""
    with context.database.begin() as work:
        return _team(identity.rename_team(work, caller, name, body.title), identity.holders(work))


def _invitation(work: Work, made: Invitation, names: dict[str, str]) -> InvitationView:
    if made.used_by is not None:
        status = "used"
    elif made.revoked_at is not None:
        status = "revoked"
    else:
        status = "open" if made.expires_at > work.now else "ended"
    roles = [
        RoleView(role=binding.role.value, team=names.get(binding.team, binding.team), expires_at=None)
        for binding in made.bindings
    ]
    return InvitationView(
        id=made.id,
        kind=made.kind,
        roles=roles,
        status=status,
        created_at=rfc3339(made.created_at),
        expires_at=rfc3339(made.expires_at),
    )


def _team_names(work: Work) -> dict[str, str]:
    return {team.id: team.name for team in identity.teams(work)}


@router.get("/api/v1/invitations", responses=PROBLEMS)
def list_invitations(context: ContextDep, caller: CallerDep) -> InvitationsView:
    """List invitations and set-up links, newest first; never the links themselves."""
    with context.database.read() as work:
        names = _team_names(work)
        found = identity.invitations(work, caller)
        return InvitationsView(items=[_invitation(work, made, names) for made in found])


@router.post("/api/v1/invitations", status_code=201, responses=PROBLEMS)
def make_invitation(
    context: ContextDep, caller: ConfirmedCallerDep, response: Response, body: InvitationNew
) -> NewInvitationView:
    """Make a link for one new person: 24 hours, one use; it is in this answer and nowhere else."""
    response.headers["cache-control"] = "no-store"
    with context.database.begin() as work:
        made, token = identity.invite(work, caller, [_binding(work, role) for role in body.roles])
        view = _invitation(work, made, _team_names(work))
    return NewInvitationView(**view.model_dump(), link=identity.join_link(context.public_url, token))


@router.delete("/api/v1/invitations/{invitation_id}", status_code=204, responses=PROBLEMS)
def revoke_invitation(context: ContextDep, caller: CallerDep, invitation_id: str) -> None:
    """End an invitation that nobody used yet."""
    with context.database.begin() as work:
        identity.revoke_invitation(work, caller, invitation_id)
