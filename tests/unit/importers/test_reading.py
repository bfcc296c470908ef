"""What is read, and what is said about files that cannot be."""

import json
from pathlib import Path

import pytest

from handrail.language.graph import Edge
from handrail.language.importers import (
    ArtefactInvalid,
    ArtefactPartUnknown,
    ArtefactUnknown,
    parts,
    read_artefact,
    sniff,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "importers"


def _n8n(*nodes: dict, **more: object) -> bytes:
    return json.dumps({"name": "Flow", "nodes": list(nodes), "connections": {}, **more}).encode()


def _node(name: str, kind: str, **parameters: object) -> dict:
    return {"name": name, "type": kind, "typeVersion": 1, "position": [0, 0], "parameters": parameters}


def _red(*nodes: dict) -> bytes:
    return json.dumps([{"z": "t", "x": 1, "y": 1, "wires": [], **node} for node in nodes]).encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"definition": {"triggers": {}}}', "its actions are missing"),
        ('{"$": "0123abcd"}', "credentials file"),
        ('[{"id": "1", "name": "x", "type": "slackApi", "data": "U2F"}]', "credentials"),
        ('{"openapi": "3.1.0"}', "OpenAPI"),
        ('{"nodes": []}', "connections are missing"),
        ("[]", "empty"),
        ("7", "single JSON value"),
        ("{}", "no flow"),
    ],
)
def test_an_unknown_file_is_refused_with_what_it_looks_like_and_what_can_be_read(text: str, words: str) -> None:
    with pytest.raises(ArtefactUnknown) as refused:
        read_artefact(text.encode(), "x.json")
    assert words in refused.value.message
    assert "n8n" in refused.value.message
    assert "Node-RED" in refused.value.message


def test_the_platform_is_seen_from_the_content() -> None:
    assert sniff((GOLDEN / "slack_digest.n8n.json").read_bytes(), "x") == "n8n"
    assert sniff((GOLDEN / "invoices.node-red.json").read_bytes(), "x") == "node-red"


def test_the_node_red_admin_api_answers_read_as_the_export_does() -> None:
    text = (GOLDEN / "invoices.node-red.json").read_bytes()
    answer = json.dumps({"flows": json.loads(text), "rev": "abc"}).encode()
    assert read_artefact(answer, "x").source_digest == read_artefact(text, "x").source_digest


def test_one_flow_of_the_admin_api_reads_as_a_tab() -> None:
    answer = {
        "id": "t",
        "label": "Mine",
        "nodes": [{"id": "n", "type": "inject", "z": "t", "x": 1, "y": 1, "wires": []}],
    }
    artefact = read_artefact(json.dumps({**answer, "configs": [], "subflows": []}).encode(), "x.json")
    assert artefact.name == "Mine"
    assert [step.type for step in artefact.graph.steps] == ["inject"]


def test_a_tab_is_read_with_what_it_needs_and_nothing_else() -> None:
    data = (GOLDEN / "invoices.node-red.json").read_bytes()
    artefact = read_artefact(data, "x.json", part="Invoices")
    assert artefact.name == "Invoices"
    assert artefact.part == "tab1"
    # tab2 is reached through the link, sub1 through its instance, cfg1 as shared configuration
    assert set(artefact.source["nodes"]) == {each["id"] for each in json.loads(data)}
    other = read_artefact(data, "x.json", part="tab2")
    assert set(other.source["nodes"]) == {"tab2", "n10", "n11"}


def test_the_parts_of_a_file_can_be_listed() -> None:
    found = parts((GOLDEN / "invoices.node-red.json").read_bytes(), "x")
    assert [(each.id, each.label) for each in found] == [("tab1", "Invoices"), ("tab2", "Housekeeping")]


def test_an_unknown_part_is_refused_with_the_parts_there_are() -> None:
    with pytest.raises(ArtefactPartUnknown) as refused:
        read_artefact((GOLDEN / "invoices.node-red.json").read_bytes(), "x", part="Bills")
    assert "'Invoices' (tab1)" in refused.value.fix


def test_a_list_of_workflows_needs_a_choice_and_brings_what_the_chosen_one_calls() -> None:
    caller = {
        "id": "a",
        "name": "A",
        "nodes": [_node("Go", "n8n-nodes-base.executeWorkflow", workflowId="b")],
        "connections": {},
    }
    called = {
        "id": "b",
        "name": "B",
        "nodes": [_node("Back", "n8n-nodes-base.executeWorkflow", workflowId="a")],
        "connections": {},
    }
    data = json.dumps([caller, called, {"id": "c", "name": "C", "nodes": [], "connections": {}}]).encode()
    with pytest.raises(ArtefactPartUnknown):
        read_artefact(data, "x")
    artefact = read_artefact(data, "x", part="A")
    alone = read_artefact(json.dumps(called).encode(), "x")
    assert artefact.reachable == (("n8n:workflow:b", alone.source_digest),)
    assert artefact.unresolved == ()
    assert [(each.reference, each.included) for each in artefact.graph.subflows] == [("b", True)]


