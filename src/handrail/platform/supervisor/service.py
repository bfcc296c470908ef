"""Runs children until it is told to stop."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from handrail.platform.supervisor.errors import ChildFailed
from handrail.platform.supervisor.model import Child, Progress, State, in_order
from handrail.platform.supervisor.process import Process

_TICK_S: Final = 0.05
_BACKOFF_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_STEADY_S: Final = 20.0
_START_TRIES: Final = 3
_IN_USE: Final = "Another process listens on that address: stop it, or choose another (port 0: any)."
_HINTS: Final = {
    "address already in use": _IN_USE,
    "cannot bind": _IN_USE,
    "no space left on device": "Free some space on the disk.",
    "permission denied": "Let this user read and write the files that the lines above name.",
}


@dataclass(slots=True)
class _Kept:
    child: Child
    state: State = State.WAITING
    process: Process | None = None
    since: float = 0.0
    failures: int = 0
    next_try: float = 0.0
    was_ready: bool = False


class Supervisor:
    """Keeps children running.

    Everything happens in the thread that calls `run` (or `start`, `watch`, `stop`): Linux ends a child when
    the thread that started it ends, so that thread must live as long as the children.

    Args:
        children: What to run; the order does not matter.
        log_folder: Where each child's output goes, as `<name>.log`.
        progress: Told of every change of state.
    """

    def __init__(
        self, children: Sequence[Child], log_folder: Path, progress: Progress = lambda _name, _state: None
    ) -> None:
        self._kept = {child.name: _Kept(child) for child in in_order(tuple(children))}
        self._log_folder = log_folder
        self._progress = progress
        # No events: a signal that finds this thread holding an event's lock would wait for itself for ever.
        self._stopping = False
        self._hurrying = False

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Start all, call `on_ready`, keep them running until SIGINT or SIGTERM, end them in reverse order.

        A second signal kills what still runs.

        Raises:
            ChildFailed: If a child does not get ready; the others have been ended.
        """
        with self._signals():
            try:
                if self.start():
                    on_ready()
                    self.watch()
            finally:
                self.stop()

    def request_stop(self) -> None:
        """Make `start` or `watch` return soon; may be called from any thread or signal handler."""
        self._hurrying = self._stopping
        self._stopping = True

    def pids(self) -> dict[str, int]:
        """Return the process number of each child that runs now."""
        return {name: kept.process.pid for name, kept in self._kept.items() if kept.process is not None}

    def states(self) -> dict[str, State]:
        """Return the state of each child."""
        return {name: kept.state for name, kept in self._kept.items()}

    def start(self) -> bool:
        """Start all children and wait until each is ready.

        Returns:
            False if a stop was requested meanwhile.

        Raises:
            ChildFailed: If one ends three times before it was ever ready, or takes too long.
        """
        while not self._stopping:
            self._step()
            if all(kept.state in {State.READY, State.DONE} for kept in self._kept.values()):
                return True
            time.sleep(_TICK_S)
        return False

    def watch(self) -> None:
        """Restart whatever ends, until a stop is requested."""
        while not self._stopping:
            self._step()
            time.sleep(_TICK_S)

    def stop(self) -> None:
        """End all children in reverse order, each within its time, then by force."""
        self._stopping = True
        for kept in reversed(self._kept.values()):
            process = kept.process
            if process is None:
                continue
            self._to(kept, State.STOPPING)
            process.ask_to_stop()
            deadline = time.monotonic() + kept.child.stop_s
            while (status := process.ended()) is None:
                if self._hurrying or time.monotonic() > deadline:
                    process.kill()
                time.sleep(_TICK_S / 5)
            kept.process = None
            kept.child.ended(status)
            self._to(kept, State.STOPPED)

    def _step(self) -> None:
        now = time.monotonic()
        for kept in self._kept.values():
            if kept.process is not None:
                self._look(kept, kept.process, now)
            elif kept.state is not State.DONE and now >= kept.next_try and self._may_start(kept.child):
                self._spawn(kept, now)

    def _may_start(self, child: Child) -> bool:
        # Once it has run, a child is restarted whatever the others do: Envoy serves on without its agent.
        if self._kept[child.name].was_ready:
            return True
        return all(self._kept[name].state in {State.READY, State.DONE} for name in child.after)

    def _spawn(self, kept: _Kept, now: float) -> None:
        child = kept.child
        child.starting()
        try:
            kept.process = Process(child, self._log_folder / f"{child.name}.log")
        except OSError as error:
            if kept.was_ready:
                self._wait(kept, now)
                return
            raise ChildFailed(
                f"{child.name} cannot be started: {error}.",
                fix=f"Check that {child.argv[0]} may be run and {self._log_folder} can be written.",
                place=child.name,
            ) from None
        kept.since = now
        self._to(kept, State.STARTING)

    def _look(self, kept: _Kept, process: Process, now: float) -> None:
        status = process.ended()
        if status is not None:
            self._ended(kept, process, status, now)
        elif kept.state is State.STARTING:
            if kept.child.restart and (kept.child.ready is None or kept.child.ready()):
                kept.was_ready = True
                self._to(kept, State.READY)
            elif not kept.was_ready and now - kept.since > kept.child.ready_s:
                raise self._failed(kept, process, f"was not ready after {kept.child.ready_s:.0f} s")
        elif kept.failures and now - kept.since > _STEADY_S:
            kept.failures = 0

    def _ended(self, kept: _Kept, process: Process, status: int, now: float) -> None:
        kept.process = None
        kept.child.ended(status)
        if not kept.child.restart and status == 0:
            self._to(kept, State.DONE)
            return
        gives_up = not kept.child.restart or (not kept.was_ready and kept.failures + 1 >= _START_TRIES)
        if gives_up:
            how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
            raise self._failed(kept, process, how)
        self._wait(kept, now)

    def _wait(self, kept: _Kept, now: float) -> None:
        kept.next_try = now + _BACKOFF_S[min(kept.failures, len(_BACKOFF_S) - 1)]
        kept.failures += 1
        self._to(kept, State.RESTARTING)

    def _failed(self, kept: _Kept, process: Process, how: str) -> ChildFailed:
        lines = process.tail()
        said = "\n".join(lines)
        lowered = said.lower()
        hints = {**_HINTS, **{text.lower(): fix for text, fix in kept.child.hints.items()}}
        fix = next((fix for text, fix in reversed(hints.items()) if text in lowered), "")
        return ChildFailed(
            f"{kept.child.name} {how}." + (f" It last said:\n{said}" if said else " It said nothing."),
            fix=fix or f"Its whole log is {process.log}.",
            place=kept.child.name,
            details={"child": kept.child.name, "log": str(process.log), "lines": lines},
        )

    def _to(self, kept: _Kept, state: State) -> None:
        kept.state = state
        self._progress(kept.child.name, state)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def on_signal(_number: int, _frame: FrameType | None) -> None:
            self.request_stop()

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
