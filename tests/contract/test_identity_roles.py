"""Who may do what, on both databases."""

import pytest

from handrail.platform.database import Database
from handrail.registry import identity
from handrail.registry.audit import SYSTEM, listing
from handrail.registry.identity import Binding, Caller, Permission, Role, Team


def test_a_granted_role_holds_in_its_team_only(database: Database, admin: Caller, team: Team, make_person) -> None:
    make_person("ada")
    with database.begin() as work:
        other = identity.add_team(work, SYSTEM, "sales", "Sales")
        identity.grant(work, admin, "ada", Binding(Role.BUILDER, team.id))
    with database.read() as work:
        ada = identity.caller_of(work, identity.find_person(work, "ada").id)
    assert ada.may(Permission.APP_WRITE, team.id)
    assert ada.may(Permission.APP_WRITE)
    assert not ada.may(Permission.APP_WRITE, other.id)
    assert ada.teams(Permission.APP_WRITE) == {team.id}


def test_every_change_of_roles_is_in_the_audit_log(database: Database, admin: Caller, make_person) -> None:
    make_person("ada")
    with database.begin() as work:
        person = identity.grant(work, admin, "ada", Binding(Role.REVIEWER, "*"))
        identity.revoke(work, admin, "ada", Binding(Role.REVIEWER, "*"))
        found = listing(work, subject=f"person:{person.id}", actor="root-admin")
    assert [event.action for event in found] == ["role.revoked", "role.granted"]


def test_a_role_with_an_expiry_ends_by_itself(database: Database, admin: Caller, make_person) -> None:
    ada = make_person("ada")
    with database.begin() as work:
        identity.grant(work, admin, "ada", Binding(Role.AUDITOR, "*"), expires_at=work.now + 1_000_000)
        assert identity.caller_of(work, ada.person_id).may(Permission.AUDIT_READ)
        work.now += 2_000_000
        assert not identity.caller_of(work, ada.person_id).may(Permission.AUDIT_READ)


def test_nobody_changes_their_own_roles(database: Database, admin: Caller) -> None:
    with database.begin() as work, pytest.raises(identity.OwnRoles):
        identity.grant(work, admin, admin.name, Binding(Role.BUILDER, "*"))
    with database.begin() as work, pytest.raises(identity.OwnRoles):
        identity.disable_person(work, admin, admin.name)


def test_the_last_admin_stays(database: Database, admin: Caller, make_person) -> None:
    other = make_person("bob", ("admin", "*"))
    with database.begin() as work:
        identity.revoke(work, other, admin.name, Binding(Role.ADMIN, "*"))
    # `admin` still carries the role it had when it asked: the check must look at the rows.
    with database.begin() as work, pytest.raises(identity.LastAdmin):
        identity.revoke(work, admin, "bob", Binding(Role.ADMIN, "*"))
    with database.begin() as work, pytest.raises(identity.LastAdmin):
        identity.disable_person(work, admin, "bob")


def test_platform_roles_are_not_for_one_team(database: Database, admin: Caller, team: Team, make_person) -> None:
    make_person("ada")
    with database.begin() as work, pytest.raises(identity.RoleInvalid, match="for all teams"):
        identity.grant(work, admin, "ada", Binding(Role.STEWARD, team.id))


def test_only_an_admin_manages_people(database: Database, make_person) -> None:
    steward = make_person("sam", ("steward", "*"))
    make_person("ada")
    with database.begin() as work, pytest.raises(identity.RoleMissing, match="admin"):
        identity.grant(work, steward, "ada", Binding(Role.VIEWER, "*"))
    with database.begin() as work, pytest.raises(identity.RoleMissing):
        identity.create_team(work, steward, "sales", "Sales")


def test_names_of_people_and_teams_are_given_once(database: Database, admin: Caller, team: Team) -> None:
    with database.begin() as work, pytest.raises(identity.TeamNameTaken):
        identity.create_team(work, admin, team.name, "Again")
    with database.begin() as work, pytest.raises(identity.PersonNameTaken):
        identity.add_person(work, SYSTEM, admin.name, "Again")
