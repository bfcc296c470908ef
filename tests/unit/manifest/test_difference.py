"""Changes of a manifest in words, and versions."""

import json
from typing import Any

import pytest
from tests.rigs.manifests import CONNECTOR, changed

from handrail.language.manifest import (
    differences,
    document_of,
    next_version,
    normal_upstream,
    parse_connector,
    shape,
    version_key,
)

EDIT = {"name": "chat.postEphemeral", "method": "POST", "path": "/chat.postEphemeral"}


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("/spec/timeoutMs", 9000, "timeoutMs changes from 5000 to 9000"),
        ("/spec/title", ..., "title is removed (it was 'Slack')"),
        ("/spec/limits/burst", ..., "limits.burst is removed (it was 10)"),
        ("/spec/dataClasses", ["internal", "pii", "phi"], "dataClasses now also has 'phi'"),
        ("/spec/dataClasses", ["pii", "internal"], "dataClasses has another order"),
        ("/spec/operations/2", EDIT, "operation chat.postEphemeral is added (POST /chat.postEphemeral)"),
        ("/spec/operations/1", ..., "operation users.info is removed"),
        (
            "/spec/operations/1/path",
            "/u/{user}",
            "operation users.info.path changes from '/users/{user}' to '/u/{user}'",
        ),
        (
            "/spec/operations/0/price",
            ...,
            'operation chat.postMessage.price is removed (it was {"micros": 100, "currency": "EUR"})',
        ),
    ],
)
def test_a_change_is_told_in_words(pointer: str, value: Any, said: str) -> None:
    old, new = (
        document_of(parse_connector(json.dumps(document)))
        for document in (CONNECTOR, changed(CONNECTOR, pointer, value))
    )
    assert differences(old, new) == (said,)
    assert differences(old, old) == ()


def test_a_long_schema_is_not_repeated() -> None:
    schema = {"description": "x" * 500}
    old, new = (
        document_of(parse_connector(json.dumps(document)))
        for document in (CONNECTOR, changed(CONNECTOR, "/spec/operations/1/responseSchema", schema))
    )
    assert differences(old, new) == ("operation users.info.responseSchema is added: something longer",)


def test_versions_are_ordered_as_semver_says() -> None:
    ordered = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.2.0",
        "1.10.0",
        "2.0.0",
    ]
    shuffled = ordered[5:] + ordered[:5][::-1]
    assert sorted(shuffled, key=version_key) == ordered


@pytest.mark.parametrize(("version", "following"), [("1.0.0", "1.0.1"), ("1.0.0-rc.1", "1.0.0"), ("1.9.9+b", "1.9.10")])
def test_the_next_version_is_the_smallest_above(version: str, following: str) -> None:
    assert next_version(version) == following


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://API.Example.com/", "https://api.example.com"),
        ("https://example.com:443/v1/", "https://example.com/v1"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:8080/A", "http://example.com:8080/A"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_upstream_has_one_form(written: str, kept: str) -> None:
    assert normal_upstream(written) == kept


def test_the_shape_of_a_path_forgets_the_names_of_variables() -> None:
    assert shape("/a/{b}/c") == shape("/a/{x}/c") == ("a", "{}", "c")
