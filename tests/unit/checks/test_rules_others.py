"""Rules on small flows of Node-RED."""

from typing import Any

import pytest
from tests.rigs.flows import found, node_red


def function(code: str) -> dict[str, Any]:
    return {"id": "f", "type": "function", "name": "Work", "func": code, "outputs": 1}


IN = {"id": "i", "type": "http in", "url": "/in", "method": "post", "wires": [["f"]]}
CATCH = {"id": "c", "type": "catch", "wires": [["f"]]}
HOLDS: list[tuple[str, bytes]] = [
    ("no-error-handling", node_red({"id": "a", "type": "inject", "wires": [["f"]]}, function("return msg"))),
    ("unauthenticated-endpoint", node_red(IN, function("return msg"))),
    ("plain-http", node_red({"id": "h", "type": "http request", "url": "http://api.example.org/x", "method": "GET"})),
    ("tls-not-verified", node_red({"id": "s", "type": "tls-config", "verifyservercert": False})),
    ("injection", node_red(IN, function("msg.topic = \"SELECT * FROM t WHERE id = '\" + msg.payload.id;\nreturn msg"))),
    ("code-step", node_red(function("return msg"))),
    ("fast-polling", node_red({"id": "a", "type": "inject", "repeat": "30", "wires": [["f"]]}, function("return msg"))),
    ("unwired-step", node_red(IN, function("return msg"), {"id": "q", "type": "http request", "url": "https://x.example.org"})),
]  # fmt: skip
HOLDS_NOT: list[tuple[str, bytes]] = [
    ("no-error-handling", node_red(IN, function("return msg"), CATCH)),
    ("plain-http", node_red({"id": "h", "type": "http request", "url": "http://127.0.0.1:1880/x"})),
    ("tls-not-verified", node_red({"id": "s", "type": "tls-config", "verifyservercert": True})),
    ("injection", node_red(IN, function('msg.topic = "SELECT 1";\nreturn msg'))),
    ("fast-polling", node_red({"id": "a", "type": "inject", "repeat": "", "wires": [["f"]]}, function("return msg"))),
    ("unwired-step", node_red(IN, function("return msg"))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "data"), HOLDS, ids=[each[0] for each in HOLDS])
def test_it_is_found(rule: str, data: bytes) -> None:
    assert found(data, rule)


@pytest.mark.parametrize(("rule", "data"), HOLDS_NOT, ids=[each[0] for each in HOLDS_NOT])
def test_it_is_not_found(rule: str, data: bytes) -> None:
    assert found(data, rule) == []
