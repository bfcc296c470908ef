"""Declared state in, Envoy's files out: read the difference before you accept it (`make golden`)."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from handrail.runtime.hub.compile import compile_quarantine, compile_state, compile_tls
from handrail.runtime.hub.model import (
    DeclaredConnection,
    DeclaredOperation,
    DeclaredState,
    EndedKey,
    Issuer,
    Refusal,
)

CASES = sorted((Path(__file__).parent / "hub").glob("*.in.json"))


def _state(document: dict) -> DeclaredState:
    connections = tuple(
        DeclaredConnection(
            **{
                **found,
                "operations": tuple(
                    DeclaredOperation(**{**operation, "keys": tuple(operation["keys"])})
                    for operation in found["operations"]
                ),
                "retry_statuses": tuple(found.get("retry_statuses", ())),
            }
        )
        for found in document["connections"]
    )
    return DeclaredState(
        revision=document["revision"],
        hub_url=document["hub_url"],
        environments=tuple(document["environments"]),
        issuers=tuple(Issuer(**{**found, "audiences": tuple(found["audiences"])}) for found in document["issuers"]),
        connections=connections,
        refusals=tuple(
            Refusal(**{**found, "connections": tuple(found["connections"])}) for found in document["refusals"]
        ),
        ended=tuple(EndedKey(**{**found, "connections": tuple(found["connections"])}) for found in document["ended"]),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.removesuffix(".in.json"))
def test_a_declared_state_compiles_to_exactly_these_files(case: Path) -> None:
    document = json.loads(case.read_text())
    state = _state(document)
    compiled = compile_state(state)
    actual = {
        **compiled.files,
        **compile_tls(state),
        "quarantine.json": compile_quarantine(document["quarantined"]),
        "upstreams.json": [asdict(upstream) for upstream in compiled.upstreams],
    }
    text = json.dumps(actual, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    expected = case.with_name(case.name.replace(".in.json", ".out.json"))
    if os.environ.get("TEST_GOLDEN") == "write" and not os.environ.get("CI"):
        expected.write_text(text)
    assert text == expected.read_text()


def test_there_are_golden_pairs() -> None:
    assert len(CASES) >= 3


def test_the_same_state_in_another_order_gives_the_same_bytes() -> None:
    document = json.loads(CASES[-1].read_text())
    again = {**document, "connections": list(reversed(document["connections"]))}
    assert json.dumps(compile_state(_state(document)).files) == json.dumps(compile_state(_state(again)).files)
