"""Findings and leaks as they are kept and shown."""

from typing import Any, Final

import orjson

from handrail.governance.checks import Finding, Fix, rule
from handrail.language.graph import Graph
from handrail.language.leaks import Leak

_CLASS_RANK: Final = {"restricted": 0, "confidential": 1}
_SINK_RANK: Final = {"public_or_consumer": 0, "personal_account": 1, "third_party": 2, "internal": 3}
STOPS_MAX: Final = 40


def finding_document(key: str, finding: Finding, fix: Fix | None) -> dict[str, Any]:
    """Return a finding as the API shows it."""
    return {
        "key": key,
        "rule": finding.rule,
        "severity": finding.severity,
        "title": rule(finding.rule).title,
        "text": finding.text,
        "step": finding.step,
        "pointer": finding.pointer,
        "line": finding.line,
        "why": finding.why,
        "evidence": dict(finding.evidence),
        "refs": list(finding.refs or rule(finding.rule).refs),
        "fix": fix_document(fix) if fix else None,
        "help": help_of(finding.rule),
    }


def fix_document(fix: Fix) -> dict[str, Any]:
    """Return a fix as the API shows it."""
    return {"text": fix.text, "mechanical": fix.mechanical, "checked": fix.checked}


def help_of(rule_id: str) -> str:
    """Return the page of a rule."""
    return f"docs/reference/rules/{rule_id}.md"


def leak_document(leak: Leak) -> dict[str, Any]:
    """Return a leak as a definition's page shows it: with the ids of its steps."""
    cut = leak.cut
    return {
        "path": list(leak.path),
        "source": leak.source,
        "sink": leak.sink,
        "label": {
            "dataClass": leak.label.data_class,
            "tag": leak.label.tag,
            "what": leak.label.what,
            "region": leak.label.region,
        },
        "sinkClass": leak.sink_class,
        "destination": leak.destination,
        "implicit": leak.implicit,
        "why": leak.why,
        "cut": {
            "kind": cut.kind,
            "step": cut.step,
            "before": cut.before,
            "pointer": cut.pointer,
            "text": cut.text,
            "ends": cut.ends,
        }
        if cut
        else None,
    }


def leak_row(graph: Graph, leak: Leak) -> tuple[int, str]:
    """Return how bad a leak is (0 is worst), and its line in the list of leaks as JSON."""
    steps = {step.id: step for step in graph.steps}
    path = leak.path if len(leak.path) <= STOPS_MAX else (*leak.path[: STOPS_MAX - 1], leak.path[-1])
    stops = []
    for step_id in path:
        step = steps.get(step_id)
        detail = " ".join(each for each in (step.connector, step.operation) if each) if step else ""
        kind = "source" if step_id == leak.source else "sink" if step_id == leak.sink else "step"
        stops.append({"label": step.name if step else step_id, "detail": detail, "kind": kind, "step": step_id})
    row = {
        "title": title_of(leak.label.what, leak.destination),
        "dataClass": leak.label.data_class,
        "tag": leak.label.tag,
        "certainty": "likely" if leak.implicit else "certain",
        "sinkClass": leak.sink_class,
        "destination": leak.destination,
        "stops": stops,
        "cut": leak.cut.text if leak.cut else "",
        "ends": leak.cut.ends if leak.cut else 0,
    }
    return leak_rank(leak.label.data_class, leak.sink_class, certain=not leak.implicit, length=len(leak.path)), (
        orjson.dumps(row).decode()
    )


def leak_rank(data_class: str, sink_class: str, *, certain: bool, length: int) -> int:
    """Return how bad a leak is; 0 is worst."""
    worth = _CLASS_RANK.get(data_class, 2) * 10_000 + (0 if certain else 5_000)
    return worth + _SINK_RANK.get(sink_class, 3) * 1_000 + min(length, 999)


def title_of(what: str, destination: str) -> str:
    """Return what goes where, as a heading."""
    return f"{what[:1].upper()}{what[1:]} to {destination}"
