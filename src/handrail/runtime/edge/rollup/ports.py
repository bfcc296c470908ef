"""What the roll-up needs from the rest of the world."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from handrail.runtime.edge.rollup.model import Batch, Gap, Position


class Sink(Protocol):
    """Where roll-ups go.

    Every method raises `SinkAway` when trying again may help and `SinkRefused` when it never will.
    """

    def positions(self) -> Mapping[str, Position]:
        """Return every file of this hub that is not closed, by its identity."""
        ...

    def apply(self, batch: Batch) -> int:
        """Take a batch if it starts at the stored offset; return the offset that is stored now."""
        ...

    def report(self, as_of: int, gaps: Sequence[Gap]) -> None:
        """Say that everything up to `as_of` has been sent, and which times are incomplete."""
        ...
