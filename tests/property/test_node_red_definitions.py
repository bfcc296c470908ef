"""Whatever is done to a Node-RED file, it gives a definition or a refusal with its place."""

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.kernel.errors import Invalid
from handrail.language.importers import read_artefact, read_definitions
from handrail.language.importers.node_red_text import in_code, in_jsonata, in_template, typed

FOLDER = Path(__file__).parents[1] / "golden"
FILES = [
    json.loads((FOLDER / name).read_text()) for name in ("node_red/orders.json", "importers/invoices.node-red.json")
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.sampled_from(
        ["", "flow", "msg", "a1", "s1", "subflow:s1", "link out", "return", "{{flow.x}}", "flow.get('", "\ud800"]
    )
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    nodes: list[Any] = copy.deepcopy(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 6))):
        node = draw(st.sampled_from(nodes))
        key = draw(st.sampled_from([*node, "links", "scope", "rules", "env", "in", "out", "mode", "func"]))
        action = draw(st.sampled_from(["set", "drop", "copy"]))
        if action == "drop" and key not in {"id", "type"}:
            node.pop(key, None)
        elif action == "set":
            node[key] = draw(VALUES)
        else:
            nodes.append(dict(node))
    document = draw(st.sampled_from([nodes, {"flows": nodes, "rev": "x"}]))
    return json.dumps(document).encode("utf-8", "surrogatepass")


@settings(max_examples=150, deadline=None)
@given(_mutated())
def test_a_changed_file_gives_definitions_or_a_refusal(data: bytes) -> None:
    for read in (read_definitions, read_artefact):
        try:
            result = read(data, "flow.json")
        except Invalid as refused:
            assert refused.place
            continue
        graph = result.graph if read is read_artefact else result[0].graph
        known = {step.id for step in graph.steps}
        assert {each.source for each in graph.edges} | {each.target for each in graph.edges} <= known
        assert {each.source for each in graph.data} | {each.target for each in graph.data} <= known
        if read is read_definitions:
            document = result[0].document
            for step in graph.steps:
                held = document
                for part in step.pointer.split("/")[1:]:
                    held = held[int(part)] if isinstance(held, list) else held[part]
                assert held["type"] == step.type


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="flowgetmsg.$'\"`[]{}()/*\\ ,=x_#:|\n0", max_size=80))
def test_any_text_reads_without_an_error(text: str) -> None:
    for read in (in_code, in_template, in_jsonata):
        assert read(text) == read(text)
    for kind in ("msg", "flow", "global", "env", "jsonata", "full", "str"):
        typed(kind, text)
