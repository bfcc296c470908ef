"""What is supervised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from handrail.platform.supervisor.errors import ChildrenCircular


class State(StrEnum):
    """Where a child is in its life."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    DONE = "done"
    STOPPING = "stopping"
    STOPPED = "stopped"


Progress = Callable[[str, State], None]
"""Called with a child's name and its new state."""


@dataclass(frozen=True, slots=True)
class Child:
    """One process.

    Attributes:
        name: Names the process in messages and its log file.
        argv: Program and arguments.
        env: Its whole environment; None means ours.
        ready: Whether it can serve, asked every 50 ms and never while another answer is awaited; None means
            that it is ready once it runs. Must answer quickly and not raise.
        after: Children that must be ready, or done, before this one starts.
        restart: Start it again whenever it ends. If false it is a step that must end with status 0.
        ready_s: How many seconds it may take until it is ready for the first time.
        stop_s: How many seconds it has between the wish to stop and being killed.
        hints: What a person can do, by a piece of text in the last lines of its log.
        starting: Called right before each start. Must not raise.
        ended: Called with the exit status (negative: the signal) after each end. Must not raise.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] | None = None
    ready: Callable[[], bool] | None = None
    after: tuple[str, ...] = ()
    restart: bool = True
    ready_s: float = 60.0
    stop_s: float = 10.0
    hints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    starting: Callable[[], None] = lambda: None
    ended: Callable[[int], None] = lambda _status: None


def in_order(children: tuple[Child, ...]) -> tuple[Child, ...]:
    """Return the children so that each comes behind those it starts after.

    Raises:
        ChildrenCircular: If they wait for each other, or for one that is not there.
    """
    ordered: list[Child] = []
    waiting = list(children)
    while waiting:
        placed = {child.name for child in ordered}
        free = [child for child in waiting if placed.issuperset(child.after)]
        if not free:
            names = ", ".join(child.name for child in waiting)
            raise ChildrenCircular(f"These processes wait for each other: {names}.", place=names)
        ordered.extend(free)
        waiting = [child for child in waiting if child not in free]
    return tuple(ordered)
