"""What makers of fixes share: the shape of an offer, and operations in short."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

HTTPS: Final = "Use https, after you have seen that the other side offers it."


@dataclass(frozen=True, slots=True)
class Offer:
    """A change in words and as operations; without operations a person must make it."""

    text: str
    patch: tuple[Mapping[str, Any], ...] = ()
    replace: tuple[tuple[int, str, str], ...] = ()


def add(path: str, value: Any) -> dict[str, Any]:
    """Return an `add` operation; it replaces what an object has under that name."""
    return {"op": "add", "path": path, "value": value}


def put(path: str, value: Any) -> dict[str, Any]:
    """Return a `replace` operation."""
    return {"op": "replace", "path": path, "value": value}


def drop(path: str) -> dict[str, Any]:
    """Return a `remove` operation."""
    return {"op": "remove", "path": path}


def with_https(url: str) -> str:
    """Return an address with `http://` at its beginning made `https://`."""
    start = url.lower().find("http://")
    return f"{url[:start]}https://{url[start + 7 :]}"


def name_for(step: str, kind: str) -> str:
    """Return a variable's name for a secret (`SEND_MESSAGE_API_KEY`)."""
    words = "".join(each if each.isascii() and each.isalnum() else "_" for each in f"{step}_{kind}".upper())
    short = "_".join(part for part in words.split("_") if part)[:60]
    return short if short[:1].isalpha() else f"SECRET_{short}"
