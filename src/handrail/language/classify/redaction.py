"""Takes out of a value everything that the detectors see, and keeps its shape."""

import re
from typing import Any, Final

from handrail.language.classify.fields import classify_field
from handrail.language.classify.model import Label
from handrail.language.classify.placeholders import GAP, is_expression
from handrail.language.classify.values import classify_text

_OURS: Final = re.compile(r"\[(?:pii|phi|pci|secret): ")
_ROUNDS: Final = 4
_ALL: Final = "[pii: text]"


def redact_values(value: Any) -> Any:
    """Return a JSON value with `[pii: email]`, `[secret: token]` and the like in place of what it held.

    Texts and keys are searched; a field whose name tells (`salary`) loses its value whatever that is. Expressions,
    empty values and gaps to be filled in stay. What comes back holds nothing that a second look would find.
    """
    return _value(value, None)


def _value(value: Any, label: Label | None) -> Any:
    if isinstance(value, dict):
        result: dict[str, Any] = {}
        for key, each in value.items():
            name = _text(key)
            while name in result:
                name += "'"
            result[name] = _value(each, None if _OURS.search(name) else classify_field(name))
        return result
    if isinstance(value, list):
        return [_value(each, label) for each in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        clean = _text(value)
        return clean if label is None or is_open(clean) else _placeholder(label.tag, label.kind)
    if label is not None:
        return _placeholder(label.tag, label.kind)
    found = classify_text(str(value))
    return _placeholder(found[0].tag, found[0].kind) if found else value


def is_open(text: str) -> bool:
    """Tell a text that gives nothing away whatever its field: empty, an expression, a gap, one of our placeholders."""
    held = text.strip()
    return is_expression(held) or bool(GAP.fullmatch(held)) or (held.startswith("[pii: ") and held.endswith("]"))


def _text(text: str) -> str:
    """Replace until a look finds nothing. Text that goes on yielding is dropped whole."""
    for _round in range(_ROUNDS):
        found = classify_text(text)
        if not found:
            return text
        pieces, end = [], 0
        for each in found:
            pieces += [text[end : each.start], _placeholder(each.tag, each.kind)]
            end = each.end
        text = "".join((*pieces, text[end:]))
    return text if not classify_text(text) else _ALL


def _placeholder(tag: str, kind: str) -> str:
    return f"[{tag}: {kind}]"
