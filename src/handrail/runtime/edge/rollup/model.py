"""What a hub tells the control plane about its calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from handrail.kernel.ids import new_id

REASON_VANISHED: Final = "vanished"
REASON_TRUNCATED: Final = "truncated"
REASON_REFUSED: Final = "refused"
REASON_RESTART: Final = "restart"


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that is no call record.

    Attributes:
        position: Where the line starts in its file, in bytes.
        reason: A word, never the line itself: it may hold anything.
    """

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which calls may be missing from the roll-ups.

    Attributes:
        since: Start, microseconds since 1970.
        until: End, microseconds since 1970.
        reason: `vanished`, `truncated`, `refused...` or `restart`.
        id: Makes sending it twice harmless.
    """

    since: int
    until: int
    reason: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the control plane has a file.

    Attributes:
        offset: Everything before this byte is in the roll-ups.
        as_of: Up to when the file was known to be complete, microseconds since 1970.
    """

    offset: int
    as_of: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The roll-ups of one stretch of one file; taken whole or not at all.

    Attributes:
        file: Identity of the file (`LogFile.file`), which survives a rename.
        name: The file's name when it was read, for people.
        start: First byte; taken only if it is where the control plane stands.
        end: The byte after the last one.
        as_of: Every call that ended before this was logged in what has been sent, microseconds since 1970.
        rows: As `aggregate.Tally.rows` gives them.
        rejects: The first rejected lines of the stretch.
        rejected: How many lines were rejected in all.
        gap: Set when the stretch is lost instead of counted.
        closed: The file is complete and about to be deleted.
        causes: (minute, why) -> calls that ended in an error.
        tail: The newest calls of the stretch, as `tail.newest` gives them.
    """

    file: str
    name: str
    start: int
    end: int
    as_of: int
    rows: Sequence[Sequence[Any]] = ()
    rejects: tuple[Reject, ...] = ()
    rejected: int = 0
    gap: Gap | None = None
    closed: bool = False
    causes: Mapping[tuple[int, str], int] = field(default_factory=dict)
    tail: Sequence[Sequence[Any]] = ()
