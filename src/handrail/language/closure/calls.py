"""Finds the steps behind operations that a closure gained."""

import re
from collections.abc import Mapping
from typing import Any

from handrail.kernel.canonical import canonical
from handrail.language.closure.declared import operations_of
from handrail.language.closure.leaves import parse_pointer
from handrail.language.closure.model import Snapshot
from handrail.language.closure.words import listed, plain
from handrail.language.graph import Step


def operations_named(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """Return, by step id, what a step now calls where its text names an operation that the closure gained."""
    gained = {name for _, name in operations_of(new.closure)} - {name for _, name in operations_of(old.closure)}
    lost = {name for _, name in operations_of(old.closure)} - {name for _, name in operations_of(new.closure)}
    result: dict[str, str] = {}
    before = {step.id: step for step in old.graph.steps}
    for step in new.graph.steps if gained else ():
        earlier = before.get(step.id)
        if earlier is None or step.kind in {"comment", "config"}:
            continue
        text_old, text_new = _text_of(old, earlier), _text_of(new, step)
        if text_old == text_new:
            continue
        more = sorted(each for each in gained if _names(text_new, each) and not _names(text_old, each))
        less = sorted(each for each in lost if _names(text_old, each) and not _names(text_new, each))
        if more and less:
            result[step.id] = f"now calls {listed(map(plain, more))} instead of {listed(map(plain, less))}"
        elif more:
            result[step.id] = f"now also calls {listed(map(plain, more))}"
    return result


def held_at(source: Mapping[str, Any] | None, pointer: str) -> Any:
    """Return what stands at a pointer into an object of objects, None when nothing does."""
    held: Any = source
    for segment in parse_pointer(pointer):
        held = held.get(segment) if isinstance(held, Mapping) else None
    return held


def _text_of(snapshot: Snapshot, step: Step) -> str:
    held = held_at(snapshot.source, step.pointer)
    return canonical(held).decode() if held is not None else f"{step.url or ''} {step.operation or ''}"


def _names(text: str, operation: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(operation)}(?![\w-])", text) is not None
