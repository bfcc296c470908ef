"""Checks over the real flows: every pointer leads somewhere, every fix was tried, and the figures don't fall."""

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.rigs.corpus import measure, read_corpus
from tests.rigs.score import score

from handrail.governance.checks import verified
from handrail.governance.checks.json_patch import resolve
from handrail.language.importers.positions import exactly
from handrail.language.leaks import default_boundary

pytestmark = pytest.mark.shared
# Floors, a little below what was measured: a change that goes below one explains itself.
STEPS_RESOLVED = {"n8n": 0.99, "node-red": 0.99, "power-automate": 0.99, "logic-apps": 0.99}
REFERENCES_JOINED = 0.99
POSITIONS_EXACT = 0.99
MECHANICAL = 0.30
GRAPHS_EXACT = 0.99
F1 = {"leak": 0.9, "leak_pairs": 0.85, "secret": 0.9, "personal": 0.9, "no_error_handling": 0.95}


@pytest.fixture(scope="module")
def corpus(shared_data: Path):
    return read_corpus(shared_data / "flows")


def test_every_pointer_leads_to_something_that_the_text_holds(corpus) -> None:
    for each in corpus:
        pointers = set()
        for checked in each.report.checked:
            for finding in checked.findings:
                held = resolve(checked.definition.document, finding.pointer, None)
                assert held is not None or finding.pointer == "", f"{each.name}: {finding.rule} {finding.pointer}"
                pointers.add(finding.pointer)
        text = each.data.decode("utf-8-sig")
        wrong = [pointer for pointer, exact in exactly(text, pointers).items() if not exact]
        assert wrong == [], each.name


def test_no_check_fails_and_no_text_holds_a_secret(corpus) -> None:
    rules = Counter(finding.rule for each in corpus for finding in each.report.findings)
    assert rules["check-failed"] == 0
    assert rules["unreadable"] == 0
    assert rules["leak"] > 0


def test_every_offered_fix_was_tried_and_many_are_mechanical(corpus) -> None:
    count: Counter[str] = Counter()
    for each in corpus:
        for finding in verified(each.data, each.name, default_boundary(), each.report).findings:
            assert finding.fix is not None
            assert finding.fix.text
            assert finding.fix.mechanical == finding.fix.checked
            count["all"] += 1
            count["mechanical"] += finding.fix.mechanical
    assert count["mechanical"] / count["all"] >= MECHANICAL, count


def test_the_coverage_does_not_fall(corpus) -> None:
    figures = measure(corpus)
    for platform, floor in STEPS_RESOLVED.items():
        assert figures["steps_resolved"][platform] >= floor, json.dumps(figures, indent=1)
    assert figures["positions_exact"] >= POSITIONS_EXACT
    assert figures["references_joined"] >= REFERENCES_JOINED


def test_the_score_does_not_fall(shared_data: Path) -> None:
    found = score(shared_data)
    if found is None:
        pytest.skip("the scorer is not here")
    assert found["graphs_exact"] >= GRAPHS_EXACT
    for name, floor in F1.items():
        assert found["risk"][name]["f1"] >= floor, json.dumps(found["risk"], indent=1)
