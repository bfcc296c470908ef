"""Conditions whose outcome is written into the flow."""

import re
from collections.abc import Iterator
from typing import Any, Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step

_BRANCHES: Final = frozenset({"if", "filter", "switch"})
_EXPRESSION: Final = re.compile(r"\{\{|\$\(|\$json|\$node")
_SAME: Final = re.compile(r"""^@?\{?(?:equals|not\(equals)\(\s*('[^']*'|\d+)\s*,\s*('[^']*'|\d+)\s*\)""", re.IGNORECASE)
# Operators that look at one side only.
_ONE_SIDED: Final = frozenset({"exists", "notExists", "empty", "notEmpty", "isEmpty", "isNotEmpty", "true", "false"})


def find(look: Look) -> Iterator[Finding]:
    """Yield comparisons of one constant with another."""
    for step in look.steps.values():
        if look.platform == "n8n" and step.type.rsplit(".", 1)[-1] in _BRANCHES:
            places = list(_n8n(look.parameters(step), "/parameters"))
        elif look.is_microsoft:
            places = list(_microsoft(look.raw(step)))
        else:
            places = []
        if places:
            yield _finding(look, step, places[0])


def _finding(look: Look, step: Step, place: str) -> Finding:
    return look.finding(
        "weak-comparison",
        f"{step.name!r} compares two constants, so its outcome never changes.",
        step,
        pointer=step.pointer + place,
        why="If it was meant to check a token or a state, it checks nothing.",
    )


def _n8n(parameters: dict[str, Any], at: str) -> Iterator[str]:
    waiting: list[tuple[str, Any]] = [(at, parameters)]
    while waiting:
        place, held = waiting.pop()
        if isinstance(held, dict):
            for left, right in (("leftValue", "rightValue"), ("value1", "value2")):
                if left in held and _constant(held, left, right):
                    yield place
            waiting.extend((f"{place}/{key}", each) for key, each in reversed(held.items()) if "/" not in key)
        elif isinstance(held, list):
            waiting.extend((f"{place}/{index}", each) for index, each in reversed(list(enumerate(held))))


def _constant(held: dict[str, Any], left: str, right: str) -> bool:
    operator = held.get("operator")
    word = operator.get("operation") if isinstance(operator, dict) else held.get("operation")
    if word in _ONE_SIDED or (isinstance(operator, dict) and operator.get("singleValue") is True):
        return False
    one, other = held.get(left), held.get(right)
    return all(_is_written(each) for each in (one, other))


def _is_written(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value) and not _EXPRESSION.search(value)
    return isinstance(value, (int, bool)) or (isinstance(value, dict) and set(value) == {"$number"})


def _microsoft(raw: dict[str, Any]) -> Iterator[str]:
    if str(raw.get("type", "")).lower() not in {"if", "until"}:
        return
    expression = raw.get("expression")
    waiting: list[tuple[str, Any]] = [("/expression", expression)]
    while waiting:
        place, held = waiting.pop()
        if isinstance(held, dict):
            for key, each in held.items():
                lowered = key.lower()
                if lowered in {"equals", "greater", "less", "greaterorequals", "lessorequals"} and isinstance(
                    each, list
                ):
                    if len(each) == 2 and all(
                        isinstance(side, (int, bool)) or (isinstance(side, str) and "@" not in side) for side in each
                    ):
                        yield f"{place}/{key}"
                else:
                    waiting.append((f"{place}/{key}", each))
        elif isinstance(held, list):
            waiting.extend((f"{place}/{index}", each) for index, each in enumerate(held))
        elif isinstance(held, str) and _SAME.match(held):
            yield place
