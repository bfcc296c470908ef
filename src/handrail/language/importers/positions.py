"""Where in the text of a file a JSON pointer leads: one pass, also over text that is not quite JSON."""

import bisect
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from handrail.language.classify import redact_text
from handrail.language.importers.characters import whole

_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_DEPTH_MAX: Final = 400

Position = tuple[int, int, int, int]
"""Line and column where the value begins, and where it ends (not included); all from 1, columns in characters."""


@dataclass(slots=True)
class _Wanted:
    """A pointer's part that somebody asks for, with what is asked for below it."""

    below: dict[str, "_Wanted"] = field(default_factory=dict)
    span: tuple[int, int] | None = None


def locate(text: str, pointers: Iterable[str]) -> dict[str, Position]:
    """Return where the values stand that JSON pointers lead to.

    A pointer that leads nowhere gets the place of the nearest value above it that exists; the caller may ask whether
    it was exact with `exactly`.

    Args:
        text: The file, as it was read.
        pointers: As in `Finding.pointer`; keys with secrets replaced are found too.
    """
    root = _Wanted()
    asked = {pointer: _way(root, pointer) for pointer in pointers}
    _Walk(text).run(root)
    lines = _Lines(text)
    return {
        pointer: lines.place(next((each.span for each in reversed(way) if each.span), (0, len(text))))
        for pointer, way in asked.items()
    }


def exactly(text: str, pointers: Iterable[str]) -> dict[str, bool]:
    """Tell for each pointer whether the text holds exactly what it names."""
    root = _Wanted()
    asked = {pointer: _way(root, pointer)[-1] for pointer in pointers}
    _Walk(text).run(root)
    return {pointer: wanted.span is not None for pointer, wanted in asked.items()}


def spans(text: str, pointers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the range of characters of each value that exists."""
    root = _Wanted()
    asked = {pointer: _way(root, pointer)[-1] for pointer in pointers}
    _Walk(text).run(root)
    return {pointer: wanted.span for pointer, wanted in asked.items() if wanted.span}


def _way(root: _Wanted, pointer: str) -> list[_Wanted]:
    way = [root]
    for part in pointer.split("/")[1:] if pointer else ():
        way.append(way[-1].below.setdefault(part.replace("~1", "/").replace("~0", "~"), _Wanted()))
    return way


class _Lines:
    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, span: tuple[int, int]) -> Position:
        line, column = self._of(span[0])
        end_line, end_column = self._of(span[1])
        return line, column, end_line, end_column

    def _of(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class _Walk:
    """Goes over the tokens once; a value that nobody asks for is passed over without being read."""

    def __init__(self, text: str) -> None:
        self._text = text

    def run(self, root: _Wanted) -> None:  # noqa: C901 - one loop over tokens, a branch for each kind of token
        # (what is wanted of the container, its start, its last index or -1 for an object, the key that waits)
        stack: list[list[Any]] = []
        wanted: _Wanted | None = root
        skipping = 0
        after_colon = True
        for token in _TOKEN.finditer(self._text):
            mark = token[0]
            if skipping:
                skipping += (mark in "[{") - (mark in "]}")
                continue
            if mark in "]}":
                if not stack:
                    return
                top = stack.pop()
                top[0].span = (top[1], token.end())
            elif mark == ",":
                if stack and stack[-1][2] >= 0:
                    stack[-1][2] += 1
                    wanted = stack[-1][0].below.get(str(stack[-1][2]))
                after_colon = bool(stack) and stack[-1][2] >= 0
            elif mark == ":":
                after_colon = True
            elif not after_colon and stack and stack[-1][2] < 0:
                wanted = _below(stack[-1][0], mark)
            elif mark in "[{":
                if wanted is None or len(stack) > _DEPTH_MAX:
                    skipping = 1
                    continue
                is_list = mark == "["
                stack.append([wanted, token.start(), 0 if is_list else -1])
                wanted = wanted.below.get("0") if is_list else None
                after_colon = is_list
            elif wanted is not None:
                wanted.span = token.span()
                if not stack:
                    return


def _below(holder: _Wanted, mark: str) -> _Wanted | None:
    if not holder.below:
        return None
    try:
        key = whole(json.loads(mark)) if mark.startswith('"') else mark
    except ValueError:
        return None
    return holder.below.get(key) or holder.below.get(redact_text(key))
