"""What is declared in, closures out. A changed digest here voids every approval: it needs a new prefix, not new files."""

import json
import os
from pathlib import Path

import pytest

from handrail.language.closure import Closure, ClosureInput, take_closure

CASES = sorted((Path(__file__).parent / "closure").glob("*.in.json"))


def _closure(document: dict) -> Closure:
    return take_closure(
        ClosureInput(
            root_source_digest=document["root"],
            reachable=frozenset(map(tuple, document.get("reachable", ()))),
            operations=frozenset(map(tuple, document.get("operations", ()))),
            connections=frozenset(map(tuple, document.get("connections", ()))),
            scopes=frozenset(document.get("scopes", ())),
            egress=frozenset(document.get("egress", ())),
            data_classes=frozenset(document.get("dataClasses", ())),
            constants=document.get("constants", {}),
            unknown=frozenset(document.get("unknown", ())),
        )
    )


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name.removesuffix(".in.json"))
def test_a_closure_has_exactly_this_digest(case: Path) -> None:
    closure = _closure(json.loads(case.read_text()))
    actual = {"digest": closure.digest, "document": closure.document}
    text = json.dumps(actual, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    expected = case.with_name(case.name.replace(".in.json", ".out.json"))
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(text)
    assert text == expected.read_text()


def test_there_are_golden_pairs() -> None:
    assert len(CASES) >= 2
