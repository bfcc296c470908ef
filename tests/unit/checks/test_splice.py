"""A change of a file's text leaves everything else as it was."""

import json
from typing import Any

import pytest

from handrail.governance.checks import PatchInvalid, apply_patch
from handrail.governance.checks.fixes.splice import splice

TEXT = '{\n    "b": 1.0,\n    "a": [\n        {"x": 1e3},\n        "two"\n    ],\n    "empty": {},\n    "list": []\n}\n'
OPERATIONS: list[list[dict[str, Any]]] = [
    [{"op": "add", "path": "/new", "value": {"k": [1, 2]}}],
    [{"op": "add", "path": "/a/0", "value": "first"}],
    [{"op": "add", "path": "/a/-", "value": {"k": "ä"}}],
    [{"op": "add", "path": "/a/0/y", "value": True}],
    [{"op": "add", "path": "/b", "value": 2}],
    [{"op": "replace", "path": "/a", "value": []}],
    [{"op": "remove", "path": "/b"}],
    [{"op": "remove", "path": "/list"}],
    [{"op": "remove", "path": "/a/1"}, {"op": "remove", "path": "/a/0"}],
    [{"op": "add", "path": "/empty/first", "value": 1}, {"op": "add", "path": "/empty/second", "value": 2}],
    [{"op": "add", "path": "/list/-", "value": {"a": {}}}],
    [{"op": "remove", "path": "/a/0/x"}],
]


@pytest.mark.parametrize("operations", OPERATIONS)
@pytest.mark.parametrize("form", ["indented", "dense", "spaced", "tabs", "windows"])
def test_a_splice_says_what_the_patch_says(form: str, operations: list[dict[str, Any]]) -> None:
    document = json.loads(TEXT)
    text = {
        "indented": TEXT,
        "dense": json.dumps(document, separators=(",", ":")),
        "spaced": json.dumps(document),
        "tabs": json.dumps(document, indent="\t"),
        "windows": TEXT.replace("\n", "\r\n"),
    }[form]
    spliced = splice(text, operations)
    assert json.loads(spliced) == apply_patch(document, operations)
    assert ("\r\n" in spliced) == (form == "windows")
    assert spliced.count("\n") == 0 or form in {"indented", "tabs", "windows"}


def test_numbers_order_and_the_last_newline_stay() -> None:
    spliced = splice(TEXT, [{"op": "add", "path": "/a/0/y", "value": 1}])
    assert spliced == TEXT.replace('{"x": 1e3}', '{"x": 1e3, "y": 1}')
    added = splice(TEXT, [{"op": "add", "path": "/z", "value": {"q": 1}}])
    assert added == TEXT.replace('"list": []\n', '"list": [],\n    "z": {\n        "q": 1\n    }\n')


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/nothing"},
        {"op": "replace", "path": "/a/9", "value": 1},
        {"op": "add", "path": "/no/where", "value": 1},
        {"op": "add", "path": "/a/1/below", "value": 1},
        {"op": "remove", "path": "/b/below"},
        {"op": "move", "from": "/a", "path": "/c"},
    ],
)
def test_what_does_not_fit_is_refused(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchInvalid):
        splice(TEXT, [operation])
