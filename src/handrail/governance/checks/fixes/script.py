"""Changes of Python scripts, line by line."""

import re
from typing import Final

from handrail.governance.checks.fixes.room import HTTPS, Offer, name_for, with_https
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding

_QUOTED: Final = re.compile(r"""([fr]?)(["'])((?:Bearer |Basic |Token )?)\[secret: [a-z-]+\]\2""")
_ASSIGNED: Final = re.compile(r"^\s*([A-Za-z_]\w{0,50})\s*(?::[^=]{1,40})?=")
_VERIFY: Final = re.compile(r",\s*verify\s*=\s*False|verify\s*=\s*False\s*,\s*")
_IMPORT: Final = re.compile(r"^(?:import|from)\s+(?!__future__)\S")


def make(look: Look, finding: Finding) -> Offer | None:
    """Return the change for a finding, if there is one for its rule."""
    lines = look.definition.text.splitlines()
    if not 0 < finding.line <= len(lines):
        return None
    old = lines[finding.line - 1]
    if finding.rule == "tls-not-verified":
        new = _VERIFY.sub("", old)
        return Offer("Verify the certificate.", replace=((finding.line, old, new),)) if new != old else None
    if finding.rule == "plain-http" and "http://" in old:
        return Offer(HTTPS,
                     replace=((finding.line, old, with_https(old)),))  # fmt: skip
    if finding.rule == "hardcoded-secret":
        return _secret(finding, lines, old)
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
