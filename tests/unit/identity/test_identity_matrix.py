"""Roles and permissions."""

import json
from pathlib import Path

import pytest

from handrail.registry.identity import (
    PERMISSIONS,
    Binding,
    Caller,
    NotVisible,
    Permission,
    Role,
    RoleMissing,
    ScopeMissing,
    require,
    require_everywhere,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "roles.json"


def caller(*bindings: tuple[Role, str], scopes: frozenset[Permission] | None = None) -> Caller:
    return Caller("p1", "ada", tuple(Binding(role, team) for role, team in bindings), scopes)


def test_what_each_role_may_do_is_what_was_agreed() -> None:
    agreed = json.loads(GOLDEN.read_text())
    actual = {
        role.value: {permission.value: permission in PERMISSIONS[role] for permission in Permission} for role in Role
    }
    assert actual == agreed, f"change {GOLDEN.name} by hand if this is meant"


def test_an_admin_has_no_way_to_read_a_secret() -> None:
    assert not [permission for permission in Permission if "credential" in permission and "read" in permission]


def test_an_auditor_writes_nothing() -> None:
    writing = {"write", "submit", "review"}
    assert not [p for p in PERMISSIONS[Role.AUDITOR] if p.value.rpartition(":")[2] in writing]
    assert Permission.QUARANTINE not in PERMISSIONS[Role.AUDITOR]


def test_another_teams_thing_does_not_exist() -> None:
    ada = caller((Role.BUILDER, "t1"))
    with pytest.raises(NotVisible, match="no app 'x'"):
        require(ada, Permission.APP_WRITE, "t2", missing="There is no app 'x'.")
    with pytest.raises(NotVisible):
        require(ada, Permission.APP_READ, "t2")


def test_a_missing_role_is_named() -> None:
    with pytest.raises(RoleMissing) as caught:
        require(caller((Role.VIEWER, "t1")), Permission.APP_WRITE, "t1")
    assert caught.value.details["roles"] == ["builder", "steward"]
    assert "builder" in caught.value.fix


def test_a_missing_scope_is_named() -> None:
    restricted = caller((Role.ADMIN, "*"), scopes=frozenset({Permission.APP_READ}))
    require(restricted, Permission.APP_READ, "t1")
    with pytest.raises(ScopeMissing, match="hub:write"):
        require(restricted, Permission.HUB_WRITE)


def test_a_scope_gives_nothing_that_the_owner_lacks() -> None:
    ada = caller((Role.VIEWER, "t1"), scopes=frozenset({Permission.HUB_WRITE}))
    assert not ada.may(Permission.HUB_WRITE)
    assert ada.teams(Permission.APP_READ) == frozenset()


def test_what_belongs_to_no_team_takes_a_role_for_all_teams() -> None:
    require_everywhere(caller((Role.AUDITOR, "*")), Permission.AUDIT_READ)
    with pytest.raises(RoleMissing, match="for all teams"):
        require_everywhere(caller((Role.AUDITOR, "t1")), Permission.AUDIT_READ)


def test_somebody_without_roles_may_nothing() -> None:
    nobody = caller()
    assert not [permission for permission in Permission if nobody.may(permission)]
