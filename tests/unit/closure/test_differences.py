"""What changed, in a builder's words."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handrail.language.closure import Change, ClosureInput, ClosureInvalid, Snapshot, diff, summarise, take_closure
from handrail.language.importers import read_artefact

GOLDEN = Path(__file__).parents[2] / "golden" / "importers"
N8N = json.loads((GOLDEN / "slack_digest.n8n.json").read_text())
NODE_RED = json.loads((GOLDEN / "invoices.node-red.json").read_text())


def _snapshot(document: Any, keep_source: bool = True, **declared: Any) -> Snapshot:
    artefact = read_artefact(json.dumps(document).encode(), "flow.json")
    closure = take_closure(ClosureInput(artefact.source_digest, **declared))
    return Snapshot(closure.document, artefact.graph, artefact.source if keep_source else None)


def _node(document: Any, name: str) -> Any:
    nodes = document["nodes"] if isinstance(document, dict) else document
    return next(each for each in nodes if name in {each.get("name"), each["id"]})


def _changed(document: Any, change: Callable[[Any], object]) -> Any:
    other = copy.deepcopy(document)
    change(other)
    return other


def _texts(document: Any, change: Callable[[Any], object]) -> list[str]:
    return [each.text for each in diff(_snapshot(document), _snapshot(_changed(document, change)))]


def test_equal_versions_differ_in_nothing() -> None:
    assert diff(_snapshot(N8N), _snapshot(N8N)) == ()


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (
            lambda flow: _node(flow, "Fetch")["parameters"].update(
                url="https://api.evil.test/v1/orders?state=open&api_key=k9f83hd7w2"
            ),
            ["step 'Fetch' now calls api.evil.test instead of api.example.test"],
        ),
        (
            lambda flow: _node(flow, "Fetch")["parameters"].update(method="DELETE"),
            ["step 'Fetch' now calls DELETE api.example.test/v1/orders instead of GET api.example.test/v1/orders"],
        ),
        (
            lambda flow: _node(flow, "Post to Slack")["parameters"].update(resource="channel", operation="archive"),
            ["step 'Post to Slack' now does slack channel.archive instead of slack message.post"],
        ),
        (
            lambda flow: _node(flow, "Count")["parameters"].update(jsCode="const total = 1;\nreturn [];"),
            ["step 'Count' no longer calls log.example.test", "function code of 'Count' changed (3 lines)"],
        ),
        (
            lambda flow: _node(flow, "Archive").update(disabled=False),
            ["step 'Archive' is switched on"],
        ),
        (
            lambda flow: _node(flow, "Post to Slack")["credentials"]["slackApi"].update(name="Ada's Slack"),
            [
                "step 'Post to Slack' now uses the credential slackApi/Ada's Slack instead of slackApi/Slack of the shop",
                "it now uses the credential 'Ada's Slack' (slackApi) of its own platform",
                "it no longer uses the credential 'Slack of the shop' (slackApi)",
            ],
        ),
        (
            lambda flow: flow["connections"]["Count"]["main"][0].pop(0),
            ["wire from 'Count' to 'Post to Slack' removed"],
        ),
        (
            lambda flow: flow["connections"]["Count"]["main"][0].append(
                {"node": "Archive", "type": "main", "index": 0}
            ),
            ["wire from 'Count' to 'Archive' added"],
        ),
        (
            lambda flow: flow["connections"]["Count"]["main"][0][0].update(index=1),
            ["the order or inputs of the wires of 'Count' changed"],
        ),
        (
            lambda flow: flow["settings"].update(timezone="Europe/Paris"),
            ["setting 'settings.timezone' was added"],
        ),
        (
            lambda flow: _node(flow, "Every hour")["parameters"]["rule"]["interval"][0].update(hoursInterval=2),
            ["step 'Every hour': 'parameters.rule.interval.0.hoursInterval' changed from 1.0 to 2"],
        ),
        (
            lambda flow: flow["nodes"].append({**_node(flow, "Count"), "name": "Count again", "id": "new"}),
            ["new step 'Count again' (calls log.example.test)"],
        ),
        (lambda flow: flow["nodes"].remove(_node(flow, "Note")), ["comment 'Note' removed"]),
    ],
)
def test_a_change_of_a_workflow_is_said_in_words(change: Callable[[Any], object], texts: list[str]) -> None:
    assert _texts(N8N, change) == texts


def test_a_step_put_between_two_says_where_it_sits() -> None:
    def put(flow: Any) -> None:
        flow["nodes"].append(
            {"name": "Mail", "type": "n8n-nodes-base.gmail", "parameters": {}, "position": [0, 0], "id": "m"}
        )
        flow["connections"]["Count"]["main"][0][0]["node"] = "Mail"
        flow["connections"]["Mail"] = {"main": [[{"node": "Post to Slack", "type": "main", "index": 0}]]}

    assert _texts(N8N, put) == [
        "new step 'Mail' (gmail message.send), after 'Count', before 'Post to Slack'",
        "wire from 'Count' to 'Post to Slack' removed",
    ]


def test_a_renamed_step_is_the_same_step() -> None:
    def rename(flow: Any) -> None:
        _node(flow, "Count")["name"] = "Count orders"
        flow["connections"]["Count orders"] = flow["connections"].pop("Count")
        flow["connections"]["Fetch"]["main"][0][0]["node"] = "Count orders"

    assert _texts(N8N, rename) == ["step 'Count' is now called 'Count orders'"]


def test_a_loud_change_does_not_hide_a_quiet_one() -> None:
    def change(flow: Any) -> None:
        parameters = _node(flow, "Fetch")["parameters"]
        parameters["url"] = "https://api.evil.test/v1/orders?state=all&api_key=k9f83hd7w2"
        parameters["headerParameters"]["parameters"][1]["value"] = "text/csv"

    texts = _texts(N8N, change)
    assert texts[0] == "step 'Fetch' now calls api.evil.test instead of api.example.test"
    assert any("'parameters.url' changed" in each and "all" in each for each in texts)
    assert any("headerParameters.parameters.1.value" in each for each in texts)


def test_an_operation_that_a_step_gained_is_named_with_the_step() -> None:
    def also(flow: Any) -> None:
        _node(flow, "Total")["func"] = "// posts to /slack/chat.postEphemeral too\n" + _node(flow, "Total")["func"]

    base = ("slack", "chat.postMessage", "sha256:1")
    old = _snapshot(NODE_RED, operations=frozenset({base}))
    new = _snapshot(_changed(NODE_RED, also), operations=frozenset({base, ("slack", "chat.postEphemeral", "sha256:2")}))
    changes = diff(old, new)
    assert [each.text for each in changes] == [
        "step 'Total' now also calls chat.postEphemeral",
        "function code of 'Total' changed (1 line)",
        "it may now use connection slack: chat.postEphemeral",
    ]
    assert (changes[0].step, changes[0].pointer, changes[0].severity) == ("n4", "/nodes/n4", "widens")


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (
            lambda flow: _node(flow, "Post to Slack").update(url="http://127.0.0.1:8780/slack/chat.delete"),
            ["step 'Post to Slack' now calls 127.0.0.1/slack/chat.delete instead of 127.0.0.1/slack/chat.postMessage"],
        ),
        (
            lambda flow: _node(flow, "n3")["wires"][0].reverse(),
            ["the order or inputs of the wires of 'Open issue' changed"],
        ),
        (
            lambda flow: _node(flow, "tab1").update(label="Bills"),
            ['setting \'label of tab Bills\' changed from "Invoices" to "Bills"'],
        ),
        (
            lambda flow: _node(flow, "Plant broker").update(broker="evil.test"),
            [
                "step 'Plant broker' now calls evil.test instead of mqtt.example.test",
                "step 'Plant broker': 'broker' changed from \"mqtt.example.test\" to \"evil.test\"",
            ],
        ),
    ],
)
def test_a_change_of_a_node_red_flow_is_said_in_words(change: Callable[[Any], object], texts: list[str]) -> None:
    assert _texts(NODE_RED, change) == texts


@pytest.mark.parametrize(
    ("before", "after", "text", "severity"),
    [
        (
            {},
            {"operations": frozenset({("gh", "issues.create", "s")})},
            "it may now use connection gh: issues.create",
            "widens",
        ),
        ({"operations": frozenset({("gh", "a", "s")})}, {}, "it no longer uses connection gh: a", "narrows"),
        (
            {"operations": frozenset({("gh", "a", "s")})},
            {"operations": frozenset({("gh", "a", "t")})},
            "the interface of gh: a changed",
            "neutral",
        ),
        ({}, {"egress": frozenset({"a.test"})}, "it may now reach a.test outside every connection", "widens"),
        ({"constants": {"Y": "a"}}, {"constants": {"Y": "b"}}, 'constant Y changed from "a" to "b"', "neutral"),
        (
            {"data_classes": frozenset({"internal"})},
            {"data_classes": frozenset({"confidential"})},
            "its data class rose from internal to confidential",
            "widens",
        ),
        ({}, {"data_classes": frozenset({"pii"})}, "it now handles pii data", "widens"),
        (
            {"connections": frozenset({("gh", "1")})},
            {"connections": frozenset({("gh", "2")})},
            "the connection gh is another one under the same name",
            "widens",
        ),
        (
            {"reachable": frozenset({("w", "1")})},
            {"reachable": frozenset({("w", "2")})},
            "the flow w that it calls changed",
            "neutral",
        ),
    ],
)
def test_a_declared_change_is_said_in_words(before: dict, after: dict, text: str, severity: str) -> None:
    changes = diff(_snapshot(N8N, **before), _snapshot(N8N, **after))
    assert [(each.text, each.severity) for each in changes] == [(text, severity)]


def test_without_the_sources_the_graph_still_tells() -> None:
    other = _changed(N8N, lambda flow: _node(flow, "Fetch")["parameters"].update(url="https://api.evil.test/v1/orders"))
    texts = [each.text for each in diff(_snapshot(N8N, keep_source=False), _snapshot(other, keep_source=False))]
    assert texts == ["step 'Fetch' now calls api.evil.test instead of api.example.test"]


def test_a_change_that_nothing_shows_is_still_said() -> None:
    other = _changed(N8N, lambda flow: flow["settings"].update(timezone="Europe/Paris"))
    changes = diff(_snapshot(N8N, keep_source=False), _snapshot(other, keep_source=False))
    assert [each.kind for each in changes] == ["definition_changed"]


def test_a_first_version_lists_what_it_does() -> None:
    texts = [each.text for each in diff(None, _snapshot(N8N, operations=frozenset({("gh", "a", "s")})))]
    assert texts[0] == "first version of 'Order digest': 5 steps"
    assert "it may now use connection gh: a" in texts


def test_names_with_control_characters_are_harmless() -> None:
    def rename(flow: Any) -> None:
        _node(flow, "n4")["name"] = "a\x1b[31m\r\nb\u202ec"

    (text,) = _texts(NODE_RED, rename)
    assert text.isprintable()


def test_a_summary_is_one_line_with_what_widens_first() -> None:
    changes = [
        Change("a", "narrower", severity="narrows"),
        Change("b", "other\nline"),
        Change("c", "wider", severity="widens"),
        Change("d", "wider too", severity="widens"),
    ]
    assert summarise(changes, 3) == "wider; wider too; other line; and 1 more"
    assert summarise([], 3) == ""


def test_a_closure_of_another_algorithm_is_not_compared() -> None:
    old = Snapshot({"algorithm": "c0"}, _snapshot(N8N).graph)
    with pytest.raises(ClosureInvalid):
        diff(old, _snapshot(N8N))
