"""Whatever is done to a file, it gives definitions or a refusal with its place."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.kernel.errors import Invalid
from handrail.language.importers import Definition, definition_of_source, read_artefact, read_definitions

FOLDER = Path(__file__).parents[1] / "golden" / "n8n"
FILES = [path.read_bytes() for path in sorted(FOLDER.glob("*.json")) if not path.name.endswith(".out.json")]
TEXTS = st.sampled_from(
    [
        "",
        "=",
        "={{ $json }}",
        "={{ $('Ask').first( }}",
        "=$('",
        "{{ $node[",
        "main",
        "ai_tool",
        "Twin",
        "[secret: x]",
        "\ud800",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["node", "main", "__rl", "value", "$number", "name"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _read(data: bytes) -> tuple[Definition, ...]:
    try:
        return read_definitions(data, "flow.json")
    except Invalid as refused:
        assert refused.place
        return ()


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=300, deadline=None)
def test_a_changed_file_gives_definitions_or_a_refusal(file: bytes, data: st.DataObject) -> None:
    document = json.loads(file)
    for _ in range(data.draw(st.integers(1, 4))):
        places = list(_places(document))
        if not places:
            break
        path = data.draw(st.sampled_from(places))
        holder = copy.deepcopy(document)
        inner = holder
        for key in path[:-1]:
            inner = inner[key]
        if data.draw(st.booleans()):
            inner[path[-1]] = data.draw(VALUES)
        else:
            del inner[path[-1]]
        document = holder
    text = json.dumps(document).encode()
    for definition in _read(text):
        ids = {step.id for step in definition.graph.steps}
        assert all({edge.source, edge.target} <= ids for edge in definition.graph.edges)
        assert all({edge.source, edge.target} <= ids for edge in definition.graph.data)
    try:
        artefact = read_artefact(text, "flow.json")
    except Invalid:
        return
    definition_of_source(artefact.platform, artefact.name, artefact.source)


@given(st.sampled_from(FILES), st.integers(0, 4000), st.binary(max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_gives_definitions_or_a_refusal(file: bytes, place: int, instead: bytes) -> None:
    at = place % len(file)
    _read(file[:at])
    _read(file[:at] + instead + file[at + len(instead) :])