def test_a_workflow_that_calls_itself_needs_nothing_else() -> None:
    node = _node("Again", "n8n-nodes-base.executeWorkflow", workflowId="={{ $workflow.id }}")
    assert read_artefact(_n8n(node), "x").unresolved == ()


def test_two_nodes_of_one_name_stay_two_steps() -> None:
    artefact = read_artefact(_n8n(_node("A", "n8n-nodes-base.set"), _node("A", "n8n-nodes-base.if")), "x")
    assert [(step.id, step.name) for step in artefact.graph.steps] == [("A", "A"), ("A#2", "A")]


def test_a_node_without_a_type_is_refused_with_its_place() -> None:
    with pytest.raises(ArtefactInvalid) as refused:
        read_artefact(_n8n({"name": "A"}), "flow.json")
    assert refused.value.place == "flow.json#/nodes/0"


@pytest.mark.parametrize(
    "connections",
    [{"A": None}, {"A": {"main": None}}, {"A": {"main": [None, [None]]}}, {"A": {"main": [[{"node": 1}]]}}, {"A": []}],
)
def test_odd_connections_are_read_without_a_crash(connections: dict) -> None:
    artefact = read_artefact(_n8n(_node("A", "x.y"), connections=connections), "x")
    assert artefact.graph.edges == ()


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ArtefactInvalid):
        read_artefact(b'{"nodes": [], "connections": {}, "name": "\\ud800"}', "x")


@pytest.mark.parametrize(
    ("kind", "parameters", "expected"),
    [
        ("n8n-nodes-base.slack", {}, "message.post"),
        ("n8n-nodes-base.slack", {"resource": "channel", "operation": "archive"}, "channel.archive"),
        ("n8n-nodes-base.slack", {"resource": "channel"}, "channel.create"),
        ("n8n-nodes-base.googleSheets", {"operation": "append"}, "sheet.append"),
        ("n8n-nodes-base.googleSheetsTool", {"operation": "append"}, "sheet.append"),
        ("n8n-nodes-base.set", {"operation": "x"}, None),
    ],
)
def test_operations_are_named_with_the_platforms_defaults(kind: str, parameters: dict, expected: str | None) -> None:
    assert read_artefact(_n8n(_node("A", kind, **parameters)), "x").graph.steps[0].operation == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("@n8n/n8n-nodes-langchain.lmChatOpenAi", "openai"),
        ("n8n-nodes-base.googleSheetsTrigger", "google-sheets"),
        ("n8n-nodes-base.mySql", "mysql"),
        ("n8n-nodes-base.webhook", "webhook"),
        ("n8n-nodes-base.set", None),
    ],
)
def test_systems_are_named_alike(kind: str, expected: str | None) -> None:
    assert read_artefact(_n8n(_node("A", kind)), "x").graph.steps[0].connector == expected


@pytest.mark.parametrize(
    ("url", "host", "path", "written"),
    [
        ("https://API.example.test./v1?x=1", "api.example.test", "/v1", "https://API.example.test./v1"),
        ("=https://a.test/{{ $json.id ? 1 : 2 }}/x#y", "a.test", "/{}/x", "https://a.test/{{ $json.id ? 1 : 2 }}/x"),
        ("={{ $json.url }}", None, None, "{{ $json.url }}"),
        ("={{ $json.host }}/v1", None, "/v1", "{{ $json.host }}/v1"),
        ("https://{{ $json.h }}/v1", None, "/v1", "https://{{ $json.h }}/v1"),
        ("https://u:p4ssw0rd@a.test:8443/", "a.test", "/", "https://u:[secret: basic-auth]@a.test:8443/"),
    ],
)
def test_addresses_show_their_literal_parts(url: str, host: str | None, path: str | None, written: str) -> None:
    step = read_artefact(_n8n(_node("A", "n8n-nodes-base.httpRequest", url=url)), "x").graph.steps[0]
    assert step.hosts == ((host,) if host else ())
    assert (step.path, step.url) == (path, written)


def test_a_catch_of_a_whole_tab_listens_to_every_other_step() -> None:
    data = _red(
        {"id": "a", "type": "inject"}, {"id": "b", "type": "debug"}, {"id": "c", "type": "catch", "scope": None}
    )
    edges = read_artefact(data, "x").graph.edges
    assert set(edges) == {Edge("a", "c", "any", "error"), Edge("b", "c", "any", "error")}


def test_an_address_set_upstream_is_found() -> None:
    data = _red(
        {
            "id": "a",
            "type": "change",
            "rules": [{"t": "set", "p": "url", "to": "https://a.test/x", "tot": "str"}],
            "wires": [["b"]],
        },
        {"id": "b", "type": "http request", "url": "", "method": "use"},
    )
    step = read_artefact(data, "x").graph.step("b")
    assert step is not None
    assert (step.hosts, step.method) == (("a.test",), None)


def test_a_node_without_a_place_is_configuration() -> None:
    data = json.dumps([{"id": "a", "type": "function", "z": "t", "func": "", "wires": []}]).encode()
    assert read_artefact(data, "x").graph.steps[0].kind == "config"
