"""Flows made to exhaust the readers of Microsoft's and Open Workflow's language end in time."""

import json
import time
from typing import Any

import pytest

from handrail.language.importers import read_definitions

SECONDS = 20.0  # of CPU, on a slow and shared machine
MANY = 20_000


def _flow(actions: dict[str, Any], triggers: int = 1) -> dict[str, Any]:
    return {
        "definition": {"triggers": {f"t{index}": {"type": "Request"} for index in range(triggers)}, "actions": actions}
    }


def _compose(text: Any, after: str = "") -> dict[str, Any]:
    return {"type": "Compose", "inputs": text, "runAfter": {after: ["Succeeded"]} if after else {}}


def _set(name: str, value: str, after: str = "") -> dict[str, Any]:
    return {**_compose({"name": name, "value": value}, after), "type": "SetVariable"}


def _document(*texts: str) -> dict[str, Any]:
    tasks = [{"a": {"set": {"x": text}, "export": {"as": 1}}} for text in texts]
    return {"document": {"dsl": "1.0.3"}, "do": tasks}


FLOWS = {
    "a long chain": lambda: _flow({f"a{at}": _compose("@triggerBody()", f"a{at - 1}") for at in range(MANY)}),
    "one name in many scopes": lambda: _flow(
        {f"s{at}": {"type": "Scope", "actions": {"x": _compose("@outputs('x')")}} for at in range(MANY)}
    ),
    "many values of a variable": lambda: _flow({f"s{at}": _set("v", "@variables('v')") for at in range(MANY)}),
    "many variables in order": lambda: _flow(
        {f"s{at}": _set(f"v{at % 700}", "1", f"s{at - 1}") for at in range(1400)}
        | {"use": _compose(" ".join(f"@{{variables('v{at}')}}" for at in range(700)), "s1399")}
    ),
    "many results of many steps": lambda: _flow(
        {"S": {"type": "Scope", "actions": {f"a{at}": _compose(1) for at in range(3000)}}}
        | {f"u{at}": _compose("@result('S')") for at in range(3000)}
    ),
    "many triggers": lambda: _flow({f"a{at}": _compose("@triggerBody()") for at in range(3000)}, 3000),
    "expressions that open": lambda: _flow({"a": _compose("@{" * 1_000_000)}),
    "calls in calls": lambda: _flow({"a": _compose("@concat(" + "outputs('a'," * 300_000)}),
    "quotes": lambda: _flow({"a": _compose("@'" + "''" * 1_000_000)}),
    "a long path": lambda: _flow({"a": _compose("@body('a')" + "?['a']" * 500_000)}),
    "an address of questions": lambda: _flow({"a": {"type": "Http", "inputs": {"uri": "@{x?}" * 300_000}}}),
    "a context for all": lambda: _document(*["${ $context.a }"] * MANY),
    "interpolations that open": lambda: _document("${ " + '"\\(' * 500_000 + " }"),
}


@pytest.mark.parametrize("name", list(FLOWS))
def test_a_flow_is_read_in_time(name: str) -> None:
    data = json.dumps(FLOWS[name]()).encode()
    begin = time.process_time()
    (found,) = read_definitions(data, "x.json")
    assert time.process_time() - begin < SECONDS
    assert len(found.graph.data) < 200_000
