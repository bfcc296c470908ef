"""RFC 6902: changes of a JSON document as data. Strict: what does not apply is an error, and nothing is changed."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Final

from handrail.kernel.errors import Invalid

_MISSING: Final = object()


class PatchInvalid(Invalid):
    """The patch does not fit the document."""

    code = "patch_invalid"


def apply_patch(document: Any, operations: Iterable[Mapping[str, Any]]) -> Any:
    """Return a changed copy of a JSON document; the document itself stays.

    Raises:
        PatchInvalid: If one operation does not apply; then none counts.
    """
    result = copy.deepcopy(document)
    for number, operation in enumerate(operations):
        result = _applied(result, operation, f"operation {number}")
    return result


def tokens(pointer: str) -> list[str]:
    """Return the parts of a JSON pointer (RFC 6901).

    Raises:
        PatchInvalid: If it is none.
    """
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise PatchInvalid(f"The pointer {pointer[:80]!r} does not begin with '/'.")
    return [each.replace("~1", "/").replace("~0", "~") for each in pointer[1:].split("/")]


def resolve(document: Any, pointer: str, default: Any = _MISSING) -> Any:
    """Return what a pointer leads to.

    Raises:
        PatchInvalid: If it leads nowhere and no default was given.
    """
    held = document
    for part in tokens(pointer):
        if isinstance(held, Mapping) and part in held:
            held = held[part]
        elif isinstance(held, (list, tuple)) and _is_index(part) and int(part) < len(held):
            held = held[int(part)]
        elif default is not _MISSING:
            return default
        else:
            raise PatchInvalid(f"The pointer {pointer[:200]!r} leads nowhere.", place=pointer)
    return held


def _applied(document: Any, operation: Mapping[str, Any], place: str) -> Any:
    kind, pointer = operation.get("op"), operation.get("path")
    if not isinstance(pointer, str):
        raise PatchInvalid("An operation has no path.", place=place)
    if kind in {"add", "replace", "test"} and "value" not in operation:
        raise PatchInvalid(f"A {kind!r} operation needs a value.", place=place)
    if kind == "add":
        return _add(document, pointer, copy.deepcopy(operation["value"]))
    if kind == "remove":
        return _remove(document, pointer)[0]
    if kind == "replace":
        resolve(document, pointer)
        return _put(document, pointer, copy.deepcopy(operation["value"]))
    if kind == "test":
        if not _same(resolve(document, pointer), operation["value"]):
            raise PatchInvalid("The document holds something else here.", place=pointer)
        return document
    origin = operation.get("from")
    if kind in {"move", "copy"} and isinstance(origin, str):
        return _moved(document, origin, pointer, keep=kind == "copy")
    raise PatchInvalid(f"There is no operation {str(kind)[:40]!r} of this form.", place=place)


def _moved(document: Any, origin: str, pointer: str, *, keep: bool) -> Any:
    if keep:
        return _add(document, pointer, copy.deepcopy(resolve(document, origin)))
    if origin == pointer:
        resolve(document, origin)
        return document
    if pointer.startswith(f"{origin}/"):
        raise PatchInvalid("A value cannot be moved into itself.", place=pointer)
    document, value = _remove(document, origin)
    return _add(document, pointer, value)


def _add(document: Any, pointer: str, value: Any) -> Any:
    parts = tokens(pointer)
    if not parts:
        return value
    parent = resolve(document, pointer.rpartition("/")[0])
    last = parts[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif isinstance(parent, list) and (last == "-" or (_is_index(last) and int(last) <= len(parent))):
        parent.insert(len(parent) if last == "-" else int(last), value)
    else:
        raise PatchInvalid("Nothing can be added here.", place=pointer)
    return document


def _put(document: Any, pointer: str, value: Any) -> Any:
    parts = tokens(pointer)
    if not parts:
        return value
    parent = resolve(document, pointer.rpartition("/")[0])
    parent[int(parts[-1]) if isinstance(parent, list) else parts[-1]] = value
    return document


def _remove(document: Any, pointer: str) -> tuple[Any, Any]:
    value = resolve(document, pointer)
    parts = tokens(pointer)
    if not parts:
        return None, value
    parent = resolve(document, pointer.rpartition("/")[0])
    del parent[int(parts[-1]) if isinstance(parent, list) else parts[-1]]
    return document, value


def _is_index(part: str) -> bool:
    return part == "0" or (part.isascii() and part.isdigit() and not part.startswith("0") and len(part) < 10)


def _same(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 and 1.0 are the same, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
