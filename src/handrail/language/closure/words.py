"""How differences are said: short, on one line, harmless to print."""

import difflib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from handrail.language.graph import Graph, Step

CLIP: Final = 60
_LEAD: Final = 20
_LINES_COMPARED: Final = 2_000


def plain(text: str, limit: int = CLIP) -> str:
    """Return text without control, format and line-breaking characters, clipped."""
    clean = "".join(each if unicodedata.category(each)[0] != "C" else " " for each in text[: limit * 4])
    joined = " ".join(clean.split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"


def quoted(text: str) -> str:
    """Return a name between quotes."""
    return f"'{plain(text)}'"


def value_words(old: Any, new: Any) -> str:
    """Say from what to what a value changed, showing the part that differs."""
    before, after = _written(old), _written(new)
    same = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same += 1
    start = max(0, same - _LEAD) if same > CLIP - _LEAD else 0
    lead = "…" if start else ""
    return f"from {lead}{plain(before[start:])} to {lead}{plain(after[start:])}"


def lines_changed(old: str, new: str) -> str:
    """Say how many lines differ."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) + len(after) > _LINES_COMPARED:
        return "many lines"
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    count = sum(max(j - i, m - k) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal")
    return f"{count} line{'' if count == 1 else 's'}" if count else "line endings"


def step_names(graph: Graph) -> Mapping[str, str]:
    """Return how each step is called; steps that share a name are told apart by id."""
    counts: dict[str, int] = {}
    for step in graph.steps:
        counts[step.name] = counts.get(step.name, 0) + 1
    return {
        step.id: quoted(step.name) if counts[step.name] == 1 else f"{quoted(step.name)} ({plain(step.id)})"
        for step in graph.steps
    }


def does(step: Step) -> str:
    """Say what a step does, in a few words."""
    if step.kind in {"http", "code"} and (step.hosts or step.url):
        where = listed(step.hosts) + (step.path or "") if step.hosts else step.url or ""
        return f"calls {step.method + ' ' if step.method else ''}{plain(where)}"
    if step.connector:
        return f"{plain(step.connector)} {plain(step.operation)}" if step.operation else plain(step.connector)
    return plain(step.type.rsplit(".", 1)[-1])


def listed(items: Iterable[str], limit: int = 3) -> str:
    """Return a few items joined, and how many more there are."""
    everything = list(items)
    more = f" and {len(everything) - limit} more" if len(everything) > limit else ""
    return ", ".join(everything[:limit]) + more


def _written(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"$number"}:
        return str(value["$number"])
    return json.dumps(value, ensure_ascii=False)
