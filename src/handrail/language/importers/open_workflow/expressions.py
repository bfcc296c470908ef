"""What a runtime expression (jq in `${ ... }`) reads: the task's input, the context, the flow's input, a secret."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_WHOLE: Final = re.compile(r"\s*\$\{(.*)\}\s*", re.DOTALL)
_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_INTERPOLATED: Final = re.compile(r"\\\(([^()]{0,400})\)")
_READ: Final = re.compile(
    r"""\$(?P<variable>[A-Za-z_]\w*)(?P<below>(?:\??\.[A-Za-z_]\w*|\[\s*\d+\s*\])*+)"""
    r"""|(?<![\w\])?$.])\.(?P<item>[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*|\[\s*\d*\s*\])*+)?(?![\w.])"""
)
_INDEX: Final = re.compile(r"\[[^\]]*\]|\?")
_TEMPLATE: Final = re.compile(r"\{([A-Za-z_][\w.]{0,80})\}")


@dataclass(frozen=True, slots=True)
class Read:
    """One place that an expression reads.

    Attributes:
        variable: Name after the `$`; empty for the task's own input.
        field: Path below it, dotted.
    """

    variable: str
    field: str


def is_expression(text: str) -> bool:
    """Tell whether a text is evaluated."""
    return _WHOLE.fullmatch(text) is not None


def reads(text: str, *, bare: bool = False) -> tuple[Read, ...]:
    """Return what a text reads, each once.

    Args:
        text: As written.
        bare: Whether it is an expression without `${ ... }` too, as conditions may be.
    """
    found = _WHOLE.fullmatch(text)
    if not (found or bare):
        return ()
    return tuple(dict.fromkeys(_reads(found[1] if found else text)))


def template_reads(address: str) -> tuple[Read, ...]:
    """Return what the gaps of an address (`/pet/{petId}`) are filled from: the task's own input."""
    return () if is_expression(address) else tuple(Read("", name) for name in _TEMPLATE.findall(address))


def holed(address: str, hole: str) -> str:
    """Return an address with its gaps as `hole`; of an expression only the text that it begins with."""
    found = _WHOLE.fullmatch(address)
    if not found:
        return _TEMPLATE.sub(hole, address)
    begin = _TEXT.match(found[1].strip())
    if not begin:
        return hole
    text = begin[0][1:-1]
    rest = "" if begin.end() == len(found[1].strip()) else hole
    return _INTERPOLATED.sub(lambda _found: hole, text) + rest


def _reads(expression: str) -> Iterator[Read]:
    code = _TEXT.sub(lambda found: " ".join(("", *_INTERPOLATED.findall(found[0]), "")), expression)
    for found in _READ.finditer(code):
        path = found["below"] if found["variable"] else found["item"] or ""
        yield Read(found["variable"] or "", _INDEX.sub("", path).strip("."))
