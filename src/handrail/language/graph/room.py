"""Which room boxes leave to another one."""

from collections import defaultdict
from collections.abc import Sequence


class Room:
    """Boxes of one size that keep a distance from each other."""

    def __init__(self, width: int, height: int, gap: int) -> None:
        self.across = width + gap
        self.down = height + gap
        self._boxes: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)

    def take(self, place: tuple[int, int]) -> None:
        """Note a box."""
        self._boxes[place[0] // self.across, place[1] // self.down].append(place)

    def free(self, place: tuple[int, int]) -> bool:
        """Say whether a box there would keep its distance."""
        column, row = place[0] // self.across, place[1] // self.down
        return not any(
            abs(x - place[0]) < self.across and abs(y - place[1]) < self.down
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for x, y in self._boxes.get((across, down), ())
        )

    def near(self, wished: Sequence[tuple[int, int]], else_below: tuple[int, int], step: int) -> tuple[int, int]:
        """Return the first of the wished places that is free, else the first free one from another one down."""
        for place in wished:
            if self.free(place):
                return place
        x, y = else_below
        while not self.free((x, y)):
            y += step
        return (x, y)
