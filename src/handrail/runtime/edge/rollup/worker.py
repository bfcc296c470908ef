"""The roll-up beside a hub: reads what is new, sends it, and keeps no state of its own."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2 as httpx

from handrail.kernel.clock import MINUTE, SECOND, now_us, parse_rfc3339
from handrail.kernel.errors import Invalid
from handrail.kernel.secret import Secret
from handrail.runtime.edge.rollup import gaps
from handrail.runtime.edge.rollup.errors import SinkAway, SinkRefused
from handrail.runtime.edge.rollup.files import LogFile, listing, look, reopen_logs, rotate
from handrail.runtime.edge.rollup.model import (
    REASON_REFUSED,
    REASON_TRUNCATED,
    REASON_VANISHED,
    Batch,
    Gap,
    Position,
)
from handrail.runtime.edge.rollup.ports import Sink
from handrail.runtime.edge.rollup.reader import CHUNK_BYTES, STRETCH_BYTES, Stretch, read
from handrail.runtime.edge.rollup.sender import HttpSink

log: Final = logging.getLogger("handrail.rollup")

_BEAT_S: Final = 5.0
_ASK_S: Final = 60.0
_RETRY_S: Final = 0.5
_RETRY_MAX_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class RollUp:
    """What the process needs to know.

    Attributes:
        log: The file that Envoy writes, for example `.handrail/hub/calls.log`.
        url: The control plane.
        token: The hub's bearer token.
        flush_s: Envoy's `--file-flush-interval-msec`, in seconds; the log is read as often.
        admin_socket: Envoy's admin interface; None means that somebody else rotates the log.
        rotate_bytes: Size from which the log is rotated.
    """

    log: Path
    url: str
    token: Secret
    flush_s: float = 1.0
    admin_socket: Path | None = None
    rotate_bytes: int = 64 << 20


@dataclass(slots=True)
class Worker:
    """Brings one log to one sink; `step` does everything that can be done now.

    Any number may work on the same log, and each may be killed anywhere: only the sink's offset counts.

    Attributes:
        reopen: Makes the log's writer open its name again; None means that somebody else rotates.
    """

    log: Path
    sink: Sink
    flush_s: float = 1.0
    reopen: Callable[[], None] | None = None
    rotate_bytes: int = 64 << 20
    chunk_bytes: int = CHUNK_BYTES
    stretch_bytes: int = STRETCH_BYTES
    _positions: dict[str, Position] = field(default_factory=dict)
    _asked_at: float | None = None
    _missing: set[str] = field(default_factory=set)
    _rotated_at: dict[str, float] = field(default_factory=dict)
    _reported_at: float = 0.0

    def step(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Send everything that is complete, close and delete what is finished, rotate what is large.

        Raises:
            SinkAway: When the control plane does not take it now.
            OSError: When the log cannot be read or renamed.
        """
        self._ask()
        seen_at = now_us()
        files = listing(self.log)
        self._note_rotated(files)
        self._find_vanished(files)
        for found in files:
            self._drain(found, files, stop)
            if stop():
                return
        self._report(seen_at)
        self._rotate()

    def _ask(self) -> None:
        """Learn where the control plane stands; again now and then, it may come back from a backup."""
        if self._asked_at is None or time.monotonic() - self._asked_at > _ASK_S:
            self._positions = dict(self.sink.positions())
            self._asked_at = time.monotonic()

    def _offset(self, file: str) -> int:
        position = self._positions.get(file)
        return position.offset if position else 0

    def _apply(self, batch: Batch) -> int:
        """Send a batch; one that is refused for good becomes a gap, so that nothing after it is held up."""
        try:
            stored = self.sink.apply(batch)
        except SinkRefused as error:
            log.warning("%s bytes %d-%d are lost: %s", batch.name, batch.start, batch.end, error.message)
            if batch.gap:
                raise SinkAway(error.message) from error
            lost = self._gap(batch.file, REASON_REFUSED)
            stored = self.sink.apply(Batch(batch.file, batch.name, batch.start, batch.end, batch.as_of, gap=lost))
        known = self._positions.get(batch.file)
        self._positions[batch.file] = Position(stored, max(batch.as_of, known.as_of if known else 0))
        return stored

    def _drain(self, found: LogFile, files: list[LogFile], stop: Callable[[], bool]) -> None:
        settled = self._settled(found, files)
        if found.file is None:
            if settled:
                # Too short for a single call: a torn line of an Envoy that was killed at once.
                found.path.unlink(missing_ok=True)
            return
        while not stop():
            start = self._offset(found.file)
            if start > found.size and self._truncated(found, start):
                return
            read_at = now_us()
            stretch = read(
                found,
                start,
                read_at // MINUTE,
                settled=settled,
                chunk_bytes=self.chunk_bytes,
                stretch_bytes=self.stretch_bytes,
            )
            if stretch is None:
                return
            if stretch.end > start:
                stored = self._apply(self._batch(found, stretch, read_at))
                if stored < stretch.end:
                    # Somebody else is at work on it, or the sink lost its answer: go on from where it stands.
                    continue
            if stretch.exhausted:
                break
        if settled and not stop():
            self._finish(found)

    def _batch(self, found: LogFile, stretch: Stretch, read_at: int) -> Batch:
        assert found.file is not None  # noqa: S101 - the caller looked
        as_of = read_at - int(self.flush_s * SECOND)
        if found.rotated or not stretch.exhausted:
            # There is more behind it: it is complete only up to its newest line.
            as_of = min(as_of, _time(stretch.tally.last))
        return Batch(
            found.file,
            found.path.name,
            stretch.start,
            stretch.end,
            as_of,
            stretch.tally.rows(),
            tuple(stretch.tally.rejects),
            stretch.tally.rejected,
            causes=stretch.tally.causes,
            tail=stretch.tally.tail(),
        )

    def _truncated(self, found: LogFile, start: int) -> bool:
        """Report a file that is shorter than what was read of it; False when it has only grown."""
        fresh = look(found.path, rotated=found.rotated)
        if found.file is None or fresh is None or fresh.file != found.file or fresh.size >= start:
            return False
        log.error("%s was truncated from %d to %d bytes", found.path.name, start, fresh.size)
        gap = self._gap(found.file, REASON_TRUNCATED)
        self._apply(Batch(found.file, found.path.name, start, fresh.size, gap.since, gap=gap))
        return True

    def _gap(self, file: str, reason: str, position: Position | None = None) -> Gap:
        """Return the time from when a file was last known to be complete until now."""
        now = now_us()
        known = position or self._positions.get(file)
        return Gap(min(known.as_of, now) if known and known.as_of else now, now, reason)

    def _note_rotated(self, files: list[LogFile]) -> None:
        """Remember since when each renamed file has had a successor with something in it."""
        present: dict[str, float] = {}
        for index, found in enumerate(files):
            if found.rotated and any(newer.size for newer in files[index + 1 :]):
                key = found.file or found.path.name
                present[key] = self._rotated_at.get(key, time.monotonic())
        self._rotated_at = present

    def _settled(self, found: LogFile, files: list[LogFile]) -> bool:
        """Tell whether Envoy has let go of a file: it flushes to the old one for a while after the rename."""
        since = self._rotated_at.get(found.file or found.path.name)
        quiet_s = 2 * self.flush_s
        return (
            since is not None
            and any(other is found for other in files)
            and time.monotonic() - since >= quiet_s
            and time.time() - found.modified >= quiet_s
        )

    def _finish(self, found: LogFile) -> None:
        """Close a file that is stored to its last byte, then delete it (in this order)."""
        assert found.file is not None  # noqa: S101 - the caller looked
        offset = self._offset(found.file)
        try:
            if found.path.stat().st_size != offset:
                return
        except FileNotFoundError:
            return
        position = self._positions.get(found.file)
        as_of = position.as_of if position else 0
        stored = self._apply(Batch(found.file, found.path.name, offset, offset, as_of, closed=True))
        if stored == offset:
            self._positions.pop(found.file, None)
            found.path.unlink(missing_ok=True)

    def _find_vanished(self, files: list[LogFile]) -> None:
        """Report files that the control plane still expects and that are gone."""
        here = {found.file for found in files}
        gone = self._positions.keys() - here
        # A rename between listing and looking hides a file for a moment: once is no proof.
        certain, self._missing = gone & self._missing, set(gone)
        if not certain:
            return
        # Another worker may have finished it; the control plane knows.
        fresh = dict(self.sink.positions())
        for file in certain:
            position = fresh.pop(file, None)
            if position is not None:
                log.error("a log file is gone; it was stored up to byte %d", position.offset)
                gap = self._gap(file, REASON_VANISHED, position)
                offset = position.offset
                self.sink.apply(Batch(file, self.log.name, offset, offset, gap.since, gap=gap, closed=True))
        self._positions = fresh

    def _report(self, as_of: int) -> None:
        left = gaps.waiting(self.log.parent)
        if not left and time.monotonic() - self._reported_at < _BEAT_S:
            return
        self.sink.report(as_of - int(self.flush_s * SECOND), [gap for _, gap in left])
        for path, _ in left:
            path.unlink(missing_ok=True)
        self._reported_at = time.monotonic()

    def _rotate(self) -> None:
        if self.reopen is None:
            return
        try:
            if not self.log.exists():
                # Renamed, but its writer did not hear of it; before the first start there is nobody to tell.
                if listing(self.log):
                    self.reopen()
            elif self.log.stat().st_size >= self.rotate_bytes:
                rotate(self.log, self.reopen)
        except (httpx.HTTPError, OSError) as error:
            # Whoever writes keeps the old file open, and it is still read; the next step tries again.
            log.warning("the log cannot be rotated now: %s", error)


def _time(text: str) -> int:
    try:
        return parse_rfc3339(text)
    except Invalid:
        return 0


def run(config: RollUp, stop: threading.Event) -> None:
    """Roll up a hub's log until `stop` is set; what could not be sent stays in the log.

    Args:
        config: Where the log is and where its roll-ups go.
        stop: Ends the work after the batch under way.
    """
    sink = HttpSink(config.url, config.token)
    admin = config.admin_socket
    worker = Worker(
        config.log,
        sink,
        flush_s=config.flush_s,
        reopen=None if admin is None else lambda: reopen_logs(admin),
        rotate_bytes=config.rotate_bytes,
    )
    failures = 0
    try:
        while not stop.is_set():
            started = time.monotonic()
            try:
                worker.step(stop.is_set)
            except Exception as error:
                # Whatever it is, the log waits and the next try may pass.
                failures += 1
                known = isinstance(error, (SinkAway, OSError))
                log.warning("roll-up waits: %s", error, exc_info=None if known else error)
                stop.wait(min(_RETRY_S * 2 ** min(failures, 10), _RETRY_MAX_S))
            else:
                failures = 0
                stop.wait(max(0.0, started + config.flush_s - time.monotonic()))
    finally:
        sink.close()
