"""The real roll-up process against the real serve, both killed under traffic."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.rigs.calls import APP, DatabaseSink, line

from handrail.kernel.clock import HOUR, MINUTE, now_us, rfc3339
from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import catalog
from handrail.registry.identity import Team, new_token
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Batch, Gap, RollUp, Tally, run
from handrail.runtime.hub import local_hub

ROLLUP = f"""
import sys, threading
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from pathlib import Path
from handrail.kernel.secret import Secret
from handrail.runtime.edge.rollup import RollUp, run
run(RollUp(Path(sys.argv[1]), sys.argv[2], Secret(sys.argv[3]), flush_s=0.1), threading.Event())
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(reached: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def calls(database: Database) -> int:
    now = now_us()
    with database.read() as work:
        return sum(one.calls for one in signals.calls(work, APP, now - HOUR, now + MINUTE).operations)


class Serve:
    """`handrail serve` on a database of the test, started as often as it is killed."""

    def __init__(self, database: Database, home: Path) -> None:
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")},
            "HANDRAIL_HOME": str(home),
            "HANDRAIL_HTTP": address,
            "HANDRAIL_DATABASE_URL": database.url,
        }
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "handrail.main", "serve"]
        self.process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        wait_for(self.answers, "serve did not start")

    def answers(self) -> bool:
        assert self.process.poll() is None, "serve ended by itself"
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def serve(sqlite_database: Database, tmp_path: Path) -> Iterator[Serve]:
    running = Serve(sqlite_database, tmp_path / "home")
    yield running
    running.kill()


def test_kills_of_serve_and_roll_up_lose_nothing_and_count_nothing_twice(
    sqlite_database: Database, serve: Serve, tmp_path: Path
) -> None:
    log = tmp_path / "calls.log"
    with sqlite_database.begin() as work:
        token = local_hub(work)

    def start_rollup() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", ROLLUP, str(log), serve.url, token.reveal()]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    chance = random.Random(3)
    rollup = start_rollup()
    written = 0
    try:
        for turn in range(6):
            until = time.monotonic() + 0.5 + chance.random()
            with log.open("ab", buffering=0) as stream:
                while time.monotonic() < until:
                    stream.write(line(t=rfc3339(now_us())) * 50)
                    written += 50
                    time.sleep(0.01)
            if turn % 2:
                rollup.send_signal(signal.SIGKILL)
                rollup.wait()
                rollup = start_rollup()
            else:
                serve.kill()
                serve.start()
        wait_for(lambda: calls(sqlite_database) >= written, "the roll-up did not finish", 30)
    finally:
        rollup.kill()
        rollup.wait()
    assert calls(sqlite_database) == written
    with sqlite_database.read() as work:
        assert signals.calls(work, APP, now_us() - HOUR, now_us()).gaps == ()


def test_the_command_line_shows_calls_as_a_table_and_as_json(
    sqlite_database: Database, serve: Serve, team: Team, make_person: Any
) -> None:
    ada = make_person("ada", ("builder", team.id))
    now = now_us()
    with sqlite_database.begin() as work:
        app = catalog.register(work, ada, "invoice-approver", team=team.name)
        _, secret = new_token(work, ada, "test", days=1)
    environment = {**serve.environment, "HANDRAIL_URL": serve.url, "HANDRAIL_TOKEN": secret.reveal()}

    def handrail(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "handrail.main", "calls", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    nothing = handrail("invoice-approver")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "made no call" in nothing.stderr
    assert "no hub has reported yet" in nothing.stderr
    tally = Tally(now // MINUTE)
    block = line(app=app.id, t=rfc3339(now)) + line(app=app.id, t=rfc3339(now), status=403, code="quarantined")
    tally.add(block, 0)
    DatabaseSink(sqlite_database).apply(Batch("1:2:aa", "calls.log", 0, len(block), now, tally.rows()))
    DatabaseSink(sqlite_database).report(now, [Gap(now - MINUTE, now, "restart")])
    table = handrail("invoice-approver", "--since", "30m")
    assert table.returncode == 0
    assert "chat.postMessage" in table.stdout
    assert "0.0015 EUR" in table.stdout
    assert "quarantined 1" in table.stdout
    assert "calls may be missing" in table.stderr
    read = json.loads(handrail("invoice-approver", "-o", "json").stdout)
    assert (read["state"], [item["calls"] for item in read["items"]]) == ("gap", [1, 1])
    assert handrail("nobody-knows").returncode == 4
    assert handrail("invoice-approver", "--since", "soon").returncode == 1


def test_a_roll_up_stops_when_it_is_told_even_while_serve_is_away(tmp_path: Path) -> None:
    stop = threading.Event()
    config = RollUp(tmp_path / "calls.log", f"http://127.0.0.1:{free_port()}", Secret("x"), flush_s=0.1)
    thread = threading.Thread(target=run, args=(config, stop))
    thread.start()
    time.sleep(0.3)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
