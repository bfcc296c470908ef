"""What is known about calls, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from handrail.kernel.money import Money

# No name can hold it: names are printable.
SEPARATOR: Final = "\x1f"
State = Literal["ok", "no_data", "gap"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which calls may be missing.

    Attributes:
        since: Start, microseconds since 1970.
        until: End, microseconds since 1970.
        reason: `vanished`, `truncated`, `refused` or `restart`.
        hub_id: Whose log has the gap; empty in what a hub sends.
    """

    id: str
    since: int
    until: int
    reason: str
    hub_id: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was no call record: where it starts in its file, and why."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The roll-ups of a batch, as they are stored.

    Attributes:
        values: Minute, series id, nine counts and the histogram, in the order of the table's columns.
        series: Series id to its six names, joined by `SEPARATOR`.
        refusals: Minute, series id, code, calls.
    """

    values: list[tuple[Any, ...]] = field(default_factory=list)
    series: dict[int, str] = field(default_factory=dict)
    refusals: list[tuple[int, int, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a hub sends about one stretch of one file of its log.

    Attributes:
        gap: The stretch is lost instead of counted.
        closed: The hub will delete the file.
    """

    file: str
    name: str
    start: int
    end: int
    as_of: int
    rows: Rows
    rejects: Sequence[Reject]
    rejected: int
    gap: Gap | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Position:
    """How far one file of a hub's log is stored."""

    file: str
    offset: int
    as_of: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to when one hub's calls are known, microseconds since 1970."""

    hub_id: str
    as_of: int


@dataclass(frozen=True, slots=True)
class OperationCalls:
    """What one app did with one operation in a window.

    Attributes:
        operation: Empty for calls that matched no operation.
        errors: Status 500 or above, or no answer at all.
        refused: Refused by the hub (status 4xx), other than by a limit.
        limited: Answered 429, by the hub or by the upstream.
        refusals: Refused calls by the problem's code.
        p50_us: Median duration in microseconds, at most 2.2 % off; None when nothing was measured.
        p95_us: The same for the 95th percentile.
        max_us: Longest duration in microseconds; None when nothing was measured.
        cost: One amount for each currency.
    """

    environment: str
    connection: str
    operation: str
    calls: int
    errors: int
    refused: int
    limited: int
    refusals: Mapping[str, int]
    p50_us: int | None
    p95_us: int | None
    max_us: int | None
    received_bytes: int
    sent_bytes: int
    cost: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class CallReport:
    """The calls of one app in a window.

    Attributes:
        state: `gap` when calls may be missing, else `no_data` when there were none, else `ok`.
        as_of: Up to when every hub's calls are known; None when no hub has ever reported.
    """

    app_id: str
    since: int
    until: int
    state: State
    as_of: int | None
    gaps: tuple[Gap, ...]
    operations: tuple[OperationCalls, ...]
