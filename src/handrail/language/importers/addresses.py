"""Addresses in flows: literal, with expressions inside, or inside code."""

import re
from dataclasses import dataclass
from typing import Any, Final

# What may stand before the @ of an authority; a placeholder there holds a space.
_USER: Final = r"(?:(?:\[secret: [a-z-]+\]|[^\s/?#@\\\"'`<>{}])*+@)?"
_HOST: Final = re.compile(rf"(?:https?|wss?|mqtts?|amqps?)://{_USER}([A-Za-z0-9._-]+)", re.IGNORECASE)
_START: Final = re.compile(r"([a-z][a-z0-9+.-]{1,20})://((?:\[secret: [a-z-]+\]|[^/?#\s\\])*)", re.IGNORECASE)
_EXPRESSION: Final = re.compile(r"\{\{\{?[^{}]*\}?\}\}|\$\{[^{}]*\}|\$\([^()]*\)")
_WORD: Final = re.compile(r"([a-z0-9])([A-Z])")
_GAPS: Final = re.compile(r"[^a-z0-9]+")
HOLE: Final = "{}"


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a step.

    Attributes:
        url: As written, without query and fragment.
        host: The literal host, lower case; None where an expression stands.
        authority: Host and port as written, in lower case, without a user; empty where an expression stands.
        path: Path with every expression as `{}`; None when nothing follows the host.
    """

    url: str
    host: str | None
    authority: str
    path: str | None


def read_address(text: Any) -> Address | None:
    """Read an address field of a step; None when there is nothing to read."""
    if not isinstance(text, str):
        return None
    written = text.strip()
    if written.startswith("=") and not written.startswith("=="):
        written = written[1:].strip()
    if not written:
        return None
    holed = _EXPRESSION.sub(HOLE, written)
    bare = re.split(r"[?#]", holed, maxsplit=1)[0]
    start = _START.match(bare)
    authority, rest = (start[2], bare[start.end() :]) if start else _split(bare)
    hosts = literal_hosts(f"http://{authority}") if HOLE not in authority else ()
    return Address(
        url=_without_query(written),
        host=hosts[0] if hosts else None,
        authority=authority.rpartition("@")[2].lower() if hosts else "",
        path=rest if rest.startswith("/") else None,
    )


def literal_hosts(text: str) -> tuple[str, ...]:
    """Return the hosts of all addresses that text holds, lower case, sorted."""
    return tuple(sorted({found.lower().rstrip(".") for found in _HOST.findall(text)} - {""}))


def kebab(name: str) -> str:
    """Return a platform's name of a system as ours: `googleSheets` becomes `google-sheets`."""
    return _GAPS.sub("-", _WORD.sub(r"\1-\2", name).lower()).strip("-")


def _split(bare: str) -> tuple[str, str]:
    if bare.startswith("/"):
        return HOLE, bare
    authority, slash, rest = bare.partition("/")
    return authority, slash + rest


def _without_query(text: str) -> str:
    """Cut at the first `?` or `#` that does not stand in an expression."""
    spans = [found.span() for found in _EXPRESSION.finditer(text)]
    for cut in re.finditer(r"[?#]", text):
        if not any(begin <= cut.start() < end for begin, end in spans):
            return text[: cut.start()]
    return text
