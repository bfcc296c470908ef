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
        connections: Their connections.
        hours: App and hour to calls, errors, refused and limited.
        refusals: Minute, series id, code, calls.
    """

    values: list[tuple[Any, ...]] = field(default_factory=list)
    series: dict[int, str] = field(default_factory=dict)
    connections: set[str] = field(default_factory=set)
    hours: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    refusals: list[tuple[int, int, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TailCall:
    """One of a hub's newest calls, by names and ids only.

    Attributes:
        at: Start, microseconds since 1970.
        app_id: Empty when the caller is not known.
        status: 0 when the caller went away before there was an answer.
        code: The hub's own; empty when the upstream answered.
        number: Counts a hub's calls in the tail; 0 before it is stored.
    """

    at: int
    app_id: str
    environment: str
    connection: str
    operation: str
    status: int
    code: str
    duration_us: int | None
    request_id: str | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What a hub sends about one stretch of one file of its log.

    Attributes:
        causes: Minute, code and number of calls that ended in an error.
        tail: The newest calls of the stretch, oldest first.
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
    causes: Sequence[tuple[int, str, int]] = ()
    tail: Sequence[TailCall] = ()


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


@dataclass(frozen=True, slots=True)
class Point:
    """The calls of one step of a window.

    Attributes:
        at: Start of the step, microseconds since 1970.
        known: False when nobody knows whether there were more; then no calls does not mean none.
        p95_us: As in `OperationCalls`; None also where it is not asked for.
    """

    at: int
    calls: int
    errors: int
    refused: int
    limited: int
    known: bool
    p95_us: int | None = None
    cost: tuple[Money, ...] = ()

    @property
    def answered(self) -> int:
        """Return the calls that the upstream answered well enough."""
        return self.calls - self.errors - self.refused - self.limited


@dataclass(frozen=True, slots=True)
class CallSeries:
    """The calls of one app over time.

    Attributes:
        since: Start of the first step, microseconds since 1970.
        until: End of the last step.
        step: Length of a step in microseconds.
        state: As in `CallReport`.
    """

    since: int
    until: int
    step: int
    state: State
    as_of: int | None
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class AppCalls:
    """One of several apps: its sums in a window, and its calls in each step."""

    app_id: str
    calls: int
    refused: int
    errors: int
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AppsCalls:
    """Several apps over the same steps, see `CallSeries`."""

    since: int
    until: int
    step: int
    as_of: int | None
    apps: tuple[AppCalls, ...]


@dataclass(frozen=True, slots=True)
class ConnectionCalls:
    """What some apps did on one connection in a window.

    Attributes:
        last_at: When the newest of these calls began, to the minute (to the hour where only hours are kept).
        series: Calls in each step.
    """

    connection: str
    calls: int
    errors: int
    refused: int
    limited: int
    p95_us: int | None
    last_at: int | None
    series: tuple[int, ...]

    @property
    def answered(self) -> int:
        """Return the calls that the upstream answered well enough."""
        return self.calls - self.errors - self.refused - self.limited


@dataclass(frozen=True, slots=True)
class ConnectionsCalls:
    """The connections that had calls, over the same steps; see `CallSeries`."""

    since: int
    until: int
    step: int
    as_of: int | None
    connections: Mapping[str, ConnectionCalls]

    def of(self, name: str) -> ConnectionCalls:
        """Return a connection's calls; zeros when there were none."""
        steps = (self.until - self.since) // self.step
        return self.connections.get(name) or ConnectionCalls(name, 0, 0, 0, 0, None, None, (0,) * steps)


@dataclass(frozen=True, slots=True)
class HubCalls:
    """What one hub did over time.

    Attributes:
        refusals: Calls that the hub refused, by the problem's code.
        causes: Calls that ended in an error, by why.
    """

    since: int
    until: int
    step: int
    state: State
    as_of: int | None
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...]
    refusals: Mapping[str, int]
    causes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Pulse:
    """How busy a hub is.

    Attributes:
        as_of: Up to when its calls are known, microseconds since 1970; None when it has never reported.
        per_minute: Calls of the last full minute that is known; None when there is none.
    """

    as_of: int | None
    per_minute: int | None
