"""Reads YAML 1.2 by its events: bounded, without aliases or surprises, every value with its place.

libyaml only splits the text into events here; which plain words mean a number, true or nothing is decided
below, by YAML 1.2's core schema. So `no`, `on`, `12:30` and `2026-01-01` stay text, and `1e3` is a number.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from handrail.language.manifest.errors import Findings, ManifestInvalid, Problem
from handrail.language.manifest.nodes import Entry, Fields, Items, Mark, Node, Scalar, ScalarKind, short

SIZE_MAX_BYTES: Final = 256 * 1024
DEPTH_MAX: Final = 32
NODES_MAX: Final = 20_000

_CORE: Final = "tag:yaml.org,2002:"
_TAGS: Final[dict[str, tuple[ScalarKind, ...]]] = {
    "str": ("text",),
    "int": ("integer",),
    "float": ("number", "integer"),
    "bool": ("boolean",),
    "null": ("null",),
}
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN: Final = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# YAML 1.1, and so libyaml, takes these for the end of a line; YAML 1.2 and JSON do not.
_OLD_BREAKS: Final = re.compile("[\x85\u2028\u2029]")
_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", flags=re.IGNORECASE)


class _Stop(Exception):
    """Nothing more can be read."""


def read_yaml(text: str, file: str = "manifest") -> Node:
    """Read one YAML 1.2 (or JSON) document.

    Args:
        text: At most 256 KiB; at most 32 levels and 20,000 values.
        file: The name that places in errors begin with.

    Raises:
        ManifestInvalid: With every problem found (`yaml_invalid`, `yaml_limit`, `yaml_refused`).
    """
    findings = Findings(file)
    node = scan(text, findings)
    findings.raise_if_any()
    if node is None:  # unreachable: without a tree there is a problem
        raise ManifestInvalid([Problem(f"{file}:1:1", "", "yaml_invalid", "There is nothing in it.")])
    return node


def scan(text: str, findings: Findings) -> Node | None:
    """Read one document; note problems instead of raising them, and return what could be read."""
    text = text.removeprefix("\ufeff")
    try:
        _check_text(text, findings)
        return _Builder(findings).document(_events(_joined_pairs(text), findings))
    except _Stop:
        return None


def _check_text(text: str, findings: Findings) -> None:
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError as error:
        findings.add(_mark_at(text, error.start), "yaml_invalid", "There is a character here that is no Unicode text.")
        raise _Stop from None
    if size_bytes > SIZE_MAX_BYTES:
        detail = f"The document has {size_bytes} bytes; {SIZE_MAX_BYTES} is the most."
        findings.add((1, 1), "yaml_limit", detail, fix="Move examples out of it, or split it.")
        raise _Stop
    old = _OLD_BREAKS.search(text)
    if old:
        detail = f"The character U+{ord(old.group()):04X} ends a line for some readers and not for others."
        findings.add(
            _mark_at(text, old.start()),
            "yaml_refused",
            detail,
            fix=f"Write it as \\u{ord(old.group()):04x} in double quotes.",
        )
        raise _Stop


def _mark_at(text: str, index: int) -> Mark:
    line_start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - line_start + 1


def _joined_pairs(text: str) -> str:
    # JSON writes characters beyond U+FFFF as two escapes, which libyaml refuses. Only in real JSON is every
    # backslash inside double quotes, where one long escape means the same. (Columns behind it shift by two.)
    if not text.lstrip().startswith(("{", "[", '"')) or not _PAIR.search(text):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text

    def joined(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"

    return _PAIR.sub(joined, text)


def _events(text: str, findings: Findings) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.problem, error.context) if part)
        findings.add(_mark(mark), "yaml_invalid", f"This is no YAML: {said or 'it ends too early'}.")
        raise _Stop from None
    except yaml.reader.ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        findings.add(_mark_at(text, position), "yaml_invalid", "There is a control character here.")
        raise _Stop from None


def _mark(mark: Any) -> Mark:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Builder:
    """Builds the tree from events and counts what it holds."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.nodes = 0

    def document(self, events: Iterator[Any]) -> Node | None:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self._stop(event, "yaml_invalid", "A second document begins here.", "Keep one per file.")
                if event.version not in {None, (1, 2)} or event.tags:
                    self._stop(event, "yaml_refused", "Directives are refused.", "Remove the line with %.")
                node = self._node(next(events), events, 1)
        if node is None:
            self.findings.add((1, 1), "yaml_invalid", "There is nothing in it.")
        return node

    def _stop(self, event: Any, code: str, detail: str, fix: str) -> None:
        self.findings.add(_mark(event.start_mark), code, detail, fix=fix)
        raise _Stop

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self.nodes += 1
        if self.nodes > NODES_MAX:
            self._stop(event, "yaml_limit", f"There are more than {NODES_MAX} values.", "Split it.")
        if depth > DEPTH_MAX:
            detail = f"This is nested more than {DEPTH_MAX} levels deep."
            self._stop(event, "yaml_limit", detail, "Make it flatter.")
        if self.findings.full:
            raise _Stop
        mark = _mark(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            fix = "Write the value out here."
            self.findings.add(mark, "yaml_refused", f"The alias *{event.anchor} is refused.", fix=fix)
            return Scalar("", "refused", mark)
        if event.anchor:
            fix = f"Remove &{event.anchor}."
            self.findings.add(mark, "yaml_refused", f"The anchor &{event.anchor} is refused.", fix=fix)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, mark)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        if event.tag not in {None, "!", f"{_CORE}{'seq' if is_list else 'map'}"}:
            self._refuse_tag(event, mark)
        if is_list:
            items = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, depth + 1))
            return Items(tuple(items), mark)
        return self._fields(events, mark, depth)

    def _fields(self, events: Iterator[Any], mark: Mark, depth: int) -> Fields:
        entries: dict[str, Entry] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            key_mark = _mark(key.start_mark)
            name = self._node(key, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(name, Scalar):
                self.findings.add(key_mark, "yaml_refused", "A list or a set of fields cannot be a name.")
            elif name.text == "<<" and name.kind == "text":
                fix = "Write the fields out."
                self.findings.add(key_mark, "yaml_refused", "The merge key << is refused.", fix=fix)
            elif name.text in entries:
                line, column = entries[name.text].mark
                detail = f"{short(name.text)} is given twice; first in line {line}, column {column}."
                self.findings.add(key_mark, "yaml_refused", detail, fix="Remove one of them.")
            elif name.kind != "refused":
                entries[name.text] = Entry(name.text, key_mark, value)
        return Fields(tuple(entries.values()), mark)

    def _scalar(self, event: Any, mark: Mark) -> Scalar:
        text = event.value
        if "\0" in text:
            self.findings.add(mark, "yaml_refused", "The character U+0000 is refused.")
            return Scalar("", "refused", mark)
        if event.tag is None or event.tag == "!":
            is_plain = event.tag is None and event.implicit[0]
            kind = self._plain_kind(text, mark) if is_plain else "text"
            return Scalar(text, kind, mark)
        wanted = _TAGS.get(event.tag.removeprefix(_CORE)) if event.tag.startswith(_CORE) else None
        if wanted is None:
            self._refuse_tag(event, mark)
            return Scalar("", "refused", mark)
        kind = "text" if wanted == ("text",) else self._plain_kind(text, mark)
        if kind not in {*wanted, "refused"}:
            detail = f"{short(text)} does not fit its tag."
            self.findings.add(mark, "yaml_refused", detail, fix="Remove the tag.")
            kind = "refused"
        return Scalar(text, kind, mark)

    def _plain_kind(self, text: str, mark: Mark) -> ScalarKind:
        if text in _NULL:
            return "null"
        if text in _BOOLEAN:
            return "boolean"
        if _INTEGER.fullmatch(text):
            return "integer"
        # "1e999" is written as a finite number and read as infinity.
        if _NOT_FINITE.fullmatch(text) or (_NUMBER.fullmatch(text) and abs(float(text)) == float("inf")):
            fix = "Write a number, or quote it to make it text."
            self.findings.add(mark, "yaml_refused", f"{short(text)} is not a finite number.", fix=fix)
            return "refused"
        return "number" if _NUMBER.fullmatch(text) else "text"

    def _refuse_tag(self, event: Any, mark: Mark) -> None:
        fix = "Remove it; only the core tags such as !!str are known."
        self.findings.add(mark, "yaml_refused", f"The tag {short(event.tag)} is refused.", fix=fix)
