"""Connectors, connections, credentials and environments over HTTP."""

import json

import pytest
from tests.rigs.manifests import CONNECTION, CONNECTOR, changed

from handrail.registry.identity import Caller

CANARY = "canary-51c9"


@pytest.fixture
def as_admin(admin: Caller, token_of) -> dict[str, str]:
    return token_of(admin)


@pytest.fixture
def as_builder(make_person, token_of, team) -> dict[str, str]:
    return token_of(make_person("bob", ("builder", team.id)))


def apply(http, headers, path: str, document, **more):
    body = {"manifest": json.dumps(document), "file": "f.yaml", **more}
    return http.post(f"/api/v1/{path}", json=body, headers=headers)


def put_token(http, headers, value: str = CANARY, environment: str = "production"):
    path = f"/api/v1/credentials/{environment}/slack-bot"
    return http.put(path, json={"fields": {"token": value}}, headers=headers)


def test_from_nothing_to_a_connection(http, as_admin, as_builder) -> None:
    assert apply(http, as_admin, "connectors", CONNECTOR, dryRun=True).json() == {
        "subject": "connector slack 1.0.0",
        "outcome": "created",
        "changes": ["slack is new, with 2 operations"],
        "dryRun": True,
    }
    assert http.get("/api/v1/connectors", headers=as_builder).json() == {"items": []}
    assert apply(http, as_admin, "connectors", CONNECTOR).json()["outcome"] == "created"
    assert apply(http, as_admin, "connectors", CONNECTOR).json()["outcome"] == "unchanged"
    listed = http.get("/api/v1/connectors", headers=as_builder).json()["items"]
    assert [(entry["name"], entry["version"], entry["operations"]) for entry in listed] == [("slack", "1.0.0", 2)]
    shown = http.get("/api/v1/connectors/slack", headers=as_builder).json()
    assert shown["versions"] == ["1.0.0"]
    assert shown["operations"][0]["price"] == {"micros": 100, "currency": "EUR"}
    assert shown["operations"][1]["path"] == "/users/{user}"

    answer = put_token(http, as_admin)
    assert answer.json() == {"name": "slack-bot", "environment": "production", "version": 1}
    assert apply(http, as_admin, "connections", CONNECTION, dryRun=True).json()["outcome"] == "created"
    assert http.get("/api/v1/connections/slack-production", headers=as_builder).status_code == 404
    assert apply(http, as_admin, "connections", CONNECTION).json()["outcome"] == "created"
    shown = http.get("/api/v1/connections/slack-production", headers=as_builder).json()
    assert shown["address"] == "http://127.0.0.1:8780/slack-production"
    assert (shown["callsPerMinute"], shown["credential"], shown["connector"]) == (20, "slack-bot", "slack")
    kept = http.get("/api/v1/connections?environment=sandbox", headers=as_builder).json()
    assert kept == {"items": []}
    credentials = http.get("/api/v1/credentials", headers=as_builder)
    assert credentials.json()["items"][0]["usedBy"] == ["slack-production"]
    assert CANARY not in credentials.text

    assert http.delete("/api/v1/connections/slack-production", headers=as_admin).status_code == 204
    assert http.get("/api/v1/connections/slack-production", headers=as_admin).json()["code"] == "connection_unknown"


def test_environments_are_listed(http, as_builder) -> None:
    items = http.get("/api/v1/environments", headers=as_builder).json()["items"]
    assert [(entry["name"], entry["kind"]) for entry in items] == [
        ("sandbox", "sandbox"),
        ("production", "production"),
    ]


def test_every_mistake_in_a_manifest_is_told_with_its_place(http, as_admin) -> None:
    document = changed(changed(CONNECTOR, "/spec/timeoutMs", 0), "/spec/colour", "red")
    answer = apply(http, as_admin, "connectors", document)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "manifest_invalid")
    assert [problem["code"] for problem in body["details"]["problems"]] == ["field_value", "field_unknown"]
    assert all(problem["place"].startswith("f.yaml:1:") for problem in body["details"]["problems"])


def test_refusals_have_stable_codes(http, as_admin, as_builder) -> None:
    apply(http, as_admin, "connectors", CONNECTOR)
    refused = [
        (apply(http, as_builder, "connectors", CONNECTOR), 403, "role_missing"),
        (apply(http, as_builder, "connections", CONNECTION, dryRun=True), 403, "role_missing"),
        (put_token(http, as_builder), 403, "role_missing"),
        (http.get("/api/v1/connectors"), 401, "not_signed_in"),
        (apply(http, as_admin, "connectors", changed(CONNECTOR, "/spec/timeoutMs", 1)), 409, "connector_version_taken"),
        (apply(http, as_admin, "connections", CONNECTION), 422, "credential_missing"),
        (http.get("/api/v1/connectors/github", headers=as_admin), 404, "connector_unknown"),
        (http.get("/api/v1/connectors/slack?version=2.0.0", headers=as_admin), 404, "connector_version_unknown"),
        (http.get("/api/v1/connections?environment=x", headers=as_admin), 404, "environment_unknown"),
        (http.delete("/api/v1/connections/x", headers=as_admin), 404, "connection_unknown"),
        (put_token(http, as_admin, environment="x"), 404, "environment_unknown"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer, _, _ in refused] == [
        (status, code) for _, status, code in refused
    ]


@pytest.mark.parametrize("value", ["canary-51c9\nx", "", 51, ["canary-51c9"], {"a": "canary-51c9"}])
def test_a_refused_credential_is_not_repeated(http, as_admin, value) -> None:
    answer = put_token(http, as_admin, value)
    assert answer.status_code == 422
    assert CANARY not in answer.text


def test_a_manifest_that_is_no_unicode_is_refused(http, as_admin) -> None:
    content = b'{"manifest": "\\ud800", "file": "f.yaml"}'
    headers = {**as_admin, "content-type": "application/json"}
    assert http.post("/api/v1/connectors", content=content, headers=headers).status_code == 422
