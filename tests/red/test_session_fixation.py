"""Cookies that somebody planted, stole or kept."""

import dataclasses

import pytest
from starlette.testclient import TestClient
from tests.rigs.cookies import OWN_PAGE, PASSWORD, as_cookie, cookie_of, sign_in

from handrail.kernel.clock import HOUR, MINUTE
from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import identity
from handrail.registry.identity import Binding, Role
from handrail.surfaces.http import create_app


@pytest.fixture
def people(database: Database, make_person) -> None:
    """Make ada, an admin, and eve, who means no good; both have passwords."""
    hashed = identity.prepare_password(Secret(PASSWORD), "nobody")
    for name, role in (("ada", "admin"), ("eve", "viewer")):
        caller = make_person(name, (role, "*"))
        with database.begin() as work:
            identity.change_password(work, caller, hashed)


@pytest.fixture
def thief(http_context):
    """Yield a browser of somebody else."""
    with TestClient(create_app(http_context), base_url="http://127.0.0.1:8700") as client:
        yield client


def who(client, cookie: str) -> str:
    answer = client.get("/api/v1/me", headers=as_cookie(cookie))
    return answer.json()["name"] if answer.status_code == 200 else answer.json()["code"]


def test_a_planted_cookie_is_never_adopted(http, thief, people) -> None:
    for planted in ("chosen-by-eve", "A" * 43):
        http.cookies.set("handrail", planted, domain="127.0.0.1", path="/")
        answer = http.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD}, headers=as_cookie(planted))
        made = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
        assert made != planted
        assert who(thief, planted) == "session_invalid"
        assert who(thief, made) == "ada"


def test_signing_in_over_eves_own_session_ends_it(http, thief, people) -> None:
    """Eve plants a cookie of a real session of hers: what she holds must not become ada's, and not stay hers here."""
    sign_in(thief, "eve")
    planted = cookie_of(thief)
    answer = http.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD}, headers=as_cookie(planted))
    assert answer.status_code == 200
    assert who(thief, planted) == "session_invalid"


def test_each_sign_in_makes_a_new_session_and_ends_the_one_before(http, thief, people) -> None:
    seen = set()
    for _ in range(3):
        sign_in(http, "ada")
        seen.add(cookie_of(http))
        assert [who(thief, cookie) for cookie in sorted(seen)].count("ada") == 1
    assert len(seen) == 3
    assert who(thief, cookie_of(http)) == "ada"


def test_a_failed_sign_in_leaves_the_session_alone(http, people) -> None:
    sign_in(http, "ada")
    kept = cookie_of(http)
    body = {"name": "ada", "password": "not the right one"}
    assert http.post("/api/v1/sign-in", json=body, headers=OWN_PAGE).status_code == 401
    assert cookie_of(http) == kept
    assert who(http, kept) == "ada"


def test_joining_over_a_planted_session_ends_it(http, thief, people, database: Database, admin) -> None:
    sign_in(thief, "eve")
    planted = cookie_of(thief)
    with database.begin() as work:
        _, token = identity.invite(work, admin, [Binding(Role.VIEWER, "*")])
    body = {"token": token.reveal(), "name": "bob", "password": PASSWORD}
    assert http.post("/api/v1/invitations/redeem", json=body, headers=as_cookie(planted)).status_code == 201
    assert who(thief, planted) == "session_invalid"


def test_signing_out_kills_the_session_on_the_server(http, thief, people) -> None:
    sign_in(http, "ada")
    stolen = cookie_of(http)
    answer = http.post("/api/v1/sign-out", headers=OWN_PAGE)
    assert 'handrail=""' in answer.headers["set-cookie"]
    assert who(thief, stolen) == "session_invalid"


def test_a_stolen_cookie_dies_with_the_password(http, thief, people) -> None:
    sign_in(http, "ada")
    stolen = cookie_of(http)
    assert who(thief, stolen) == "ada"
    # The thief cannot do it: it takes the old password.
    theirs = {"old": "a guess of the thief", "new": "the password of the thief"}
    assert thief.put("/api/v1/me/password", json=theirs, headers=as_cookie(stolen)).status_code == 401
    body = {"old": PASSWORD, "new": "another long password"}
    assert http.put("/api/v1/me/password", json=body, headers=OWN_PAGE).status_code == 204
    assert who(thief, stolen) == "session_invalid"
    assert who(thief, cookie_of(http)) == "ada"


