"""Flows made to exhaust the checks end in time."""

import json
import time
from collections.abc import Callable

import pytest
from tests.rigs.flows import node, node_red, power_automate, workflow

from handrail.governance.checks import check_file, verified
from handrail.governance.checks.reports import junit, sarif, scan_row, shown
from handrail.language.leaks import default_boundary

SIZE = 1_000_000
BUDGET_S = 30.0


def _code(text: str) -> bytes:
    hook = node("Hook", "webhook", {"path": "x"})
    return workflow(hook, node("Code", "code", {"jsCode": text * (SIZE // len(text))}), wires=[("Hook", "Code")])


def _mail(text: str) -> bytes:
    asked = {"resource": "message", "operation": "send", "message": "={{ $json.body }}" + text * (SIZE // len(text))}
    return workflow(node("Hook", "webhook", {"path": "x"}), node("Mail", "gmail", asked), wires=[("Hook", "Mail")])


def _url(text: str) -> bytes:
    return workflow(
        node("Hook", "webhook"),
        node("Call", "httpRequest", {"url": "={{ $json.u }}" + text * (SIZE // len(text))}),
        wires=[("Hook", "Call")],
    )


def _entrances() -> bytes:
    hooks = [node(f"h{number}", "webhook", {"path": str(number)}) for number in range(120)]
    sets = [node(f"s{number}", "set") for number in range(120)]
    calls = [node(f"c{number}", "httpRequest", {"url": "={{ $json.url }}"}) for number in range(120)]
    wires = [(f"h{number}", f"s{number}") for number in range(120)]
    wires += [(f"s{number}", f"s{number + 1}") for number in range(119)] + [
        (f"s{number}", f"c{number}") for number in range(120)
    ]
    return workflow(*hooks, *sets, *calls, wires=wires)


def _dangling() -> bytes:
    return workflow(
        *(node(f"n{number}", "set") for number in range(1500)),
        wires=[(f"n{number}", f"gone{number}") for number in range(1500)],
    )


def _secrets() -> bytes:
    rows = [{"name": "x-api-key", "value": f"9f3kd02mxl48vq{number:06d}"} for number in range(1000)]
    return workflow(
        node("Call", "httpRequest", {"url": "https://a.example.org", "headerParameters": {"parameters": rows}})
    )


def _tabs() -> bytes:
    return node_red(
        *({"id": f"n{number}", "type": "function", "z": f"t{number}", "func": "return msg"} for number in range(3000))
    )


def _actions() -> bytes:
    return power_automate(
        {"manual": {"type": "Request", "kind": "Http"}},
        {f"a{number}": {"type": "Compose", "inputs": "x", "runAfter": {f"a{number - 1}": ["Failed"]} if number else {}} for number in range(2500)},
    )  # fmt: skip


BOMBS: dict[str, Callable[[], bytes]] = {
    "sql": lambda: _code('"select '),
    "sql without an end": lambda: _code("select "),
    "shell": lambda: _code("curl "),
    "unclosed tags": lambda: _mail("<a"),
    "braces": lambda: _mail("{{"),
    "address of braces": lambda: _url("{{"),
    "address of expressions": lambda: _url("{{a}}"),
    "addresses": lambda: _mail("a.b+c-"),
    "entrances": _entrances,
    "dangling wires": _dangling,
    "secrets": _secrets,
    "tabs": _tabs,
    "actions": _actions,
}


@pytest.mark.parametrize("name", BOMBS)
def test_checks_of_a_bomb_end_in_time(name: str) -> None:
    data = BOMBS[name]()
    start = time.process_time()
    report = verified(data, "bomb.json", default_boundary(), check_file(data, "bomb.json", default_boundary()))
    text = shown(data, report)
    json.dumps([scan_row("bomb.json", each) for each in report.checked])
    json.dumps(sarif([("bomb.json", report, text)], version="0", engine="0"))
    junit([("bomb.json", report, text)], frozenset({"block"}))
    for finding in report.findings[:200]:
        text.excerpt(finding)
    assert "check-failed" not in {each.rule for each in report.findings}
    assert time.process_time() - start < BUDGET_S
