"""Sessions that people can tell apart, and giving the password again, on both databases."""

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.rigs.cookies import FIREFOX, OWN_PAGE, PASSWORD, cookie_of, first_admin, sign_in

from handrail.kernel.clock import HOUR, MINUTE
from handrail.platform.database import Database, migrate
from handrail.registry import audit, identity
from handrail.registry.identity import Caller, Permission
from handrail.registry.identity.bearer import hash_of
from handrail.surfaces.http import create_app

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def ada(database: Database) -> str:
    """Return the name of the first administrator, who has a password."""
    return first_admin(database)


@pytest.fixture
def other(http_context):
    """Yield a second browser."""
    with TestClient(create_app(http_context), base_url="http://127.0.0.1:8700") as client:
        yield client


def sessions(http) -> list[dict]:
    answer = http.get("/api/v1/me/sessions")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_person_knows_their_browsers_again(http, other, ada: str, clock) -> None:
    sign_in(http, ada)
    clock(5 * MINUTE)
    sign_in(other, ada, **{"user-agent": CHROME})
    here, there = sessions(http)[::-1]
    if not here["current"]:
        here, there = there, here
    assert (here["agent"], there["agent"]) == ("Firefox on Linux", "Chrome on Windows")
    assert (here["current"], there["current"]) == (True, False)
    assert here["address"] == there["address"] == "testclient"
    assert here["createdAt"] < there["createdAt"] <= here["lastSeenAt"]
    assert set(here) == {"id", "current", "agent", "address", "createdAt", "lastSeenAt", "expiresAt"}
    for client in (http, other):
        assert cookie_of(client) not in str(sessions(http))


def test_the_last_use_is_written_once_a_minute(http, database: Database, ada: str, clock) -> None:
    sign_in(http, ada)

    def seen() -> int:
        with database.read() as work:
            return work.scalar(text("SELECT last_seen_at FROM session"))

    first = seen()
    http.get("/api/v1/me")
    clock(MINUTE // 2)
    http.get("/api/v1/me")
    assert seen() == first
    clock(MINUTE)
    http.get("/api/v1/me")
    assert seen() > first + MINUTE
    # It says when, and makes nothing last longer.
    with database.read() as work:
        assert work.scalar(text("SELECT expires_at FROM session")) - first == 12 * HOUR


def test_requests_at_once_write_the_last_use_once(database: Database, ada: str) -> None:
    with database.begin() as work:
        cookie = identity.open_session(work, identity.find_person(work, ada)).reveal()
        start = work.now
        assert identity.caller_by_session(work, cookie)[2] is False
        work.now = start + MINUTE
        assert identity.caller_by_session(work, cookie)[2] is False
        work.now = first = start + 2 * MINUTE
        assert identity.caller_by_session(work, cookie)[2] is True
        identity.note_session_use(work, cookie)
        # The one that found it due at the same time and came second.
        work.now += MINUTE // 2
        identity.note_session_use(work, cookie)
        assert identity.caller_by_session(work, cookie)[1].last_seen_at == first


def test_one_session_is_ended_and_then_all_others(http, other, ada: str, http_context, database: Database) -> None:
    sign_in(http, ada)
    sign_in(other, ada)
    (there,) = [each["id"] for each in sessions(http) if not each["current"]]
    assert http.delete(f"/api/v1/me/sessions/{there}", headers=OWN_PAGE).status_code == 204
    assert other.get("/api/v1/me").json()["code"] == "session_invalid"
    gone = http.delete(f"/api/v1/me/sessions/{there}", headers=OWN_PAGE)
    assert (gone.status_code, gone.json()["code"]) == (404, "session_unknown")
    other.cookies.clear()
    sign_in(other, ada)
    with TestClient(create_app(http_context), base_url="http://127.0.0.1:8700") as third:
        sign_in(third, ada)
        assert http.delete("/api/v1/me/sessions", headers=OWN_PAGE).json() == {"ended": 2}
        assert third.get("/api/v1/me").status_code == other.get("/api/v1/me").status_code == 401
    assert [each["current"] for each in sessions(http)] == [True]
    with database.read() as work:
        (event, *_) = audit.listing(work, action="sessions.ended")
    assert (event.actor.name, event.facts) == ("ada", {"count": 2})


def test_nobody_ends_or_sees_another_persons_session(http, other, ada: str, make_person, token_of) -> None:
    sign_in(http, ada)
    ((mine),) = sessions(http)
    bob = token_of(make_person("bob", ("builder", "*")))
    assert other.get("/api/v1/me/sessions", headers=bob).json() == {"items": []}
    refused = other.delete(f"/api/v1/me/sessions/{mine['id']}", headers=bob)
    assert (refused.status_code, refused.json()["code"]) == (404, "session_unknown")
    assert other.delete("/api/v1/me/sessions", headers=bob).json() == {"ended": 0}
    assert http.get("/api/v1/me").status_code == 200


def test_a_restricted_token_sees_and_changes_nothing_of_its_owner(database: Database, make_person) -> None:
    bob = make_person("bob", ("builder", "*"))
    narrow = Caller(bob.person_id, bob.name, bob.bindings, frozenset({Permission.APP_READ}))
    with database.begin() as work:
        for act in (
            lambda: identity.sessions_of(work, narrow),
            lambda: identity.end_session(work, narrow, "x"),
            lambda: identity.end_other_sessions(work, narrow, None),
            lambda: identity.edit_profile(work, narrow, display_name="Root"),
        ):
            with pytest.raises(identity.ScopeMissing):
                act()


def test_changing_the_password_leaves_this_browser_a_new_session_and_no_other(http, other, ada: str) -> None:
    sign_in(http, ada)
    sign_in(other, ada)
    before = cookie_of(http)
    body = {"old": PASSWORD, "new": "another long password"}
    assert http.put("/api/v1/me/password", json=body, headers=OWN_PAGE).status_code == 204
    assert cookie_of(http) != before
    assert http.get("/api/v1/me").json()["name"] == "ada"
    assert [each["current"] for each in sessions(http)] == [True]
    assert other.get("/api/v1/me").status_code == 401


def test_what_gives_lasting_power_takes_a_password_given_lately(http, ada: str, clock, make_person) -> None:
    make_person("bob")
    sign_in(http, ada)
    body = {"name": "ci", "days": 1}
    assert http.post("/api/v1/tokens", json=body, headers=OWN_PAGE).status_code == 201
    clock(30 * MINUTE + MINUTE)
    refused = http.post("/api/v1/tokens", json=body, headers=OWN_PAGE)
    assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication_needed")
    assert "/api/v1/me/confirm" in refused.json()["fix"]
    # Everything else goes on.
    assert http.post("/api/v1/teams", json={"name": "sales"}, headers=OWN_PAGE).status_code == 201
    wrong = http.post("/api/v1/me/confirm", json={"password": "not that one"}, headers=OWN_PAGE)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "confirmation_failed")
    assert http.post("/api/v1/tokens", json=body, headers=OWN_PAGE).status_code == 403
    cookie = cookie_of(http)
    assert http.post("/api/v1/me/confirm", json={"password": PASSWORD}, headers=OWN_PAGE).json()["until"]
    assert cookie_of(http) == cookie
    assert http.post("/api/v1/tokens", json=body, headers=OWN_PAGE).status_code == 201


