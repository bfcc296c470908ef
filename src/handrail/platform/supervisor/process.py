"""One running process and its log."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from handrail.platform.supervisor.model import Child

LOG_LIMIT: Final = 8 * 1024 * 1024
TAIL_LINES: Final = 12
_TAIL_BYTES: Final = 16 * 1024
_PR_SET_PDEATHSIG: Final = 1


def _die_with_parent() -> Callable[[], None] | None:
    """Return what makes a new process end with its supervisor, where the system can do that."""
    if sys.platform != "linux":
        return None
    # Loaded before the fork: between fork and exec nothing may take a lock that another thread holds.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return bind


class Process:
    """A child's process; the leader of its own group, so that what it starts ends with it."""

    def __init__(self, child: Child, log: Path) -> None:
        self.child = child
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_name(log.name + ".1"))
        with log.open("ab") as stream:
            self.log_start = stream.tell()
            self._popen = subprocess.Popen(
                child.argv,
                env=None if child.env is None else dict(child.env),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                # A Ctrl-C in the terminal reaches only the supervisor, which ends the others in order.
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 - one system call, prepared before the fork
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def ended(self) -> int | None:
        """Return the exit status once the process has ended, after ending what it has left behind."""
        if self._popen.returncode is None and not os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return None
        if self._popen.returncode is None:
            # Before it is reaped its number cannot belong to anybody else.
            self._group(signal.SIGKILL)
        return self._popen.wait()

    def ask_to_stop(self) -> None:
        if self._popen.returncode is None:
            self._popen.terminate()

    def kill(self) -> None:
        if self._popen.returncode is None:
            self._group(signal.SIGKILL)

    def _group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            self._popen.send_signal(number)

    def tail(self) -> list[str]:
        """Return the last lines that this process has written."""
        with self.log.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(self.log_start, end - _TAIL_BYTES))
            lines = stream.read().decode("utf-8", "replace").splitlines()
        return [line for line in lines if line.strip()][-TAIL_LINES:]
