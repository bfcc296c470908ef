"""Declares a part of a manifest once: its dataclass is the parser, the JSON Schema and the reference."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar, dataclass_transform

from handrail.language.manifest.errors import Findings
from handrail.language.manifest.kinds import REFUSED, Kind, Refused, mistyped, nearest
from handrail.language.manifest.nodes import Fields, Items, Node, escape, short

T = TypeVar("T")
_KEY: Final = "handrail"
_REQUIRED: Final = object()


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field.

    Attributes:
        attribute: Its name in Python.
        name: Its name in the document.
        about: What it means, in one sentence.
        default: Its value when it is not given; None also means that it is then left out of documents.
        in_metadata: Whether it stands under `metadata` instead of `spec`.
    """

    attribute: str
    name: str
    kind: Kind
    about: str
    required: bool
    default: Any
    in_metadata: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that one field alone cannot tell.

    Attributes:
        path: Names and indexes from the part to the value that is wrong.
    """

    path: tuple[str | int, ...]
    detail: str
    fix: str = ""


def declared(
    kind: Kind,
    about: str,
    *,
    default: Any = _REQUIRED,
    in_metadata: bool = False,
) -> Any:
    """Declare one field of a part.

    Args:
        kind: What it may hold.
        about: What it means, in one sentence, for the reference and the JSON Schema.
        default: Makes the field optional; None leaves it out of documents.
        in_metadata: Whether it stands under `metadata`.
    """
    notes = {_KEY: (kind, about, in_metadata)}
    if default is _REQUIRED:
        return dataclasses.field(metadata=notes)
    if isinstance(default, dict):
        return dataclasses.field(default_factory=default.copy, metadata=notes)
    return dataclasses.field(default=default, metadata=notes)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(declared,))
def part(cls: type[T]) -> type[T]:
    """Make a class with declared fields a frozen dataclass.

    A part may have a method `remarks()` that yields what single fields cannot tell.
    """
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def fields_of(cls: type[object]) -> tuple[Field, ...]:
    """Return what a part declares, in the order it was written."""
    known = _DECLARED.get(cls)
    if known is None:
        known = _DECLARED[cls] = _declared_in(cls)
    return known


_DECLARED: Final[dict[type[object], tuple[Field, ...]]] = {}


def _declared_in(cls: type[object]) -> tuple[Field, ...]:
    found = []
    for entry in dataclasses.fields(cls):  # type: ignore[arg-type] # every part is a dataclass
        kind, about, in_metadata = entry.metadata[_KEY]
        made_empty = entry.default_factory is not dataclasses.MISSING
        required = entry.default is dataclasses.MISSING and not made_empty
        name = re.sub(r"_([a-z])", lambda match: match[1].upper(), entry.name)
        default = {} if made_empty else None if required else entry.default
        found.append(Field(entry.name, name, kind, about, required, default, in_metadata))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Group:
    """The kind of a set of declared fields; read as a mapping by attribute."""

    fields: tuple[Field, ...]

    def read(self, node: Node, findings: Findings, pointer: str) -> Any:
        values = read_fields(self.fields, node, findings, pointer)
        return REFUSED if values is None else values

    def write(self, value: Any) -> dict[str, Any]:
        return write_fields(self.fields, value)

    def schema(self) -> dict[str, Any]:
        return schema_of(self.fields)

    def words(self) -> str:
        return "fields, see below"


@dataclass(frozen=True, slots=True)
class Part:
    """The kind of a nested part."""

    cls: type[object]

    def read(self, node: Node, findings: Findings, pointer: str) -> Any:
        values = read_fields(fields_of(self.cls), node, findings, pointer)
        return REFUSED if values is None else build(self.cls, values, {pointer: node}, findings)

    def write(self, value: Any) -> dict[str, Any]:
        return write_fields(fields_of(self.cls), value)

    def schema(self) -> dict[str, Any]:
        return schema_of(fields_of(self.cls))

    def words(self) -> str:
        return "fields, see below"


def read_fields(fields: tuple[Field, ...], node: Node, findings: Findings, pointer: str) -> dict[str, Any] | None:
    """Read declared fields; return them by attribute, or None when any of them is wrong."""
    if not isinstance(node, Fields):
        mistyped(node, findings, pointer, "a set of fields", "Write it as indented lines of name: value.")
        return None
    known = {field.name: field for field in fields}
    sound = True
    values: dict[str, Any] = {}
    for entry in node.entries:
        if findings.full:
            return None
        field = known.get(entry.name)
        where = f"{pointer}/{escape(entry.name)}"
        if field is None:
            sound = False
            near = nearest(entry.name, known)
            fix = f"Did you mean {near!r}?" if near else f"Known here: {', '.join(known)}."
            findings.add(entry.mark, "field_unknown", f"There is no field {short(entry.name)}.", fix=fix, pointer=where)
            continue
        values[field.attribute] = field.kind.read(entry.value, findings, where)
        sound = sound and values[field.attribute] is not REFUSED
    for field in fields:
        if field.required and node.get(field.name) is None:
            sound = False
            findings.add(
                node.mark,
                "field_missing",
                f"{field.name} is missing{_place_words(pointer)}.",
                fix=f"Add {field.name}: {field.about[0].lower()}{field.about[1:]}",
                pointer=pointer,
            )
    return values if sound else None


def build(cls: type[T], values: dict[str, Any], roots: dict[str, Node], findings: Findings) -> T | Refused:
    """Make a part of values that were read, and note its remarks.

    Args:
        cls: The part.
        values: What its fields hold, by attribute.
        roots: The nodes that hold its fields, by JSON pointer (several for a manifest, whose fields stand
            under `metadata` and `spec`).
        findings: Where remarks go.
    """
    made = cls(**values)
    remarks: Callable[[], Iterator[Remark]] | None = getattr(made, "remarks", None)
    sound = True
    for remark in remarks() if remarks else ():
        sound = False
        mark, pointer = _locate(roots, remark.path)
        findings.add(mark, "field_value", remark.detail, fix=remark.fix, pointer=pointer)
    return made if sound else REFUSED


def _locate(roots: dict[str, Node], path: tuple[str | int, ...]) -> tuple[tuple[int, int], str]:
    holders = [
        (prefix, root)
        for prefix, root in roots.items()
        if path and isinstance(root, Fields) and root.get(str(path[0])) is not None
    ]
    pointer, node = holders[0] if holders else next(reversed(roots.items()))
    for step in path:
        if isinstance(node, Fields) and (inner := node.get(str(step))) is not None:
            node = inner
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
        pointer += f"/{escape(str(step))}"
    return node.mark, pointer


def _place_words(pointer: str) -> str:
    parts = [part for part in pointer.split("/") if part]
    if not parts:
        return ""
    if parts[-1].isdecimal() and len(parts) > 1:
        return f" in entry {int(parts[-1]) + 1} of {parts[-2]}"
    return f" in {parts[-1]}"


def write_fields(fields: tuple[Field, ...], value: Any) -> dict[str, Any]:
    """Return a part's JSON form with every default filled in; None is left out."""
    found = {}
    for field in fields:
        held = getattr(value, field.attribute)
        if held is not None:
            found[field.name] = field.kind.write(held)
    return found


def schema_of(fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the JSON Schema of declared fields."""
    properties = {}
    for field in fields:
        schema = {"description": field.about, **field.kind.schema()}
        if not field.required and field.default is not None:
            schema["default"] = field.kind.write(field.default)
        properties[field.name] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }
