"""Every rule is documented, and what fails is never silent."""

from pathlib import Path
from typing import Any

import pytest
from tests.rigs.flows import node, workflow

from handrail.governance.checks import ENGINE, RULES, RuleUnknown, check_file, keyed, rule, service
from handrail.language.leaks import default_boundary

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "rules"


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_every_rule_has_a_page_that_agrees(each: Any) -> None:
    text = (PAGES / f"{each.id}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# `{each.id}`: ")
    assert f"Severity: {each.severity}." in text
    for part in ("**What.**", "**Why.**", "**Example.**", "**How to fix.**", *each.refs):
        assert part in text
    row = f"| [`{each.id}`]({each.id}.md) | {each.severity} | {', '.join(each.refs) or '-'} | {each.title} |"
    assert row in (PAGES / "README.md").read_text(encoding="utf-8")


def test_no_page_speaks_of_a_rule_that_is_not_there() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == {each.id for each in RULES}


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(RuleUnknown) as caught:
        rule("leek")
    assert "leak" in caught.value.fix


def test_a_rule_that_fails_is_a_finding_that_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_look: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(service, "FAMILIES", (("leak", broken), *service.FAMILIES))
    findings = check_file(workflow(node("H", "webhook")), "f.json", default_boundary()).findings
    failed = [each for each in findings if each.rule == "check-failed"]
    assert [each.severity for each in failed] == ["block"]
    assert "unauthenticated-endpoint" in {each.rule for each in findings}


def test_a_leak_engine_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(service.leak_engine, "analyse", broken)
    findings = check_file(workflow(node("H", "webhook")), "f.json", default_boundary()).findings
    assert [each.rule for each in findings if each.severity == "block"] == ["check-failed"]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [(b'{"a": 1,\n "a": 2}', "artefact_invalid", 2), (b"{", "artefact_invalid", 1), (b"{}", "artefact_unknown", 0), (b"\xff\xfe", "artefact_invalid", 1)],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_finding_with_its_place(data: bytes, code: str, line: int) -> None:
    report = check_file(data, "f.json", default_boundary())
    assert report.checked == ()
    assert report.error is not None
    assert (report.error.rule, report.error.severity) == ("unreadable", "block")
    assert report.error.evidence["code"] == code
    assert report.error.line == line


def test_the_engine_has_a_revision() -> None:
    assert ENGINE.startswith("k")
    assert service.engine() == ENGINE


def test_keys_stay_when_other_steps_come_and_go() -> None:
    hook, other = node("Hook", "webhook"), node("Other", "set")
    keys = []
    for data in (workflow(hook), workflow(other, hook), workflow(other, node("More", "set"), hook)):
        checked = check_file(data, "f.json", default_boundary()).checked[0]
        own = keyed(checked.findings, checked.definition.graph.steps)
        keys.append([key for key, each in own if each.rule == "unauthenticated-endpoint"])
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0]) == 1
