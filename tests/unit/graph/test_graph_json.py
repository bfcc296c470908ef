"""A graph survives being stored."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from handrail.kernel.errors import Invalid
from handrail.language.graph import from_json, to_json
from handrail.language.importers import read_artefact

GOLDEN = Path(__file__).parents[2] / "golden" / "importers"


@pytest.mark.parametrize("name", ["slack_digest.n8n.json", "invoices.node-red.json"])
def test_a_graph_reads_back_as_it_was(name: str) -> None:
    read = read_artefact((GOLDEN / name).read_bytes(), name).graph
    steps = tuple(replace(step, inputs=()) for step in read.steps)
    graph = replace(read, steps=steps, data=())  # what is read anew from the source
    assert from_json(json.loads(json.dumps(to_json(graph)))) == graph


def test_fields_of_a_later_version_are_ignored() -> None:
    document = {
        "platform": "n8n",
        "name": "x",
        "later": 1,
        "steps": [{"id": "a", "name": "a", "kind": "logic", "type": "t", "later": 1}],
    }
    assert from_json(document).steps[0].id == "a"


@pytest.mark.parametrize("document", [None, [], {}, {"platform": "n8n", "name": "x", "steps": [{}]}])
def test_what_is_no_graph_is_refused(document: object) -> None:
    with pytest.raises(Invalid):
        from_json(document)
