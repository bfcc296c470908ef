"""Graphs in, drawings out. Read the difference before you accept it: people know where their steps stand."""

import json
import os
from pathlib import Path

import pytest
from tests.property.test_layout_properties import overlaps

from handrail.kernel.errors import HandrailError
from handrail.language.graph import from_json, layout
from handrail.language.importers import read_artefact

CASES = sorted((Path(__file__).parent / "layout").glob("*.in.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.removesuffix(".in.json"))
def test_a_graph_is_drawn_as_exactly_this(case: Path) -> None:
    given = json.loads(case.read_text())
    earlier = {step: (x, y) for step, (x, y) in given.get("earlier", {}).items()}
    places = layout(from_json(given["graph"]), earlier or None)
    text = "{\n" + ",\n".join(f" {json.dumps(step)}: {list(at)}" for step, at in places.items()) + "\n}\n"
    expected = case.with_name(case.name.replace(".in.", ".out."))
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(text)
    assert text == expected.read_text()


@pytest.mark.shared
def test_real_flows_are_drawn_without_a_box_on_another(shared_data: Path) -> None:
    drawn = 0
    for folder in ("n8n", "nodered"):
        for file in sorted((shared_data / "flows" / folder).glob("*.json")):
            try:
                graph = read_artefact(file.read_bytes(), file.name).graph
            except HandrailError:
                continue
            places = layout(graph)
            assert set(places) == {step.id for step in graph.working()}, file.name
            assert overlaps(places) == [], file.name
            drawn += 1
    assert drawn >= 340
