"""Walking JSON values of strangers without trusting their shape."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def as_dict(value: Any) -> dict[str, Any]:
    """Return an object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """Return text, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a value, keys not counted."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def unique_keys(pairs: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return pairs as an object in their order; a key that comes again gets `#2`, `#3`."""
    counts: dict[str, int] = {}
    result: dict[str, dict[str, Any]] = {}
    for key, value in pairs:
        counts[key] = counts.get(key, 0) + 1
        unique = key if counts[key] == 1 else f"{key}#{counts[key]}"
        while unique in result:
            unique += "'"
        result[unique] = value
    return result
