"""People, sessions and the audit log over HTTP, on both databases."""

import pytest

from handrail.platform.database import Database
from handrail.registry import audit, identity
from handrail.registry.identity import Caller, Team

PASSWORD = "a fairly long password"
SAME = {"sec-fetch-site": "same-origin"}


def fragment(link: str) -> str:
    return link.partition("#")[2]


@pytest.fixture
def setup_token(database: Database) -> str:
    with database.begin() as work:
        return identity.create_setup_link(work)[1].reveal()


def join(http, path: str, token: str, name: str, kind: str = "token"):
    return http.post(path, json={"token": token, "name": name, "password": PASSWORD, "kind": kind})


def test_from_the_set_up_link_to_a_second_person(http, setup_token: str) -> None:
    first = join(http, "/api/v1/setup", setup_token, "ada")
    assert first.status_code == 201
    assert first.headers["cache-control"] == "no-store"
    ada = {"authorization": f"Bearer {first.json()['token']}"}
    assert http.post("/api/v1/teams", json={"name": "finance-ops"}, headers=ada).status_code == 201
    invited = http.post(
        "/api/v1/invitations", json={"roles": [{"role": "builder", "team": "finance-ops"}]}, headers=ada
    ).json()
    assert invited["link"].startswith("http://127.0.0.1:8700/join#")
    second = join(http, "/api/v1/invitations/redeem", fragment(invited["link"]), "bob")
    assert second.status_code == 201
    bob = {"authorization": f"Bearer {second.json()['token']}"}
    me = http.get("/api/v1/me", headers=bob).json()
    assert me["name"] == "bob"
    assert me["roles"] == [{"role": "builder", "team": "finance-ops", "expiresAt": None}]
    assert "app:write" in me["permissions"]
    listed = http.get("/api/v1/invitations", headers=ada).json()["items"]
    assert [(entry["kind"], entry["status"]) for entry in listed] == [("invitation", "used"), ("setup", "used")]
    assert "link" not in listed[0]


def test_a_browser_signs_in_with_a_cookie_and_out_again(http, setup_token: str) -> None:
    join(http, "/api/v1/setup", setup_token, "ada")
    answer = http.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD}, headers=SAME)
    assert answer.status_code == 200
    assert answer.json()["token"] is None
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("handrail=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert http.get("/api/v1/me").json()["name"] == "ada"
    kept = dict(http.cookies)
    assert http.post("/api/v1/sign-out", headers=SAME).status_code == 204
    http.cookies.update(kept)
    assert http.get("/api/v1/me").json()["code"] == "session_invalid"


def test_a_command_line_signs_in_for_a_token_and_out_again(http, setup_token: str) -> None:
    join(http, "/api/v1/setup", setup_token, "ada")
    answer = http.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD, "kind": "token"}).json()
    headers = {"authorization": f"Bearer {answer['token']}"}
    assert http.get("/api/v1/me", headers=headers).status_code == 200
    assert http.post("/api/v1/sign-out", headers=headers).status_code == 204
    assert http.get("/api/v1/me", headers=headers).json()["code"] == "api_token_invalid"


def test_who_is_not_signed_in_learns_how(http) -> None:
    answer = http.get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert "handrail login" in answer.json()["fix"]


def test_changing_the_password_ends_every_session_and_token(http, setup_token: str) -> None:
    token = join(http, "/api/v1/setup", setup_token, "ada").json()["token"]
    headers = {"authorization": f"Bearer {token}"}
    wrong = http.put("/api/v1/me/password", json={"old": "x" * 12, "new": "y" * 12}, headers=headers)
    assert wrong.json()["code"] == "sign_in_failed"
    done = http.put("/api/v1/me/password", json={"old": PASSWORD, "new": "another long password"}, headers=headers)
    assert done.status_code == 204
    assert http.get("/api/v1/me", headers=headers).status_code == 401
    old = http.post("/api/v1/sign-in", json={"name": "ada", "password": PASSWORD, "kind": "token"})
    assert old.status_code == 401
    new = {"name": "ada", "password": "another long password", "kind": "token"}
    assert http.post("/api/v1/sign-in", json=new).status_code == 200


