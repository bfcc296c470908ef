"""Files made to exhaust the reader are refused, and fast."""

import json
import time

import pytest

from handrail.kernel.errors import HandrailError
from handrail.language.classify import redact_text
from handrail.language.closure import ClosureInput, Snapshot, diff, take_closure
from handrail.language.importers import ArtefactTooLarge, read_artefact

MIB = 1024 * 1024
SECONDS = 10.0  # of CPU, on a slow and shared machine


def _flow(text: str) -> bytes:
    node = {"name": "A", "type": "n8n-nodes-base.code", "parameters": {"jsCode": text}}
    return json.dumps({"nodes": [node], "connections": {}}).encode()


BOMBS = {
    "nested lists": b"[" * (4 * MIB),
    "nested objects": b'{"a":' * 500_000,
    "closed nesting": b"[" * 100_000 + b"]" * 100_000,
    "too large": b" " * (9 * MIB),
    "many empty lists": b"[" + b"[]," * (2 * MIB) + b"[]]",
    "a huge number": b"[" + b"9" * (7 * MIB) + b"]",
    "a huge exponent": b"[1e" + b"9" * 1000 + b"]",
    "a late duplicate": b"{" + b",".join(b'"k%d":1' % each for each in range(400_000)) + b',"k0":2}',
    "an open string": b'{"a": "' + b'\\"' * (3 * MIB),
    "not closed": b'{"a": [' + b'"x",' * MIB,
    "no text": b"\xff" * MIB,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_json_bomb_is_refused_fast(name: str) -> None:
    begin = time.process_time()
    with pytest.raises(HandrailError) as refused:
        read_artefact(BOMBS[name], "bomb.json")
    assert time.process_time() - begin < SECONDS
    assert refused.value.code in {"artefact_invalid", "artefact_too_large"}
    assert len(refused.value.message) < 300


def test_a_flow_of_the_largest_size_is_read_in_time() -> None:
    begin = time.process_time()
    read_artefact(_flow("const a = b + c; // x\n" * 330_000), "large.json")
    assert time.process_time() - begin < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "a" * MIB,
        "a://" * (MIB // 4),
        "a:" * (MIB // 2),
        "http://" + "a:" * (MIB // 4),
        "eyJ" * (MIB // 3),
        "eyJaaaaaaaa." * (MIB // 12),
        "sk-" * (MIB // 3),
        "bearer " * (MIB // 7),
        "password" * (MIB // 8),
        "password = '" * (MIB // 12),
        "-----BEGIN PRIVATE KEY-----" * (MIB // 27),
        "1" * MIB,
        "{{" * (MIB // 2),
        "${" * (MIB // 2),
        "?key=" * (MIB // 5),
        "xoxb-" * (MIB // 5),
        "basic " * (MIB // 6),
    ],
    ids=lambda text: text[:12],
)
def test_no_text_makes_the_patterns_slow(text: str) -> None:
    begin = time.process_time()
    redact_text(text)
    read_artefact(_flow(text), "x.json")
    url = {"name": "A", "type": "n8n-nodes-base.httpRequest", "parameters": {"url": "=" + text}}
    read_artefact(json.dumps({"nodes": [url], "connections": {}}).encode(), "x.json")
    assert time.process_time() - begin < SECONDS


def test_a_difference_of_large_texts_is_made_in_time() -> None:
    def snapshot(text: str) -> Snapshot:
        artefact = read_artefact(_flow(text), "x.json")
        return Snapshot(take_closure(ClosureInput(artefact.source_digest)).document, artefact.graph, artefact.source)

    old = snapshot("\n".join(str(each) for each in range(100_000)))
    new = snapshot("\n".join(str(each) for each in range(100_000, 0, -1)))
    begin = time.process_time()
    assert diff(old, new)
    assert time.process_time() - begin < SECONDS


def test_a_list_of_many_workflows_that_call_each_other_ends() -> None:
    def workflow(index: int) -> dict:
        calls = [
            {"name": f"n{each}", "type": "n8n-nodes-base.executeWorkflow", "parameters": {"workflowId": str(each)}}
            for each in range(1, 60)
        ]
        return {"id": str(index), "name": f"w{index}", "nodes": calls, "connections": {}}

    data = json.dumps([workflow(each) for each in range(1, 60)]).encode()
    begin = time.process_time()
    assert len(read_artefact(data, "x.json", part="1").reachable) == 58
    assert time.process_time() - begin < SECONDS


def test_too_many_values_are_refused_as_too_large() -> None:
    with pytest.raises(ArtefactTooLarge):
        read_artefact(BOMBS["many empty lists"], "x.json")