def test_a_stolen_cookie_makes_nothing_that_outlives_it(http, people, database: Database, make_person) -> None:
    """After half an hour whoever holds the cookie needs the password too for what gives lasting power."""
    make_person("bob", ("viewer", "*"))
    sign_in(http, "ada")
    stolen = as_cookie(cookie_of(http))
    clock = database.clock
    database.clock = lambda: clock() + 31 * MINUTE
    roles = [{"role": "admin"}]
    dangerous = (
        ("POST", "/api/v1/tokens", {"name": "mine", "days": 366}),
        ("POST", "/api/v1/people/bob/roles", {"role": "admin"}),
        ("DELETE", "/api/v1/people/bob/roles/viewer", None),
        ("POST", "/api/v1/people/bob/enable", None),
        ("POST", "/api/v1/invitations", {"roles": roles}),
        ("PUT", "/api/v1/credentials/sandbox/slack", {"fields": {"token": "t"}}),
        ("POST", "/api/v1/signing-keys/production/rotate", None),
        ("POST", "/api/v1/hubs", {"name": "mine"}),
    )
    for method, path, body in dangerous:
        answer = http.request(method, path, json=body, headers=stolen)
        assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_needed"), path
    # Stopping harm never waits for a password.
    assert http.post("/api/v1/people/bob/disable", headers=stolen).status_code == 200


def test_guessing_the_password_with_a_stolen_cookie_stops(http, people, database: Database) -> None:
    sign_in(http, "ada")
    stolen = as_cookie(cookie_of(http))
    guess = {"password": "a guess of the thief"}
    for _ in range(10):
        assert http.post("/api/v1/me/confirm", json=guess, headers=stolen).json()["code"] == "confirmation_failed"
    answer = http.post("/api/v1/me/confirm", json={"password": PASSWORD}, headers=stolen)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_sign_ins")
    assert int(answer.headers["retry-after"]) > 0
    # Guesses there and at the door are counted together.
    door = http.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD, "kind": "token"})
    assert door.status_code == 429


def test_a_session_ends_after_twelve_hours_however_busy_it_is(http, people, database: Database) -> None:
    sign_in(http, "ada")
    cookie = cookie_of(http)
    clock, start = database.clock, database.clock()
    for hours in range(1, 12):
        database.clock = lambda at=start + hours * HOUR: at
        assert who(http, cookie) == "ada"
        assert http.post("/api/v1/me/confirm", json={"password": PASSWORD}, headers=as_cookie(cookie)).is_success
    database.clock = lambda: clock() + 12 * HOUR
    assert who(http, cookie) == "session_invalid"


def test_taking_a_role_away_works_at_the_next_request(http, thief, people, make_person, database: Database) -> None:
    """Roles are read each time, so a session needs no new cookie when they change."""
    other = make_person("other", ("admin", "*"))
    sign_in(http, "ada")
    assert http.get("/api/v1/people").status_code == 200
    with database.begin() as work:
        identity.revoke(work, other, "ada", Binding(Role.ADMIN, "*"))
    assert http.get("/api/v1/people").json()["code"] == "role_missing"


@pytest.mark.parametrize("tls", [False, True])
def test_the_cookies_flags(http_context, people, tls: bool) -> None:
    base = "https://handrail.example" if tls else "http://127.0.0.1:8700"
    with TestClient(create_app(dataclasses.replace(http_context, public_url=base)), base_url=base) as client:
        made = sign_in(client, "ada").headers["set-cookie"]
        body = {"old": PASSWORD, "new": "another long password"}
        changed = client.put("/api/v1/me/password", json=body, headers=OWN_PAGE).headers["set-cookie"]
        ended = client.post("/api/v1/sign-out", headers=OWN_PAGE).headers["set-cookie"]
    for cookie in (made, changed, ended):
        name, *flags = cookie.split("; ")
        assert name.partition("=")[0] == ("__Host-handrail" if tls else "handrail")
        found = {flag.lower() for flag in flags}
        assert {"httponly", "samesite=lax", "path=/"} <= found
        assert ("secure" in found) is tls
        assert not [flag for flag in found if flag.startswith("domain")]
    assert "max-age=43200" in made.lower()
    assert "max-age=0" in ended.lower()


def test_no_answer_tells_what_the_cookie_holds(http, people) -> None:
    answer = sign_in(http, "ada")
    secret = cookie_of(http)
    assert secret not in answer.text
    for path in ("me", "me/sessions", "audit", "people"):
        assert secret not in http.get(f"/api/v1/{path}").text
