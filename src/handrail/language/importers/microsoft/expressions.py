"""What an expression of the workflow definition language reads.

An expression is a whole text that begins with `@`, or stands in `@{...}` inside a text; `@@` writes an at sign. Names
of functions ignore case; texts stand in single quotes, and a quote inside is doubled. Only calls with a literal name
and the path behind them matter here, so one pass over the tokens is enough, and nesting costs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"'(?:[^']|'')*+'|[A-Za-z_][A-Za-z0-9_]*+|[0-9]++|\S")
_ACTION: Final = frozenset({"body", "outputs", "actions", "actionbody", "actionoutputs", "result", "items"}) | {
    "iterationindexes",
    "formdatavalue",
    "formdatamultivalues",
    "multipartbody",
}
_TRIGGER: Final = frozenset({"trigger", "triggerbody", "triggeroutputs", "triggerformdatavalue"}) | {
    "triggerformdatamultivalues",
    "triggermultipartbody",
}
_NAMED: Final = _ACTION | {"variables", "parameters", "appsetting"}
_READING: Final = _NAMED | _TRIGGER | {"item", "workflow", "action"}
_IN_BODY: Final = frozenset({"body", "actionbody", "triggerbody", "multipartbody", "triggermultipartbody"})
_FORM: Final = frozenset({"formdatavalue", "formdatamultivalues", "triggerformdatavalue", "triggerformdatamultivalues"})
_SLASHED: Final = ("body/", "headers/", "queries/", "outputs/")
_CODE: Final = re.compile(
    r"""workflowContext\.(?:(trigger)\b|actions(?:\.([A-Za-z_]\w*)|\[\s*["']([^"'\]]{1,200})["']\s*\]))"""
    r"""((?:\??\.[A-Za-z_]\w*|\[\s*["'][^"'\]]{1,200}["']\s*\]){0,12})"""
)
_CODE_PART: Final = re.compile(r"""\.([A-Za-z_]\w*)|\[\s*["']([^"'\]]+)["']""")


@dataclass(frozen=True, slots=True)
class Read:
    """One place that an expression reads from.

    Attributes:
        kind: `action`, `trigger`, `item`, `variable`, `parameter`, `environment`, `flow` (the run itself) or `result`
            (what every action in a scope gave).
        name: The literal name; empty where there is none.
        field: The path in the step's output, dotted (`body.value`).
        literal: False when the name is computed.
    """

    kind: str
    name: str = ""
    field: str = ""
    literal: bool = True


def reads(text: str) -> tuple[Read, ...]:
    """Return what the expressions of a text read, in order, each once."""
    if "@" not in text:
        return ()
    return tuple(dict.fromkeys(read for tokens in expressions(text) for read in _reads(tokens)))


def code_reads(code: str) -> tuple[Read, ...]:
    """Return what an inline script reads through its `workflowContext`, each once."""
    found: dict[Read, None] = {}
    for trigger, dotted, quoted, rest in _CODE.findall(code):
        path = [first or second for first, second in _CODE_PART.findall(rest)]
        kind, function = ("trigger", "trigger") if trigger else ("action", "actions")
        found[Read(kind, dotted or quoted, _field(function, path))] = None
    return tuple(found)


def expressions(text: str) -> Iterator[list[str]]:
    """Yield the tokens of every expression in a text."""
    if text.startswith("@") and not text.startswith(("@@", "@{")):
        yield _TOKEN.findall(text, 1)
        return
    at = text.find("@{")
    while at >= 0:
        if _escaped(text, at):
            at = text.find("@{", at + 2)
            continue
        tokens, end = _until_brace(text, at + 2)
        yield tokens
        at = text.find("@{", end)


def holed(text: str, hole: str) -> str:
    """Return a text with every expression replaced: by its value where it is plainly a constant, else by `hole`."""
    if text.startswith("@") and not text.startswith(("@@", "@{")):
        return _constant(_TOKEN.findall(text, 1), hole)
    pieces: list[str] = []
    begin = 0
    at = text.find("@{")
    while at >= 0:
        if _escaped(text, at):
            at = text.find("@{", at + 2)
            continue
        tokens, end = _until_brace(text, at + 2)
        pieces += (text[begin:at], _constant(tokens, hole))
        begin = end
        at = text.find("@{", end)
    return "".join((*pieces, text[begin:])).replace("@@", "@")


def unquoted(token: str) -> str:
    """Return the text that a quoted token writes."""
    return token[1:-1].replace("''", "'")


def _escaped(text: str, at: int) -> bool:
    before = at
    while before > 0 and text[before - 1] == "@" and at - before < 64:
        before -= 1
    return (at - before) % 2 == 1


def _until_brace(text: str, begin: int) -> tuple[list[str], int]:
    tokens: list[str] = []
    for found in _TOKEN.finditer(text, begin):
        if found[0] == "}":
            return tokens, found.end()
        tokens.append(found[0])
    return tokens, len(text)


def _constant(tokens: list[str], hole: str) -> str:
    """Return a quoted text, also inside functions that only escape it, or the beginning of a `concat`."""
    inner = tokens
    while len(inner) >= 4 and inner[0].lower() in {"encodeuricomponent", "string", "uricomponent"}:
        if inner[1] != "(" or inner[-1] != ")":
            return hole
        inner = inner[2:-1]
    if len(inner) == 1 and inner[0][:1] == "'":
        value = unquoted(inner[0])
        return value if inner is tokens else value.replace("/", "%2F")
    if len(inner) > 4 and inner[0].lower() == "concat" and inner[1] == "(" and inner[2][:1] == "'":
        return unquoted(inner[2]) + hole
    return hole


def _reads(tokens: list[str]) -> Iterator[Read]:
    for index, token in enumerate(tokens):
        function = token.lower()
        if function not in _READING or tokens[index + 1 : index + 2] != ["("] or tokens[index - 1 : index] == ["."]:
            continue
        argument = tokens[index + 2] if index + 2 < len(tokens) else ")"
        after = tokens[index + 3] if index + 3 < len(tokens) else ")"
        has_name = argument[:1] == "'" and len(argument) > 1 and after in {")", ","}
        name = unquoted(argument) if has_name else ""
        if function in _FORM:
            yield _form(function, name, tokens, index, literal=has_name)
        elif function in _NAMED:
            path = _path(tokens, index + 4) if has_name and after == ")" else []
            yield Read(_kind(function), name, _counted(tokens, index, _field(function, path)), has_name)
        elif function == "triggermultipartbody":
            yield Read("trigger", "", "body")
        elif argument == ")":
            yield Read(_kind(function), "", _counted(tokens, index, _field(function, _path(tokens, index + 3))))


def _counted(tokens: list[str], index: int, field: str) -> str:
    """Return the field that a read gives: its length only, where that is all that is asked for."""
    asked = index > 1 and tokens[index - 1] == "(" and tokens[index - 2].lower() in {"length", "empty"}
    return f"{field}.length".strip(".") if asked else field


def _form(function: str, name: str, tokens: list[str], index: int, *, literal: bool) -> Read:
    if function in _TRIGGER:
        return Read("trigger", "", f"body.{name}" if name else "body")
    key = tokens[index + 4] if index + 4 < len(tokens) and tokens[index + 3] == "," else ""
    field = f"body.{unquoted(key)}" if key[:1] == "'" and len(key) > 1 else "body"
    return Read("action", name, field, literal)


def _kind(function: str) -> str:
    if function in _TRIGGER:
        return "trigger"
    kinds = {"variables": "variable", "parameters": "parameter", "appsetting": "environment", "result": "result"}
    kinds |= {"item": "item", "workflow": "flow", "action": "flow"}
    return kinds.get(function, "action")


def _path(tokens: list[str], index: int) -> list[str]:
    """Return the literal keys behind a call; numbers are left out, and a computed key ends it."""
    path: list[str] = []
    while index + 1 < len(tokens):
        if tokens[index] == "?":
            index += 1
        elif tokens[index] == "." and tokens[index + 1][:1].isalpha():
            path.append(tokens[index + 1])
            index += 2
        elif tokens[index] == "[" and tokens[index + 2 : index + 3] == ["]"]:
            key = tokens[index + 1]
            if key[:1] == "'":
                path.append(unquoted(key))
            elif not key.isdecimal():
                break
            index += 3
        else:
            break
    return path


def _field(function: str, path: list[str]) -> str:
    parts = [part for key in path for part in (key.split("/") if key.startswith(_SLASHED) else (key,))]
    if function in _IN_BODY:
        parts = ["body", *parts]
    elif function in {"actions", "trigger"} and parts[:1] == ["outputs"]:
        parts = parts[1:]
    return ".".join(parts)
