"""Tells waiting requests that something changed: at once inside this process, soon after a change in another."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from handrail.platform.database import Database, revisions
from handrail.surfaces.http.live import Live

TOPICS: Final = ("epoch", "hub", "quarantine", "ack")
_LOOK_EVERY_S: Final = 0.2


class News:
    """One thread reads the counters that other processes may raise; any number of requests wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.live = Live(database)
        database.watchers.append(self._spread)

    def _spread(self, _topic: str) -> None:
        with self._lock:
            waiting = list(self._waiting.items())
        for event, loop in waiting:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(event.set)

    def _look(self) -> None:
        known: tuple[int, ...] = ()
        while not self._stop.wait(_LOOK_EVERY_S):
            with self._lock:
                if not self._waiting:
                    continue
            with suppress(SQLAlchemyError), self._database.read() as work:
                found = tuple(revisions.current(work, topic) for topic in TOPICS)
                if known and found != known:
                    self._spread("")
                known = found

    async def wait_for(self, ready: Callable[[], Awaitable[bool]], seconds: float) -> bool:
        """Wait until `ready` says yes; False when the time is over, or this process ends, first."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="news", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        event = asyncio.Event()
        with self._lock:
            self._waiting[event] = loop
        try:
            while True:
                event.clear()
                if await ready():
                    return True
                left = deadline - loop.time()
                if left <= 0 or self._stop.is_set():
                    return False
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), left)
        finally:
            with self._lock:
                del self._waiting[event]

    def close(self) -> None:
        """Stop looking, and let everybody go who waits."""
        self._stop.set()
        self._spread("")
        self.live.close()
