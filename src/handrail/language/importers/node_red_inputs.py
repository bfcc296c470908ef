"""Which texts a Node-RED node is given, and what each of them reads or sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.importers.node_red_text import NOTHING, Uses, in_code, typed, variable
from handrail.language.importers.tree import as_dict, as_list, as_text

_STRUCTURE: Final = frozenset(
    {"id", "type", "z", "g", "wires", "links", "scope", "x", "y", "w", "h", "d", "l", "name", "label", "info", "icon",
     "credentials", "color", "category", "in", "out", "meta", "nodes", "status", "rev", "style"}
)  # fmt: skip
_KINDS: Final = frozenset({"pt", "tot", "vt", "v2t", "fromt", "t"})
_CODE: Final = frozenset({"func", "initialize", "finalize"})
# where the type of a field stands, other than `<field>Type` and `<field>type`
_BESIDE: Final = {
    "to": ("tot",),
    "from": ("fromt",),
    "v": ("vt",),
    "v2": ("v2t",),
    "complete": ("targetType",),
    "value": ("vt", "type"),
}
# fields that name a property of the message when no type stands beside them
_OF_MESSAGE: Final = {
    "switch": "property", "split": "property", "html": "property", "json": "property", "xml": "property",
    "yaml": "property", "csv": "property", "sort": "target", "range": "property", "exec": "addpay",
}  # fmt: skip
_TARGETS: Final = frozenset({"field", "outField", "output"})
_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a node: pointer below the node, the text, and its uses."""

    pointer: str
    text: str
    uses: Uses


def fields_of(node: dict[str, Any], configs: frozenset[str] | set[str]) -> tuple[Field, ...]:
    """Return the texts of a node in the order of the source; ids of configuration nodes are none."""
    node_type = as_text(node.get("type"))
    if node_type == "comment":
        return ()
    return tuple(
        found
        for key, value in node.items()
        if key not in _STRUCTURE or (node_type == "e-mail" and key == "name")
        for found in _fields(node, node_type, key, value, f"/{pointer_segment(key)}", 0)
        if found.text not in configs
    )


def sets_of(node: dict[str, Any], fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Return the context variables that a node sets (`flow.total`)."""
    named = dict.fromkeys(name for field in fields for name in field.uses.sets)
    if node.get("type") == "change":
        named |= dict.fromkeys(_set_by_rules(node))
    elif node.get("fieldType") in {"flow", "global"} and node.get("type") == "template":
        named[variable(str(node["fieldType"]), as_text(node.get("field"))).name] = None
    elif node.get("type") == "context-set":
        scope = as_text(node.get("scope"))
        named |= {variable(scope, as_text(node.get("context"))).name: None} if scope in {"flow", "global"} else {}
    return tuple(named)


def _set_by_rules(node: dict[str, Any]) -> Iterator[str]:
    for rule in as_list(node.get("rules")):
        held = as_dict(rule)
        if held.get("t") in {"set", "change"} and held.get("pt") in {"flow", "global"}:
            yield variable(held["pt"], as_text(held.get("p"))).name
        if held.get("t") == "move" and held.get("tot") in {"flow", "global"}:
            yield variable(held["tot"], as_text(held.get("to"))).name


def _fields(holder: dict[str, Any], node_type: str, key: str, value: Any, pointer: str, depth: int) -> Iterator[Field]:
    if isinstance(value, str):
        if value and not _says_type(holder, key):
            yield Field(pointer, value, _uses(holder, node_type, key, value))
    elif depth > _DEEPEST:
        return
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _fields(value, node_type, name, each, f"{pointer}/{pointer_segment(name)}", depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            inner = {key: each}
            yield from _fields(inner, node_type, key, each, f"{pointer}/{index}", depth + 1)


def _says_type(holder: dict[str, Any], key: str) -> bool:
    """Tell whether a field only says what kind of value stands beside it."""
    if key in _KINDS:
        return True
    stem = key.removesuffix("Type").removesuffix("type")
    return stem != key and (stem in holder or key == "targetType") and key != "type"


def _uses(holder: dict[str, Any], node_type: str, key: str, text: str) -> Uses:
    if key in _CODE:
        return in_code(text)
    if _is_target(holder, node_type, key) or (key == "template" and holder.get("syntax") == "plain"):
        return NOTHING
    if node_type == "debug" and key == "complete":
        return _shown(holder, text)
    return typed(_type_of(holder, node_type, key), text)


def _is_target(holder: dict[str, Any], node_type: str, key: str) -> bool:
    """Tell whether a field names where a value goes, so that it reads nothing."""
    if key == "p":
        return node_type == "inject" or holder.get("t") in {"set", "delete"}
    if key == "to":
        return holder.get("t") == "move"
    return key in _TARGETS and node_type != "debug"


def _shown(holder: dict[str, Any], text: str) -> Uses:
    kind = as_text(holder.get("targetType"))
    if kind == "full" or (not kind and text == "true"):
        return typed("full", "")
    return typed(kind or "msg", "payload" if text in {"false", "true"} else text)


def _type_of(holder: dict[str, Any], node_type: str, key: str) -> str:
    for beside in (*_BESIDE.get(key, ()), f"{key}Type", f"{key}type"):
        said = holder.get(beside)
        if isinstance(said, str) and said and beside != key:
            return said
    if key == "p" and "t" in holder:
        return as_text(holder.get("pt")) or "msg"
    if node_type == "context-get" and key == "context":
        return as_text(holder.get("scope"))
    return "msg" if _OF_MESSAGE.get(node_type) == key and f"{key}Type" not in holder else ""
