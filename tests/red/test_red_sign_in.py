"""Abuse of accounts: guessing, enumeration, links used twice, other sites, tokens that want more."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.rigs.cookies import PASSWORD, first_admin

from handrail.kernel.clock import MINUTE
from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import audit, identity
from handrail.registry.identity import Caller, Permission, Role, passwords

COOKIE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def ada(database: Database) -> str:
    """Return the name of the first administrator, who has a password."""
    return first_admin(database)


@contextmanager
def no_hashing() -> Iterator[None]:
    """Hold both places for hashing: whatever hashes a password meanwhile waits until the test times out."""
    with passwords._AT_ONCE, passwords._AT_ONCE:
        yield


def sign_in(http, name: str, password: str, **headers: str):
    return http.post("/api/v1/sign-in", json={"name": name, "password": password, "kind": "token"}, headers=headers)


def test_guessing_a_password_stops_after_ten_tries(http, ada: str, clock) -> None:
    for _ in range(10):
        assert sign_in(http, ada, "a wrong password").json()["code"] == "sign_in_failed"
    # The right one is not compared any more either: a guess must not be told from a hit.
    refused = sign_in(http, ada, PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_sign_ins")
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    clock(15 * MINUTE)
    assert sign_in(http, ada, PASSWORD).status_code == 200


def test_a_refused_try_is_cheap(http, ada: str) -> None:
    for _ in range(10):
        sign_in(http, ada, "a wrong password")
    with no_hashing():
        assert sign_in(http, ada, PASSWORD).status_code == 429


def test_guessing_many_names_from_one_address_stops(database: Database) -> None:
    for number in range(100):
        with database.begin() as work:
            identity.begin_sign_in(work, f"name-{number}", "192.0.2.1")
    with database.begin() as work, pytest.raises(identity.TooManySignIns):
        identity.begin_sign_in(work, "name-101", "192.0.2.1")
    with database.begin() as work:
        identity.begin_sign_in(work, "name-101", "192.0.2.2")


def test_signing_in_does_not_use_up_the_limit(http, ada: str) -> None:
    for _ in range(12):
        assert sign_in(http, ada, PASSWORD).status_code == 200


def test_a_wrong_name_and_a_wrong_password_look_alike(http, ada: str, database: Database, make_person) -> None:
    make_person("without-password")
    gone = make_person("gone")
    admin = identity.Caller(gone.person_id + "x", "x", (identity.Binding(Role.ADMIN, "*"),))
    with database.begin() as work:
        identity.disable_person(work, admin, "gone")

    def seen(name: str) -> tuple[int, dict[str, object], set[str]]:
        answer = sign_in(http, name, "a wrong password")
        body = {key: value for key, value in answer.json().items() if key != "requestId"}
        return answer.status_code, body, set(answer.headers)

    assert seen(ada) == seen("nobody") == seen("without-password") == seen("gone")


def test_a_wrong_name_takes_as_long_as_a_wrong_password(database: Database, ada: str) -> None:
    def seconds(name: str) -> float:
        with database.begin() as work:
            attempt = identity.begin_sign_in(work, name, "192.0.2.9")
        started = time.thread_time()
        attempt.check(Secret("a wrong password"))
        return time.thread_time() - started

    known = statistics.median(seconds(ada) for _ in range(7))
    unknown = statistics.median(seconds("nobody") for _ in range(7))
    # Both hash once: without the dummy an unknown name would take a hundredth.
    assert 0.4 < unknown / known < 2.5


def test_what_was_typed_as_a_name_is_not_kept(http, database: Database, ada: str) -> None:
    from sqlalchemy import text

    sign_in(http, "my-secret-password-typed-in-the-wrong-field", "x" * 12)
    with database.read() as work:
        rows = [*work.all(text("SELECT * FROM sign_in_attempt")), *work.all(text("SELECT * FROM audit_event"))]
    assert "my-secret" not in repr(rows)


def test_an_unused_set_up_link_dies_when_an_admin_appears(http, database: Database, make_person) -> None:
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    make_person("other", ("admin", "*"))
    body = {"token": token.reveal(), "name": "eve", "password": PASSWORD, "kind": "token"}
    assert http.post("/api/v1/setup", json=body).json()["code"] == "admin_exists"


def test_a_setup_path_takes_no_invitation_and_guesses_cost_no_hashing(http, database: Database, admin: Caller) -> None:
    with database.begin() as work:
        _, token = identity.invite(work, admin, [identity.Binding(Role.VIEWER, "*")])
    body = {"name": "eve", "password": PASSWORD, "kind": "token"}
    with no_hashing():
        for path, text in (("setup", token.reveal()), ("invitations/redeem", "hi_guess"), ("setup", "hs_guess")):
            answer = http.post(f"/api/v1/{path}", json={**body, "token": text})
            assert (answer.status_code, answer.json()["code"]) == (401, "invitation_invalid")


@pytest.fixture
def browser(http, ada: str):
    """Return a client that holds ada's session cookie."""
    answer = http.post("/api/v1/sign-in", json={"name": ada, "password": PASSWORD}, headers=COOKIE)
    assert answer.status_code == 200
    return http


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8700"}, False),
        ({"origin": "http://127.0.0.1:8700"}, True),
        ({"origin": "http://127.0.0.1:8701"}, False),
        ({"origin": "https://127.0.0.1:8700"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_another_site_cannot_use_the_cookie(browser, headers: dict[str, str], allowed: bool) -> None:
    answer = browser.post("/api/v1/teams", json={"name": "sales"}, headers=headers)
    assert answer.status_code == (201 if allowed else 403)
    if not allowed:
        assert answer.json()["code"] == "cross_site"


def test_another_site_cannot_sign_its_victim_in_or_out(browser) -> None:
    evil = {"sec-fetch-site": "cross-site", "origin": "http://evil.example"}
    answer = browser.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD}, headers=evil)
    assert answer.json()["code"] == "cross_site"
    assert browser.post("/api/v1/sign-out", headers=evil).status_code == 403
    assert browser.get("/api/v1/me").status_code == 200


