"""Manifests: the parser never fails in another way, and agrees with the JSON Schema."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.rigs.manifests import APP, CONNECTION, CONNECTOR

from handrail.kernel.errors import HandrailError
from handrail.language.manifest import (
    DATA_CLASSES,
    KINDS,
    ManifestInvalid,
    differences,
    document_of,
    manifest_of,
    manifest_schema,
    parse_manifest,
    plain,
    read_yaml,
)

VALIDATORS = {kind: Draft202012Validator(manifest_schema(kind)) for kind in KINDS}
ALL = {"App": APP, "Connector": CONNECTOR, "Connection": CONNECTION}

# What single fields cannot tell, and so the JSON Schema does not: the list is in docs/reference/manifests.md.
BEYOND_SCHEMA = (
    "is listed twice",
    "stands twice",
    "could mean",
    "a deputy is somebody else",
    "needs the header's name",
    "has its own header",
    "has no prefix",
    "The gateway sets",
    "which the connector does not allow",
    "The hub answers at",
    "host or port is none",
    "no public address",
    "never an upstream",
    "is this machine",
    "some readers take for an address",
    "only refer to itself",
    "Not every JSON reader",
)

SYNTAX = st.sampled_from([*"abno01-.:,?*&!%@`|>'\"[]{}#~<=\\/ \t\n\r\0\x85\u2028\ufeff\ud800é", "  ", "\n- ", ": "])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(SYNTAX, max_size=60).map("".join)))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        plain(read_yaml(text, "f.yaml"))
    except ManifestInvalid as error:
        for problem in error.problems:
            file, line, column = problem.place.split(":")
            assert file == "f.yaml"
            assert int(line) >= 1
            assert int(column) >= 1
            assert problem.code.startswith("yaml_")


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    st.sampled_from(["no", "1e3", "handrail.dev/v1", "GET", "a", "1.0.0", "https://x", "/a/{b}", "EUR", "pii"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
@example("\U00010000")
@example([{"\U0001f600\U0001f600": "\\\U0001f600"}])
def test_json_means_the_same_to_us_as_to_every_json_reader(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2)):
        try:
            assert plain(read_yaml(text)) == json.loads(text)
        except ManifestInvalid as error:
            # These are refused on purpose; JSON has no other trap.
            assert "\\u0000" in text or "key" in str(error) or "a name" in str(error), text


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A sound manifest with a few values replaced, removed or added anywhere."""
    kind = draw(st.sampled_from(list(ALL)))
    document = json.loads(json.dumps(ALL[kind]))
    for _ in range(draw(st.integers(0, 3))):
        holders = [holder for holder in _holders(document) if holder]
        holder = draw(st.sampled_from(holders))
        key = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else list(range(len(holder)))))
        act = draw(st.sampled_from(["replace", "remove", "add", "nudge"]))
        if act == "remove":
            del holder[key]
        elif act == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(["credential", "limits", "burst", "title", "x", "prefix", "header"]))] = draw(
                VALUES
            )
        elif act == "nudge":
            holder[key] = draw(st.sampled_from(_near(holder[key])))
        else:
            holder[key] = draw(VALUES)
    return kind, document


def _holders(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [value] if isinstance(value, dict | list) else []
    return found + [holder for item in inner for holder in _holders(item)]


def _near(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, str(value).lower()]
    if isinstance(value, int | float):
        return [0, -1, value + 1, value * 10**9, str(value), float(value) + 0.5]
    if isinstance(value, str):
        return [value.upper(), value + "/", value + ".", " " + value, value * 30, value + "{x}", value.title()]
    if isinstance(value, list):
        return [value * 2, [*value, None], {}]
    return [[], {}, None]


def _fractions(value: Any) -> bool:
    """Whether a number is written with a fraction although it is whole: JSON Schema takes 1.0 for an integer."""
    if isinstance(value, dict | list):
        return any(map(_fractions, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and value.is_integer()


def _odd(document: Any) -> bool:
    """What the YAML reader itself refuses or Python's `$` reads in another way."""
    text = json.dumps(document)
    return any(sign in text for sign in ("\\u0000", '"<<"', "\\n"))


@settings(max_examples=500, deadline=None)
@given(edited())
def test_the_parser_and_the_schema_agree(made: tuple[str, dict[str, Any]]) -> None:
    kind, document = made
    if _fractions(document) or _odd(document):
        return
    valid = VALIDATORS[kind].is_valid(document)
    try:
        manifest = parse_manifest(json.dumps(document))
    except ManifestInvalid as error:
        if valid:
            assert all(any(said in p.detail for said in BEYOND_SCHEMA) for p in error.problems), error
        return
    assert valid, document
    assert VALIDATORS[kind].is_valid(document_of(manifest))


@settings(max_examples=200, deadline=None)
@given(edited())
def test_what_is_taken_survives_being_written_and_read(made: tuple[str, dict[str, Any]]) -> None:
    try:
        manifest = parse_manifest(json.dumps(made[1]))
    except HandrailError:
        return
    document = document_of(manifest)
    assert manifest_of(type(manifest), json.loads(json.dumps(document))) == manifest
    assert parse_manifest(yaml.safe_dump(document, allow_unicode=True)) == manifest
    assert differences(document, document) == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(DATA_CLASSES), max_size=9))
def test_a_list_of_data_classes_is_taken_when_nothing_is_listed_twice(words: list[str]) -> None:
    text = json.dumps({**APP, "spec": {**APP["spec"], "dataClasses": words}})
    if len(set(words)) == len(words):
        assert parse_manifest(text).data_classes == tuple(words)
    else:
        with pytest.raises(ManifestInvalid):
            parse_manifest(text)
