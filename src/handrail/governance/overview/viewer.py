"""Whose overview it is: what they may see, and what they answer for."""

from dataclasses import dataclass
from typing import Any

from handrail.registry.identity import ALL_TEAMS, Caller, Permission, Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A caller, in the words of the queries.

    Attributes:
        teams: Ids of the teams whose apps they may see; None for all.
        steward: Responsible across teams.
        admin: Responsible for the install.
    """

    caller: Caller
    teams: frozenset[str] | None
    steward: bool
    admin: bool

    def sees(self, team_id: str) -> bool:
        """Tell whether they may see a team's apps."""
        return self.teams is None or team_id in self.teams

    def scope(self) -> dict[str, Any]:
        """Return the parameters that keep other teams' rows out, and tell their own from others'."""
        return {
            "all_teams": int(self.teams is None),
            "teams": sorted(self.teams or ()),
            "me": self.caller.person_id,
            "steward": int(self.steward),
            "admin": int(self.admin),
        }


def viewer_of(caller: Caller) -> Viewer:
    """Return who looks; a token that is restricted to something else sees nothing."""

    def holds(role: Role) -> bool:
        return any(binding.role is role and binding.team == ALL_TEAMS for binding in caller.bindings)

    restricted = not caller.may(Permission.APP_READ)
    return Viewer(
        caller,
        caller.teams(Permission.APP_READ),
        steward=holds(Role.STEWARD) and not restricted,
        admin=holds(Role.ADMIN) and not restricted,
    )
