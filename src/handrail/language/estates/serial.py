"""A part as plain JSON and back: small, because an estate has many."""

from dataclasses import astuple
from typing import Any

from handrail.language.estates.model import Carry, Part, Share, Through


def part_to_json(part: Part) -> dict[str, Any]:
    """Return a part as JSON types; what is empty is left out."""
    document = {
        "exact": part.exact,
        "operations": list(part.operations),
        "destinations": list(part.destinations),
        "shape": list(part.shape),
        "calls": part.calls,
        "personal": part.personal,
        "shares": [list(astuple(each)) for each in part.shares],
        "carries": [list(astuple(each)) for each in part.carries],
        "throughs": [list(astuple(each)) for each in part.throughs],
    }
    return {name: held for name, held in document.items() if held}


def part_from_json(document: Any) -> Part:
    """Read what `part_to_json` wrote."""
    return Part(
        exact=document["exact"],
        operations=tuple(document.get("operations", ())),
        destinations=tuple(document.get("destinations", ())),
        shape=tuple(document.get("shape", ())),
        calls=document.get("calls", 0),
        personal=document.get("personal", False),
        shares=tuple(Share(*each) for each in document.get("shares", ())),
        carries=tuple(Carry(*each) for each in document.get("carries", ())),
        throughs=tuple(Through(*each) for each in document.get("throughs", ())),
    )
