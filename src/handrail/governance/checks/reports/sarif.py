"""SARIF 2.1.0: what a code host shows beside the lines of a pull request."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from handrail.governance.checks.model import Finding, Rule
from handrail.governance.checks.registry import RULES, rule
from handrail.governance.checks.reports.showing import Shown, printable
from handrail.governance.checks.service import FileReport, keyed

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
PAGES: Final = "https://github.com/handrail-dev/handrail/blob/main/docs/reference/rules/"
_LEVELS: Final = {"block": "error", "warn": "warning", "note": "note"}
_RANKS: Final = {"block": 80.0, "warn": 50.0, "note": 10.0}


def sarif(files: Iterable[tuple[str, FileReport, Shown]], *, version: str, engine: str) -> dict[str, Any]:
    """Return one SARIF log with one run.

    Args:
        files: (path relative to where the code host looks, what was found, the text without secrets).
        version: Handrail's.
        engine: Revision of rules and packs.
    """
    results = []
    used: dict[str, Rule] = {}
    for file, report, text in files:
        if report.error:
            used[report.error.rule] = rule(report.error.rule)
            results.append(_result(file, "0", "unreadable", report.error, text, {}))
        for checked in report.checked:
            names = {step.id: step.name for step in checked.definition.graph.steps}
            for key, finding in keyed(checked.findings, checked.definition.graph.steps):
                used[finding.rule] = rule(finding.rule)
                results.append(_result(file, str(checked.definition.index), key, finding, text, names))
    rules = [each for each in RULES if each.id in used]
    order = {each.id: number for number, each in enumerate(rules)}
    for each in results:
        each["ruleIndex"] = order[each["ruleId"]]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Handrail",
                        "version": version,
                        "properties": {"engine": engine},
                        "rules": [_rule(each) for each in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder that was checked."}}},
                "results": results,
            }
        ],
    }


def _rule(each: Rule) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": "".join(word.capitalize() for word in each.id.split("-")),
        "shortDescription": {"text": each.title},
        "help": {"text": each.help, "markdown": f"{each.help}\n\nSee `docs/reference/rules/{each.id}.md`."},
        "defaultConfiguration": {"level": _LEVELS[each.severity], "rank": _RANKS[each.severity]},
        "properties": {"tags": ["security", *each.refs], "precision": "high"},
    }


def _result(file: str, index: str, key: str, finding: Finding, text: Shown, names: Mapping[str, str]) -> dict[str, Any]:
    line, column, end_line, end_column = text.place(finding)
    message = printable(f"{finding.text} {finding.why}".strip())
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(file.replace("\\", "/")), "uriBaseId": "SRCROOT"},
            "region": {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
        }
    }
    if finding.step or finding.pointer:
        location["logicalLocations"] = [
            {
                "name": printable(finding.step or finding.pointer),
                "fullyQualifiedName": printable(finding.pointer),
                "kind": "element",
            }
        ]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": 0,
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {
            "handrailFinding/v1": hashlib.sha256(
                f"{file}\0{index}\0{key}".encode("utf-8", "surrogatepass")
            ).hexdigest()[:32]
        },
        "properties": {"refs": list(finding.refs), "evidence": _plain(finding.evidence)},
    }
    path = finding.evidence.get("path")
    if isinstance(path, list) and len(path) > 1:
        result["codeFlows"] = [
            {"threadFlows": [{"locations": [_hop(location, names.get(each, each)) for each in path]}]}
        ]
    fix = finding.fix
    if fix and fix.text:
        result["properties"]["fix"] = printable(fix.text)
    if fix and fix.checked and fix.replace:
        result["fixes"] = [_fix(location, fix.text, fix.replace)]
    return result


def _hop(location: Mapping[str, Any], step: Any) -> dict[str, Any]:
    return {"location": {"physicalLocation": location["physicalLocation"], "message": {"text": printable(str(step))}}}


def _fix(location: Mapping[str, Any], text: str, changes: Iterable[tuple[int, str, str]]) -> dict[str, Any]:
    where = location["physicalLocation"]["artifactLocation"]
    return {
        "description": {"text": printable(text)},
        "artifactChanges": [
            {
                "artifactLocation": where,
                "replacements": [
                    {
                        # The whole line: how long it is with its secret, nobody else needs to know.
                        "deletedRegion": {"startLine": number, "startColumn": 1, "endLine": number + 1, "endColumn": 1},
                        "insertedContent": {"text": f"{new}\n"},
                    }
                    for number, _, new in changes
                ],
            }
        ],
    }


def _plain(evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {key: printable(value) if isinstance(value, str) else value for key, value in evidence.items()}
