"""The tree that a YAML text becomes: every value knows where it was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

# (line, column), counted from 1.
Mark = tuple[int, int]
NOWHERE: Final[Mark] = (1, 1)
ScalarKind = Literal["text", "integer", "number", "boolean", "null", "refused"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without parts.

    Attributes:
        text: As written, without quotes.
        kind: What YAML 1.2's core schema reads in it; `refused` when a problem was already noted.
    """

    text: str
    kind: ScalarKind
    mark: Mark


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a mapping."""

    name: str
    mark: Mark
    value: "Node"


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; names are unique."""

    entries: tuple[Entry, ...]
    mark: Mark

    def get(self, name: str) -> "Node | None":
        """Return a field's value, or None."""
        return next((entry.value for entry in self.entries if entry.name == name), None)


Node = Scalar | Items | Fields

_WORDS: Final = {
    "text": "text",
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
    "refused": "refused",
}


def describe(node: Node) -> str:
    """Say in words what kind of value this is."""
    if isinstance(node, Fields):
        return "a set of fields"
    return "a list" if isinstance(node, Items) else _WORDS[node.kind]


def number(scalar: Scalar) -> int | float:
    """Return the value of a scalar whose kind is `integer` or `number`."""
    if scalar.kind == "number":
        return float(scalar.text)
    text = scalar.text.lower()
    base = {"0x": 16, "0o": 8}.get(text[:2], 10)
    return int(text if base == 10 else text[2:], base)


def plain(node: Node) -> Any:
    """Return the JSON value of a tree."""
    if isinstance(node, Fields):
        return {entry.name: plain(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if node.kind == "boolean":
        return node.text.lower() == "true"
    if node.kind in {"integer", "number"}:
        return number(node)
    return node.text if node.kind == "text" else None


def tree(value: Any) -> Node:
    """Return the tree of a JSON value (without places): the inverse of `plain`."""
    if isinstance(value, dict):
        return Fields(tuple(Entry(str(name), NOWHERE, tree(item)) for name, item in value.items()), NOWHERE)
    if isinstance(value, list | tuple):
        return Items(tuple(tree(item) for item in value), NOWHERE)
    if isinstance(value, bool):
        return Scalar(str(value).lower(), "boolean", NOWHERE)
    if isinstance(value, int | float):
        return Scalar(repr(value), "integer" if isinstance(value, int) else "number", NOWHERE)
    return Scalar("" if value is None else str(value), "null" if value is None else "text", NOWHERE)


def walk(node: Node, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every node below and including this one, with its JSON pointer."""
    yield pointer, node
    if isinstance(node, Fields):
        for entry in node.entries:
            yield from walk(entry.value, f"{pointer}/{escape(entry.name)}")
    elif isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from walk(item, f"{pointer}/{index}")


def escape(name: str) -> str:
    """Return a name as one part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def short(text: str, limit: int = 60) -> str:
    """Return text as it may stand in a message: quoted, printable and not long."""
    return repr(text if len(text) <= limit else text[:limit] + "...")
