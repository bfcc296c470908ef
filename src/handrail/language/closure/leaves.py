"""The smallest differences between two JSON values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place where two values differ; `MISSING` stands where one has nothing."""

    path: tuple[str, ...]
    old: Any
    new: Any

    @property
    def pointer(self) -> str:
        """Return the place as a JSON pointer."""
        return "".join("/" + each.replace("~", "~0").replace("/", "~1") for each in self.path)


def leaves(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield every difference, as deep as both sides have the same shape. Nothing is yielded for equal values."""
    if isinstance(old, dict) and isinstance(new, dict) and not _is_number(old) and not _is_number(new):
        for key in sorted({*old, *new}):
            yield from leaves(old.get(key, MISSING), new.get(key, MISSING), (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, path)
    elif type(old) is not type(new) or old != new:
        yield Leaf(path, old, new)


def parse_pointer(pointer: str) -> tuple[str, ...]:
    """Return a JSON pointer's segments."""
    return tuple(each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:])


def _lists(old: list[Any], new: list[Any], path: tuple[str, ...]) -> Iterator[Leaf]:
    begin = 0
    shorter = min(len(old), len(new))
    if len(old) != len(new):
        while begin < shorter and _same(old[begin], new[begin]):
            begin += 1
    end = 0
    if len(old) != len(new):
        while end < shorter - begin and _same(old[-1 - end], new[-1 - end]):
            end += 1
    rest_old, rest_new = old[begin : len(old) - end], new[begin : len(new) - end]
    for index in range(max(len(rest_old), len(rest_new))):
        one = rest_old[index] if index < len(rest_old) else MISSING
        other = rest_new[index] if index < len(rest_new) else MISSING
        yield from leaves(one, other, (*path, str(begin + index)))


def _same(old: Any, new: Any) -> bool:
    """Compare without Python's 1 == True."""
    return next(leaves(old, new), None) is None


def _is_number(value: dict[str, Any]) -> bool:
    return set(value) == {"$number"}
