"""Sign-ins, sessions, API tokens and invitations, on both databases."""

import pytest
from sqlalchemy import text

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import audit, identity
from handrail.registry.identity import Binding, Caller, Permission, Person, Role, Team

PASSWORD = Secret("a fairly long password")


@pytest.fixture(scope="module")
def password_hash() -> str:
    return identity.prepare_password(PASSWORD, "ada")


def joined(database: Database, password_hash: str, name: str = "ada") -> Person:
    """Make the first administrator through a set-up link."""
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
        return identity.redeem(work, token, "setup", name, "Ada", password_hash)


def try_sign_in(database: Database, name: str, password: Secret, address: str = "192.0.2.1") -> Person | None:
    with database.begin() as work:
        attempt = identity.begin_sign_in(work, name, address)
    checked = attempt.check(password)
    with database.begin() as work:
        return identity.finish_sign_in(work, checked)


def test_the_set_up_link_makes_the_first_admin_once(database: Database, password_hash: str) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    with database.begin() as work:
        person = identity.redeem(work, token, "setup", "ada", "Ada", password_hash)
        assert identity.caller_of(work, person.id).may(Permission.PEOPLE_WRITE)
    with database.begin() as work, pytest.raises(identity.InvitationInvalid):
        identity.redeem(work, token, "setup", "eve", "Eve", password_hash)
    with database.begin() as work, pytest.raises(identity.AdminExists):
        identity.create_setup_link(work)


def test_a_set_up_link_ends_after_an_hour_and_with_the_next_one(database: Database, password_hash: str) -> None:
    with database.begin() as work:
        _, first = identity.create_setup_link(work)
        _, second = identity.create_setup_link(work)
        with pytest.raises(identity.InvitationInvalid):
            identity.open_invitation(work, first, "setup")
        work.now += HOUR
        with pytest.raises(identity.InvitationInvalid):
            identity.redeem(work, second, "setup", "ada", "Ada", password_hash)


def test_an_invitation_carries_its_roles_to_one_person(
    database: Database, admin: Caller, team: Team, password_hash: str
) -> None:
    with database.begin() as work:
        made, token = identity.invite(work, admin, [Binding(Role.BUILDER, team.id)])
        with pytest.raises(identity.InvitationInvalid):
            identity.open_invitation(work, token, "setup")
        person = identity.redeem(work, token, "invitation", "bob", "Bob", password_hash)
        caller = identity.caller_of(work, person.id)
    assert caller.bindings == (Binding(Role.BUILDER, team.id),)
    with database.begin() as work, pytest.raises(identity.InvitationInvalid):
        identity.redeem(work, token, "invitation", "eve", "Eve", password_hash)
    with database.read() as work:
        (found,) = identity.invitations(work, admin)
        (event,) = audit.listing(work, action="invitation.redeemed")
    assert (found.id, found.used_by) == (made.id, person.id)
    assert (event.actor.name, event.facts["created_by"]) == ("bob", admin.person_id)


def test_an_invitation_ends_after_a_day_or_when_it_is_revoked(database: Database, admin: Caller) -> None:
    with database.begin() as work:
        made, token = identity.invite(work, admin, [Binding(Role.VIEWER, "*")])
        _, other = identity.invite(work, admin, [Binding(Role.VIEWER, "*")])
        identity.revoke_invitation(work, admin, made.id)
        with pytest.raises(identity.InvitationInvalid):
            identity.open_invitation(work, token, "invitation")
        work.now += DAY
        with pytest.raises(identity.InvitationInvalid):
            identity.open_invitation(work, other, "invitation")


def test_the_links_token_is_not_stored(database: Database) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
        assert token.reveal() not in repr(work.all(text("SELECT * FROM invitation")))
    assert identity.join_link("http://127.0.0.1:8700/", token).startswith("http://127.0.0.1:8700/join#")


def test_signing_in_takes_the_right_name_and_password(database: Database, password_hash: str) -> None:
    person = joined(database, password_hash)
    assert try_sign_in(database, "ada", PASSWORD) == person
    assert try_sign_in(database, "ada", Secret("a fairly wrong password")) is None
    assert try_sign_in(database, "eve", PASSWORD) is None
    with database.read() as work:
        failed = audit.listing(work, action="sign_in.failed")
    assert [event.subject for event in failed] == ["person:unknown", f"person:{person.id}"]


def test_an_older_hash_is_made_anew_at_the_next_sign_in(database: Database, password_hash: str) -> None:
    from argon2 import PasswordHasher

    joined(database, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD.reveal()))
    assert try_sign_in(database, "ada", PASSWORD) is not None
    with database.read() as work:
        assert "m=19456,t=2,p=1" in work.scalar(text("SELECT hash FROM person_password"))
    assert try_sign_in(database, "ada", PASSWORD) is not None