def test_a_bad_token_does_not_fall_back_to_the_cookie(browser) -> None:
    for header in ("Bearer nonsense", "Basic YWRhOng=", "Bearer "):
        assert browser.get("/api/v1/me", headers={"authorization": header}).status_code == 401


def test_over_tls_the_cookie_belongs_to_this_host_alone(http_context, ada: str) -> None:
    import dataclasses

    from starlette.testclient import TestClient

    from handrail.surfaces.http import create_app

    context = dataclasses.replace(http_context, public_url="https://handrail.example")
    with TestClient(create_app(context), base_url="https://handrail.example") as client:
        answer = client.post("/api/v1/sign-in", json={"name": ada, "password": PASSWORD}, headers=COOKIE)
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-handrail=")
        assert "secure" in cookie
        assert "domain" not in cookie
        assert client.get("/api/v1/me").status_code == 200
        # Over plain HTTP's name it is nobody's.
        value = client.cookies["__Host-handrail"]
        client.cookies.clear()
        assert client.get("/api/v1/me", headers={"cookie": f"handrail={value}"}).status_code == 401


def restricted(http, headers: dict[str, str], *scopes: str) -> dict[str, str]:
    made = http.post("/api/v1/tokens", json={"name": "r", "days": 1, "scopes": list(scopes)}, headers=headers)
    assert made.status_code == 201
    return {"authorization": f"Bearer {made.json()['token']}"}


def test_a_restricted_token_cannot_make_itself_more(http, admin: Caller, token_of) -> None:
    reading = restricted(http, token_of(admin), "app:read")
    answer = http.post("/api/v1/tokens", json={"name": "x", "days": 1}, headers=reading)
    assert answer.json()["code"] == "scope_missing"
    minting = restricted(http, token_of(admin), "token:write", "app:read")
    for scopes in (None, ["people:write"], ["app:read", "hub:write"]):
        answer = http.post("/api/v1/tokens", json={"name": "x", "days": 1, "scopes": scopes}, headers=minting)
        assert (answer.status_code, answer.json()["code"]) == (403, "api_token_scope")
    assert restricted(http, minting, "app:read")
    assert http.post("/api/v1/people/bob/roles", json={"role": "admin"}, headers=minting).status_code == 403
    assert http.get("/api/v1/audit", headers=minting).json()["code"] == "scope_missing"


