"""Flows that a person has judged: which ways out of the company there are, and what else is wrong. No others count."""

import json
from pathlib import Path
from typing import Any

import pytest

from handrail.governance.checks import FileReport, check_file
from handrail.language.leaks import default_boundary, read_boundary

FOLDER = Path(__file__).parent / "judged"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
LEAST = {"n8n": 40, "power-automate": 15, "logic-apps": 10, "node-red": 15, "python": 12}


def _report(name: str, row: dict[str, Any]) -> FileReport:
    said = row.get("boundary")
    boundary = read_boundary(json.dumps(said).encode(), "boundary.json") if said else default_boundary()
    return check_file((FOLDER / name).read_bytes(), name.removesuffix(".txt"), boundary)


def _names(report: FileReport) -> dict[str, str]:
    """Return by step id what the judgement calls it: in a script the call, without its line."""
    steps = [step for each in report.checked for step in each.definition.graph.steps]
    return {step.id: step.name if step.line else step.id for step in steps}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_engine_says_what_a_person_said(name: str) -> None:
    row = EXPECTED[name]
    report = _report(name, row)
    names = _names(report)
    leaks = {
        (names[each.evidence["from"]], names[each.evidence["to"]], each.evidence["sink_class"])
        for each in report.findings
        if each.rule == "leak"
    }
    rules = {
        (each.rule, names.get(each.step, each.step))
        for each in report.findings
        if each.severity != "note" and each.rule != "leak"
    }
    judged = {tuple(each) for each in row["leaks"]}, {tuple(each) for each in row["rules"]}
    wrong = {"leaks": leaks - judged[0], "rules": rules - judged[1]}
    missed = {"leaks": judged[0] - leaks, "rules": judged[1] - rules}
    assert not any((*wrong.values(), *missed.values())), f"{row['why']} Wrong: {wrong}. Missed: {missed}."


def test_every_platform_has_flows_with_and_without_problems() -> None:
    files = {each.name for each in FOLDER.iterdir()} - {"expected.json", "README.md"}
    assert files == set(EXPECTED)
    for platform, least in LEAST.items():
        rows = [row for name, row in EXPECTED.items() if name.startswith(platform)]
        assert len(rows) >= least
        assert any(row["leaks"] for row in rows)
        assert any(not row["leaks"] for row in rows)