def test_an_api_token_needs_no_confirmation(http, database: Database, ada: str, clock) -> None:
    answer = http.post("/api/v1/sign-in", json={"name": ada, "password": PASSWORD, "kind": "token"}).json()
    headers = {"authorization": f"Bearer {answer['token']}"}
    clock(HOUR)
    assert http.post("/api/v1/tokens", json={"name": "ci", "days": 1}, headers=headers).status_code == 201
    assert http.post("/api/v1/me/confirm", json={"password": PASSWORD}, headers=headers).json() == {"until": None}


def test_confirming_lasts_no_longer_than_the_session(database: Database, ada: str) -> None:
    with database.begin() as work:
        person = identity.find_person(work, ada)
        cookie = identity.open_session(work, person)
        work.now += 12 * HOUR - MINUTE
        caller, session, due = identity.caller_by_session(work, cookie.reveal())
        assert due
        assert identity.confirm_session(work, caller, session) == session.expires_at
        caller, session, _ = identity.caller_by_session(work, cookie.reveal())
        identity.require_confirmed(session, work.now)
        with pytest.raises(identity.ReauthenticationNeeded):
            identity.require_confirmed(session, work.now + 31 * MINUTE)


def test_a_session_of_the_previous_version_gets_a_name_at_its_next_use(http, database: Database, ada: str) -> None:
    with database.begin() as work:
        person = identity.find_person(work, ada)
        work.run(
            text("""INSERT INTO session (token_hash, person_id, authenticated_at, expires_at)
                VALUES (:token_hash, :person_id, :now, :until)"""),
            token_hash=hash_of("old"),
            person_id=person.id,
            now=work.now,
            until=work.now + HOUR,
        )
    http.cookies.set("handrail", "old")
    (found,) = sessions(http)
    assert found["current"]
    assert found["createdAt"] > "2020"
    assert http.delete(f"/api/v1/me/sessions/{found['id']}", headers=OWN_PAGE).status_code == 204


def test_the_first_browser_says_who_it_is_when_it_joins(http, database: Database) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    body = {"token": token.reveal(), "name": "ada", "password": PASSWORD}
    headers = {**OWN_PAGE, "user-agent": FIREFOX}
    assert http.post("/api/v1/setup", json=body, headers=headers).status_code == 201
    assert [(each["agent"], each["current"]) for each in sessions(http)] == [("Firefox on Linux", True)]


def test_sessions_from_before_survive_the_migration(request, database: Database, tmp_path) -> None:
    if database.dialect == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgres").create()
    old = Database(url)
    migrate.upgrade(old, "0008")
    with old.begin() as work:
        work.run(text("INSERT INTO person VALUES ('p1', 'ada', 'Ada', 'active', 1)"))
        for name in ("a", "b"):
            work.run(
                text("INSERT INTO session VALUES (:token_hash, 'p1', :now, :until)"),
                token_hash=hash_of(name),
                now=work.now,
                until=work.now + HOUR,
            )
    assert migrate.upgrade(old) == migrate.newest()
    with old.read() as work:
        caller, session, _ = identity.caller_by_session(work, "a")
        found = identity.sessions_of(work, caller)
        assert session in found
        assert len({each.id for each in found}) == 2
        assert {each.created_at for each in found} == {session.authenticated_at}
        assert identity.person_by_id(work, "p1").time_zone == ""
    old.close()
