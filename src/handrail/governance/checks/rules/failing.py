"""Whether anybody hears of it when a step fails."""

from collections.abc import Iterator, Mapping
from typing import Any

from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step

_FAILED = frozenset({"failed", "timedout"})
_CONTAINERS = frozenset({"scope", "foreach", "until", "if", "switch"})
# Built-in actions on data: they fail only over what is or isn't there, so "after it failed" is a condition.
_DATA_ONLY = frozenset(
    {"setvariable", "initializevariable", "incrementvariable", "decrementvariable", "appendtoarrayvariable",
     "appendtostringvariable", "compose", "parsejson", "select", "query", "join", "table", "expression", "wait"}
)  # fmt: skip
_SPEAKS = frozenset({"terminate", "response"})


def find(look: Look) -> Iterator[Finding]:
    """Yield one finding for a flow in which nothing handles a failure."""
    calling = [step for step in look.steps.values() if step.kind != "trigger"]
    if not calling:
        return
    handled = {
        "n8n": _n8n,
        "power-automate": _microsoft,
        "logic-apps": _microsoft,
        "node-red": _node_red,
        "python": _by_policy,
        "open-workflow": _by_policy,
    }.get(look.platform, _by_policy)
    if handled(look):
        return
    reason = {
        "n8n": "There is no error trigger, no error workflow, no step that goes on or retries on failure.",
        "node-red": "There is no catch node.",
        "python": "There is no try, and no call says what happens when it fails.",
        "open-workflow": "There is no try.",
    }.get(look.platform, "No action runs after another has failed or timed out, and none has a retry policy.")
    yield look.finding("no-error-handling", "When a step fails, nobody hears of it.", why=reason)


def _by_policy(look: Look) -> bool:
    return any(step.error_policy for step in look.graph.steps)


def _n8n(look: Look) -> bool:
    document = look.definition.document
    flow = resolve(document, look.definition.pointer, {})
    settings = flow.get("settings") if isinstance(flow, Mapping) else None
    if isinstance(settings, Mapping) and isinstance(settings.get("errorWorkflow"), str) and settings["errorWorkflow"]:
        return True
    return any(step.error_policy or _is_error_trigger(step) for step in look.steps.values())


def _is_error_trigger(step: Step) -> bool:
    return step.type.rsplit(".", 1)[-1] == "errorTrigger"


def _node_red(look: Look) -> bool:
    return any(step.type == "catch" and not step.disabled for step in look.steps.values())


def _microsoft(look: Look) -> bool:
    for step in look.steps.values():
        raw = look.raw(step)
        inputs = raw.get("inputs")
        policies = [raw.get("retryPolicy"), inputs.get("retryPolicy") if isinstance(inputs, dict) else None]
        if any(isinstance(each, dict) and str(each.get("type", "")).lower() not in {"", "none"} for each in policies):
            return True
        after = raw.get("runAfter")
        if isinstance(after, dict) and any(_handles(look, step, raw, name, said) for name, said in after.items()):
            return True
    return False


def _handles(look: Look, step: Step, raw: dict[str, Any], watched: str, said: Any) -> bool:
    """Tell whether "run after this failed" answers a failure of something outside the flow.

    Where only a step on data is watched, as when the last page has no link to the next one, it is an ordinary branch;
    unless what follows ends the run or answers the caller.
    """
    words = {str(each).lower() for each in said} if isinstance(said, list) else {str(said).lower()}
    if not words & _FAILED:
        return False
    kind = _type(raw)
    sibling = look.named(watched)
    if sibling is None:
        return kind in _SPEAKS
    other = _type(look.raw(sibling))
    return other in _CONTAINERS or other not in _DATA_ONLY or kind in _SPEAKS or step.connector is not None


def _type(raw: dict[str, Any]) -> str:
    return str(raw.get("type", "")).lower()
