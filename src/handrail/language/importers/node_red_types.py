"""What Node-RED's node types are: rows of the builder pack, and a guess for types that have none."""

import re
from typing import Any, Final

from handrail.language.graph import StepKind
from handrail.language.importers.addresses import kebab
from handrail.language.importers.packs import Row, load_pack
from handrail.language.importers.tree import as_text

CONTAINERS: Final = frozenset({"tab", "subflow", "group"})
LISTENERS: Final = {"catch": "error", "status": "status", "complete": "complete"}
_TRIGGER_WORDS: Final = frozenset({"receiver", "command", "event", "listener", "subscribe", "in"})
_DIRECTIONS: Final = ("-in", "-out", "-request", "-broker", "-config", "-cn")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,60}")


def row_of(node_type: str) -> Row | None:
    """Return what the pack says about a type."""
    listed = load_pack("node-red").rows.get(node_type)
    return listed[0] if listed else None


def is_known(node_type: str) -> bool:
    """Tell whether the pack has a row for a type, or the file defines it."""
    return row_of(node_type) is not None or node_type in CONTAINERS or node_type.startswith("subflow:")


def kind_of(node: dict[str, Any]) -> StepKind:
    """Return the role of a node. Without a place on the canvas it is a configuration node, as Node-RED decides."""
    node_type = as_text(node.get("type"))
    row = row_of(node_type)
    tests: tuple[tuple[bool, StepKind], ...] = (
        (node_type == "comment", "comment"),
        (not ("x" in node and "y" in node), "config"),
        (node_type.startswith("subflow:"), "subflow"),
        (row is not None and row.kind not in {None, "config"}, row.kind if row and row.kind else "action"),
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
    row = row_of(node_type)
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
    row = row_of(node_type)
    if row:
        written = as_text(node.get(row.parameter)).strip()
        return kebab(written) if _WORD.fullmatch(written) else row.operation or None
    if node_type.startswith("subflow:"):
        return "call"
    words = node_type.split(" ")[1:]
    chosen = as_text(node.get("operation")) or as_text(node.get("action"))
    return ".".join([*(kebab(word) for word in words), *([kebab(chosen)] if chosen else [])]) or None


def _file_operation(node: dict[str, Any]) -> str:
    """Return what a file node does; old flows hold true and false, newer ones text."""
    return {"delete": "delete", "true": "write", "false": "append"}.get(
        str(node.get("overwriteFile", "false")).lower(), "write"
    )
