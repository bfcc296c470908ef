"""Small flows of every builder, to be checked."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from handrail.governance.checks import Finding, check_file
from handrail.language.leaks import default_boundary

N8N = "n8n-nodes-base."
LANGCHAIN = "@n8n/n8n-nodes-langchain."


def node(name: str, kind: str, parameters: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return a node of n8n; a type without a package is one of n8n's own."""
    return {
        "name": name,
        "type": kind if "." in kind else N8N + kind,
        "typeVersion": more.pop("version", 4.2),
        "position": [0, 0],
        "parameters": dict(parameters or {}),
        **more,
    }


def workflow(
    *nodes: dict[str, Any], wires: Iterable[tuple[str, str] | tuple[str, str, str]] = (), **more: Any
) -> bytes:
    """Return an n8n export; `wires` are (from, to) or (from, to, kind)."""
    connections: dict[str, Any] = {}
    for wire in wires:
        source, target = wire[0], wire[1]
        kind = wire[2] if len(wire) > 2 else "main"
        ports = connections.setdefault(source, {}).setdefault(kind, [[]])
        ports[0].append({"node": target, "type": kind, "index": 0})
    return json.dumps({"name": "Flow", "nodes": list(nodes), "connections": connections, **more}, indent=2).encode()


def node_red(*nodes: Mapping[str, Any]) -> bytes:
    """Return Node-RED's flows with one tab."""
    return json.dumps([{"id": "t", "type": "tab", "label": "Tab"}, *({"z": "t", "x": 0, "y": 0, "wires": [], **each} for each in nodes)], indent=4).encode()  # fmt: skip


def power_automate(triggers: Mapping[str, Any], actions: Mapping[str, Any]) -> bytes:
    """Return a definition as a solution holds it."""
    definition = {
        "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "$connections": {"defaultValue": {}, "type": "Object"},
            "$authentication": {"defaultValue": {}, "type": "SecureObject"},
        },
        "triggers": dict(triggers),
        "actions": dict(actions),
    }
    return json.dumps({"properties": {"connectionReferences": {}, "definition": definition}, "schemaVersion": "1.0.0.0"}, indent=2).encode()  # fmt: skip


def found(data: bytes, rule: str, file: str = "flow.json") -> list[Finding]:
    """Return the findings of one rule in a file."""
    report = check_file(data, file, default_boundary())
    assert report.error is None, report.error
    return [each for each in report.findings if each.rule == rule]


ASKING_HOOK = node("Hook", "webhook", {"path": "in", "authentication": "headerAuth"}, version=2)
"""A webhook that asks who calls."""
