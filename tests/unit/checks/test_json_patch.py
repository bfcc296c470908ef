"""RFC 6902, strictly; the cases of its appendix and what must be refused."""

from typing import Any

import pytest

from handrail.governance.checks import PatchInvalid, apply_patch

GOOD: list[tuple[Any, list[dict[str, Any]], Any]] = [
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    ({"foo": ["bar", "baz"]}, [{"op": "add", "path": "/foo/1", "value": "qux"}], {"foo": ["bar", "qux", "baz"]}),
    ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    ({"baz": "qux"}, [{"op": "replace", "path": "/baz", "value": "boo"}], {"baz": "boo"}),
    (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    (
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}], {"foo": "bar", "baz": "qux"}),
    ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}], {"foo": ["bar", ["abc", "def"]]}),
    ({"a": 1}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": 1, "b": 1}),
    ({"a": {"b": 1}}, [{"op": "move", "from": "/a", "path": "/a"}], {"a": {"b": 1}}),
    ({"a": 1}, [{"op": "replace", "path": "", "value": [1]}], [1]),
    ({"": 1}, [{"op": "replace", "path": "/", "value": 2}], {"": 2}),
    ({"n": 1}, [{"op": "test", "path": "/n", "value": 1.0}], {"n": 1}),
]
BAD: list[tuple[Any, dict[str, Any]]] = [
    ({"foo": "bar"}, {"op": "add", "path": "/baz/bat", "value": "qux"}),
    ({"baz": "qux"}, {"op": "test", "path": "/baz", "value": "bar"}),
    ({"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": "10"}),
    ({"a": True}, {"op": "test", "path": "/a", "value": 1}),
    ({"a": [1]}, {"op": "add", "path": "/a/2", "value": 1}),
    ({"a": [1]}, {"op": "add", "path": "/a/01", "value": 1}),
    ({"a": [1]}, {"op": "remove", "path": "/a/-"}),
    ({"a": [1]}, {"op": "remove", "path": "/a/-1"}),
    ({"a": 1}, {"op": "remove", "path": "/b"}),
    ({"a": 1}, {"op": "replace", "path": "/b", "value": 1}),
    ({"a": 1}, {"op": "replace", "path": "/a"}),
    ({"a": 1}, {"op": "add", "path": "b", "value": 1}),
    ({"a": 1}, {"op": "add", "value": 1}),
    ({"a": {"b": 1}}, {"op": "move", "from": "/a", "path": "/a/b"}),
    ({"a": 1}, {"op": "copy", "path": "/b"}),
    ({"a": 1}, {"op": "swap", "path": "/a"}),
    ("text", {"op": "add", "path": "/a", "value": 1}),
]


@pytest.mark.parametrize(("document", "operations", "expected"), GOOD)
def test_a_patch_applies_as_the_rfc_says(document: Any, operations: list[dict[str, Any]], expected: Any) -> None:
    assert apply_patch(document, operations) == expected


@pytest.mark.parametrize(("document", "operation"), BAD)
def test_what_does_not_fit_is_refused(document: Any, operation: dict[str, Any]) -> None:
    with pytest.raises(PatchInvalid):
        apply_patch(document, [operation])


def test_the_document_stays_as_it_was() -> None:
    document = {"a": [1, 2], "b": {"c": 1}}
    value: list[int] = []
    with pytest.raises(PatchInvalid):
        apply_patch(document, [{"op": "remove", "path": "/a/0"}, {"op": "remove", "path": "/nothing"}])
    changed = apply_patch(
        document, [{"op": "add", "path": "/d", "value": value}, {"op": "add", "path": "/d/-", "value": 1}]
    )
    assert document == {"a": [1, 2], "b": {"c": 1}}
    assert value == []
    assert changed["d"] == [1]
