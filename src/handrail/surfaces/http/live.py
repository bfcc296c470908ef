"""Tells open pages what has changed: one thread reads, any number of streams listen."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import orjson
from sqlalchemy.exc import SQLAlchemyError

from handrail.kernel.errors import NotFound
from handrail.platform.database import Database, Work
from handrail.registry import audit, catalog
from handrail.registry.identity import Caller, Permission
from handrail.runtime import signals

log: Final = logging.getLogger("handrail.http")
_LOOK_EVERY_S: Final = 0.5
_BEAT_S: Final = 15.0
# After more than this many events at once, a page reads everything anew.
_EVENTS_MAX: Final = 200
_QUEUE_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Change:
    """Something has changed.

    Attributes:
        area: The kind of thing: `app`, `person`, `connector` ...; `*` for anything.
        app: The app's name; empty when it isn't about one app.
        team_id: Whose app; empty likewise.
    """

    area: str
    app: str = ""
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What one look found; `calls` says that newer calls are known."""

    changes: tuple[Change, ...] = ()
    calls: bool = False

    def for_(self, caller: Caller) -> bytes | None:
        """Return the message for a caller, without apps of teams they may not see; None when nothing is left."""
        teams = caller.teams(Permission.APP_READ)
        seen = {
            (change.area, change.app)
            for change in self.changes
            if not change.app or teams is None or change.team_id in teams
        }
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

    def _follow(self) -> None:
        seq = as_of = -1
        while not self._stop.wait(_LOOK_EVERY_S):
            with self._lock:
                if not self._listening:
                    # Whoever comes next reads everything anyway.
                    seq = as_of = -1
                    continue
            with suppress(SQLAlchemyError), self._database.read() as work:
                newest = max((hub.as_of for hub in signals.freshness(work)), default=0)
                head = audit.head(work)
                if seq >= 0:
                    told = Told(_changes(work, seq, head), calls=newest > as_of)
                    if told.changes or told.calls:
                        self._tell(told)
                seq, as_of = head, newest

    def _tell(self, told: Told | None) -> None:
        with self._lock:
            listening = list(self._listening.items())
        for queue, loop in listening:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_put, queue, told)

    async def stream(self, caller: Caller, seconds: float = 0) -> AsyncIterator[bytes]:
        """Yield server-sent events until the reader goes, this process ends or `seconds` are over (0: never).

        A comment at least every 15 seconds lets both sides notice that the other is gone.
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
            yield b"retry: 1000\n\n"
            while not self._stop.is_set() and (left := ends - loop.time()) > 0:
                try:
                    told = await asyncio.wait_for(queue.get(), min(_BEAT_S, left))
                except TimeoutError:
                    yield b": here\n\n"
                    continue
                if told is None:
                    return
                message = told.for_(caller)
                if message is not None:
                    yield message
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
    found: dict[str, Change] = {}
    for event in audit.sealed_after(work, seq, _EVENTS_MAX) if head > seq else ():
        area, _, subject = event.subject.partition(":")
        if event.subject in found:
            continue
        found[event.subject] = Change(area)
        if area == "app":
            with suppress(NotFound):
                app = catalog.app_by_id(work, subject)
                found[event.subject] = Change(area, app.name, app.team_id)
    return tuple(found.values())
