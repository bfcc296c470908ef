"""One object per definition, as `handrail scan` prints it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from handrail.governance.checks.model import Finding
from handrail.governance.checks.service import Checked, keyed
from handrail.language.graph import Edge, Graph, Step

_PLAIN_KINDS: Final = {"http": "action", "subflow": "action"}
_STEP_NAMES: Final = ("from", "to", "step", "agent")


def scan_row(file: str, checked: Checked) -> dict[str, Any]:
    """Return a definition with its graph and findings; `file` is its path as readers of the output know it."""
    definition = checked.definition
    graph = definition.graph
    names = _names(graph)
    return {
        "file": file,
        "definition": definition.index,
        "name": definition.name,
        "format": definition.platform,
        "steps": [_step(step) for step in graph.steps if step.kind != "comment"],
        "edges": _edges(graph),
        "credentials": [{"type": each.type, "name": each.name} for each in graph.credentials],
        "findings": [_flat(key, finding, names) for key, finding in keyed(checked.findings, graph.steps)],
        "error": None,
    }


def error_row(file: str, finding: Finding) -> dict[str, Any]:
    """Return the row of a file that could not be read."""
    said = finding.evidence
    return {
        "file": file,
        "definition": 0,
        "name": "",
        "format": None,
        "steps": [],
        "edges": [],
        "credentials": [],
        "findings": [],
        "error": {
            "code": said.get("code", ""),
            "text": finding.text,
            "place": said.get("place", ""),
            "fix": finding.fix.text if finding.fix else "",
        },
    }


def finding_row(file: str, index: int, key: str, finding: Finding) -> dict[str, Any]:
    """Return a finding as `handrail check -o json` prints it."""
    fix = finding.fix
    return {
        "file": file,
        "definition": index,
        "line": finding.line,
        "rule": finding.rule,
        "severity": finding.severity,
        "text": finding.text,
        "step": finding.step,
        "pointer": finding.pointer,
        "why": finding.why,
        "evidence": dict(finding.evidence),
        "refs": list(finding.refs),
        "fix": {"text": fix.text, "mechanical": fix.mechanical, "checked": fix.checked} if fix else None,
        "key": key,
    }


def _names(graph: Graph) -> dict[str, str]:
    """Return what findings call a step: Node-RED's ids say nothing to anybody, its types do."""
    if graph.platform != "node-red":
        return {}
    return {step.id: step.type or step.name or step.id for step in graph.steps}


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "kind": _PLAIN_KINDS.get(step.kind, step.kind),
        "type": step.type,
        "connector": step.connector,
        "operation": step.operation,
        "host": step.hosts[0] if step.hosts else None,
        "disabled": step.disabled,
    }


def _edges(graph: Graph) -> list[dict[str, str]]:
    wires = dict.fromkeys((edge.source, edge.target, _edge_kind(graph.platform, edge)) for edge in graph.edges)
    data = dict.fromkeys((edge.source, edge.target, "data") for edge in graph.data)
    return [{"from": source, "to": target, "kind": kind} for source, target, kind in (*wires, *data)]


def _edge_kind(platform: str, edge: Edge) -> str:
    if platform == "n8n" and edge.kind == "error":
        return "main"
    if platform == "node-red":
        # What isn't drawn as a wire (a catch, a link, a call of a sub-flow) is derived.
        return "wire" if edge.kind == "main" else "data"
    return edge.kind


def _flat(key: str, finding: Finding, names: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "step": names.get(finding.step, finding.step),
        "text": finding.text,
        "pointer": finding.pointer,
        "key": key,
    }
    for name, value in finding.evidence.items():
        # What a rule adds never replaces what every finding says.
        row.setdefault(name, _named(name, value, names))
    if names and finding.step:
        row["stepId"] = finding.step
    return row


def _named(name: str, value: Any, names: Mapping[str, str]) -> Any:
    if name in _STEP_NAMES and isinstance(value, str):
        return names.get(value, value)
    if name in {"path", "tools"} and isinstance(value, Iterable) and not isinstance(value, str):
        return [names.get(each, each) for each in value]
    return value