def test_a_restricted_token_cannot_end_its_owners_other_tokens(
    http, database: Database, admin: Caller, token_of
) -> None:
    headers = token_of(admin)
    reading = restricted(http, headers, "app:read")
    (first, *_) = http.get("/api/v1/tokens", headers=headers).json()["items"]
    assert http.delete(f"/api/v1/tokens/{first['id']}", headers=reading).json()["code"] == "scope_missing"


def test_nobody_makes_a_token_with_rights_they_lack(http, make_person, token_of) -> None:
    headers = token_of(make_person("bob", ("viewer", "*")))
    answer = http.post("/api/v1/tokens", json={"name": "x", "days": 1, "scopes": ["hub:write"]}, headers=headers)
    assert answer.json()["code"] == "api_token_scope"


def test_no_route_of_people_tokens_or_audit_answers_a_stranger(http) -> None:
    open_to_all = {
        "/api/v1/setup",
        "/api/v1/invitations/redeem",
        "/api/v1/sign-in",
        "/api/v1/sign-in/options",
        "/api/v1/join/look",
        "/api/v1/demo/sign-in",
    }
    checked = 0
    for path, methods in http.app.openapi()["paths"].items():
        for method, found in methods.items():
            if path in open_to_all or not {"people", "session", "audit"} & set(found.get("tags", [])):
                continue
            url = path.replace("{", "").replace("}", "")
            body = {} if method in {"post", "put", "patch"} else None
            answer = http.request(method, url, json=body)
            # Who is asking comes before what is asked.
            assert answer.status_code in {401, 422}, (method, path, answer.status_code)
            if answer.status_code == 422:
                continue
            assert answer.json()["code"] == "not_signed_in"
            checked += 1
    assert checked >= 12


def test_no_sign_in_secret_is_in_the_audit_log(http, database: Database, admin: Caller, token_of) -> None:
    headers = token_of(admin)
    link = http.post("/api/v1/invitations", json={"roles": [{"role": "viewer"}]}, headers=headers).json()["link"]
    secret = link.partition("#")[2]
    body = {"token": secret, "name": "bob", "password": "canary password 77aa", "kind": "token"}
    token = http.post("/api/v1/invitations/redeem", json=body).json()["token"]
    with database.read() as work:
        events = repr(audit.listing(work, limit=1000))
    for text in (secret, token, token[20:-6], "canary password 77aa", headers["authorization"][7:]):
        assert text not in events


def test_a_password_that_does_not_pass_is_not_repeated(http) -> None:
    body = {"name": "ada", "password": "canary-pw-11", "kind": "nonsense", "extra": "canary-pw-12"}
    answer = http.post("/api/v1/sign-in", json=body)
    assert answer.status_code == 422
    assert "canary" not in answer.text


def test_permissions_are_what_the_caller_has_now(database: Database, admin: Caller, make_person) -> None:
    bob = make_person("bob", ("admin", "*"))
    with database.begin() as work:
        identity.revoke(work, admin, "bob", identity.Binding(Role.ADMIN, "*"))
        assert not identity.caller_of(work, bob.person_id).may(Permission.PEOPLE_WRITE)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\ufeff", "\n"])
def test_nobody_looks_like_somebody_else_by_marks_that_nobody_sees(http, make_person, token_of, mark: str) -> None:
    headers = token_of(make_person("bob", ("viewer", "*")))
    answer = http.patch("/api/v1/me", json={"displayName": f"Ali{mark}ce"}, headers=headers)
    assert (answer.status_code, answer.json()["place"]) == (422, "displayName")
