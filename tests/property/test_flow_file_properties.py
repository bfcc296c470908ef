"""Whatever is done to a flow file: it is read, or refused with a reason, and nothing else happens."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handrail.kernel.errors import Invalid
from handrail.language.importers import read_artefact
from handrail.language.importers.definitions import definition_of_source, read_definitions
from handrail.language.importers.microsoft.expressions import holed, reads
from handrail.language.importers.open_workflow import expressions as workflow_expressions

GOLDEN = Path(__file__).parents[1] / "golden" / "importers"
FILES = [
    path.read_bytes()
    for path in sorted(GOLDEN.glob("*.json"))
    if path.name.endswith((".power-automate.json", ".logic-apps.json", ".open-workflow.json"))
]
ODD = st.sampled_from(
    [None, True, 0, -1.5, "", "@", "@{", "@body('", "${", {}, [], [{}], {"a": []}, "\ud800", "x" * 3000]
)
EXPRESSION = st.text(alphabet="@{}()[]'\"?.,$\\ ab1/", max_size=60) | st.text(max_size=60)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in pairs for place in _places(each, (*path, key)))]


def _changed(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return copy.deepcopy(value)
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = copy.deepcopy(value)
    return document


def _read(data: bytes, name: str) -> None:
    try:
        found = read_definitions(data, name)
    except Invalid:
        return
    for each in found:
        ids = [step.id for step in each.graph.steps]
        assert len(ids) == len(set(ids))
        assert {end for edge in each.graph.edges for end in (edge.source, edge.target)} <= set(ids)
        assert {end for edge in each.graph.data for end in (edge.source, edge.target)} <= set(ids)
    try:
        artefact = read_artefact(data, name)
    except Invalid:
        return
    definition_of_source(artefact.platform, artefact.name, artefact.source)


@pytest.mark.parametrize("data", FILES, ids=lambda data: str(len(data)))
@given(choice=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_with_values_replaced_is_read_or_refused(data: bytes, choice: st.DataObject) -> None:
    document = json.loads(data)
    for _ in range(choice.draw(st.integers(1, 4))):
        place = choice.draw(st.sampled_from(_places(document)))
        document = _changed(document, place, choice.draw(ODD))
    _read(json.dumps(document).encode(), choice.draw(st.sampled_from(["x.json", "x.yaml"])))


@pytest.mark.parametrize("data", FILES, ids=lambda data: str(len(data)))
@given(choice=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_with_bytes_replaced_is_read_or_refused(data: bytes, choice: st.DataObject) -> None:
    begin = choice.draw(st.integers(0, len(data)))
    end = choice.draw(st.integers(begin, min(len(data), begin + 40)))
    changed = data[:begin] + choice.draw(st.binary(max_size=8)) + data[end:]
    _read(changed, choice.draw(st.sampled_from(["x.json", "x.yaml"])))


@given(text=EXPRESSION)
def test_no_text_is_too_odd_for_an_expression(text: str) -> None:
    assert isinstance(reads(text), tuple)
    assert isinstance(holed(text, "{}"), str)
    assert isinstance(workflow_expressions.reads(text, bare=True), tuple)
    assert isinstance(workflow_expressions.holed(text, "{}"), str)
