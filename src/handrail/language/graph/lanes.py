"""Rows: the main path is one straight lane, each branch is a lane in the first row below it that has room.

Branches are laid from the right to the left, so that a later fork's stand between the main path and an earlier fork's:
lanes of a tree never cross.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handrail.language.graph.shape import Island


@dataclass(slots=True)
class Lanes:
    """Rows of one island while they are found.

    Attributes:
        deep: How many rows more than its own a step needs for what hangs below it.
        row: The answer.
        rows: How many rows are used.
    """

    island: Island
    deep: Mapping[str, int]
    row: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    _taken: set[tuple[int, int]] = field(default_factory=set)
    _reach: Mapping[str, int] = field(default_factory=dict)
    _crossed: set[tuple[int, int]] = field(default_factory=set)
    _index: dict[str, int] = field(default_factory=dict)

    def lay(self, reach: Mapping[str, int], first: str) -> None:
        """Give every step a row, beginning with the longest way.

        Args:
            reach: As `reaches` says.
            first: Where the longest way begins.
        """
        self._reach = reach
        self._index = {step: number for number, step in enumerate(self.island.steps)}
        waiting: list[tuple[str, str, bool]] = []
        for start in (first, *self.island.steps):
            if start in self.row:
                continue
            self._put(self._onwards(start), (), (), 1 if self.row else 0, waiting)
            while waiting:
                parent, step, onwards = waiting.pop()
                if step in self.row:
                    continue
                lane = self._onwards(step) if onwards else self._backwards(step)
                joins = (*self.island.before[lane[0]], *((parent,) if onwards else ()))
                joined = (*self.island.after[lane[-1]], *(() if onwards else (parent,)))
                self._put(lane, joins, joined, self.row[parent] + 1, waiting)

    def lay_plainly(self) -> None:
        """Give every step the next free row of its column: for flows so large that nobody reads them as a drawing."""
        filled: dict[int, int] = {}
        for step in self.island.steps:
            column = self.island.column[step]
            self.row[step] = filled.get(column, 0)
            filled[column] = self.row[step] + 1 + self.deep.get(step, 0)
        self.rows = max(filled.values())

    def _onwards(self, step: str) -> list[str]:
        lane: list[str] = []
        inside: set[str] = set()
        while step:
            lane.append(step)
            following = self._next(step, inside)
            inside.add(step)
            step = following
        return lane

    def _next(self, last: str, inside: set[str]) -> str:
        island = self.island
        # An arrow that skipped a step of its own row would seem to come out of it.
        free = [
            step
            for step in island.after[last]
            if step not in self.row
            and (last, step) not in island.failing
            and not any(each in inside for each in island.before[step])
        ]
        if not free:
            return ""
        best = max(free, key=lambda step: (island.height[step], -free.index(step)))
        for step in free:
            skipped = island.column[step] - island.column[last] - 1
            if self._reach[best] >> self._index[step] & 1 and skipped <= island.height[step] + 1:
                best = step
        return best

    def _backwards(self, step: str) -> list[str]:
        island, lane = self.island, [step]
        inside: set[str] = set()
        while True:
            first = lane[-1]
            free = [
                each
                for each in island.before[first]
                if each not in self.row
                and (each, first) not in island.failing
                and not any(target in inside for target in island.after[each])
            ]
            if not free:
                return lane[::-1]
            inside.add(first)
            lane.append(max(free, key=lambda each: (island.column[each], -self._index[each])))

    def _put(
        self,
        lane: Sequence[str],
        joins: Iterable[str],
        joined: Iterable[str],
        row: int,
        waiting: list[tuple[str, str, bool]],
    ) -> None:
        """Lay a lane into the first row from `row` on in which its steps and its long arrows have room."""
        column = self.island.column
        first = min((column[each] + 1 for each in joins if each in self.row), default=column[lane[0]])
        last = max((column[each] - 1 for each in joined if each in self.row), default=column[lane[-1]])
        cells = {(place, 0) for place in range(min(first, column[lane[0]]), max(last, column[lane[-1]]) + 1)}
        cells |= {(column[step], deep) for step in lane for deep in range(1, self.deep.get(step, 0) + 1)}
        gaps = range(min(first, column[lane[0]]), max(last, column[lane[-1]]))
        while any((place, row + deep) in self._taken for place, deep in cells) or any(
            (gap, row) in self._crossed for gap in gaps
        ):
            row += 1
        # A later lane must not run through an arrow that comes down to this one.
        self._crossed |= {
            (column[each], between) for each in joins if each in self.row for between in range(self.row[each] + 1, row)
        }
        self._taken |= {(place, row + deep) for place, deep in cells}
        self.rows = max(self.rows, row + 1 + max(deep for _, deep in cells))
        self.row |= dict.fromkeys(lane, row)
        for step in lane:
            waiting.extend((step, each, False) for each in reversed(self.island.before[step]))
            waiting.extend((step, each, True) for each in reversed(self.island.after[step]))
