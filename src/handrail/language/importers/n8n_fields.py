"""Walks the parameters of an n8n node once: every text with what it reads, and the object that the node works on."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Input, Reference
from handrail.language.importers.n8n_references import Language, read_references
from handrail.language.importers.packs import Part, Row

CODE_FIELDS: Final = frozenset({"jsCode", "pythonCode", "functionCode", "code"})
_LANGUAGES: Final[Mapping[str, Language]] = {"pythonCode": "python", "functionCode": "function"}
# what the editor remembers of a choice, beside the chosen value
_REMEMBERED: Final = frozenset({"__rl", "mode", "cachedResultUrl", "cachedResultName"})
_HOLE: Final = re.compile(r"\{([A-Za-z_]\w{0,60})\}")
_KEY_MAX: Final = 200
# names that mean another thing for each account, and what a template leaves to be filled in
_ONES_OWN: Final = frozenset({"root", "primary", "me"})
_GAP: Final = re.compile(
    r"^[<\[{(].*[>\]})]$|\[secret: "
    r"|(?:^|[\W_])(?:your|placeholder|todo|x{4,20}|(?:update|change|replace)[\W_]?(?:me|this))(?:$|[\W_])",
    re.IGNORECASE | re.DOTALL,
)
_POINTER_MAX: Final = 2000
_GRID: Final = re.compile(r"(?:gid=)?(\d{1,12})")
_HEX_ID: Final = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\Z")
# where the id stands in an address that somebody pasted in its place
_IN_ADDRESS: Final = (
    ("table", re.compile(r"/(tbl[A-Za-z0-9]{8,40})")),
    ("base", re.compile(r"/(app[A-Za-z0-9]{8,40})")),
    ("application", re.compile(r"/(app[A-Za-z0-9]{8,40})")),
    ("sheetName", re.compile(r"[#&?]gid=(\d{1,12})")),
    ("folderId", re.compile(r"/folders/([\w-]{5,100})")),
    ("", re.compile(r"/d/([\w-]{5,100})")),
)


@dataclass(frozen=True, slots=True)
class Texts:
    """How the texts of a node are read.

    Attributes:
        names: The steps of the flow.
        code: Whether its code fields hold code.
        holes: Whether a model fills what stands in single braces, as in the first HTTP tool.
    """

    names: Container[str]
    code: bool = False
    holes: bool = False


def read_inputs(parameters: Mapping[str, Any], texts: Texts) -> Iterator[Input]:
    """Yield every text among a node's parameters; pointers begin at the node."""
    return _inputs(parameters, "/parameters", texts)


def object_of(row: Row | None, parameters: Mapping[str, Any]) -> str | None:
    """Return the name of the object that a node works on, None when there is none or an expression chooses it."""
    for parts in row.objects if row else ():
        named = [_named(part, parameters) for part in parts]
        if all(named):
            return "/".join(each.strip("/") for each in named if each)
    return None


def literal(value: Any) -> str:
    """Return the text of a value or a resource locator; empty when it is an expression or no text."""
    held = value.get("value") if isinstance(value, dict) else value
    if isinstance(held, bool) or not isinstance(held, (str, int)):
        return ""
    text = str(held).strip()
    if text.startswith("="):
        text = "" if "{{" in text else text[1:].strip()
    return text


def _inputs(value: Any, pointer: str, texts: Texts) -> Iterator[Input]:
    if len(pointer) > _POINTER_MAX:
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    located = isinstance(value, dict) and value.get("__rl") is True
    for key, held in items:
        if isinstance(held, str):
            if held and not (located and key in _REMEMBERED):
                at = f"{pointer}/{key if isinstance(key, int) else pointer_segment(key)}"
                yield Input(at, held, _references(held, key, texts))
        elif isinstance(held, (dict, list)):
            at = f"{pointer}/{key if isinstance(key, int) else pointer_segment(key)}"
            yield from _inputs(held, at, texts)


def _references(text: str, key: Any, texts: Texts) -> tuple[Reference, ...]:
    # without the first `=` n8n sends an expression as it stands; its author meant one, so it is read as one
    if text[0] == "=" or ("{{" in text and not texts.code):
        return read_references(text, texts.names)
    if texts.code and key in CODE_FIELDS:
        return read_references(text, texts.names, _LANGUAGES.get(key, "javascript"))
    if texts.holes and "{" in text:
        return tuple(dict.fromkeys(Reference("model", field=name) for name in _HOLE.findall(text)))
    return ()


def _named(part: Part, parameters: Mapping[str, Any]) -> str:
    held: Any = parameters
    for segment in part.path:
        held = held.get(segment) if isinstance(held, dict) else None
    if held is None:
        return part.default
    text = literal(held)
    grid = _GRID.fullmatch(text)
    if grid and isinstance(held, dict):
        remembered = held.get("cachedResultName")
        return remembered if isinstance(remembered, str) and remembered else grid[1]
    if "://" in text:
        text = _id_in_address(part.path[-1], text)
    digits = _HEX_ID.search(text)
    if digits:
        text = "".join(digits.groups())
    if len(text) > _KEY_MAX or text.lower() in _ONES_OWN or _GAP.search(text):
        return ""
    return text


def _id_in_address(name: str, text: str) -> str:
    for wanted, pattern in _IN_ADDRESS:
        found = pattern.search(text) if wanted in {"", name} else None
        if found:
            return found[1]
    return text.split("?", 1)[0].split("#", 1)[0]
