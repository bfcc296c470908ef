"""What calls of Python libraries are: rows of the builder pack, found by dotted name."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from handrail.language.graph import StepKind
from handrail.language.importers.packs import load_pack

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the pack.

    Attributes:
        type: Its dotted name, `*` for any number of names, at the end for one or more.
        kind: Role of the step; `logic` is known, and no step.
        system: System that it reaches; empty for none, `aws-*` takes the service that a client was made for.
        operation: What it does; empty takes the last name.
        objects: Where the object it works on stands, the first that is there counts: a keyword, a position, `base` for
            what its receiver was opened with; `sql:` before it takes the only table of an SQL text.
    """

    type: str
    kind: StepKind
    system: str
    operation: str
    objects: tuple[str, ...]


@cache
def _rows() -> Mapping[str, tuple[tuple[tuple[str, ...], Known], ...]]:
    """Return rows by the first name of their type, the most exact first."""
    by_root: dict[str, list[tuple[tuple[str, ...], Known]]] = defaultdict(list)
    for name, (row, *_) in load_pack("python").rows.items():
        names = tuple(name.split("."))
        objects = tuple(".".join(way[0].path) for way in row.objects)
        by_root[names[0]].append((names, Known(name, row.kind or "logic", row.system, row.operation, objects)))
    return {
        root: tuple(sorted(held, key=lambda each: ("*" in each[0], -len(each[0]), each[0])))
        for root, held in by_root.items()
    }


def is_known_library(root: str) -> bool:
    """Tell whether the pack knows a top-level module."""
    return root in _rows()


@lru_cache(maxsize=4096)
def known(dotted: str) -> Known | None:
    """Return the row of a call by its full dotted name."""
    if len(dotted) > _LONGEST:
        return None
    names = tuple(dotted.split("."))
    return next((row for pattern, row in _rows().get(names[0], ()) if _matches(pattern, names)), None)


def _matches(pattern: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Match names against a pattern with at most one `*`."""
    if "*" not in pattern:
        return pattern == names
    at = pattern.index("*")
    head, tail = pattern[:at], pattern[at + 1 :]
    if not tail and any(each.endswith("()") for each in names[:-1]):
        # Whatever is asked of an answer (`.read()`, `.json()`) is no new call.
        return False
    if len(names) < len(head) + len(tail) + (not tail):
        return False
    return names[: len(head)] == head and names[len(names) - len(tail) :] == tail
