"""Secrets and personal accounts in real flows, against what a person labelled. The floors were reached; n is small."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handrail.language.classify import Found, accounts_in, redact

pytestmark = pytest.mark.shared

PLATFORMS = {
    "n8n": "n8n",
    "nodered": "node-red",
    "logicapps": "logic-apps",
    "powerautomate": "power-automate",
}
SAMPLES = ("/pinData/",)


def _platform(file: str) -> str:
    return PLATFORMS[file.split("/", maxsplit=1)[0]]


def _steps(value: Any, pointer: str = "") -> Iterator[tuple[str, Any, str]]:
    """Yield (name, node, pointer) of whatever looks like a step, in any builder's form."""
    if isinstance(value, dict):
        for key, each in value.items():
            at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in {"actions", "triggers"} and isinstance(each, dict):
                yield from ((name, node, f"{at}/{name}") for name, node in each.items())
            if key == "nodes" and isinstance(each, list):
                yield from ((node.get("name", ""), node, f"{at}/{index}") for index, node in enumerate(each))
            yield from _steps(each, at)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict) and "wires" in each:
                yield each.get("type", ""), each, f"{pointer}/{index}"
            yield from _steps(each, f"{pointer}/{index}")


def _is_comment(node: Any) -> bool:
    return isinstance(node, dict) and "stickyNote" in str(node.get("type"))


def _alarms(document: Any, platform: str) -> list[Found]:
    comments = [f"{pointer}/" for _name, node, pointer in _steps(document) if _is_comment(node)]
    return [
        each
        for each in redact(document, platform)[1]
        if each.certain and not each.pointer.startswith((*SAMPLES, *comments))
    ]


def _labels(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "labels" / "flow_labels.jsonl").read_text().splitlines()
    return [label for label in map(json.loads, lines) if label["confidence"] != "low"]


def _document(shared_data: Path, file: str) -> Any:
    return json.loads((shared_data / "flows" / file).read_bytes())


def test_secrets_are_told_from_placeholders_and_in_the_right_step(shared_data: Path) -> None:
    wrong = []
    labels = _labels(shared_data)
    for label in labels:
        document = _document(shared_data, label["file"])
        alarms = _alarms(document, _platform(label["file"]))
        steps = {
            name
            for name, _node, pointer in _steps(document)
            for each in alarms
            if each.pointer.startswith(f"{pointer}/")
        }
        if bool(alarms) != label["hardcoded_secret"] or not set(label["secret_steps"]) <= steps:
            wrong.append(label["file"])
    assert (len(labels) - len(wrong)) / len(labels) >= 1.0, wrong


def test_every_flow_in_which_a_secret_was_masked_raises_an_alarm(shared_data: Path) -> None:
    rows = [json.loads(line) for line in (shared_data / "flows" / "MANIFEST.jsonl").read_text().splitlines()]
    missed, alarms = [], 0
    for row in rows:
        found = _alarms(_document(shared_data, row["file"]), _platform(row["file"]))
        alarms += bool(found)
        if row["masked_secrets"] and not found:
            missed.append(row["file"])
    assert missed == []
    assert alarms <= 12, "more alarms than read by eye"


def test_personal_accounts_are_told_from_placeholders(shared_data: Path) -> None:
    wrong = []
    labels = _labels(shared_data)
    for label in labels:
        document = _document(shared_data, label["file"])
        values = {
            each.value
            for _name, node, _pointer in _steps(document)
            if not _is_comment(node)
            for each in accounts_in(node, _platform(label["file"]))
        }
        if values != ({label["personal_account"]} - {"none"}):
            wrong.append(label["file"])
    assert (len(labels) - len(wrong)) / len(labels) >= 1.0, wrong
