"""Halves of characters, which cut-off texts leave behind, are read as U+FFFD: everywhere, and with their places."""

import json

import pytest

from handrail.governance.checks import check_file, mend
from handrail.language.importers import ArtefactInvalid, read_artefact, read_definitions
from handrail.language.importers.positions import exactly
from handrail.language.leaks import default_boundary

FLOW = {
    "nodes": [
        {
            "name": "Half \ud83d",
            "type": "n8n-nodes-base.httpRequest",
            "parameters": {"url": "http://a.example.org/\ud83d", "k\udc00": {"text": "\udc00\ud800"}},
        }
    ],
    "connections": {},
}
DATA = json.dumps(FLOW).encode()


def test_what_is_read_can_be_stored() -> None:
    (definition,) = read_definitions(DATA, "x.json")
    json.dumps(definition.document, ensure_ascii=False).encode()
    assert definition.document["nodes"][0]["parameters"]["k\ufffd"] == {"text": "\ufffd\ufffd"}
    assert definition.graph.steps[0].id == "Half \ufffd"


def test_whole_pairs_stay() -> None:
    (definition,) = read_definitions(DATA.replace(b"\\ud83d", b"\\ud83d\\ude00"), "x.json")
    assert definition.graph.steps[0].id == "Half \U0001f600"


def test_places_are_found_in_the_text() -> None:
    pointers = ["/nodes/0/parameters/k\ufffd/text", "/nodes/0/name"]
    assert all(exactly(DATA.decode(), pointers).values())


def test_a_fix_can_be_made() -> None:
    mended = mend(DATA, "x.json", default_boundary(), rules=["plain-http"])
    assert mended.resolved
    assert json.loads(mended.data)["nodes"][0]["parameters"]["k\udc00"] == {"text": "\udc00\ud800"}


def test_keys_that_become_the_same_are_refused_with_their_place() -> None:
    with pytest.raises(ArtefactInvalid, match="twice") as refused:
        read_definitions(b'{"nodes": [],\n "a\\ud800": 1, "a\\udc00": 2, "connections": {}}', "x.json")
    assert refused.value.place == "x.json:2:16"


def test_scripts_spell_them_too() -> None:
    data = b"import requests\nrequests.get('http://a.test/\\ud800', headers={'a\\udc00': 'b'})\n"
    (definition,) = read_definitions(data, "x.py")
    for step in definition.graph.steps:
        f"{step.id}{step.url}{step.path}".encode()
    check_file(data, "x.py", default_boundary())


def test_what_is_digested_still_refuses_them() -> None:
    with pytest.raises(ArtefactInvalid, match="half of a character"):
        read_artefact(DATA, "x.json")
