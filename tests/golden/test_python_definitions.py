"""Python scripts as definitions and as artefacts: steps, order, values between them, secrets gone."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from handrail.language.importers import definition_of_source, read_artefact, read_definitions

CASES = sorted((Path(__file__).parent / "python").glob("*.py.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_script_reads_as_exactly_this(case: Path) -> None:
    data = case.read_bytes()
    name = case.name.removesuffix(".txt")
    (definition,) = read_definitions(data, name)
    artefact = read_artefact(data, name)
    graph = definition.graph
    actual = {
        "digest": artefact.source_digest,
        "steps": {
            step.id: {
                "is": " ".join(filter(None, (step.kind, step.connector, step.operation, step.method))),
                "type": step.type,
                "hosts": step.hosts,
                "url": step.url,
                "resource": step.resource,
                "error_policy": step.error_policy,
                "inputs": {
                    each.field: [each.text, *(f"{read.kind} {read.name} {read.field}" for read in each.references)]
                    for each in step.inputs
                },
            }
            for step in graph.steps
        },
        "edges": [f"{each.source} -> {each.target}" for each in graph.edges],
        "data": [asdict(each) for each in graph.data],
        "unknown": graph.unknown,
        "unresolved": artefact.unresolved,
        "secrets": [asdict(each) for each in definition.secrets],
    }
    text = json.dumps(actual, indent=1, ensure_ascii=False) + "\n"
    expected = case.with_name(name + ".out.json")
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(text)
    assert text == expected.read_text()
    assert "canary" not in text + definition.text + json.dumps(artefact.source)
    again = definition_of_source("python", graph.name, artefact.source)
    assert (again.graph.steps, again.graph.data, again.text) == (graph.steps, graph.data, definition.text)
    assert read_artefact(data.replace(b"\n", b"\r\n"), name).source_digest == artefact.source_digest
