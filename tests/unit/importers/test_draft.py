"""Pre-filled manifests."""

import json
from dataclasses import replace
from pathlib import Path

from handrail.language.importers import KnownConnection, KnownOperation, draft_app, read_artefact
from handrail.language.manifest import parse_app

GOLDEN = Path(__file__).parents[2] / "golden" / "importers"
SLACK = KnownConnection(
    "slack", "slack", "slack.com", (KnownOperation("chat.postMessage", "POST", "/chat.postMessage"),)
)
GITHUB = KnownConnection(
    "github-prod",
    "github",
    "api.github.com",
    (
        KnownOperation("issues.create", "POST", "/repos/{owner}/{repo}/issues"),
        KnownOperation("issues.list", "GET", "/repos/{owner}/{repo}/issues"),
    ),
)


def _artefact(name: str):
    return read_artefact((GOLDEN / name).read_bytes(), name)


def _function(code: str):
    return read_artefact(
        json.dumps([{"id": "a", "type": "function", "func": code, "x": 1, "y": 1, "wires": []}]).encode(), "x"
    )


def test_calls_through_the_hub_become_connections_and_operations() -> None:
    draft = draft_app(_artefact("invoices.node-red.json"), [SLACK, GITHUB], hub_hosts=["127.0.0.1:8780"])
    assert [(call.step, call.connection, call.operation) for call in draft.calls] == [
        ("n2", "slack", "chat.postMessage"),
        ("n3", "github-prod", "issues.create"),
    ]
    assert draft.egress == ("mqtt.example.test",)
    assert [question.field for question in draft.questions] == ["owner", "deputy", "purpose"]


def test_the_same_host_on_another_port_is_not_the_hub() -> None:
    draft = draft_app(_artefact("invoices.node-red.json"), [SLACK], hub_hosts=["127.0.0.1:9999"])
    assert "127.0.0.1" in draft.egress
    assert [call.connection for call in draft.calls] == []


def test_a_host_name_of_a_connection_under_the_hub_resolves() -> None:
    draft = draft_app(_function("fetch('https://slack.hub.test/chat.postMessage')"), [SLACK], hub_hosts=["hub.test"])
    assert [(call.connection, call.operation) for call in draft.calls] == [("slack", "chat.postMessage")]
    assert draft.egress == ()


def test_a_raw_host_that_a_connection_covers_is_suggested() -> None:
    draft = draft_app(_function("fetch('https://api.github.com/user')"), [GITHUB])
    assert draft.suggestions == ("api.github.com can be called through the connection github-prod",)
    assert draft.egress == ("api.github.com",)


def test_a_path_that_no_operation_has_leaves_the_operation_open() -> None:
    draft = draft_app(_function("fetch('http://h:1/slack/files.upload')"), [SLACK], hub_hosts=["h:1"])
    assert [(call.operation, call.path) for call in draft.calls] == [(None, "/files.upload")]


def test_credentials_of_the_builders_platform_are_named() -> None:
    draft = draft_app(_artefact("slack_digest.n8n.json"), [SLACK])
    assert [(each.type, each.name) for each in draft.credentials] == [("slackApi", "Slack of the shop")]
    assert draft.suggestions == ("slack can be called through the connection slack",)


def test_a_draft_with_its_answers_is_a_manifest() -> None:
    draft = draft_app(
        _artefact("invoices.node-red.json"),
        [SLACK, GITHUB],
        hub_hosts=["127.0.0.1:8780"],
        team="finance-ops",
        owner="ada",
        deputy="grace",
        purpose="Posts totals.",
    )
    assert draft.questions == ()
    manifest = parse_app(json.dumps(draft.document), "draft.yaml")
    assert manifest.platform == "node-red"
    assert [used.connection for used in manifest.connections] == ["github-prod", "slack"]


def test_a_flow_with_an_odd_name_gets_a_name_that_passes() -> None:
    artefact = replace(_artefact("slack_digest.n8n.json"), name="¡¡ 7 Überweisungen !!")
    assert draft_app(artefact).name == "app-7-berweisungen"
