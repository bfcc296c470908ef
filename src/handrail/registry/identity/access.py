"""May they? The one question that every use case asks first."""

from handrail.registry.identity.errors import NotVisible, RoleMissing, ScopeMissing
from handrail.registry.identity.model import PERMISSIONS, Caller, Permission


def roles_with(permission: Permission) -> tuple[str, ...]:
    """Return the names of the roles that have a permission, in the order of `Role`."""
    return tuple(role.value for role, held in PERMISSIONS.items() if permission in held)


def require(caller: Caller, permission: Permission, team: str | None = None, *, missing: str = "") -> None:
    """Return if the caller has a permission for a team's id (None: for any team).

    Args:
        caller: Who asks.
        permission: What for.
        team: The id of the team that owns the thing.
        missing: What to say to somebody who may not know that the thing exists.

    Raises:
        ScopeMissing: The API token was restricted to something else.
        NotVisible: The caller may not even read what that team has.
        RoleMissing: With the roles that would do.
    """
    if caller.may(permission, team):
        return
    if caller.scopes is not None and permission not in caller.scopes:
        raise ScopeMissing(
            f"This API token may not do that: it lacks the scope {permission.value}.",
            fix=f"Use a token with the scope {permission.value}, or sign in.",
            details={"scope": permission.value},
        )
    if team is not None and (permission is Permission.APP_READ or not caller.may(Permission.APP_READ, team)):
        raise NotVisible(missing or "There is nothing of that name that you may see.")
    raise _role_missing(permission, "" if team is None else " in that team")


def require_everywhere(caller: Caller, permission: Permission) -> None:
    """Return if the caller has a permission for all teams, for what belongs to no team.

    Raises:
        ScopeMissing: The API token was restricted to something else.
        RoleMissing: With the roles that would do.
    """
    if caller.teams(permission) is None:
        return
    require(caller, permission)
    raise _role_missing(permission, " for all teams")


def require_unrestricted(caller: Caller) -> None:
    """Return unless the caller uses an API token that was restricted: it was made for something else than its owner.

    Raises:
        ScopeMissing: It was.
    """
    if caller.scopes is not None:
        raise ScopeMissing(
            "A restricted API token may not see or change its owner's profile and sessions.",
            fix="Sign in, or use a token without scopes.",
        )


def _role_missing(permission: Permission, where: str) -> RoleMissing:
    roles = roles_with(permission)
    named = " or ".join(roles)
    return RoleMissing(
        f"You may not do that: it takes the role {named}{where}.",
        fix=f"Ask an admin for the role {roles[0]}{where}: handrail people grant NAME {roles[0]}.",
        details={"permission": permission.value, "roles": list(roles)},
    )
