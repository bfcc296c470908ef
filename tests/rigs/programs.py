"""Start a real program on loopback and stop exactly that one."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, found: Callable[[], bool], timeout_s: float = 30, every_s: float = 0.05) -> None:
    """Wait until `found` says yes; fail with the name of what never came."""
    end = time.monotonic() + timeout_s
    while not found():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {timeout_s} s for {what}")
        time.sleep(every_s)


class Program:
    """One child process with its output in a file; leaving the `with` block ends it, by its pid."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def output(self) -> str:
        """Return what it has printed so far."""
        return self.log.read_text(errors="replace")

    def wait_ready(self, what: str, ready: Callable[[], bool], timeout_s: float = 60) -> None:
        """Wait until `ready`; fail at once, with its output, when it has ended."""

        def found() -> bool:
            if self.process.poll() is not None:
                raise RuntimeError(f"{what} ended with {self.process.returncode}:\n{self.output()[-4000:]}")
            return ready()

        try:
            wait_for(what, found, timeout_s)
        except TimeoutError as error:
            self.stop()
            raise TimeoutError(f"{error}\n{self.output()[-4000:]}") from None

    def stop(self, timeout_s: float = 10) -> None:
        """End it politely, then by force."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()
