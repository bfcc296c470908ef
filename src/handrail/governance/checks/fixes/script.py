"""Changes of Python scripts, line by line."""

import re
from typing import Final

from handrail.governance.checks.fixes.room import HTTPS, Offer, name_for
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding

_QUOTED: Final = re.compile(r"""([fr]?)(["'])((?:Bearer |Basic |Token )?)\[secret: [a-z-]+\]\2""")
_ASSIGNED: Final = re.compile(r"^\s*([A-Za-z_]\w{0,50})\s*(?::[^=]{1,40})?=")
_VERIFY: Final = re.compile(r",\s*verify\s*=\s*False|verify\s*=\s*False\s*,\s*")
_CALL_LINES: Final = 12
_LINE_MAX: Final = 2_000
_CLAUSE: Final = r"[=<>!~]{1,3}\s{0,9}[\w.*+!-]{1,60}"
_CLAUSES: Final = rf"\s{{0,9}}{_CLAUSE}(?:\s{{0,9}},\s{{0,9}}{_CLAUSE}){{0,9}}"
_IMPORT: Final = re.compile(r"^(?:import|from)\s+(?!__future__)\S")


def make(look: Look, finding: Finding) -> Offer | None:
    """Return the change for a finding, if there is one for its rule."""
    lines = look.definition.text.splitlines()
    if not 0 < finding.line <= len(lines):
        return None
    old = lines[finding.line - 1]
    if finding.rule in {"vulnerable-dependency", "unpinned-dependency"}:
        return _pin(finding, old)
    if finding.rule == "tls-not-verified":
        new = _VERIFY.sub("", old, count=1)
        return Offer("Verify the certificate.", replace=((finding.line, old, new),)) if new != old else None
    if finding.rule == "plain-http":
        return _encrypt(finding, lines)
    if finding.rule == "hardcoded-secret":
        return _secret(finding, lines, old)
    return None


def _pin(finding: Finding, old: str) -> Offer | None:
    """Return a line that asks for one version in which known weaknesses are mended, everything else as it was."""
    name, version = str(finding.evidence.get("package", "")), str(finding.evidence.get("fixed", ""))
    # A line that goes on, or has hashes, fits one version alone.
    if not name or not version or len(old) > _LINE_MAX or "--hash" in old or old.rstrip().endswith("\\"):
        return None
    spelled = "[-_.]+".join(map(re.escape, name.split("-")))
    asked = re.compile(
        rf"""(?P<before>^\s*|["'])(?P<name>{spelled}(?:\s?\[[^\]]{{0,200}}\])?)"""
        rf"""\s{{0,9}}(?:\({_CLAUSES}\s{{0,9}}\)|{_CLAUSES})?(?=\s{{0,99}}(?:$|[;#"']|--))""",
        re.IGNORECASE,
    )
    new = asked.sub(lambda found: f"{found['before']}{found['name']}=={version}", old, count=1)
    if new == old:
        table = re.compile(rf"""^(\s*["']?{spelled}["']?\s*=\s*["'])[^"']*(["'])""", re.IGNORECASE)
        new = table.sub(lambda found: f"{found[1]}=={version}{found[2]}", old, count=1)
    if new == old:
        return None
    words = finding.fix.text if finding.fix else ""
    return Offer(words, replace=((finding.line, old, new),))


def _encrypt(finding: Finding, lines: list[str]) -> Offer | None:
    # A call begins at the finding's line; its address may stand some lines below.
    address = f"http://{finding.evidence.get('host', '')}"
    for number in range(finding.line, min(finding.line + _CALL_LINES, len(lines) + 1)):
        line = lines[number - 1]
        if address in line:
            return Offer(HTTPS, replace=((number, line, line.replace(address, f"https{address[4:]}", 1)),))
    return None


def _secret(finding: Finding, lines: list[str], old: str) -> Offer | None:
    assigned = _ASSIGNED.match(old)
    name = name_for(assigned[1] if assigned else finding.step.rpartition(".")[2], "" if assigned else "secret")
    new = _QUOTED.sub(lambda found: (f'"{found[3]}" + ' if found[3] else "") + f'os.environ["{name}"]', old, count=1)
    words = f"Read it from the environment variable {name}, and replace the secret at its issuer."
    if new == old:
        return Offer(words)
    changes = [(finding.line, old, new)]
    if not any(re.match(r"import\s+os\b|import\s.*[, ]os\b", line) for line in lines):
        first = next((number for number, line in enumerate(lines, 1) if _IMPORT.match(line)), 0)
        if not first or first == finding.line:
            return Offer(words)
        changes.insert(0, (first, lines[first - 1], f"import os\n{lines[first - 1]}"))
    return Offer(words, replace=tuple(changes))
