"""Changes of n8n workflows."""

import re
from collections.abc import Callable
from typing import Any, Final

from handrail.governance.checks.fixes.room import HTTPS, Offer, add, drop, name_for, put, with_https
from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step

_ASKS: Final = {
    "webhook": ("headerAuth", "Ask for a header (Header Auth), and choose the credential in n8n."),
    "formTrigger": ("basicAuth", "Ask for a name and a password (Basic Auth), and choose the credential in n8n."),
    "mcpTrigger": ("bearerAuth", "Ask for a bearer token, and choose the credential in n8n."),
    "chatTrigger": ("n8nUserAuth", "Let only people who are signed in to n8n use the chat."),
}
# What is repeated when a call fails and may have worked: reading and asking a model, never sending twice.
_READS: Final = re.compile(
    r"(?:^|\.)(?:get|getall|getmany|read|search|list|find|lookup|download|select|query|count|exists|info)",
    re.IGNORECASE,
)
_ROWS: Final = re.compile(r"/parameters/(headerParameters|queryParameters)(Ui)?/(parameters|parameter)/(\d+)/value$")
_QUOTED: Final = re.compile(r"""(["'`])((?:Bearer |Basic |Token )?)\[secret: ([a-z-]+)\]\1""")


def make(look: Look, finding: Finding) -> Offer | None:
    """Return the change for a finding, if there is one for its rule."""
    whole = _OF_FLOWS.get(finding.rule)
    if whole:
        return whole(look, finding)
    step = look.any_step(finding.step) if finding.step else None
    of_step = _OF_STEPS.get(finding.rule)
    return of_step(look, finding, step) if of_step and step else None


def _unpin(_look: Look, finding: Finding) -> Offer | None:
    head, found, rest = finding.pointer.partition("/pinData/")
    if not found:
        return None
    return Offer("Remove the pinned sample data of this step.", (drop(f"{head}/pinData/{rest.split('/')[0]}"),))


def _ask(_look: Look, _finding: Finding, step: Step) -> Offer | None:
    kind, text = _ASKS.get(step.type.rsplit(".", 1)[-1], ("", ""))
    return Offer(text, (add(f"{step.pointer}/parameters/authentication", kind),)) if kind else None


def _cut(look: Look, finding: Finding) -> Offer | None:
    """Return the change for a leak by an entrance that asks nobody; other cuts are for a person to decide."""
    cut = finding.evidence.get("cut")
    entrance = look.any_step(cut["step"]) if cut and cut["kind"] == "require_authentication" else None
    return _ask(look, finding, entrance) if entrance else None


def _encrypt(look: Look, finding: Finding, _step: Step) -> Offer | None:
    url = resolve(look.definition.document, finding.pointer, None)
    if not isinstance(url, str) or "http://" not in url.lower():
        return None
    return Offer(HTTPS, (put(finding.pointer, with_https(url)),))


def _verify(look: Look, finding: Finding, _step: Step) -> Offer | None:
    held = resolve(look.definition.document, finding.pointer, None)
    return Offer("Verify the certificate.", (put(finding.pointer, False),)) if held is True else None


def _retry(look: Look, _finding: Finding) -> Offer:
    calling = [step for step in look.steps.values() if not step.disabled and _calls(step)]
    safe = [step for step in calling if _may_repeat(step)]
    if not safe:
        return Offer(
            "Add an Error Trigger that tells somebody, or say at each step that calls out what to do on failure."
        )
    operations = [
        operation
        for step in safe
        for operation in (
            add(f"{step.pointer}/retryOnFail", True),
            add(f"{step.pointer}/maxTries", 3),
            add(f"{step.pointer}/waitBetweenTries", 2000),
        )
    ]
    names = ", ".join(repr(step.name) for step in safe[:3]) + (f" and {len(safe) - 3} more" if len(safe) > 3 else "")
    return Offer(f"Let {names} try three times; add an Error Trigger that tells somebody when that isn't enough.",
                 tuple(operations))  # fmt: skip


def _calls(step: Step) -> bool:
    if step.kind in {"trigger", "subnode", "comment", "config"}:
        return False
    return step.kind in {"http", "llm"} or step.connector is not None


def _may_repeat(step: Step) -> bool:
    if step.kind == "http":
        return step.method in {"GET", "HEAD", "PUT", "DELETE"}
    return step.kind == "llm" or bool(_READS.search(step.operation or ""))


