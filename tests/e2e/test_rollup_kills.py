"""Exactly once from the log to the database, whoever is killed and when."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import BinaryIO

from tests.conftest import ROOT
from tests.rigs.calls import line

from handrail.kernel.clock import HOUR
from handrail.platform.database import Database
from handrail.runtime import signals
from handrail.runtime.edge.rollup import listing, rotate

LINES = 90_000
ROTATIONS = 7
KILLS = 14
STARTED = 1_767_225_600_000_000
APPS = [f"018f0000-0000-7000-8000-{number:012}" for number in range(20)]


class Writer:
    """Writes as Envoy does: in torn blocks, and to the old file for a moment after a rename."""

    def __init__(self, log: Path, seed: int) -> None:
        self.log = log
        self.random = random.Random(seed)
        self.truth: Counter[tuple[str, str]] = Counter()
        self.written = 0
        self.file: BinaryIO = log.open("ab", buffering=0)

    def block(self, count: int) -> bytes:
        lines = []
        for _ in range(count):
            app = self.random.choice(APPS)
            status = self.random.choices([200, 404, 500, 503], [94, 3, 2, 1])[0]
            price = self.random.randrange(4)
            minute, second = divmod(self.written * 600 // LINES % 3600, 60)
            lines.append(
                line(
                    app=app,
                    op=self.random.choice(["users.list", "chat.postMessage", "files.upload"]),
                    status=status,
                    price=price,
                    us=int(self.random.lognormvariate(11, 1)),
                    t=f"2026-01-01T00:{minute:02}:{second:02}.000Z",
                )
            )
            self.truth[app, "calls"] += 1
            self.truth[app, "errors"] += status >= 500
            self.truth[app, "cost"] += price
            self.written += 1
        return b"".join(lines)

    def write(self, data: bytes) -> None:
        cut = self.random.randrange(len(data))
        self.file.write(data[:cut])
        time.sleep(self.random.random() * 0.02)
        self.file.write(data[cut:])

    def reopen(self) -> None:
        old = self.file
        self.write(self.block(20))
        self.file = self.log.open("ab", buffering=0)
        self.write(self.block(20))
        # Another thread of the writer flushes late.
        old.write(self.block(20))
        old.close()


class Pair:
    """Two workers on one log; each of the first lives ends with SIGKILL, at another point."""

    def __init__(self, url: str, log: Path, seed: int) -> None:
        self.url = url
        self.log = log
        self.random = random.Random(seed)
        self.deaths = 0
        self.started = 0
        self.running = [self._start(), self._start()]

    def _start(self) -> subprocess.Popen[bytes]:
        mode = ["before", "after"][self.started % 2] if self.started < KILLS else "never"
        self.started += 1
        arguments = [self.url, str(self.log), mode, str(self.random.randrange(4))]
        return subprocess.Popen([sys.executable, "-m", "tests.rigs.rollup_worker", *arguments], cwd=ROOT)

    def tend(self) -> None:
        for index, process in enumerate(self.running):
            code = process.poll()
            if code is not None:
                assert code == -signal.SIGKILL, f"a worker ended by itself: {code}"
                self.deaths += 1
                self.running[index] = self._start()

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


def totals(database: Database) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    with database.read() as work:
        for app in APPS:
            report = signals.calls(work, app, STARTED, STARTED + HOUR)
            assert report.gaps == ()
            for operation in report.operations:
                found[app, "calls"] += operation.calls
                found[app, "errors"] += operation.errors
                found[app, "cost"] += sum(money.micros for money in operation.cost)
    return found


def is_finished(database: Database, log: Path) -> bool:
    """Tell whether all rotated files are gone and the last one is stored to its end."""
    files = listing(log)
    with database.read() as work:
        stored = {position.file: position.offset for position in signals.positions(work, "hub-1")}
    return stored == {found.file: found.size for found in files} and len(files) == 1


def test_every_line_counts_once_through_kills_rotations_and_torn_writes(
    sqlite_database: Database, tmp_path: Path
) -> None:
    log = tmp_path / "log" / "calls.log"
    log.parent.mkdir()
    writer = Writer(log, seed=7)
    pair = Pair(sqlite_database.url, log, seed=7)
    rotations = 0
    try:
        while writer.written < LINES or pair.deaths < KILLS:
            writer.write(writer.block(300))
            if rotations < ROTATIONS and writer.written > (rotations + 1) * LINES // (ROTATIONS + 1):
                assert rotate(log, writer.reopen)
                rotations += 1
            pair.tend()
        deadline = time.monotonic() + 60
        while not is_finished(sqlite_database, log):
            assert time.monotonic() < deadline, "the workers did not finish"
            pair.tend()
            time.sleep(0.1)
    finally:
        pair.end()
    assert rotations == ROTATIONS
    assert pair.deaths == KILLS
    assert totals(sqlite_database) == writer.truth
    with sqlite_database.read() as work:
        rejected = work.connection.exec_driver_sql("SELECT SUM(rejected) FROM signal_cursor").scalar()
    assert rejected == 0
