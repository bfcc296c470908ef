"""What texts of a Node-RED flow read and set: code of function nodes, templates, JSONata, typed fields.

Every pattern is linear in the text's length. A context store's name (`#:(file)::count`) is not told apart: the same
name in two stores counts as one variable, which may join too much and never too little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handrail.language.graph import Reference

_QUOTED: Final = r"(?:\"[^\"\\\n]{1,200}\"|'[^'\\\n]{1,200}'|`[^`\\$\n]{1,200}`)"
_COMMENTS: Final = re.compile(
    r"(\"(?:[^\"\\\n]++|\\.)*+\"?|'(?:[^'\\\n]++|\\.)*+'?|`(?:[^`\\]++|\\.)*+`?)"
    r"|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?",
    re.DOTALL,
)
_CONTEXT: Final = re.compile(
    r"\b(flow|global)\s{0,8}\??\.\s{0,8}(get|set)\s{0,8}\(\s{0,20}"
    rf"(\[[^\[\]]{{0,400}}\]|{_QUOTED}(?=\s{{0,20}}[,)]))?"
)
_OLD_CONTEXT: Final = re.compile(
    r"\bcontext\.(flow|global)\.(?!get\b|set\b|keys\b)([A-Za-z_$][\w$]{0,100})((?:\.[\w$]{1,100}){0,10})"
    r"(\s{0,8}=(?!=))?"
)
_MESSAGE: Final = re.compile(
    rf"\bmsg((?:\??\.[A-Za-z_$][\w$]{{0,100}}|\[\s{{0,8}}(?:{_QUOTED}|\d{{1,9}})\s{{0,8}}\]){{1,20}})(\s{{0,8}}[(=](?![=>]))?"
)
_ENVIRONMENT: Final = re.compile(rf"\benv\s{{0,8}}\.\s{{0,8}}get\s{{0,8}}\(\s{{0,20}}({_QUOTED})")
_MUSTACHE: Final = re.compile(r"\{\{[{&#^]?\s{0,20}([A-Za-z_$][^{}\s|]{0,200})[^{}]{0,200}\}\}")
_FILLED: Final = re.compile(r"\$\{([^\s{}]{1,80})\}")
_FILLED_WHOLE: Final = re.compile(r"\$\(([^\s()]{1,80})\)")
_JSONATA_CALL: Final = re.compile(rf"\$(flowContext|globalContext|env)\s{{0,8}}\(\s{{0,8}}({_QUOTED})?")
_JSONATA_TEXT: Final = re.compile(
    r"\"(?:[^\"\\]++|\\.)*+\"?|'(?:[^'\\]++|\\.)*+'?|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?", re.DOTALL
)
_JSONATA_PATH: Final = re.compile(r"(?<![\w$.\]`])[A-Za-z_]\w{0,100}(?:\.[A-Za-z_]\w{0,100}){0,20}(?!\w|\s{0,8}\()")
_JSONATA_WORDS: Final = frozenset({"and", "or", "in", "true", "false", "null", "function"})
_STORE: Final = re.compile(r"#:\([^()]{0,80}\)::")
_SEGMENT: Final = re.compile(rf"\[\s{{0,8}}({_QUOTED}|\d{{1,9}})\s{{0,8}}\]")
_QUOTES: Final = "\"'`"

Scope = str
"""`flow` or `global`."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What a text reads, and which variables it sets.

    Attributes:
        reads: In order, each once; none of them resolved yet.
        sets: Names as in `Reference.name` (`flow.total`).
    """

    reads: tuple[Reference, ...] = ()
    sets: tuple[str, ...] = ()


NOTHING: Final = Uses()


def path(text: str) -> str:
    """Return a JavaScript path dotted: `payload["x"][0].y` is `payload.x.0.y`."""
    dotted = _SEGMENT.sub(lambda found: "." + found[1].strip(_QUOTES), text.replace("?.", "."))
    return dotted.strip(". ")


def variable(scope: Scope, key: str) -> Reference:
    """Return the reference to a context variable; a key such as `total.net` names a field of `total`."""
    bare = path(_STORE.sub("", key.strip()))
    above = ""
    while bare.startswith("$parent."):
        above, bare = above + "$parent.", bare.removeprefix("$parent.")
    name, _, field = bare.partition(".")
    return Reference("variable", f"{scope}.{above}{name}", field)


def unknown_variable(scope: Scope) -> Reference:
    """Return the reference to a context variable whose name is computed."""
    return Reference("variable", f"{scope}.*", resolved=False)


def in_code(text: str) -> Uses:
    """Read JavaScript of a function node; comments do not count."""
    code = _COMMENTS.sub(lambda found: found[1] or " ", text) if "/" in text else text
    found: list[tuple[int, Reference]] = []
    sets: dict[str, None] = {}
    for each in _CONTEXT.finditer(code):
        names = list(_names(each[1], each[3]))
        if each[2] == "set":
            sets |= dict.fromkeys(name.name for name in names)
        else:
            found += [(each.start(), name) for name in names]
    for each in _OLD_CONTEXT.finditer(code) if "context." in code else ():
        held = variable(each[1], each[2] + each[3])
        if each[4]:
            sets[held.name] = None
        else:
            found.append((each.start(), held))
    for each in _MESSAGE.finditer(code) if "msg" in code else ():
        field = path(each[1])
        if each[2] and each[2].strip() == "=":
            continue
        if each[2]:
            field = field.rpartition(".")[0]
        found.append((each.start(), Reference("item", "", field)))
    for each in _ENVIRONMENT.finditer(code) if "env" in code else ():
        found.append((each.start(), Reference("environment", each[1].strip(_QUOTES).removeprefix("$parent."))))
    found.sort(key=lambda pair: pair[0])
    return Uses(tuple(dict.fromkeys(each for _, each in found)), tuple(sets))


def in_template(text: str) -> Uses:
    """Read mustache (`{{payload.name}}`, `{{flow.total}}`, `{{env.HOST}}`) and substituted variables (`${HOST}`)."""
    reads: dict[Reference, None] = {}
    if "{{" in text:
        reads |= dict.fromkeys(_named(each[1]) for each in _MUSTACHE.finditer(text))
    if "${" in text:
        reads |= dict.fromkeys(
            Reference("environment", each[1].removeprefix("$parent.")) for each in _FILLED.finditer(text)
        )
    whole = _FILLED_WHOLE.fullmatch(text) if text[:2] == "$(" else None
    if whole:
        reads[Reference("environment", whole[1].removeprefix("$parent."))] = None
    return Uses(tuple(reads)) if reads else NOTHING


def in_jsonata(text: str) -> Uses:
    """Read a JSONata expression: paths begin at the message."""
    reads: dict[Reference, None] = {}
    for each in _JSONATA_CALL.finditer(text) if "$" in text else ():
        key = (each[2] or "").strip(_QUOTES)
        if each[1] == "env":
            reads |= {Reference("environment", key): None} if key else {}
        else:
            scope = "flow" if each[1] == "flowContext" else "global"
            reads[variable(scope, key) if key else unknown_variable(scope)] = None
    for each in _JSONATA_PATH.findall(_JSONATA_TEXT.sub(" ", text)):
        if each.partition(".")[0] not in _JSONATA_WORDS:
            reads[Reference("item", "", each)] = None
    return Uses(tuple(reads))


def typed(kind: str, text: str) -> Uses:
    """Read a field whose type stands beside it (`msg`, `flow`, `global`, `env`, `jsonata`, `full`)."""
    if kind == "msg":
        return Uses((Reference("item", "", path(text)),))
    if kind == "full":
        return Uses((Reference("item"),))
    if kind in {"flow", "global"}:
        return Uses((variable(kind, text),))
    if kind == "env":
        name = text.removeprefix("${").removesuffix("}") if text.startswith("${") else text
        return Uses((Reference("environment", name.removeprefix("$parent.")),))
    if kind == "jsonata":
        return in_jsonata(text)
    return in_template(text)


def _names(scope: Scope, written: str | None) -> Iterator[Reference]:
    if written is None:
        yield unknown_variable(scope)
    elif written.startswith("["):
        yield from (variable(scope, each.strip(_QUOTES)) for each in re.findall(_QUOTED, written))
    else:
        yield variable(scope, written.strip(_QUOTES))


def _named(text: str) -> Reference:
    """Return what a mustache name reads: `flow.x`, `flow[file].x`, `global.x`, `env.X`, or a field of the message."""
    scope = re.match(r"(flow|global)(?:\[[^\[\]]{0,80}\])?\.(.+)", text)
    if scope:
        return variable(scope[1], scope[2])
    if text.startswith("env."):
        return Reference("environment", text.removeprefix("env."))
    return Reference("item", "", path(text.removeprefix("msg.")))
