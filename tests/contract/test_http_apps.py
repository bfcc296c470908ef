"""Apps, versions, reviews, clients, quarantine and tokens over HTTP, on both databases."""

import json
from pathlib import Path

import pytest
from joserfc.jwk import ECKey
from tests.rigs.assertions import TYPE, claims_of, signed
from tests.rigs.governed import World, build_world, flow, manifest_text

from handrail.platform.database import Database

APPS = "/api/v1/apps"


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


@pytest.fixture
def call(http, world: World, token_of, admin):
    """Return a function that calls as somebody, and checks the status."""
    people = {name: getattr(world, name) for name in ("ada", "grace", "rita", "sam", "zoe")} | {"admin": admin}
    tokens = {name: token_of(caller) for name, caller in people.items()}

    def run(who: str, method: str, path: str, body=None, status: int = 200):
        answer = http.request(method, path, json=body, headers=tokens[who])
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    return run


def adoption(text: str = "Good morning", name: str = "standup") -> dict[str, str]:
    return {"filename": "flows.json", "content": flow(text).decode(), "manifest": manifest_text(name)}


def upload(text: str) -> dict[str, str]:
    return {"filename": "flows.json", "content": flow(text).decode()}


def test_a_file_of_several_flows_is_read_flow_by_flow(call) -> None:
    nodes = [
        {"id": "t1", "type": "tab", "label": "Invoices"},
        {"id": "t2", "type": "tab", "label": "Salaries"},
        {"id": "a", "z": "t1", "type": "inject", "name": "Each day", "x": 1, "y": 1, "wires": []},
        {"id": "b", "z": "t2", "type": "link call", "name": "Ask", "linkType": "dynamic", "x": 1, "y": 1, "wires": []},
    ]
    export = {"filename": "flows.json", "content": json.dumps(nodes)}
    found = call("ada", "POST", "/api/v1/drafts/parts", export)
    parts = found["items"]
    assert found["whole"] is True
    assert [(part["id"], part["label"], part["steps"]) for part in parts] == [
        ("t1", "Invoices", 1),
        ("t2", "Salaries", 1),
    ]
    draft = call("ada", "POST", "/api/v1/drafts", {**export, "part": "t2"})
    assert (draft["title"], draft["part"]) == ("Salaries", "t2")
    assert draft["unknown"] == ["step 'Ask': which flow it calls is decided when it runs"]


def test_from_a_file_to_a_token_and_back(http, call) -> None:
    draft = call("ada", "POST", "/api/v1/drafts", {"filename": "flows.json", "content": flow().decode()})
    assert draft["calls"] == ["slack-production: chat.postMessage"]
    assert set(draft["questions"]) == {"owner", "deputy", "purpose"}
    assert (draft["unknown"], draft["findings"], draft["part"]) == ([], [], "")
    made = call("ada", "POST", "/api/v1/adoptions", adoption(), 201)
    assert (made["app"]["stage"], made["version"]["number"], made["version"]["isNew"]) == ("prototype", 1, True)
    review = call("ada", "POST", f"{APPS}/standup/submit", {}, 201)
    shown = call("rita", "GET", f"/api/v1/reviews/{review['id']}")
    assert shown["grants"] == [{"connection": "slack-production", "operation": "chat.postMessage"}]
    assert {(bar["part"], bar["name"]) for bar in shown["barred"]} >= {("owner", "ada"), ("submitter", "ada")}
    approval = call("rita", "POST", f"{APPS}/standup/approve", {"digest": review["digest"]})
    assert (approval["running"], approval["live"], approval["inForce"]) == (True, True, False)
    assert call("ada", "GET", f"{APPS}/standup/approvals/{approval['id']}")["policy"] == "manual@1"
    client = call("ada", "POST", f"{APPS}/standup/clients", {}, 201)
    assert client["tokenEndpoint"] == "http://127.0.0.1:8700/oauth/token"

    token = http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client["id"], client["secret"]))
    assert token.status_code == 200
    assert token.headers["cache-control"] == "no-store"
    assert token.json().keys() == {"access_token", "token_type", "expires_in"}
    assert token.json()["token_type"] == "Bearer"

    made = call("ada", "POST", f"{APPS}/standup/versions", upload("Good evening"), 201)
    assert call("ada", "POST", f"{APPS}/standup/versions", upload("Good evening"))["isNew"] is False
    diff = call("ada", "GET", f"{APPS}/standup/versions/2/diff")
    assert (diff["fromNumber"], diff["toNumber"]) == (1, 2)
    assert any("'Text'" in item["text"] for item in diff["items"])
    call("ada", "PUT", f"{APPS}/standup/running", {"digest": made["digest"]})
    refused = http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(client["id"], client["secret"])
    )
    assert refused.status_code == 400
    problem = refused.json()
    assert (problem["error"], problem["code"]) == ("invalid_grant", "version_not_approved")
    assert "Since version 1" in problem["detail"]
    assert problem["fix"].startswith("Submit it")
    assert problem["request_id"] == refused.headers["x-request-id"]
    assert call("ada", "POST", f"{APPS}/standup/rollback", {"digest": "1"})["number"] == 1
    call("sam", "POST", f"{APPS}/standup/quarantine", {"reason": "floods"}, 201)
    held = http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client["id"], client["secret"]))
    assert held.json()["code"] == "quarantined"
    assert call("ada", "GET", f"{APPS}/standup")["quarantine"]["reason"] == "floods"
    assert call("sam", "DELETE", f"{APPS}/standup/quarantine")["quarantine"] is None
    call("rita", "POST", f"{APPS}/standup/revoke", {"digest": "1", "reason": "enough"})
    ended = http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client["id"], client["secret"]))
    assert "was ended" in ended.json()["detail"]


