"""What Node-RED's node types are: rows of the builder pack, and a guess for types that have none."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, cast, get_args

from handrail.language.graph import StepKind
from handrail.language.importers.addresses import kebab
from handrail.language.importers.tree import as_text

CONTAINERS: Final = frozenset({"tab", "subflow", "group"})
LISTENERS: Final = {"catch": "error", "status": "status", "complete": "complete"}
_TRIGGER_WORDS: Final = frozenset({"receiver", "command", "event", "listener", "subscribe", "in"})
_DIRECTIONS: Final = ("-in", "-out", "-request", "-broker", "-config", "-cn")
_FIELD: Final = re.compile(r"\{([^{}|]+)(?:\|([^{}|]*))?\}")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,60}")


@dataclass(frozen=True, slots=True)
class NodeType:
    """A row of the pack. `operation` and `objects` are as written there, fields not filled in."""

    kind: StepKind
    system: str
    operation: str
    objects: tuple[str, ...]


@cache
def node_types() -> Mapping[str, NodeType]:
    """Return the pack's rows by type."""
    text = (files("handrail_packs") / "builders" / "node-red" / "steps.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    kinds = frozenset(get_args(StepKind))
    return MappingProxyType(
        {
            row["type"]: NodeType(
                cast("StepKind", row["kind"]),
                row["system"],
                row["operation"],
                tuple(each for each in row["object"].split("+") if each),
            )
            for row in rows
            if row["kind"] in kinds
        }
    )


def is_known(node_type: str) -> bool:
    """Tell whether the pack has a row for a type, or the file defines it."""
    return node_type in node_types() or node_type in CONTAINERS or node_type.startswith("subflow:")


def kind_of(node: dict[str, Any]) -> StepKind:
    """Return the role of a node. Without a place on the canvas it is a configuration node, as Node-RED decides."""
    node_type = as_text(node.get("type"))
    row = node_types().get(node_type)
    tests: tuple[tuple[bool, StepKind], ...] = (
        (node_type == "comment", "comment"),
        (not ("x" in node and "y" in node), "config"),
        (node_type.startswith("subflow:"), "subflow"),
        (row is not None and row.kind != "config", row.kind if row else "action"),
        (node_type.endswith("-function"), "code"),
        (node_type.startswith(("ui_", "ui-")), "logic"),
        (bool(set(node_type.replace("-", " ").split()) & _TRIGGER_WORDS), "trigger"),
    )
    return next((kind for matches, kind in tests if matches), "action")


def system_of(node: dict[str, Any]) -> str | None:
    """Return the system that a node reaches, None for what Node-RED does itself."""
    node_type = as_text(node.get("type"))
    if node_type == "inject":
        itself = node.get("repeat") or node.get("crontab") or node.get("once") is True
        return "schedule" if itself else "manual"
    row = node_types().get(node_type)
    if row:
        return row.system or None
    if node_type in CONTAINERS or node_type.startswith(("subflow:", "ui_", "ui-")):
        return None
    name = kebab(node_type.lower() if node_type.isupper() else node_type.split(" ", maxsplit=1)[0])
    for direction in _DIRECTIONS:
        name = name.removesuffix(direction)
    return name or None


def operation_of(node: dict[str, Any]) -> str | None:
    """Return what a node does; for a type without a row what its other words and the usual fields say."""
    node_type = as_text(node.get("type"))
    if node_type == "file":
        return _file_operation(node)
    row = node_types().get(node_type)
    if row:
        return _FIELD.sub(lambda found: _filled(node, found[1], found[2] or ""), row.operation) or None
    if node_type.startswith("subflow:"):
        return "call"
    words = node_type.split(" ")[1:]
    chosen = as_text(node.get("operation")) or as_text(node.get("action"))
    return ".".join([*(kebab(word) for word in words), *([kebab(chosen)] if chosen else [])]) or None


def _filled(node: dict[str, Any], field: str, otherwise: str) -> str:
    text = as_text(node.get(field)).strip()
    return kebab(text) if _WORD.fullmatch(text) else otherwise


def _file_operation(node: dict[str, Any]) -> str:
    """Return what a file node does; old flows hold true and false, newer ones text."""
    return {"delete": "delete", "true": "write", "false": "append"}.get(
        str(node.get("overwriteFile", "false")).lower(), "write"
    )
