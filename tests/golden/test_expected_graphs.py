"""Real exports of strangers against what is in them; the figures are floors that were reached, per field."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from handrail.language.graph import Graph
from handrail.language.importers import Artefact, read_artefact
from handrail.language.importers.definitions import read_definitions

pytestmark = pytest.mark.shared

# One n8n file writes a host with its final dot (`openlibrary.org.`), which the graph names without.
FLOORS = {
    ("n8n", "steps"): 1.0,
    ("n8n", "edges"): 1.0,
    ("n8n", "dangling"): 1.0,
    ("n8n", "types"): 1.0,
    ("n8n", "credentials"): 1.0,
    ("n8n", "triggers"): 1.0,
    ("n8n", "hosts"): 0.997,
    ("nodered", "steps"): 1.0,
    ("nodered", "edges"): 1.0,
    ("nodered", "types"): 1.0,
    ("nodered", "config"): 1.0,
}


_MICROSOFT = {"powerautomate": "power-automate", "logicapps": "logic-apps"}


def _types(graph: Graph) -> dict[str, int]:
    return dict(Counter(step.type for step in graph.working()))


def _n8n(expected: dict[str, Any], artefact: Artefact) -> dict[str, bool]:
    graph = artefact.graph
    steps = list(graph.working())
    # The list counts a pair of steps once however many outputs join them, and error outputs as ordinary ones.
    wires = {(each.source, each.target, "main" if each.kind == "error" else each.kind) for each in graph.edges}
    requests = [
        step for step in steps if step.type.rsplit(".", 1)[-1] in {"httpRequest", "httpRequestTool", "toolHttpRequest"}
    ]
    return {
        "steps": len(steps) == expected["steps"],
        "edges": dict(Counter(kind for *_, kind in wires)) == expected["edges"],
        "dangling": sum(each.rule == "dangling_edge" for each in artefact.findings) == expected["dangling_edges"],
        "types": _types(graph) == expected["node_types"],
        "credentials": sorted({each.type for each in graph.credentials}) == expected["credential_types"],
        "triggers": sorted(step.name for step in steps if step.kind == "trigger") == sorted(expected["triggers"]),
        "hosts": sorted({host for step in requests for host in step.hosts}) == sorted(expected["http_hosts"]),
    }


def _node_red(expected: dict[str, Any], artefact: Artefact) -> dict[str, bool]:
    graph = artefact.graph
    return {
        "steps": len(list(graph.working())) == expected["steps"],
        "edges": sum(each.kind == "main" for each in graph.edges) == expected["edges"],
        "types": _types(graph) == expected["node_types"],
        "config": sum(step.kind == "config" for step in graph.steps) == expected["config_nodes"],
    }


def test_real_exports_give_the_graphs_that_are_expected(shared_data: Path) -> None:
    flows = shared_data / "flows"
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for line in (flows / "EXPECTED_GRAPH.jsonl").read_text().splitlines():
        expected = json.loads(line)
        platform = expected["file"].split("/")[0]
        if platform not in {"n8n", "nodered"}:
            continue
        artefact = read_artefact((flows / expected["file"]).read_bytes(), expected["file"])
        total[platform] += 1
        for field, same in (_n8n if platform == "n8n" else _node_red)(expected, artefact).items():
            right[platform, field] += same
    figures = {key: right[key] / total[key[0]] for key in FLOORS}
    assert total["n8n"] >= 300
    assert total["nodered"] >= 40
    assert {key: value for key, value in figures.items() if value < FLOORS[key]} == {}


def test_real_microsoft_flows_give_the_graphs_that_are_expected(shared_data: Path) -> None:
    flows = shared_data / "flows"
    wrong = []
    total: Counter[str] = Counter()
    for line in (flows / "EXPECTED_GRAPH.jsonl").read_text().splitlines():
        expected = json.loads(line)
        platform = _MICROSOFT.get(expected["file"].split("/")[0])
        if platform is None:
            continue
        read = read_definitions((flows / expected["file"]).read_bytes(), expected["file"])[expected["definition_index"]]
        total[platform] += 1
        triggers = [step for step in read.graph.steps if step.kind == "trigger"]
        actions = [step for step in read.graph.steps if step.kind != "trigger"]
        same = {
            "platform": read.platform == platform,
            "steps": len(actions) == expected["steps"],
            "types": dict(Counter(step.type for step in actions)) == expected["action_types"],
            "edges": sum(each.kind == "run_after" for each in read.graph.edges) == expected["run_after_edges"],
            "triggers": sorted(step.id for step in triggers) == sorted(expected["triggers"]),
            "dangling": not read.findings,
        }
        wrong += [(expected["file"], field) for field, right in same.items() if not right]
    assert wrong == []
    assert total["power-automate"] >= 40
    assert total["logic-apps"] >= 25


def test_references_and_connectors_of_real_microsoft_flows_are_resolved(shared_data: Path) -> None:
    flows = shared_data / "flows"
    reaching = known = references = linked = 0
    for folder in _MICROSOFT:
        for path in sorted((flows / folder).glob("*.json")):
            for read in read_definitions(path.read_bytes(), path.name):
                places = {(each.target, each.pointer) for each in read.graph.data}
                for step in read.graph.steps:
                    reaches = step.kind not in {"logic", "code", "subflow"}
                    reaching += reaches
                    known += reaches and bool(step.connector and step.operation)
                    for given in step.inputs:
                        for each in given.references:
                            if each.kind in {"step", "variable"}:
                                references += 1
                                linked += (step.id, step.pointer + given.field) in places
    assert reaching >= 250
    assert known / reaching >= 0.99
    assert references >= 700
    assert linked / references >= 0.99


def test_flows_in_which_a_secret_was_masked_are_found_and_labelled_placeholders_are_not(shared_data: Path) -> None:
    flows = shared_data / "flows"
    manifest = [json.loads(line) for line in (flows / "MANIFEST.jsonl").read_text().splitlines()]
    masked = [row["file"] for row in manifest if row["masked_secrets"] and row["file"].startswith(("n8n/", "nodered/"))]
    labels = [json.loads(line) for line in (shared_data / "labels" / "flow_labels.jsonl").read_text().splitlines()]

    def has_secret(file: str) -> bool:
        artefact = read_artefact((flows / file).read_bytes(), file)
        return any(each.rule == "secret_in_source" for each in artefact.findings)

    assert [file for file in masked if not has_secret(file)] == []
    mine = [row for row in labels if row["file"].startswith(("n8n/", "nodered/"))]
    assert [row["file"] for row in mine if has_secret(row["file"]) != row["hardcoded_secret"]] == []
