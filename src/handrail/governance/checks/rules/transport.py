"""Whether what is sent is encrypted, and to whom."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from handrail.governance.checks.look import Look, texts
from handrail.governance.checks.model import Finding
from handrail.governance.checks.rules.scripts import trusting_lines
from handrail.language.graph import Step

_PLAIN: Final = re.compile(r"=?\s*http://", re.IGNORECASE)
_UNVERIFIED: Final = re.compile(
    r"rejectUnauthorized\s{0,20}:\s{0,20}false|NODE_TLS_REJECT_UNAUTHORIZED\W{1,6}0|\bverify\s{0,20}=\s{0,20}False\b"
    r"|ssl\._create_unverified_context|CERT_NONE|\bcurl\b[^\n]{0,400}\s(?:-k|--insecure)\b|disable_warnings"
)
_ADDRESS_FIELDS: Final = ("/parameters/url", "/inputs/uri", "/url", "/parameters/endpoint", "/inputs/url")
_IGNORES: Final = ("allowUnauthorizedCerts", "ignoreSSLIssues", "ignoreSslIssues")
_CALL_LINES: Final = 12
_OWN: Final = (".local", ".internal", ".localhost", ".lan", ".home.arpa", ".svc", ".cluster.local")


def find(look: Look) -> Iterator[Finding]:
    """Yield plain HTTP and certificates that nobody looks at."""
    for step in look.graph.steps:
        if step.kind == "comment":
            continue
        if step.url and _PLAIN.match(step.url) and step.hosts and not all(map(_stays, step.hosts)):
            told = look.finding(
                "plain-http",
                f"{step.name!r} sends to {step.hosts[0]} without encryption.",
                step,
                pointer=next(
                    (step.pointer + each for each in _ADDRESS_FIELDS if look.holds(step.pointer + each)), step.pointer
                ),
                why="Everybody on the way can read and change it.",
                evidence={"host": step.hosts[0]},
            )
            yield replace(told, line=_written_at(look, step, step.hosts[0])) if step.line else told
        yield from _unverified(look, step)
    yield from _in_script(look)


def _in_script(look: Look) -> Iterator[Finding]:
    """Yield each line of a script that says so; a call may reach over several lines, so lines are read, not steps."""
    for number in trusting_lines(look.tree) if look.tree else ():
        near = [step for step in look.steps.values() if 0 < step.line <= number]
        step = max(near, key=lambda each: each.line, default=None)
        what = step.name if step else "The script"
        yield replace(_finding(look, step, "", what), line=number)


def _written_at(look: Look, step: Step, host: str) -> int:
    """Return the line of a script with the address that a call sends to: in the call, else where it was named last."""
    address = f"http://{host}"
    lines = [number for number, line in enumerate(look.definition.text.split("\n"), 1) if address in line.lower()]
    inside = [each for each in lines if step.line <= each < step.line + _CALL_LINES]
    before = [each for each in lines if each < step.line]
    return inside[0] if inside else before[-1] if before else step.line


def _stays(host: str) -> bool:
    """Tell whether a host is this machine or a network of one's own."""
    bare = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        address = ipaddress.ip_address(bare.strip("[]"))
    except ValueError:
        return "." not in bare or bare.endswith(_OWN)
    return address.is_private or address.is_loopback or address.is_link_local


def _unverified(look: Look, step: Step) -> Iterator[Finding]:
    place = _setting(look, step)
    if place:
        yield _finding(look, step, step.pointer + place)
        return
    if step.kind in {"code", "http"} and look.platform != "python":
        held = [(step.pointer + each.field, each.text) for each in step.inputs]
        held = held or list(texts(look.raw(step), step.pointer))
        found = next((at for at, text in held if _UNVERIFIED.search(text)), None)
        if found is not None:
            yield _finding(look, step, found)


def _setting(look: Look, step: Step) -> str:
    """Return the place of the setting by which a step accepts any certificate; empty when there is none."""
    if look.platform == "n8n":
        parameters = look.parameters(step)
        for holder, at in ((parameters.get("options"), "/parameters/options"), (parameters, "/parameters")):
            found = next((key for key in _IGNORES if isinstance(holder, dict) and holder.get(key) is True), None)
            if found:
                return f"{at}/{found}"
        return ""
    raw = look.raw(step)
    if look.platform != "node-red":
        return ""
    if raw.get("verifyservercert") is False:
        return "/verifyservercert"
    return "/tls" if raw.get("type") == "e-mail" and raw.get("tls") is False else ""


def _finding(look: Look, step: Step | None, pointer: str, what: str = "") -> Finding:
    return look.finding(
        "tls-not-verified",
        f"{what or (step.name if step else '')!r} accepts any certificate.",
        step,
        pointer=pointer,
        why="Whoever stands between can pretend to be the other side.",
    )
