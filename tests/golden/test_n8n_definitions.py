"""n8n files as definitions: kinds, inputs with what they read, data edges, resources, pointers into the file."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from handrail.language.graph import Input, Step
from handrail.language.importers import Definition, definition_of_source, read_artefact, read_definitions

CASES = sorted(path for path in (Path(__file__).parent / "n8n").glob("*.json") if not path.name.endswith(".out.json"))


def _reads(given: Input) -> str:
    words = [
        f"{each.kind} {each.name} {each.field}".strip() + ("" if each.resolved else " (unresolved)")
        for each in given.references
    ]
    return f"{given.field}: {'; '.join(words)}" if words else given.field


def _step(step: Step) -> dict[str, Any]:
    said = {
        "is": " ".join(filter(None, (step.kind, step.connector, step.operation))),
        "pointer": step.pointer,
        "resource": step.resource,
        "hosts": list(step.hosts),
        "credentials": list(step.credential_refs),
        "on failure": step.error_policy,
        "disabled": step.disabled,
        "inputs": [_reads(each) for each in step.inputs],
    }
    return {key: value for key, value in said.items() if value}


def _said(definition: Definition) -> dict[str, Any]:
    graph = definition.graph
    return {
        "name": definition.name,
        "pointer": definition.pointer,
        "steps": {step.id: _step(step) for step in graph.steps},
        "edges": [f"{each.source} -{each.kind} {each.port}-> {each.target}" for each in graph.edges],
        "data": [asdict(each) for each in graph.data],
        "subflows": [asdict(each) for each in graph.subflows],
        "unknown": list(graph.unknown),
        "secrets": [[each.kind, each.pointer] for each in definition.secrets],
        "findings": [[each.rule, each.text, each.step, each.pointer] for each in definition.findings],
    }


def _at(document: Any, pointer: str) -> Any:
    for segment in pointer.split("/")[1:]:
        key = segment.replace("~1", "/").replace("~0", "~")
        document = document[int(key) if isinstance(document, list) else key]
    return document


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_file_reads_as_exactly_this(case: Path) -> None:
    definitions = read_definitions(case.read_bytes(), case.name)
    text = json.dumps([_said(each) for each in definitions], indent=1, ensure_ascii=False) + "\n"
    expected = case.with_suffix(".out.json")
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(text)
    assert text == expected.read_text()
    assert "canary" not in text
    assert "canary" not in json.dumps(definitions[0].document)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_pointer_leads_to_what_it_names(case: Path) -> None:
    for definition in read_definitions(case.read_bytes(), case.name):
        for step in definition.graph.steps:
            assert _at(definition.document, step.pointer)["name"] == step.name
            for given in step.inputs:
                assert _at(definition.document, step.pointer + given.field) == given.text
        for edge in definition.graph.data:
            assert isinstance(_at(definition.document, edge.pointer), str)
        for finding in (*definition.findings, *definition.secrets):
            _at(definition.document, finding.pointer)


@pytest.mark.parametrize("case", [each for each in CASES if each.name != "two_flows.json"], ids=lambda path: path.name)
def test_a_stored_source_opens_as_the_file_did(case: Path) -> None:
    (fresh,) = read_definitions(case.read_bytes(), case.name)
    artefact = read_artefact(case.read_bytes(), case.name)
    stored = definition_of_source(artefact.platform, artefact.name, artefact.source)
    assert [(each.id, each.kind, each.inputs, each.resource) for each in stored.graph.steps] == [
        (each.id, each.kind, each.inputs, each.resource) for each in fresh.graph.steps
    ]
    assert stored.graph.edges == fresh.graph.edges
    assert [(each.source, each.target, each.field) for each in stored.graph.data] == [
        (each.source, each.target, each.field) for each in fresh.graph.data
    ]
    for step in stored.graph.steps:
        assert _at(stored.document, step.pointer)["name"] == step.name
