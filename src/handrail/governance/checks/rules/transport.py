"""Whether what is sent is encrypted, and to whom."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from handrail.governance.checks.look import Look, texts
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step

_PLAIN: Final = re.compile(r"=?\s*http://", re.IGNORECASE)
_UNVERIFIED: Final = re.compile(
    r"rejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED\W{1,6}0|\bverify\s*=\s*False\b"
    r"|ssl\._create_unverified_context|CERT_NONE|\bcurl\b[^\n]*\s(?:-k|--insecure)\b|disable_warnings"
)
_ADDRESS_FIELDS: Final = ("/parameters/url", "/inputs/uri", "/url", "/parameters/endpoint", "/inputs/url")
_OWN: Final = (".local", ".internal", ".localhost", ".lan", ".home.arpa", ".svc", ".cluster.local")


def find(look: Look) -> Iterator[Finding]:
    """Yield plain HTTP and certificates that nobody looks at."""
    for step in look.graph.steps:
        if step.kind == "comment":
            continue
        if step.url and _PLAIN.match(step.url) and step.hosts and not all(map(_stays, step.hosts)):
            yield look.finding(
                "plain-http",
                f"{step.name!r} sends to {step.hosts[0]} without encryption.",
                step,
                pointer=next(
                    (step.pointer + each for each in _ADDRESS_FIELDS if look.holds(step.pointer + each)), step.pointer
                ),
                why="Everybody on the way can read and change it.",
                evidence={"host": step.hosts[0]},
            )
        yield from _unverified(look, step)


def _stays(host: str) -> bool:
    """Tell whether a host is this machine or a network of one's own."""
    bare = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        address = ipaddress.ip_address(bare.strip("[]"))
    except ValueError:
        return "." not in bare or bare.endswith(_OWN)
    return address.is_private or address.is_loopback or address.is_link_local


def _unverified(look: Look, step: Step) -> Iterator[Finding]:
    raw = look.raw(step)
    place = ""
    if look.platform == "n8n":
        options = look.parameters(step).get("options")
        for holder, at in ((options, "/parameters/options"), (look.parameters(step), "/parameters")):
            if isinstance(holder, dict):
                for key in ("allowUnauthorizedCerts", "ignoreSSLIssues", "ignoreSslIssues"):
                    if holder.get(key) is True:
                        place = place or f"{at}/{key}"
    elif look.platform == "node-red" and raw.get("verifyservercert") is False:
        place = "/verifyservercert"
    elif look.platform == "node-red" and raw.get("type") == "e-mail" and raw.get("tls") is False:
        place = "/tls"
    if place:
        yield _finding(look, step, step.pointer + place)
        return
    if step.kind not in {"code", "http"} and look.platform != "python":
        return
    for held in step.inputs:
        if _UNVERIFIED.search(held.text):
            yield _finding(look, step, step.pointer + held.field)
            return
    if not step.inputs and step.kind == "code":
        for at, text in texts(raw, step.pointer):
            if _UNVERIFIED.search(text):
                yield _finding(look, step, at)
                return


def _finding(look: Look, step: Step, pointer: str) -> Finding:
    return look.finding(
        "tls-not-verified",
        f"{step.name!r} accepts any certificate.",
        step,
        pointer=pointer,
        why="Whoever stands between can pretend to be the other side.",
    )
