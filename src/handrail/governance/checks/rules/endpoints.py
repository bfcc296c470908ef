"""Who may start a flow."""

from collections.abc import Iterator

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding, Severity
from handrail.governance.checks.rules.scripts import unasked
from handrail.language.graph import Step

_SIGNED_BY_PLATFORM = frozenset({"button", "powerapp", "powerappv2", "powerappsv2", "skills", "teams", "powerpages"})


def find(look: Look) -> Iterator[Finding]:
    """Yield every entrance that asks nobody who they are."""
    for step in look.steps.values():
        if step.kind != "trigger":
            continue
        why = _n8n(look, step) if look.platform == "n8n" else _other(look, step)
        if not why:
            continue
        yield look.finding(
            "unauthenticated-endpoint",
            f"Anybody who knows the address may call {step.name!r}.",
            step,
            severity=_severity(look, step),
            why=why,
            evidence={"step": step.id},
        )


def _severity(look: Look, step: Step) -> Severity:
    """Return how bad it is: a form is there to be filled in, unless it hands something out."""
    for leak in look.leaks.leaks:
        cut = leak.cut
        if leak.sink == step.id or (cut and cut.kind == "require_authentication" and cut.step == step.id):
            return "block"
    return "note" if step.type.rsplit(".", 1)[-1] == "formTrigger" else "warn"


def _n8n(look: Look, step: Step) -> str:
    parameters = look.parameters(step)
    short = step.type.rsplit(".", 1)[-1]
    asked = parameters.get("authentication")
    if short not in {"webhook", "formTrigger", "chatTrigger", "mcpTrigger"}:
        return ""
    if isinstance(asked, str) and asked not in {"", "none"}:
        return ""
    if short == "chatTrigger" and parameters.get("public") is not True:
        return ""
    return {
        "webhook": "The webhook's authentication is 'None'.",
        "formTrigger": "The form's authentication is 'None'.",
        "chatTrigger": "The chat is public and asks for no sign-in.",
        "mcpTrigger": "The MCP server's authentication is 'None', so any client may use its tools.",
    }[short]


def _other(look: Look, step: Step) -> str:
    if look.platform == "python":
        return unasked(look, step)
    raw = look.raw(step)
    if look.is_microsoft and str(raw.get("type", "")).lower() == "request":
        if str(raw.get("kind", "http")).lower() in _SIGNED_BY_PLATFORM:
            return ""
        inputs = raw.get("inputs")
        asked = inputs.get("triggerAuthenticationType") if isinstance(inputs, dict) else None
        if isinstance(asked, str) and asked.lower() not in {"", "all"}:
            return ""
        return "The signature in the address is the only key, and it is the same for everybody."
    if look.platform == "node-red" and step.type == "http in":
        return "The flow doesn't check who calls; whether Node-RED itself does, this file doesn't tell."
    return ""
