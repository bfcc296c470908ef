"""What is known of Microsoft's connectors and built-in actions: rows of a data pack, no code."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from handrail.language.graph import StepKind
from handrail.language.importers.packs import load_pack

_PACK: Final = "microsoft"


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
    found: dict[tuple[str, str], Row] = {}
    for name, rows in load_pack(_PACK).rows.items():
        is_connector = name.startswith(("shared_", "/"))
        for row in rows:
            objects = tuple(".".join(part.path) for part in row.objects[0]) if row.objects else ()
            key = (name.lower(), row.operation.lower() if is_connector else "")
            found[key] = Row(row.kind, row.system or None, row.operation or None, objects)
    return found


@cache
def _paths() -> Mapping[str, tuple[Route, ...]]:
    found: dict[str, list[Route]] = {}
    text = (files("handrail_packs") / "builders" / _PACK / "paths.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        parts = tuple(row["path"].split("/")[1:])
        found.setdefault(row["type"].lower(), []).append(Route(row["method"].upper(), parts, row["operation"]))
    return {key: tuple(each) for key, each in found.items()}
