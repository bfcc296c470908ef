"""Changes of Power Automate and Logic Apps definitions."""

import re
from typing import Any, Final

from handrail.governance.checks.fixes.room import HTTPS, Offer, add, name_for, put, with_https
from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step

_RETRIES: Final = frozenset({"http", "apiconnection", "openapiconnection", "function", "workflow"})
_POLICY: Final = {"type": "exponential", "count": 4, "interval": "PT10S"}
_PLACEHOLDER: Final = re.compile(r"\[secret: [a-z-]+\]")


def make(look: Look, finding: Finding) -> Offer | None:
    """Return the change for a finding, if there is one for its rule."""
    if finding.rule == "no-error-handling":
        return _retry(look)
    step = look.any_step(finding.step) if finding.step else None
    if step is None:
        return None
    held = resolve(look.definition.document, finding.pointer, None)
    if finding.rule == "hardcoded-secret" and isinstance(held, str):
        return _secret(look, finding, step.name, held)
    if finding.rule == "plain-http" and isinstance(held, str) and "http://" in held.lower():
        return Offer(HTTPS, (put(finding.pointer, with_https(held)),))
    return _ask(look, step) if finding.rule == "unauthenticated-endpoint" else None


def _ask(look: Look, step: Step) -> Offer:
    if look.platform != "power-automate":
        return Offer("Allow only signed-in callers: an authorization policy in the workflow's access control.")
    inputs = look.raw(step).get("inputs")
    asked = add(f"{step.pointer}/inputs/triggerAuthenticationType", "Tenant")
    more = () if isinstance(inputs, dict) else (add(f"{step.pointer}/inputs", {}),)
    return Offer("Let only people of your organisation call it.", (*more, asked))


def _retry(look: Look) -> Offer:
    operations: list[dict[str, Any]] = []
    for step in look.steps.values():
        raw = look.raw(step)
        if step.kind == "trigger" or str(raw.get("type", "")).lower() not in _RETRIES:
            continue
        if isinstance(raw.get("inputs"), dict):
            operations.append(add(f"{step.pointer}/inputs/retryPolicy", dict(_POLICY)))
    if not operations:
        return Offer("Add a scope that runs after the others have failed, and tells somebody.")
    return Offer(
        "Give the actions that call out a retry policy; add a scope that runs after failure and tells somebody.",
        tuple(operations),
    )


def _secret(look: Look, finding: Finding, step: str, text: str) -> Offer | None:
    base = next((each for each in _bases(look, finding.pointer) if look.holds(f"{each}/actions")), None)
    if base is None:
        return None
    name = name_for(step, str(finding.evidence.get("kind", "secret")))
    spoken = f"@parameters('{name}')"
    value = spoken if _PLACEHOLDER.fullmatch(text) else _PLACEHOLDER.sub(f"@{{parameters('{name}')}}", text, count=1)
    declared = resolve(look.definition.document, f"{base}/parameters", None)
    more = () if isinstance(declared, dict) else (add(f"{base}/parameters", {}),)
    return Offer(
        f"Make it the secure parameter {name}, fill it from a key vault, and replace the secret at its issuer.",
        (*more, add(f"{base}/parameters/{name}", {"type": "SecureString"}), put(finding.pointer, value)),
    )


def _bases(look: Look, pointer: str) -> list[str]:
    """Return the places above a pointer that can hold a definition, outermost first."""
    parts = pointer.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts))]
    return [each for each in above if each.startswith(look.definition.pointer)]