def test_roles_are_granted_and_revoked(http, admin: Caller, team: Team, make_person, token_of) -> None:
    make_person("bob")
    headers = token_of(admin)
    body = {"role": "auditor", "expiresAt": "2099-01-01T00:00:00Z"}
    granted = http.post("/api/v1/people/bob/roles", json=body, headers=headers).json()
    assert granted["roles"] == [{"role": "auditor", "team": "*", "expiresAt": "2099-01-01T00:00:00.000Z"}]
    assert http.delete("/api/v1/people/bob/roles/auditor", headers=headers).json()["roles"] == []
    missing = http.delete(f"/api/v1/people/bob/roles/builder?team={team.name}", headers=headers)
    assert (missing.status_code, missing.json()["code"]) == (404, "role_not_held")
    assert http.post("/api/v1/people/eve/roles", json={"role": "viewer"}, headers=headers).status_code == 404
    own = http.post("/api/v1/people/root-admin/roles", json={"role": "builder"}, headers=headers)
    assert (own.status_code, own.json()["code"]) == (403, "own_roles")


def test_people_are_disabled_and_come_back(http, admin: Caller, make_person, token_of) -> None:
    bob = token_of(make_person("bob", ("builder", "*")))
    headers = token_of(admin)
    assert http.post("/api/v1/people/bob/disable", headers=headers).json()["status"] == "disabled"
    assert http.get("/api/v1/me", headers=bob).status_code == 401
    assert http.post("/api/v1/people/bob/enable", headers=headers).json()["status"] == "active"
    statuses = {entry["name"]: entry["status"] for entry in http.get("/api/v1/people", headers=headers).json()["items"]}
    assert statuses == {"bob": "active", "root-admin": "active"}


def test_teams_are_listed_to_their_people_only(http, admin: Caller, team: Team, make_person, token_of) -> None:
    http.post("/api/v1/teams", json={"name": "sales"}, headers=token_of(admin))
    bob = token_of(make_person("bob", ("builder", team.id)))
    seen = http.get("/api/v1/teams", headers=bob).json()["items"]
    assert [entry["name"] for entry in seen] == [team.name]


def test_tokens_are_made_listed_and_revoked(http, make_person, token_of) -> None:
    bob = token_of(make_person("bob", ("builder", "*")))
    made = http.post("/api/v1/tokens", json={"name": "ci", "days": 30, "scopes": ["app:read"]}, headers=bob)
    assert made.status_code == 201
    listed = http.get("/api/v1/tokens", headers=bob).json()["items"]
    assert {entry["name"] for entry in listed} == {"test", "ci"}
    assert made.json()["token"] not in str(listed)
    assert http.delete(f"/api/v1/tokens/{made.json()['id']}", headers=bob).status_code == 204
    ended = http.get("/api/v1/me", headers={"authorization": f"Bearer {made.json()['token']}"})
    assert ended.json()["code"] == "api_token_invalid"


def test_the_audit_log_is_listed_page_by_page_and_verified(
    http, database: Database, admin: Caller, make_person, token_of
) -> None:
    headers = token_of(make_person("art", ("auditor", "*")))
    with database.begin() as work:
        audit.seal(work)
    first = http.get("/api/v1/audit?limit=2", headers=headers).json()
    second = http.get(f"/api/v1/audit?limit=100&before={first['next']}", headers=headers).json()
    ids = [entry["id"] for entry in first["items"] + second["items"]]
    assert second["next"] is None
    assert ids == sorted(ids, reverse=True)
    assert ids == [entry["id"] for entry in http.get("/api/v1/audit", headers=headers).json()["items"]]
    found = http.get("/api/v1/audit/verify", headers=headers).json()
    assert found["intact"] is True
    assert http.get("/api/v1/audit/verify", params={"head": found["head"]}, headers=headers).json()["intact"]
    wrong = f"{found['rows'] + 1}:sha256:00"
    cut = http.get("/api/v1/audit/verify", params={"head": wrong}, headers=headers).json()
    assert cut["fault"]["kind"] == "truncated"
    assert http.get("/api/v1/audit/verify?head=x", headers=headers).json()["code"] == "audit_head_invalid"


@pytest.mark.parametrize("path", ["/api/v1/audit", "/api/v1/audit/verify", "/api/v1/people", "/api/v1/invitations"])
def test_a_builder_reads_neither_the_audit_log_nor_people(http, make_person, token_of, path: str) -> None:
    answer = http.get(path, headers=token_of(make_person("bob", ("builder", "*"))))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
