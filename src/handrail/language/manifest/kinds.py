"""The kinds of values that fields have: each reads a tree, writes JSON and states its JSON Schema."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from handrail.kernel.ids import NAME_MAX, NAME_PATTERN, suggest_name
from handrail.language.manifest.errors import Findings
from handrail.language.manifest.nodes import (
    Fields,
    Items,
    Node,
    Scalar,
    describe,
    escape,
    number,
    plain,
    short,
    walk,
)

# The largest integer that every JSON reader keeps exactly.
INTEGER_MAX: Final = 2**53 - 1
_DIGITS: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands for a value that could not be read; the problem is noted already."""


REFUSED: Final = Refused()


class Kind(Protocol):
    """What a field may hold."""

    def read(self, node: Node, findings: Findings, pointer: str) -> Any:
        """Return the value, or `REFUSED` after noting why."""
        ...

    def write(self, value: Any) -> Any:
        """Return the JSON form of a value."""
        ...

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of this kind."""
        ...

    def words(self) -> str:
        """Say what it holds, for the reference."""
        ...


def refuse(
    node: Node, findings: Findings, pointer: str, detail: str, *, fix: str = "", code: str = "field_value"
) -> Refused:
    """Note a problem at a node, once: a node that the YAML reader refused is not reported again."""
    if not (isinstance(node, Scalar) and node.kind == "refused"):
        findings.add(node.mark, code, detail, fix=fix, pointer=pointer)
    return REFUSED


def mistyped(node: Node, findings: Findings, pointer: str, wanted: str, fix: str = "") -> Refused:
    """Note that a node holds another kind of value than was wanted."""
    detail = f"{_name_of(pointer)} must be {wanted}; here is {describe(node)}."
    return refuse(node, findings, pointer, detail, fix=fix, code="field_type")


def _name_of(pointer: str) -> str:
    parts = pointer.rsplit("/", 2)
    name = parts[-1].replace("~1", "/").replace("~0", "~") or "the document"
    return f"entry {int(name) + 1} of {parts[-2]}" if name.isdecimal() and len(parts) > 1 else name


@dataclass(frozen=True, slots=True)
class Text:
    """Text.

    Attributes:
        pattern: A regular expression for the whole text; the same in JSON Schema.
        form: What the pattern asks for, in words.
        example: A text that fits.
        explain: Says what is wrong with a text that does not fit; the `form` by default.
        quoted: Whether messages may repeat the text (not when people paste secrets there).
    """

    pattern: str = ""
    form: str = ""
    example: str = ""
    length_max: int = 200
    explain: Callable[[str], str] | None = None
    quoted: bool = True

    def read(self, node: Node, findings: Findings, pointer: str) -> str | Refused:
        if not isinstance(node, Scalar):
            return mistyped(node, findings, pointer, "text")
        if node.kind != "text":
            fix = f'Write it in quotes: "{node.text}".' if node.text and len(node.text) < 40 else ""
            return mistyped(node, findings, pointer, "text", fix)
        if not node.text:
            detail = f"{_name_of(pointer)} is empty."
            return refuse(node, findings, pointer, detail, fix="Write it, or remove the line.")
        if len(node.text) > self.length_max:
            detail = f"{_name_of(pointer)} has {len(node.text)} characters; {self.length_max} is the most."
            return refuse(node, findings, pointer, detail)
        if self.pattern and not re.fullmatch(self.pattern, node.text):
            said = self.explain(node.text) if self.explain else ""
            shown = f"{short(node.text)} is no" if self.quoted else "This is no"
            fix = f"Write it like {self.example}." if self.example and not said else ""
            return refuse(node, findings, pointer, said or f"{shown} {self.form}.", fix=fix)
        return node.text

    def write(self, value: str) -> str:
        return value

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": self.length_max}
        if self.pattern:
            found["pattern"] = self.pattern
        if self.example:
            found["examples"] = [self.example]
        return found

    def words(self) -> str:
        return self.form or "text"


def name_kind(example: str) -> Text:
    """Return the kind of readable ids, such as `invoice-approver`."""
    form = "readable id (lower-case letters, digits, hyphens)"
    return Text(
        NAME_PATTERN,
        form,
        example,
        NAME_MAX,
        lambda text: f"{short(text)} is no {form}: write {suggest_name(text)}.",
    )


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number, written in plain digits."""

    minimum: int
    maximum: int = INTEGER_MAX

    def read(self, node: Node, findings: Findings, pointer: str) -> int | Refused:
        if not isinstance(node, Scalar) or node.kind not in {"integer", "number"}:
            return mistyped(node, findings, pointer, "a whole number")
        if not _DIGITS.fullmatch(node.text):
            detail = f"{short(node.text)} is not a whole number in plain digits."
            return refuse(node, findings, pointer, detail, fix="Write it like 1000.", code="field_type")
        value = int(node.text)
        if not self.minimum <= value <= self.maximum:
            detail = f"{_name_of(pointer)} is {value}; it must be {self.words()}."
            return refuse(node, findings, pointer, detail)
        return value

    def write(self, value: int) -> int:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def words(self) -> str:
        if self.maximum == INTEGER_MAX:
            return f"a whole number from {self.minimum}"
        return f"a whole number from {self.minimum} to {self.maximum}"


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false; not yes, no, on or off."""

    def read(self, node: Node, findings: Findings, pointer: str) -> bool | Refused:
        if not isinstance(node, Scalar) or node.kind != "boolean":
            return mistyped(node, findings, pointer, "true or false", "Write true or false, without quotes.")
        return node.text.lower() == "true"

    def write(self, value: bool) -> bool:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def words(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    choices: tuple[str, ...]

    def read(self, node: Node, findings: Findings, pointer: str) -> str | Refused:
        if not isinstance(node, Scalar) or node.kind != "text":
            return mistyped(node, findings, pointer, self.words())
        if node.text in self.choices:
            return node.text
        near = nearest(node.text, self.choices)
        fix = f"Did you mean {near!r}?" if near else ""
        detail = f"{short(node.text)} is unknown for {_name_of(pointer)}: it must be {self.words()}."
        return refuse(node, findings, pointer, detail, fix=fix)

    def write(self, value: str) -> str:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    def words(self) -> str:
        return " or ".join([", ".join(self.choices[:-1]), self.choices[-1]] if self.choices[1:] else self.choices)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one kind."""

    kind: Kind
    items_max: int = 100
    unique: bool = True

    def read(self, node: Node, findings: Findings, pointer: str) -> tuple[Any, ...] | Refused:
        if not isinstance(node, Items):
            return mistyped(node, findings, pointer, "a list", "Write it as [one, two].")
        if len(node.items) > self.items_max:
            detail = f"{_name_of(pointer)} has {len(node.items)} entries; {self.items_max} is the most."
            return refuse(node, findings, pointer, detail)
        values: list[Any] = []
        for index, item in enumerate(node.items):
            value = self.kind.read(item, findings, f"{pointer}/{index}")
            if self.unique and value is not REFUSED and value in values:
                detail = f"{short(str(value))} is listed twice."
                refuse(item, findings, f"{pointer}/{index}", detail, fix="Remove one of them.")
            values.append(value)
        return REFUSED if REFUSED in values else tuple(values)

    def write(self, value: Iterable[Any]) -> list[Any]:
        return [self.kind.write(item) for item in value]

    def schema(self) -> dict[str, Any]:
        found = {"type": "array", "items": self.kind.schema(), "maxItems": self.items_max}
        return {**found, "uniqueItems": True} if self.unique else found

    def words(self) -> str:
        return f"a list: {self.kind.words()}"


