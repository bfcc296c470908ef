"""What n8n's expressions and code read: the wire, a named step, a variable, a model.

Not a JavaScript parser: it finds the few names by which n8n hands out data and follows the path written behind them.
Every pattern is linear in the text's length.
"""

import re
from collections.abc import Container, Iterator
from typing import Final, Literal

from handrail.language.graph import Reference

Language = Literal["expression", "javascript", "function", "python"]
"""`function` is the code of the old Function nodes, where `item` and `items` are what comes in."""

_STRING: Final = r"""(?:"((?:[^"\\\n]|\\.){0,300}+)"|'((?:[^'\\\n]|\\.){0,300}+)'|`((?:[^`\\]|\\.){0,300}+)`)"""
_NAME: Final = r"[A-Za-z_$][\w$]{0,200}+"
_START: Final = re.compile(
    rf"""
      (?<![\w$]) (?:
        [$_]\(\s{{0,20}}+ {_STRING} \s{{0,20}}+\)
      | [$_]node\b\s{{0,20}}+ (?: \[\s{{0,20}}+ {_STRING} \s{{0,20}}+\] | \.\s{{0,20}}+ ({_NAME}) )
      | [$_](?:items|getPairedItem)\s{{0,20}}+\(\s{{0,20}}+ {_STRING} \s{{0,20}}+
      | [$_](?i:fromai)\s{{0,20}}+\(\s{{0,20}}+ (?: {_STRING} )?
      | ([$_](?:json|binary|input|vars|env|items|item)|(?<!\.)items?)\b
      )
    """,
    re.VERBOSE,
)
# last groups of the pattern above: a name after `$node.`, in `$items(...)`, and one that needs no name
_NODE_DOTTED: Final = 7
_ITEMS: Final = 10
_PLAIN: Final = _START.groups
_PART: Final = re.compile(
    rf"""\s{{0,40}}+ (?:
        (?:\?\.|\.) \s{{0,40}}+ ({_NAME})
      | (?:\?\.)? \[ \s{{0,20}}+ (?: "((?:[^"\\\n]|\\.){{0,300}}+)" | '((?:[^'\\\n]|\\.){{0,300}}+)' | (-?\d{{1,9}}) )
          \s{{0,20}}+ \]
      ) ( \s{{0,20}}+ (?:\?\.)? \( )?
    """,
    re.VERBOSE,
)
_ARGUMENTS: Final = re.compile(r"[^()]{0,300}+\)")
_LINE_COMMENT: Final = {
    "javascript": re.compile(r"^[ \t]*+//.*$", re.MULTILINE),
    "function": re.compile(r"^[ \t]*+//.*$", re.MULTILINE),
    "python": re.compile(r"^[ \t]*+#.*$", re.MULTILINE),
}
_BEFORE_COMMENT: Final = frozenset(" \t\r\n;{}(),")
_PARTS_MAX: Final = 32
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ITEM_OF: Final = frozenset({"item", "first", "last", "all", "itemMatching", "pairedItem"})
_NO_DATA: Final = frozenset({"params", "isExecuted", "context", "runIndex", "parameter", "name", "constructor"})
_BODY: Final = frozenset({"json", "data"})


def read_references(text: str, names: Container[str], language: Language = "expression") -> tuple[Reference, ...]:
    """Return what a text reads, in its order, each once.

    Args:
        text: An expression without its first `=`, or code.
        names: The steps that the flow has.
        language: What the text is.
    """
    if language == "expression":
        text = _between_braces(text)
        if "$" not in text:
            return ()
    else:
        text = _without_comments(text, language)
    found = (_reference(text, each, names, language) for each in _START.finditer(text))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _between_braces(text: str) -> str:
    begin, end = text.find("{{"), text.rfind("}}")
    return text[begin + 2 : end] if 0 <= begin < end else ""


def _without_comments(text: str, language: Language) -> str:
    """Return code without block comments and lines that are comments; what stands behind code on its line stays."""
    if language != "python" and "/*" in text:
        kept = []
        at = 0
        while (begin := text.find("/*", at)) >= 0:
            inside = begin > 0 and text[begin - 1] not in _BEFORE_COMMENT  # a text such as '*/*'
            end = begin + 2 if inside else text.find("*/", begin + 2) + 2
            if end < begin + 2:
                break
            kept.append(text[at:end] if inside else text[at:begin])
            at = end
        text = "".join((*kept, text[at:]))
    return _LINE_COMMENT[language].sub("", text)


def _reference(text: str, start: re.Match[str], names: Container[str], language: Language) -> Reference | None:
    if start[0][0] == "_" and language != "python":
        return None
    if start.lastindex is None:
        return Reference("model")
    name = start[start.lastindex]
    if start.lastindex == _PLAIN:
        return _plain(text, start, name, language)
    if start.lastindex > _ITEMS:
        return Reference("model", field=_unescaped(name))
    step = _unescaped(name)
    parts = list(_parts(text, start.end()))
    if start.lastindex > _NODE_DOTTED:  # behind the name of $items stand further arguments
        closed = _ARGUMENTS.match(text, start.end())
        parts = list(_parts(text, closed.end())) if closed else []
    if parts and parts[0][0] in _NO_DATA:
        return None
    return Reference("step", step, _field(parts), step in names)


def _plain(text: str, start: re.Match[str], name: str, language: Language) -> Reference | None:
    bare = name.lstrip("$_")
    if bare in {"vars", "env"}:
        first = next(_parts(text, start.end()), None)
        kind: Literal["variable", "environment"] = "variable" if bare == "vars" else "environment"
        return Reference(kind, first[0]) if first and not first[1] else None
    if name in {"items", "item"} and not (language == "function" or (language == "javascript" and name == "items")):
        return None
    parts = list(_parts(text, start.end()))
    if bare == "json" or name == "item":
        return Reference("item", field=_path(parts[1:] if parts[:1] == [("json", False)] else parts))
    if bare == "binary":
        return Reference("item", field=_joined("binary", _path(parts)))
    if parts and parts[0][0] in _NO_DATA:
        return None
    return Reference("item", field=_field(parts))


def _parts(text: str, at: int) -> Iterator[tuple[str, bool]]:
    """Yield the names behind a value, and whether each is called."""
    for _ in range(_PARTS_MAX):
        part = _PART.match(text, at)
        if part is None:
            return
        name, double, single, index, call = part.groups()
        at = part.end()
        yield _unescaped(name or double or single or index or ""), call is not None
        if call is not None:
            closed = _ARGUMENTS.match(text, at)
            if closed is None:
                return
            at = closed.end()


def _field(parts: list[tuple[str, bool]]) -> str:
    """Return the path below an item: `first().json.body.email` gives `body.email`."""
    for place, (name, _called) in enumerate(parts):
        if name in _BODY:
            return _path(parts[place + 1 :])
        if name == "binary":
            return _joined("binary", _path(parts[place + 1 :]))
        if name not in _ITEM_OF and not name.lstrip("-").isdecimal():
            break
    return ""


def _path(parts: list[tuple[str, bool]]) -> str:
    names = []
    for name, called in parts:
        if called:
            break
        names.append(name)
    return ".".join(names)


def _joined(first: str, rest: str) -> str:
    return f"{first}.{rest}" if rest else first


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