@pytest.mark.parametrize("password", ["short", "x" * 257, "adaadaadaada"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(identity.PasswordWeak):
        identity.prepare_password(Secret(password), "ada")


def test_a_session_lasts_twelve_hours_at_most(database: Database, password_hash: str) -> None:
    person = joined(database, password_hash)
    with database.begin() as work:
        session = identity.open_session(work, person)
        assert identity.caller_by_session(work, session.reveal())[0].name == "ada"
        assert session.reveal() not in repr(work.all(text("SELECT * FROM session")))
        work.now += 12 * HOUR
        with pytest.raises(identity.SessionInvalid):
            identity.caller_by_session(work, session.reveal())


def test_signing_out_ends_the_session(database: Database, password_hash: str) -> None:
    person = joined(database, password_hash)
    with database.begin() as work:
        session = identity.open_session(work, person)
        identity.close_session(work, session.reveal())
        identity.close_session(work, session.reveal())
        with pytest.raises(identity.SessionInvalid):
            identity.caller_by_session(work, session.reveal())


def test_disabling_somebody_ends_sessions_and_tokens_at_once(database: Database, admin: Caller, make_person) -> None:
    ada = make_person("ada", ("builder", "*"))
    with database.begin() as work:
        session = identity.open_session(work, identity.person_by_id(work, ada.person_id))
        _, token = identity.new_token(work, ada, "ci", days=10)
        identity.disable_person(work, admin, "ada")
        with pytest.raises(identity.SessionInvalid):
            identity.caller_by_session(work, session.reveal())
        with pytest.raises(identity.ApiTokenInvalid):
            identity.caller_by_token(work, token.reveal())
        # Coming back does not bring them back.
        identity.enable_person(work, admin, "ada")
        with pytest.raises(identity.SessionInvalid):
            identity.caller_by_session(work, session.reveal())
        with pytest.raises(identity.ApiTokenInvalid):
            identity.caller_by_token(work, token.reveal())


def test_a_token_stands_for_its_owner_as_they_are_now(
    database: Database, admin: Caller, team: Team, make_person
) -> None:
    ada = make_person("ada", Binding(Role.BUILDER, team.id))
    with database.begin() as work:
        made, token = identity.new_token(work, ada, "ci", days=10, scopes=[Permission.APP_WRITE])
        caller, due = identity.caller_by_token(work, token.reveal())
        assert (caller.name, caller.scopes, due) == ("ada", {Permission.APP_WRITE}, made.id)
        assert caller.may(Permission.APP_WRITE, team.id)
        assert not caller.may(Permission.APP_READ, team.id)
        identity.revoke(work, admin, "ada", Binding(Role.BUILDER, team.id))
        caller, _ = identity.caller_by_token(work, token.reveal())
        assert not caller.may(Permission.APP_WRITE, team.id)


def test_the_use_of_a_token_is_noted_to_the_minute(database: Database, make_person) -> None:
    ada = make_person("ada", ("builder", "*"))
    with database.begin() as work:
        made, token = identity.new_token(work, ada, "ci", days=10)
        identity.note_use(work, made.id)
        assert identity.caller_by_token(work, token.reveal())[1] == ""
        assert identity.tokens_of(work, ada)[0].last_used_at == work.now
        work.now += 2 * MINUTE
        assert identity.caller_by_token(work, token.reveal())[1] == made.id


def test_a_token_ends_when_it_said_or_when_revoked(database: Database, make_person) -> None:
    ada = make_person("ada", ("builder", "*"))
    with database.begin() as work:
        made, token = identity.new_token(work, ada, "ci", days=1)
        _, other = identity.new_token(work, ada, "ci", days=1)
        identity.revoke_token(work, ada, made.id)
        with pytest.raises(identity.ApiTokenInvalid):
            identity.caller_by_token(work, token.reveal())
        with pytest.raises(identity.ApiTokenUnknown):
            identity.revoke_token(work, ada, made.id)
        work.now += DAY
        with pytest.raises(identity.ApiTokenInvalid):
            identity.caller_by_token(work, other.reveal())
        assert identity.tokens_of(work, ada) == []


def test_nobody_ends_another_persons_token_but_an_admin(database: Database, admin: Caller, make_person) -> None:
    ada, eve = make_person("ada", ("builder", "*")), make_person("eve", ("steward", "*"))
    with database.begin() as work:
        made, _ = identity.new_token(work, ada, "ci", days=1)
        with pytest.raises(identity.ApiTokenUnknown):
            identity.revoke_token(work, eve, made.id)
        identity.revoke_token(work, admin, made.id)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_needs_an_expiry_within_a_year(database: Database, admin: Caller, days: int) -> None:
    with database.begin() as work, pytest.raises(identity.ApiTokenLifetime):
        identity.new_token(work, admin, "ci", days=days)


def test_a_token_has_a_form_that_scanners_find_and_typing_errors_fail(database: Database, admin: Caller) -> None:
    import re

    with database.begin() as work:
        _, token = identity.new_token(work, admin, "ci", days=1)
        clear = token.reveal()
        assert re.fullmatch(r"hr_[0-9a-f]{16}_[0-9A-Za-z]{49}", clear)
        assert clear[20:-6] not in repr(work.all(text("SELECT * FROM api_token")))
        wrong = clear[:-1] + ("0" if clear[-1] != "0" else "1")
        for text_ in (wrong, clear[:-1], clear + "0", "", "hr_", clear.upper()):
            with pytest.raises(identity.ApiTokenInvalid):
                identity.caller_by_token(work, text_)