def test_an_app_is_shown_whole(call) -> None:
    call("ada", "POST", "/api/v1/adoptions", adoption(), 201)
    call("ada", "POST", f"{APPS}/standup/submit", {}, 201)
    shown = call("grace", "GET", f"{APPS}/standup")
    assert (shown["owner"], shown["deputy"], shown["stage"], shown["running"]) == ("ada", "grace", "prototype", [])
    assert shown["versions"][0]["status"] == "in review"
    assert shown["reviews"][0]["submittedBy"] == "ada"
    assert [each["name"] for each in call("ada", "GET", APPS)["items"]] == ["standup"]
    version = call("ada", "GET", f"{APPS}/standup/versions/1")
    assert version["closure"]["algorithm"] == "c1"
    assert version["manifest"]["kind"] == "App"


def test_a_failed_adoption_leaves_nothing_behind(call) -> None:
    body = adoption()
    body["manifest"] = manifest_text("standup", "prodction")
    problem = call("ada", "POST", "/api/v1/adoptions", body, 422)
    assert (problem["code"], problem["place"]) == ("connection_not_here", "app.yaml:/spec/connections/0")
    assert call("ada", "GET", APPS)["items"] == []


def test_an_app_is_registered_edited_and_retired(call) -> None:
    call("ada", "POST", APPS, {"name": "idea", "team": "finance-ops"}, 201)
    edited = call("ada", "PATCH", f"{APPS}/idea", {"newName": "plan", "deputy": "grace", "purpose": "To see."})
    assert (edited["name"], edited["deputy"]) == ("plan", "grace")
    assert call("ada", "GET", f"{APPS}/idea", status=404)["fix"] == "It is called 'plan' now."
    assert call("ada", "POST", f"{APPS}/plan/retire", {"reason": "no need"})["stage"] == "retired"
    assert call("ada", "GET", APPS)["items"] == []
    assert len(call("ada", "GET", f"{APPS}?retired=true")["items"]) == 1


def test_refusing_and_withdrawing(call) -> None:
    call("ada", "POST", "/api/v1/adoptions", adoption(), 201)
    review = call("ada", "POST", f"{APPS}/standup/submit", {"note": "first"}, 201)
    refused = call("rita", "POST", f"{APPS}/standup/refuse", {"reason": "which channel?", "digest": review["digest"]})
    assert (refused["outcome"], refused["decidedBy"]) == ("refused", "rita")
    call("ada", "POST", f"{APPS}/standup/submit", {}, 201)
    assert call("ada", "POST", f"{APPS}/standup/withdraw", {})["outcome"] == "withdrawn"
    assert call("rita", "GET", "/api/v1/reviews")["items"] == []
    assert len(call("rita", "GET", "/api/v1/reviews?closed=true&app=standup")["items"]) == 2


