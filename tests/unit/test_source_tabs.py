"""Which tabs of a flow file are taken for changed: what they depend on counts, what stands beside them does not."""

import json
from typing import Any

import pytest

from handrail.language.importers import read_artefact
from handrail.runtime.sources.tabs import tabs_of


def flows() -> list[dict[str, Any]]:
    return [
        {"id": "a", "type": "tab", "label": "A"},
        {"id": "b", "type": "tab", "label": "B"},
        {"id": "c", "type": "tab", "label": "C"},
        {"id": "a1", "type": "inject", "z": "a", "x": 1, "y": 1, "wires": [["a2"]]},
        {"id": "a2", "type": "link out", "z": "a", "x": 1, "y": 1, "links": ["b1"], "wires": []},
        {"id": "b1", "type": "link in", "z": "b", "x": 1, "y": 1, "links": ["a2"], "wires": [["b2"]]},
        {"id": "b2", "type": "debug", "z": "b", "x": 1, "y": 1, "wires": []},
        {"id": "c1", "type": "mqtt in", "z": "c", "x": 1, "y": 1, "broker": "m", "wires": [["c2"]]},
        {"id": "c2", "type": "subflow:s", "z": "c", "x": 1, "y": 1, "wires": []},
        {"id": "m", "type": "mqtt-broker", "broker": "mqtt.example.com"},
        {"id": "s", "type": "subflow", "name": "S", "in": [], "out": []},
        {"id": "s1", "type": "function", "z": "s", "x": 1, "y": 1, "func": "return msg;", "wires": []},
    ]


def versions(nodes: list[dict[str, Any]]) -> dict[str, str]:
    return {tab: each.version for tab, each in tabs_of(json.dumps({"flows": nodes, "rev": "1"}).encode()).items()}


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        ("a1", {"a", "b"}),
        ("b2", {"a", "b"}),
        ("c1", {"c"}),
        ("m", {"a", "b", "c"}),
        ("s1", {"a", "b", "c"}),
        ("b", {"a", "b"}),
    ],
)
def test_an_edit_changes_the_tabs_that_may_depend_on_it(edited: str, changed: set[str]) -> None:
    before = versions(flows())
    after = versions([{**node, "name": "edited"} if node["id"] == edited else node for node in flows()])
    assert {tab for tab in before if before[tab] != after[tab]} == changed


def test_another_tab_and_another_revision_change_no_tab() -> None:
    more = [*flows(), {"id": "d", "type": "tab", "label": "D"}, {"id": "d1", "type": "debug", "z": "d", "wires": []}]
    assert {tab: found for tab, found in versions(more).items() if tab != "d"} == versions(flows())


def test_whatever_changes_what_a_tab_is_read_as_changes_its_version() -> None:
    """The reader's own digest is the measure: a tab is never taken for unchanged while that differs."""
    before = flows()
    for number, node in enumerate(before):
        for field in ("name", "info", "func"):
            edited = [*before]
            edited[number] = {**node, field: "edited"}
            for tab in ("a", "b", "c"):
                old, new = (
                    read_artefact(json.dumps({"flows": each}).encode(), "flows.json", part=tab).source_digest
                    for each in (before, edited)
                )
                if old != new:
                    assert versions(before)[tab] != versions(edited)[tab], (node["id"], field, tab)


@pytest.mark.parametrize("data", [b"", b"[", b"3", b'{"flows": 3}', b"[3]", b"[[]]", b"[" * 100_000])
def test_what_is_no_flow_file_has_no_tabs(data: bytes) -> None:
    assert tabs_of(data) == {}
