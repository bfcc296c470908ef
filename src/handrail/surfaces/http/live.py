"""Tells open pages what has changed: one thread reads, any number of streams listen."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import orjson
from sqlalchemy.exc import SQLAlchemyError

from handrail.kernel.errors import NotFound
from handrail.platform.database import Database, Work
from handrail.registry import audit, catalog, identity
from handrail.registry.audit import Event
from handrail.registry.identity import Caller, Permission
from handrail.runtime import signals

_LOOK_EVERY_S: Final = 0.5
_BEAT_S: Final = 15.0
# After more than this many events at once, a page reads everything anew.
_EVENTS_MAX: Final = 200
_QUEUE_MAX: Final = 100
# Who came and went concerns whoever it was, and whoever reads the audit; not every open page.
_COMINGS: Final = ("sign_in.", "session.")

# Who reads a stream, as they are at this moment; None when they may read no more.
Reader = Callable[[], Awaitable[Caller | None]]


@dataclass(frozen=True, slots=True)
class Change:
    """Something has changed.

    Attributes:
        area: The kind of thing: `app`, `person`, `connector` ...; `*` for anything.
        app: The app's name; empty when it isn't about one app.
        team_id: Whose app; empty likewise.
        person_id: Who came or went, or whose token it is, which only they and auditors are told; else empty.
    """

    area: str
    app: str = ""
    team_id: str = ""
    person_id: str = ""

    def concerns(self, caller: Caller) -> bool:
        """Tell whether a caller may know."""
        if self.app:
            teams = caller.teams(Permission.APP_READ)
            return teams is None or self.team_id in teams
        if self.person_id:
            return self.person_id == caller.person_id or caller.teams(Permission.AUDIT_READ) is None
        return True


@dataclass(frozen=True, slots=True)
class Told:
    """What one look found; `calls` says that newer calls are known."""

    changes: tuple[Change, ...] = ()
    calls: bool = False

    def for_(self, caller: Caller) -> bytes | None:
        """Return the message for a caller, without what they may not know; None when nothing is left."""
        seen = {(change.area, change.app) for change in self.changes if change.concerns(caller)}
        if not seen and not self.calls:
            return None
        message: dict[str, object] = {"changes": [{"area": area, "app": app} for area, app in sorted(seen)]}
        if self.calls:
            message["calls"] = True
        return b"data: " + orjson.dumps(message) + b"\n\n"


class Live:
    """Follows the sealed audit log, so that nothing is told that was not committed and nothing is missed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._listening: dict[asyncio.Queue[Told | None], asyncio.AbstractEventLoop] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        # The newest event and call that the streams have heard of; None while nobody listens.
        self._heard: tuple[int, int] | None = None
        self._looking = threading.Lock()

    def __len__(self) -> int:
        """Return how many listen."""
        with self._lock:
            return len(self._listening)

    def _follow(self) -> None:
        while not self._stop.wait(_LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        with self._looking:
            if not len(self):
                self._heard = None
                return
            with suppress(SQLAlchemyError), self._database.read() as work:
                newest = max((hub.as_of for hub in signals.freshness(work)), default=0)
                head = audit.head(work)
                if self._heard is not None:
                    seq, as_of = self._heard
                    told = Told(_changes(work, seq, head), calls=newest > as_of)
                    if told.changes or told.calls:
                        self._tell(told)
                self._heard = head, newest

    def _tell(self, told: Told | None) -> None:
        with self._lock:
            listening = list(self._listening.items())
        for queue, loop in listening:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_put, queue, told)

    async def stream(self, reader: Reader, seconds: float = 0) -> AsyncIterator[bytes]:
        """Yield server-sent events until the reader goes or may read no more, or `seconds` are over (0: never).

        Whether they still may is asked before anything is told. A comment at least every 15 seconds lets both sides
        notice that the other is gone.
        """
        queue: asyncio.Queue[Told | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds if seconds else float("inf")
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="live", daemon=True)
                self._thread.start()
            self._listening[queue] = loop
        try:
            # What happens from here on is told: the page reads the rest by itself.
            await asyncio.to_thread(self._look)
            yield b"retry: 1000\n\n"
            while not self._stop.is_set() and (left := ends - loop.time()) > 0:
                try:
                    told = await asyncio.wait_for(queue.get(), min(_BEAT_S, left))
                except TimeoutError:
                    told = Told()
                caller = await reader() if told is not None else None
                if told is None or caller is None:
                    return
                message = told.for_(caller)
                if message is not None or told == Told():
                    yield message or b": here\n\n"
        finally:
            with self._lock:
                del self._listening[queue]

    def close(self) -> None:
        """End every stream."""
        self._stop.set()
        self._tell(None)


def _put(queue: "asyncio.Queue[Told | None]", told: Told | None) -> None:
    if queue.qsize() >= _QUEUE_MAX:
        # A reader that does not keep up is told once to read everything anew.
        while not queue.empty():
            queue.get_nowait()
        told = told and Told((Change("*"),), calls=True)
    queue.put_nowait(told)


def _changes(work: Work, seq: int, head: int) -> tuple[Change, ...]:
    if head < seq or head - seq > _EVENTS_MAX:
        # Restored from a backup, or too much at once.
        return (Change("*"),)
    events = audit.sealed_after(work, seq, _EVENTS_MAX) if head > seq else ()
    return tuple({change: None for event in events for change in _changes_of(work, event)})


def _changes_of(work: Work, event: Event) -> Iterator[Change]:
    area, _, subject = event.subject.partition(":")
    if area == "api_token":
        yield Change(area, person_id=event.actor.id)
        return
    if event.action.startswith(_COMINGS):
        yield Change(area, person_id=subject or "*")
        return
    if area != "app":
        yield Change(area)
        return
    try:
        app = catalog.app_by_id(work, subject)
    except NotFound:
        yield Change(area)
        return
    yield Change(area, app.name, app.team_id)
    if event.action == "app.edited":
        # Pages that show it by the name, or to the team, that it had.
        name, team_id = app.name, app.team_id
        if "name" in event.facts:
            name = str(event.facts["name"][0])
        if "team" in event.facts:
            with suppress(NotFound):
                team_id = identity.find_team(work, str(event.facts["team"][0])).id
        yield Change(area, name, team_id)
