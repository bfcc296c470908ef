"""Definitions in, artefacts out. Read the difference before you accept it (`make golden`).

A changed `digest` here voids every approval in the field: then it is a new source form, not a new golden file.
"""

import json
import os
from pathlib import Path

import pytest

from handrail.language.graph import to_json
from handrail.language.importers import read_artefact

CASES = sorted(
    path for path in (Path(__file__).parent / "importers").glob("*.json") if not path.name.endswith(".out.json")
)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_definition_reads_as_exactly_this(case: Path) -> None:
    artefact = read_artefact(case.read_bytes(), case.name)
    actual = {
        "platform": artefact.platform,
        "name": artefact.name,
        "digest": artefact.source_digest,
        "source": artefact.source,
        "graph": to_json(artefact.graph),
        "unresolved": artefact.unresolved,
        "findings": [[each.rule, each.text, each.step, each.pointer] for each in artefact.findings],
    }
    text = json.dumps(actual, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    expected = case.with_suffix(".out.json")
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(text)
    assert text == expected.read_text()
