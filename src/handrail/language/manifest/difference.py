"""What changes between two documents of one kind, in words."""

import json
from typing import Any

from handrail.language.manifest.nodes import short


def differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    """Say what `new` changes in `old`, one line a change; nothing when they are the same.

    Args:
        old: A document as `document_of` writes it.
        new: Another one of the same kind.
    """
    return tuple(_of("", old.get("spec", {}), new.get("spec", {})))


def _of(place: str, old: Any, new: Any) -> list[str]:
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict) and not place.endswith("Schema"):
        found = []
        for name in sorted({*old, *new}, key=lambda name: list({**old, **new}).index(name)):
            found += _of(f"{place}.{name}" if place else name, old.get(name), new.get(name))
        return found
    if isinstance(old, list) and isinstance(new, list):
        return _of_lists(place, old, new)
    if old is None:
        return [f"{place} is added: {_said(new)}"]
    if new is None:
        return [f"{place} is removed (it was {_said(old)})"]
    return [f"{place} changes from {_said(old)} to {_said(new)}"]


def _of_lists(place: str, old: list[Any], new: list[Any]) -> list[str]:
    ours, theirs = _by_name(old), _by_name(new)
    if ours is None or theirs is None:
        gone = [_said(item) for item in old if item not in new]
        come = [_said(item) for item in new if item not in old]
        found = [f"{place} no longer has {', '.join(gone)}"] if gone else []
        found += [f"{place} now also has {', '.join(come)}"] if come else []
        return found or [f"{place} has another order"]
    found = [f"{_one(place)} {name} is removed" for name in ours if name not in theirs]
    for name, item in theirs.items():
        if name in ours:
            found += _of(f"{_one(place)} {name}", ours[name], item)
        else:
            where = f" ({item['method']} {item['path']})" if "path" in item else ""
            found.append(f"{_one(place)} {name} is added{where}")
    return found or [f"{place} has another order"]


def _by_name(items: list[Any]) -> dict[str, Any] | None:
    if not all(isinstance(item, dict) for item in items):
        return None
    keys = [item.get("name", item.get("connection")) for item in items]
    return None if None in keys else dict(zip(keys, items, strict=True))


def _one(place: str) -> str:
    return place.removesuffix("s")


def _said(value: Any) -> str:
    if isinstance(value, str):
        return short(value, 80)
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 120 else "something longer"
