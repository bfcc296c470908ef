"""The person who asks: profile, password and sessions."""

from fastapi import APIRouter, Request, Response
from pydantic import Field, SecretStr

from handrail.kernel.clock import rfc3339
from handrail.kernel.secret import Secret
from handrail.platform.database import Work
from handrail.registry import identity
from handrail.registry.identity import ALL_TEAMS, Caller, Permission, Session
from handrail.surfaces.http import authentication
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep, SessionDep
from handrail.surfaces.http.routes.session import RoleView
from handrail.surfaces.http.texts import Line
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["session"])


class ProfileEdit(Body):
    """What is left out stays as it is; an empty `timeZone` means none."""

    display_name: Line | None = None
    time_zone: Line | None = None


class PasswordNew(Body):
    old: SecretStr = Field(max_length=256)
    new: SecretStr = Field(max_length=1000)


class Confirm(Body):
    password: SecretStr = Field(max_length=256)


class OwnTeamView(View):
    name: str
    title: str


class MeView(View):
    """`teams` are those that a role names; somebody with a role in all teams may do more than they say.

    `timeZone` is an IANA name, or empty.
    """

    id: str
    name: str
    display_name: str
    time_zone: str
    roles: list[RoleView]
    teams: list[OwnTeamView]
    permissions: list[str]
    scopes: list[str] | None


class ConfirmedView(View):
    """`until` is null with an API token, which needs no confirmation."""

    until: str | None


class SessionView(View):
    """`agent` is the browser in a few words, or empty; `lastSeenAt` is right to the minute."""

    id: str
    current: bool
    agent: str
    address: str
    created_at: str
    last_seen_at: str
    expires_at: str

    @classmethod
    def of(cls, session: Session, current: Session | None) -> "SessionView":
        return cls(
            id=session.id,
            current=current is not None and session.id == current.id,
            agent=session.agent,
            address=session.address,
            created_at=rfc3339(session.created_at),
            last_seen_at=rfc3339(session.last_seen_at),
            expires_at=rfc3339(session.expires_at),
        )


class SessionsView(View):
    items: list[SessionView]


class SessionsEndedView(View):
    """`ended` counts the sessions that are over now."""

    ended: int


def _me(work: Work, caller: Caller) -> MeView:
    person = identity.person_by_id(work, caller.person_id)
    held = identity.held_roles(work, caller.person_id).get(caller.person_id, [])
    teams = {role.team_name: role.team_title for role in held if role.team != ALL_TEAMS}
    return MeView(
        id=person.id,
        name=person.name,
        display_name=person.display_name,
        time_zone=person.time_zone,
        roles=[RoleView.of(role) for role in held],
        teams=[OwnTeamView(name=name, title=title) for name, title in sorted(teams.items())],
        permissions=[permission.value for permission in Permission if caller.may(permission)],
        scopes=None if caller.scopes is None else sorted(scope.value for scope in caller.scopes),
    )


@router.get("/api/v1/me", responses=PROBLEMS)
def read_me(context: ContextDep, caller: CallerDep) -> MeView:
    """Tell who is signed in, with which roles and permissions."""
    with context.database.read() as work:
        return _me(work, caller)


@router.patch("/api/v1/me", responses=PROBLEMS)
def edit_me(context: ContextDep, caller: CallerDep, body: ProfileEdit) -> MeView:
    """Change what others read of oneself, and one's time zone."""
    with context.database.begin() as work:
        identity.edit_profile(work, caller, display_name=body.display_name, time_zone=body.time_zone)
        return _me(work, caller)


@router.put("/api/v1/me/password", status_code=204, responses=PROBLEMS)
def change_password(
    request: Request, response: Response, context: ContextDep, caller: CallerDep, session: SessionDep, body: PasswordNew
) -> None:
    """Change the own password; ends all of one's sessions and API tokens. A browser gets a new session."""
    checked = authentication.check_password(request, context, caller.name, body.old)
    hashed = identity.prepare_password(Secret(body.new.get_secret_value()), caller.name)
    with context.database.begin() as work:
        person = identity.finish_sign_in(work, checked)
        if person is not None:
            identity.change_password(work, caller, hashed)
            if session is not None:
                authentication.start_session(request, response, context, work, person)
    if person is None:
        raise identity.sign_in_refused()


@router.post("/api/v1/me/confirm", responses=PROBLEMS)
def confirm_me(
    request: Request, context: ContextDep, caller: CallerDep, session: SessionDep, body: Confirm
) -> ConfirmedView:
    """Give one's password again: for 30 minutes this session may do what needs it."""
    checked = authentication.check_password(request, context, caller.name, body.password)
    until = None
    with context.database.begin() as work:
        person = identity.finish_sign_in(work, checked)
        if person is not None and session is not None:
            until = identity.confirm_session(work, caller, session)
    if person is None:
        raise identity.confirmation_refused()
    return ConfirmedView(until=None if until is None else rfc3339(until))


@router.get("/api/v1/me/sessions", responses=PROBLEMS)
def list_sessions(context: ContextDep, caller: CallerDep, session: SessionDep) -> SessionsView:
    """List the browsers that one is signed in with, the last used first."""
    with context.database.read() as work:
        found = identity.sessions_of(work, caller)
    return SessionsView(items=[SessionView.of(each, session) for each in found])


@router.delete("/api/v1/me/sessions/{session_id}", status_code=204, responses=PROBLEMS)
def end_session(context: ContextDep, caller: CallerDep, session_id: str) -> None:
    """End a session: one's own, or anybody's for who manages people."""
    with context.database.begin() as work:
        identity.end_session(work, caller, session_id)


@router.delete("/api/v1/me/sessions", responses=PROBLEMS)
def end_other_sessions(context: ContextDep, caller: CallerDep, session: SessionDep) -> SessionsEndedView:
    """End all of one's sessions but the one that asks."""
    with context.database.begin() as work:
        return SessionsEndedView(ended=identity.end_other_sessions(work, caller, session))