def test_tokens_by_assertion_and_metadata(http, call) -> None:
    call("ada", "POST", "/api/v1/adoptions", adoption(), 201)
    review = call("ada", "POST", f"{APPS}/standup/submit", {}, 201)
    call("rita", "POST", f"{APPS}/standup/approve", {"digest": review["digest"]})
    key = ECKey.generate_key("P-256")
    client = call("ada", "POST", f"{APPS}/standup/clients", {"publicKey": key.as_dict(private=False)}, 201)
    assert client["secret"] is None
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": TYPE,
        "client_assertion": signed(key, claims_of(client["id"])),
    }
    assert http.post("/oauth/token", data=form).status_code == 200
    replayed = http.post("/oauth/token", data=form)
    assert (replayed.status_code, replayed.json()["code"]) == (401, "assertion_replayed")
    metadata = http.get("/production/.well-known/oauth-authorization-server").json()
    assert metadata["token_endpoint"] == "http://127.0.0.1:8700/oauth/token"
    keys = http.get(metadata["jwks_uri"].removeprefix("http://127.0.0.1:8700")).json()["keys"]
    assert [(each["alg"], each["use"]) for each in keys] == [("ES256", "sig")]
    assert http.get("/staging/.well-known/jwks.json").status_code == 422


def test_the_token_endpoint_answers_everything_odd_in_oauths_words(http, call) -> None:
    call("ada", "POST", "/api/v1/adoptions", adoption(), 201)
    client = call("ada", "POST", f"{APPS}/standup/clients", {}, 201)
    good = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
    cases = [
        ({}, {}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, {}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, {}, 401, "invalid_client"),
        (good | {"client_secret": "wrong"}, {}, 401, "invalid_client"),
        (good | {"client_id": "a\x00b"}, {}, 400, "invalid_request"),
        (good | {"client_id": "nobody"}, {}, 401, "invalid_client"),
        (good | {"scope": "all"}, {}, 400, "invalid_scope"),
        (good | {"resource": "https://elsewhere.example"}, {}, 400, "invalid_target"),
        (good | {"client_assertion": "x.y.z"}, {}, 400, "invalid_request"),
        (good, {"authorization": "Bearer abc"}, 400, "invalid_request"),
        (good, {"authorization": "Basic !!!"}, 400, "invalid_request"),
        (good, {"authorization": "Basic YTpi"}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic AGE6Yg=="}, 400, "invalid_request"),
        (good | {"version": "1"}, {}, 400, "invalid_grant"),
        (good, {}, 400, "invalid_grant"),
    ]
    for form, headers, status, error in cases:
        answer = http.post("/oauth/token", data=form, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (status, error), (form, answer.text)
        assert answer.headers["cache-control"] == "no-store"
        assert client["secret"] not in answer.text
        if status == 401:
            assert answer.headers["www-authenticate"].startswith("Basic")


def test_guessing_is_answered_429_and_the_right_secret_passes(http, call) -> None:
    call("ada", "POST", "/api/v1/adoptions", adoption(), 201)
    review = call("ada", "POST", f"{APPS}/standup/submit", {}, 201)
    call("rita", "POST", f"{APPS}/standup/approve", {"digest": review["digest"]})
    client = call("ada", "POST", f"{APPS}/standup/clients", {}, 201)
    form = {"grant_type": "client_credentials", "client_id": client["id"]}
    statuses = [http.post("/oauth/token", data=form | {"client_secret": "x"}).status_code for _ in range(21)]
    assert statuses == [401] * 20 + [429]
    assert http.post("/oauth/token", data=form | {"client_secret": "x"}).headers["retry-after"].isdecimal()
    assert http.post("/oauth/token", data=form | {"client_secret": client["secret"]}).status_code == 200


def test_signing_keys_are_listed_and_rotated_by_admins_only(http, call) -> None:
    http.get("/production/.well-known/jwks.json")
    assert len(call("admin", "GET", "/api/v1/signing-keys")["items"]) == 2
    call("ada", "GET", "/api/v1/signing-keys", status=403)
    call("sam", "POST", "/api/v1/signing-keys/production/rotate", {}, 403)
    rotated = call("admin", "POST", "/api/v1/signing-keys/production/rotate", {})
    assert len(rotated["steps"]) == 2
    assert len(http.get("/production/.well-known/jwks.json").json()["keys"]) == 2
    assert "private" not in json.dumps(call("admin", "GET", "/api/v1/signing-keys")).lower()
