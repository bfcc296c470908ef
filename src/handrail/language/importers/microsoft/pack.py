"""What is known of Microsoft's connectors and built-in actions: rows of a data pack, no code."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, get_args

from handrail.language.graph import StepKind

_FOLDER: Final = "builders/microsoft"
_KINDS: Final = frozenset(get_args(StepKind))


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of step.

    Attributes:
        kind: Its role; None where the type decides.
        system: The system that it reaches; None for built-in logic.
        operation: For built-in actions the operation that it always is.
        objects: Names of the parameters that say which object it works on, outermost first.
    """

    kind: StepKind | None
    system: str | None
    operation: str | None
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One path of a connector's API.

    Attributes:
        method: In upper case; empty for any.
        parts: Its segments; `{name}` stands for a parameter.
        operation: What the connector calls it.
    """

    method: str
    parts: tuple[str, ...]
    operation: str


def step_row(name: str, operation: str | None = None) -> Row | None:
    """Return what is known of a type (`Http`, `shared_teams`, `/serviceProviders/sql`), best of this very operation."""
    rows = _steps()
    key = name.lower()
    return rows.get((key, (operation or "").lower())) or rows.get((key, ""))


def routes(name: str) -> tuple[Route, ...]:
    """Return the known paths of a connector."""
    return _paths().get(name.lower(), ())


@cache
def _steps() -> Mapping[tuple[str, str], Row]:
    found = {}
    for row in _rows("steps.csv"):
        kind = next((each for each in _KINDS if each == row["kind"]), None)
        objects = tuple(each for each in row["object"].split("+") if each)
        is_connector = row["type"].startswith(("shared_", "/"))
        key = (row["type"].lower(), row["operation"].lower() if is_connector else "")
        found[key] = Row(kind, row["system"] or None, row["operation"] or None, objects)
    return found


@cache
def _paths() -> Mapping[str, tuple[Route, ...]]:
    found: dict[str, list[Route]] = {}
    for row in _rows("paths.csv"):
        parts = tuple(row["path"].split("/")[1:])
        found.setdefault(row["type"].lower(), []).append(Route(row["method"].upper(), parts, row["operation"]))
    return {key: tuple(each) for key, each in found.items()}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("handrail_packs").joinpath(f"{_FOLDER}/{name}").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
