"""Node-RED files as definitions: inputs with what they read, data edges, resources, pointers into the file."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from handrail.language.classify import redact
from handrail.language.importers.node_red_definition import node_red_definition

CASES = sorted(path for path in (Path(__file__).parent / "node_red").glob("*.json") if "out" not in path.suffixes[0])


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_file_reads_as_exactly_this(case: Path) -> None:
    document, _found = redact(json.loads(case.read_text()), "node-red")
    definition = node_red_definition(document, case.name)
    graph = definition.graph
    actual = {
        "name": definition.name,
        "steps": {
            step.id: {
                "is": " ".join(filter(None, (step.kind, step.connector, step.operation))),
                "resource": step.resource,
                "pointer": step.pointer,
                "inputs": [
                    {
                        "field": each.field,
                        "reads": [
                            f"{read.kind} {read.name} {read.field}{'' if read.resolved else ' unresolved'}"
                            for read in each.references
                        ],
                    }
                    for each in step.inputs
                ],
            }
            for step in graph.steps
        },
        "edges": [f"{each.source} {each.port} {each.kind} {each.target}" for each in graph.edges],
        "data": [asdict(each) for each in graph.data],
        "findings": [[each.rule, each.step, each.pointer] for each in definition.findings],
    }
    text = json.dumps(actual, indent=1, ensure_ascii=False) + "\n"
    expected = case.with_suffix(".out.json")
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(text)
    assert text == expected.read_text()
    assert "canary" not in text
    assert "canary" not in json.dumps(definition.document)
