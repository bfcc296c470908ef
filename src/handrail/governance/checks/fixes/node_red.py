"""Changes of Node-RED flows."""

import hashlib
from collections.abc import Collection
from typing import Any

from handrail.governance.checks.fixes.room import HTTPS, Offer, add, drop, put, with_https
from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding


def make(look: Look, finding: Finding) -> Offer | None:
    """Return the change for a finding, if there is one for its rule."""
    if finding.rule == "no-error-handling":
        return _catch(look)
    step = look.any_step(finding.step) if finding.step else None
    if step is None:
        return None
    held = resolve(look.definition.document, finding.pointer, None)
    if finding.rule == "plain-http" and isinstance(held, str) and "http://" in held.lower():
        return Offer(HTTPS, (put(finding.pointer, with_https(held)),))
    if finding.rule == "tls-not-verified" and held is False:
        return Offer("Verify the certificate.", (put(finding.pointer, True),))
    if finding.rule in {"unwired-step", "disabled-step"} and step.id not in look.wired and not _is_named(look, step.id):
        return Offer("Remove the step.", (drop(step.pointer),))
    return None


def _catch(look: Look) -> Offer | None:
    document = look.definition.document
    at = "" if isinstance(document, list) else "/flows" if look.holds("/flows") else None
    if at is None:
        return None
    tabs = sorted({step.parent for step in look.steps.values() if step.parent})
    lowest: dict[str, int] = {}
    for raw in map(look.raw, look.steps.values()):
        if isinstance(y := raw.get("y"), int):
            lowest[str(raw.get("z", ""))] = max(lowest.get(str(raw.get("z", "")), 0), y)
    taken = {each.get("id") for each in (document if isinstance(document, list) else ()) if isinstance(each, dict)}
    operations = []
    for tab in tabs or [""]:
        below = lowest.get(tab, 0) + 100
        catch, shown = _new_id(f"{tab}/catch", taken), _new_id(f"{tab}/debug", taken)
        operations += [
            add(f"{at}/-", _node(catch, "catch", tab, 140, below, scope=None, uncaught=False, wires=[[shown]])),
            add(f"{at}/-", _node(shown, "debug", tab, 340, below, name="error", active=True, tosidebar=True,
                                 console=True, tostatus=False, complete="true", targetType="full", wires=[])),
        ]  # fmt: skip
    return Offer("Catch errors on each tab and write them to the log; better still, tell somebody.", tuple(operations))


def _node(node_id: str, kind: str, tab: str, x: int, y: int, **more: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "z": tab, "name": more.pop("name", ""), "x": x, "y": y, **more}


def _new_id(seed: str, taken: Collection[Any]) -> str:
    number = 0
    while True:
        made = hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:16]
        if made not in taken:
            return made
        number += 1


def _is_named(look: Look, node_id: str) -> bool:
    """Tell whether another node speaks of this one outside wires."""
    return look.mentions[node_id] > 1
