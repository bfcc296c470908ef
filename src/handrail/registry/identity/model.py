"""People, teams and what they may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handrail.registry.audit import Actor

ALL_TEAMS: Final = "*"


class Role(StrEnum):
    """What a person is to a team."""

    VIEWER = "viewer"
    BUILDER = "builder"
    REVIEWER = "reviewer"
    FINANCE = "finance"
    AUDITOR = "auditor"
    STEWARD = "steward"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a use case asks for."""

    APP_READ = "app:read"
    APP_WRITE = "app:write"
    VERSION_SUBMIT = "version:submit"
    VERSION_REVIEW = "version:review"
    CONNECTOR_READ = "connector:read"
    CONNECTOR_WRITE = "connector:write"
    CREDENTIAL_WRITE = "credential:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    AUDIT_READ = "audit:read"
    QUARANTINE = "quarantine"
    SOURCE_WRITE = "source:write"
    HUB_WRITE = "hub:write"
    HUB_READ = "hub:read"
    SIGNAL_READ = "signal:read"
    TOKEN_WRITE = "token:write"  # noqa: S105 - a permission's name


_P = Permission
_VIEW: Final = frozenset({_P.APP_READ, _P.CONNECTOR_READ, _P.SIGNAL_READ})
_BUILD: Final = _VIEW | {_P.APP_WRITE, _P.VERSION_SUBMIT, _P.TOKEN_WRITE}
_REVIEW: Final = _VIEW | {_P.VERSION_REVIEW}

PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.VIEWER: _VIEW,
    Role.BUILDER: _BUILD,
    Role.REVIEWER: _REVIEW,
    Role.FINANCE: _VIEW,
    Role.AUDITOR: _VIEW | {_P.AUDIT_READ, _P.PEOPLE_READ, _P.HUB_READ},
    Role.STEWARD: _BUILD
    | _REVIEW
    | {_P.QUARANTINE, _P.AUDIT_READ, _P.PEOPLE_READ, _P.HUB_READ, _P.CONNECTOR_WRITE, _P.SOURCE_WRITE},
    Role.ADMIN: _VIEW
    | {
        _P.CONNECTOR_WRITE,
        _P.CREDENTIAL_WRITE,
        _P.PEOPLE_READ,
        _P.PEOPLE_WRITE,
        _P.AUDIT_READ,
        _P.QUARANTINE,
        _P.SOURCE_WRITE,
        _P.HUB_WRITE,
        _P.HUB_READ,
        _P.TOKEN_WRITE,
    },
}
# What these may do is about the platform, so a single team cannot hold them.
PLATFORM_ROLES: Final = frozenset({Role.STEWARD, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Binding:
    """A role that somebody has.

    Attributes:
        team: A team's id, or `*` for all teams.
    """

    role: Role
    team: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do.

    Attributes:
        bindings: Roles in force now.
        scopes: What an API token was restricted to; None without a restriction.
    """

    person_id: str
    name: str
    bindings: tuple[Binding, ...]
    scopes: frozenset[Permission] | None = None

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names them."""
        return Actor("person", self.person_id, self.name)

    def may(self, permission: Permission, team: str | None = None) -> bool:
        """Tell whether the caller has a permission for a team's id (None: for any team)."""
        if self.scopes is not None and permission not in self.scopes:
            return False
        return any(
            permission in PERMISSIONS[binding.role] and (team is None or binding.team in {ALL_TEAMS, team})
            for binding in self.bindings
        )

    def teams(self, permission: Permission) -> frozenset[str] | None:
        """Return the ids of the teams for which the caller has a permission; None means all teams."""
        if self.scopes is not None and permission not in self.scopes:
            return frozenset()
        found = frozenset(binding.team for binding in self.bindings if permission in PERMISSIONS[binding.role])
        return None if ALL_TEAMS in found else found


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; never deleted, because the audit log names them.

    Attributes:
        name: The readable id that they sign in with.
        status: `active` or `disabled`.
        created_at: Microseconds since 1970 (UTC).
        time_zone: An IANA name; empty when they chose none.
    """

    id: str
    name: str
    display_name: str
    status: str
    created_at: int
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """People who own apps together."""

    id: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A binding as people read it.

    Attributes:
        team_name: The team's name, or `*`.
        team_title: The team's title, or `*`.
        expires_at: Microseconds since 1970 (UTC), or None.
    """

    role: Role
    team: str
    team_name: str
    team_title: str
    expires_at: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody signed in with.

    Attributes:
        id: What people name it by; it opens nothing (the cookie carries another text, kept as a hash only).
        agent: The browser in a few words, such as `Firefox on Linux`; empty when unknown.
        address: Where the sign-in came from.
        created_at: All times in microseconds since 1970 (UTC).
        last_seen_at: To the minute.
        authenticated_at: When the password was last given.
    """

    id: str
    person_id: str
    agent: str
    address: str
    created_at: int
    expires_at: int
    last_seen_at: int
    authenticated_at: int


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of an API token; the secret is shown once and only its hash is kept.

    Attributes:
        scopes: What it is restricted to; None means whatever its owner may do.
        created_at: All times in microseconds since 1970 (UTC).
    """

    id: str
    person_id: str
    name: str
    scopes: frozenset[Permission] | None
    created_at: int
    expires_at: int
    last_used_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that makes one account.

    Attributes:
        kind: `setup` for the first administrator, `invitation` for everybody else.
        bindings: Roles that the new person gets.
        created_at: All times in microseconds since 1970 (UTC).
        used_by: The person's id who used it; None while unused.
    """

    id: str
    kind: str
    bindings: tuple[Binding, ...]
    created_by: str
    created_at: int
    expires_at: int
    used_by: str | None
    revoked_at: int | None
