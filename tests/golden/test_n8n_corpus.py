"""Real n8n exports of strangers: the graphs that are expected, and how much of them is understood."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from handrail.language.graph import Graph, Step
from handrail.language.importers import Definition, read_definitions
from handrail.language.importers.n8n_types import node_type_of

pytestmark = pytest.mark.shared

RESOLVED_FLOOR = 0.98
REFERENCES_FLOOR = 1.0
_NAMED = re.compile(
    r"""\$\(\s*(["'`])(?P<new>(?:\\.|(?!\1).)*?)\1\s*\)(?P<then>\s*\.\w+)?"""
    r"""|\$node(?:\[\s*(["'])(?P<old>(?:\\.|(?!\4).)*?)\4\s*\]|\.(?P<dotted>\w+))(?P<after>\s*\.\w+)?"""
)
# configuration and loop state of a step, no data of it
_NO_DATA = {"params", "parameter", "context", "isExecuted"}


def _definitions(shared_data: Path) -> list[tuple[dict[str, Any], Definition]]:
    flows = shared_data / "flows"
    rows = map(json.loads, (flows / "EXPECTED_GRAPH.jsonl").read_text().splitlines())
    mine = [row for row in rows if row["file"].startswith("n8n/")]
    return [(row, read_definitions((flows / row["file"]).read_bytes(), row["file"])[0]) for row in mine]


def _working(graph: Graph) -> list[Step]:
    return list(graph.working())


def test_every_graph_is_as_expected(shared_data: Path) -> None:
    read = _definitions(shared_data)
    different = []
    for expected, definition in read:
        graph = definition.graph
        steps = _working(graph)
        # A pair of steps counts once however many outputs join them; error outputs count as ordinary ones.
        wires = {(each.source, each.target, "main" if each.kind == "error" else each.kind) for each in graph.edges}
        same = {
            "steps": len(steps) == expected["steps"],
            "edges": dict(Counter(kind for *_, kind in wires)) == expected["edges"],
            "types": dict(Counter(step.type for step in steps)) == expected["node_types"],
            "credentials": sorted({each.type for each in graph.credentials}) == expected["credential_types"],
            "triggers": sorted(step.name for step in steps if step.kind == "trigger") == sorted(expected["triggers"]),
        }
        different += [(expected["file"], field) for field, right in same.items() if not right]
    assert len(read) >= 300
    assert different == []


def test_steps_that_reach_a_system_say_which_and_what_they_do_there(shared_data: Path) -> None:
    """Logic and code are left out, and models' and agents' parts that reach nothing by themselves."""
    total = 0
    unclear: Counter[str] = Counter()
    for _, definition in _definitions(shared_data):
        for step in _working(definition.graph):
            facts = node_type_of(step.type, None).facts
            if step.kind in {"logic", "code"} or (facts and not facts.system):
                continue
            total += 1
            unclear[step.type] += not (step.connector and step.operation)
    share = 1 - sum(unclear.values()) / total
    assert share >= RESOLVED_FLOOR, [each for each in unclear.most_common(20) if each[1]]


def test_references_to_other_steps_become_data_edges(shared_data: Path) -> None:
    """References to steps that the file doesn't hold are no edges, but known as unresolved."""
    total = 0
    lost = []
    for row, definition in _definitions(shared_data):
        graph = definition.graph
        names = {step.id for step in graph.steps}
        edges = {(each.source, each.pointer) for each in graph.data}
        for step in graph.steps:
            for given in step.inputs:
                for found in _NAMED.finditer(given.text):
                    name = re.sub(r"\\(.)", r"\1", found["new"] or found["old"] or found["dotted"] or "")
                    if (found["then"] or found["after"] or "").strip(" .\n") in _NO_DATA:
                        continue
                    if name not in names:
                        read = [each for each in given.references if each.kind == "step" and each.name == name]
                        assert all(not each.resolved for each in read)
                        continue
                    total += 1
                    if (name, step.pointer + given.field) not in edges:
                        lost.append((row["file"], step.name, found[0]))
    assert total > 1000
    assert 1 - len(lost) / total >= REFERENCES_FLOOR, lost[:20]