@dataclass(frozen=True, slots=True)
class Constants:
    """Names with scalar values; a value keeps the text it was written with."""

    pattern: str = r"^[A-Za-z_][A-Za-z0-9_.-]{0,99}$"
    items_max: int = 200
    length_max: int = 2000

    def read(self, node: Node, findings: Findings, pointer: str) -> dict[str, str] | Refused:
        if not isinstance(node, Fields):
            return mistyped(node, findings, pointer, "a set of names with values")
        if len(node.entries) > self.items_max:
            detail = f"{_name_of(pointer)} has {len(node.entries)} entries; {self.items_max} is the most."
            return refuse(node, findings, pointer, detail)
        found = {}
        before = len(findings.problems)
        for entry in node.entries:
            where = f"{pointer}/{escape(entry.name)}"
            value = entry.value
            if not re.fullmatch(self.pattern, entry.name):
                detail = f"{short(entry.name)} cannot name a constant: use letters, digits, dots, - and _."
                findings.add(entry.mark, "field_value", detail, pointer=where)
            elif not isinstance(value, Scalar) or value.kind == "null":
                mistyped(value, findings, where, "text, a number, true or false")
            elif len(value.text) > self.length_max:
                refuse(value, findings, where, f"It is longer than {self.length_max} characters.")
            else:
                found[entry.name] = value.text
        return found if len(findings.problems) == before else REFUSED

    def write(self, value: Mapping[str, str]) -> dict[str, str]:
        return dict(value)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": self.pattern},
            "additionalProperties": {
                "type": ["string", "number", "boolean"],
                "maxLength": self.length_max,
            },
            "maxProperties": self.items_max,
        }

    def words(self) -> str:
        return "names with text, numbers, true or false"


@dataclass(frozen=True, slots=True)
class FreeObject:
    """Any JSON object: here, a JSON Schema whose references stay inside it."""

    def read(self, node: Node, findings: Findings, pointer: str) -> dict[str, Any] | Refused:
        if not isinstance(node, Fields):
            return mistyped(node, findings, pointer, "a JSON Schema")
        before = len(findings.problems)
        for where, inner in walk(node, pointer):
            if isinstance(inner, Scalar) and inner.kind == "refused":
                return REFUSED
            if isinstance(inner, Scalar) and inner.kind in {"integer", "number"}:
                if len(inner.text) > 40 or abs(number(inner)) > INTEGER_MAX:
                    fix = f"The largest is {INTEGER_MAX}; write larger ones as text."
                    refuse(inner, findings, where, "Not every JSON reader keeps this number.", fix=fix)
            elif where.endswith("/$ref") and isinstance(inner, Scalar) and not inner.text.startswith("#"):
                fix = "Copy the schema in, under $defs."
                detail = "A schema may only refer to itself, so that its digest covers it."
                refuse(inner, findings, where, detail, fix=fix)
        return plain(node) if len(findings.problems) == before else REFUSED

    def write(self, value: dict[str, Any]) -> dict[str, Any]:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}

    def words(self) -> str:
        return "a JSON Schema"


def nearest(text: str, known: Iterable[str]) -> str:
    """Return the known name that somebody probably meant, or an empty text."""
    import difflib  # noqa: PLC0415 - only needed when something is wrong

    plain_names = {_folded(name): name for name in known}
    near = difflib.get_close_matches(_folded(text[:64]), plain_names, 1, 0.6)
    return plain_names[near[0]] if near else ""


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
