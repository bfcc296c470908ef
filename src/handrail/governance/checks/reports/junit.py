"""JUnit XML: one test case per definition, failed when something blocks."""

import re
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from handrail.governance.checks.model import Finding
from handrail.governance.checks.reports.showing import Shown, printable
from handrail.governance.checks.service import FileReport

_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(files: Iterable[tuple[str, FileReport, Shown]], fails: frozenset[str]) -> str:
    """Return one test suite per file.

    Args:
        files: (path, what was found, the text without secrets).
        fails: Severities that fail a case (`block`); others are written to its output.
    """
    suites = [_suite(file, report, text, fails) for file, report, text in files]
    tests, failures = sum(each[1] for each in suites), sum(each[2] for each in suites)
    head = f'<testsuites name="handrail" tests="{tests}" failures="{failures}" errors="0">'
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', head, *(each[0] for each in suites), "</testsuites>", ""]
    )


def _suite(file: str, report: FileReport, text: Shown, fails: frozenset[str]) -> tuple[str, int, int]:
    cases = []
    if report.error:
        cases.append(_case(file, "the file can be read", [report.error], text, fails))
    for checked in report.checked:
        name = checked.definition.name or f"definition {checked.definition.index}"
        cases.append(_case(file, name, checked.findings, text, fails))
    failures = sum(failed for _, failed in cases)
    head = f'  <testsuite name={_attribute(file)} tests="{len(cases)}" failures="{failures}" errors="0" skipped="0">'
    return "\n".join([head, *(body for body, _ in cases), "  </testsuite>"]), len(cases), failures


def _case(file: str, name: str, findings: Iterable[Finding], text: Shown, fails: frozenset[str]) -> tuple[str, bool]:
    held = list(findings)
    failing = [each for each in held if each.severity in fails]
    rest = [each for each in held if each.severity not in fails]
    lines = [f"    <testcase classname={_attribute(file)} name={_attribute(name)}>"]
    if failing:
        first = failing[0]
        words = f"{len(failing)} finding{'s'[: len(failing) != 1]}: {first.text}"
        body = "\n".join(_line(file, each, text) for each in failing)
        lines.append(
            f"      <failure type={_attribute(first.rule)} message={_attribute(words)}>{_text(body)}</failure>"
        )
    if rest:
        body = "\n".join(_line(file, each, text) for each in rest)
        lines.append(f"      <system-out>{_text(body)}</system-out>")
    lines.append("    </testcase>")
    return "\n".join(lines), bool(failing)


def _line(file: str, finding: Finding, text: Shown) -> str:
    line, column, _, _ = text.place(finding)
    fix = f" Fix: {finding.fix.text}" if finding.fix and finding.fix.text else ""
    return f"{file}:{line}:{column}: {finding.severity}: {finding.text} [{finding.rule}]{fix}"


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", printable(text)))


def _text(text: str) -> str:
    return escape("\n".join(_NO_XML.sub("\ufffd", printable(line)) for line in text.split("\n")))