def _unwire(look: Look, finding: Finding) -> Offer | None:
    held = resolve(look.definition.document, finding.pointer, None)
    flow = resolve(look.definition.document, look.definition.pointer, {})
    names = {node.get("name") for node in flow.get("nodes", ()) if isinstance(node, dict)}
    names |= {node.get("id") for node in flow.get("nodes", ()) if isinstance(node, dict)}
    if isinstance(held, dict) and "node" in held:
        return Offer("Remove the wire.", (drop(finding.pointer),))
    if isinstance(held, list):
        gone = [i for i, each in enumerate(held) if isinstance(each, dict) and each.get("node") not in names]
        source = finding.pointer.rsplit("/", 3)
        if len(gone) < len(held) or not gone:
            return (
                Offer("Remove the wire.", tuple(drop(f"{finding.pointer}/{i}") for i in reversed(gone)))
                if gone
                else None
            )
        return Offer(
            "Remove the wire.", tuple(drop(f"{finding.pointer}/{i}") for i in reversed(gone)) if source else ()
        )
    return (
        Offer("Remove the wires of a step that isn't there.", (drop(finding.pointer),))
        if isinstance(held, dict)
        else None
    )


def _secret(look: Look, finding: Finding, step: Step) -> Offer | None:
    parameters = look.parameters(step)
    kind = str(finding.evidence.get("kind", "secret"))
    others = [
        each for each in look.definition.secrets
        if each.pointer != finding.pointer and f"{each.pointer}/".startswith(f"{step.pointer}/")
    ]  # fmt: skip
    row = _ROWS.search(finding.pointer)
    asked = parameters.get("authentication")
    if step.type.rsplit(".", 1)[-1] == "httpRequest" and row and asked in {None, "", "none"} and not others:
        return _credential(step, finding, header=row[1] == "headerParameters", old=bool(row[2]))
    name = name_for(step.name, kind)
    text = resolve(look.definition.document, finding.pointer, None)
    words = f"Set the variable {name} for n8n, and read it here; better still, use a credential. Replace the secret."
    if not isinstance(text, str) or step.kind == "comment":
        return None
    if step.kind == "code" and re.search(r"/(?:jsCode|functionCode)$", finding.pointer):
        return Offer(words, (put(finding.pointer, _QUOTED.sub(lambda found: _in_code(found, name), text)),))
    if step.kind == "code" or text.count("[secret: ") != 1:
        return Offer(f"Move the {kind.replace('-', ' ')} into a credential, and replace it.")
    return Offer(words, (put(finding.pointer, _in_field(text, name)),))


def _in_code(found: re.Match[str], name: str) -> str:
    return f"{found[1]}{found[2]}{found[1]} + $env.{name}" if found[2] else f"$env.{name}"


def _in_field(text: str, name: str) -> str:
    """Return a field's text with the placeholder as an expression."""
    bare = text.removeprefix("=")
    if text.startswith("=") and re.search(r"\{\{[^{}]{0,2000}\[secret: [a-z-]+\]", bare):
        # It stands inside an expression already.
        return "=" + _QUOTED.sub(lambda found: _in_code(found, name), bare)
    escaped = bare if text.startswith("=") else bare.replace("{{", "{ {")
    return "=" + re.sub(r"\[secret: [a-z-]+\]", f"{{{{ $env.{name} }}}}", escaped)


def _credential(step: Step, finding: Finding, *, header: bool, old: bool) -> Offer:
    kind, words = ("httpHeaderAuth", "Header Auth") if header else ("httpQueryAuth", "Query Auth")
    row = finding.pointer.removesuffix("/value")
    base = f"{step.pointer}/parameters"
    if old:
        asked: tuple[dict[str, Any], ...] = (add(f"{base}/authentication", "headerAuth" if header else "queryAuth"),)
    else:
        asked = (add(f"{base}/authentication", "genericCredentialType"), add(f"{base}/genericAuthType", kind))
    return Offer(
        f"Move the secret into a {words} credential, choose it in the step, and replace the secret at its issuer.",
        (*asked, drop(row)),
    )


def _without(look: Look, _finding: Finding, step: Step) -> Offer | None:
    if step.id in look.wired:
        return None
    pointer = look.definition.pointer
    key = step.name.replace("~", "~0").replace("/", "~1")
    also = [
        drop(f"{pointer}/{part}/{key}") for part in ("connections", "pinData") if look.holds(f"{pointer}/{part}/{key}")
    ]
    return Offer("Remove the step.", (*also, drop(step.pointer)))


_OF_FLOWS: Final[dict[str, Callable[[Look, Finding], Offer | None]]] = {
    "leak": _cut,
    "no-error-handling": _retry,
    "sample-data": _unpin,
    "secret-in-sample-data": _unpin,
    "dangling-edge": _unwire,
}
_OF_STEPS: Final[dict[str, Callable[[Look, Finding, Step], Offer | None]]] = {
    "hardcoded-secret": _secret,
    "unauthenticated-endpoint": _ask,
    "plain-http": _encrypt,
    "tls-not-verified": _verify,
    "unwired-step": _without,
    "disabled-step": _without,
}
