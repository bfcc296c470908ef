"""From a finding to the change that would end it: not yet tried."""

from dataclasses import replace
from typing import Any, Final

from handrail.governance.checks.fixes import microsoft, n8n, node_red, script
from handrail.governance.checks.fixes.room import Offer
from handrail.governance.checks.look import Look, texts
from handrail.governance.checks.model import Finding, Fix
from handrail.language.importers.model import Definition
from handrail.language.leaks import Boundary, LeakReport

_MARK: Final = "[secret: "
_MAKERS: Final[dict[str, Any]] = {
    "n8n": n8n.make,
    "power-automate": microsoft.make,
    "logic-apps": microsoft.make,
    "node-red": node_red.make,
    "python": script.make,
}


def offer(definition: Definition, finding: Finding, look: Look | None = None) -> Fix:
    """Return what would end a finding: with a patch where a program can make it, else in words.

    `look` saves work where many findings of one definition are asked about.
    """
    look = look or Look(definition, Boundary(), LeakReport())
    maker = _MAKERS.get(definition.platform)
    made: Offer | None = maker(look, finding) if maker else None
    plain = finding.fix or Fix("")
    if made is None:
        return plain
    if any(_MARK in text for operation in made.patch for _, text in texts(dict(operation))):
        # The document that we see has placeholders; written back, they would destroy a value.
        return replace(plain, text=made.text)
    if any(_MARK in new for _, _, new in made.replace):
        return replace(plain, text=made.text)
    return Fix(made.text, made.patch, made.replace)
