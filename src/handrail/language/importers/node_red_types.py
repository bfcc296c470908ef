"""What Node-RED's node types are."""

from typing import Any, Final

from handrail.language.graph import StepKind
from handrail.language.importers.addresses import kebab
from handrail.language.importers.tree import as_text

CONTAINERS: Final = frozenset({"tab", "subflow", "group"})
LISTENERS: Final = {"catch": "error", "status": "status", "complete": "complete"}
_LOGIC: Final = frozenset(
    {
        "switch", "change", "range", "template", "delay", "trigger", "split", "join", "sort", "batch", "rbe",
        "filter", "json", "xml", "yaml", "csv", "html", "debug", "catch", "status", "complete", "link in",
        "link out", "junction", "http response", "unknown", "ui_template",
    }
)  # fmt: skip
_CODE: Final = frozenset({"function", "exec"})
_TRIGGERS: Final = frozenset(
    {"inject", "http in", "mqtt in", "tcp in", "udp in", "websocket in", "watch", "tail", "e-mail in"}
)
_TRIGGER_WORDS: Final = frozenset({"receiver", "command", "event", "listener", "subscribe"})
_PLAIN: Final = (
    _LOGIC
    | _CODE
    | frozenset(
        {
            "inject", "comment", "http in", "http request", "tcp in", "tcp out", "tcp request", "udp in", "udp out",
            "websocket in", "websocket out", "watch", "tail", "file", "file in", "link call", "global-config",
            "tls-config", "http proxy", "websocket-listener", "websocket-client",
        }
    )
)  # fmt: skip
_DIRECTIONS: Final = ("-in", "-out", "-request", "-broker", "-config", "-cn")


def kind_of(node: dict[str, Any]) -> StepKind:
    """Return the role of a node. Without a place on the canvas it is a configuration node, as Node-RED decides."""
    node_type = as_text(node.get("type"))
    if node_type == "comment":
        return "comment"
    if not ("x" in node and "y" in node):
        return "config"
    words = set(node_type.replace("-", " ").split())
    tests: tuple[tuple[bool, StepKind], ...] = (
        (node_type.startswith("subflow:") or node_type == "link call", "subflow"),
        (node_type == "http request", "http"),
        (node_type in _CODE or node_type.endswith("-function"), "code"),
        (node_type in _LOGIC or node_type.startswith("ui_"), "logic"),
        (node_type in _TRIGGERS or bool(words & _TRIGGER_WORDS) or "in" in words, "trigger"),
    )
    return next((kind for matches, kind in tests if matches), "action")


def system_of(node_type: str) -> str | None:
    """Return the system that a node type reaches, None for nodes of Node-RED itself."""
    if node_type in _PLAIN or node_type in CONTAINERS or node_type.startswith(("subflow:", "ui_", "ui-")):
        return None
    name = kebab(node_type.lower() if node_type.isupper() else node_type.split(" ", maxsplit=1)[0])
    for direction in _DIRECTIONS:
        name = name.removesuffix(direction)
    return name or None


def operation_of(node: dict[str, Any]) -> str | None:
    """Return what the type's other words and the usual fields say it does."""
    words = as_text(node.get("type")).split(" ")[1:]
    chosen = as_text(node.get("operation")) or as_text(node.get("action"))
    return ".".join([*(kebab(word) for word in words), *([kebab(chosen)] if chosen else [])]) or None
