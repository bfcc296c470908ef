"""Every process of `handrail up` killed under traffic, at many points: nothing acknowledged is lost, every call counts.

What an agent does with an expired snapshot, and with a lower epoch, is in `test_edge_agent`.
"""

import http.client
import itertools
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from tests.rigs.processes import APP, Counting, Install, kill, runs, until

pytestmark = pytest.mark.xdist_group("test_faults")

KILLS = 6
FLUSH_S = 1.0
# How late this test's clock may be about a kill, and a line about its own time.
SLACK_S = 0.5


@dataclass
class Traffic:
    """Calls the upstream through the hub without a pause, and remembers each answer and when it came."""

    install: Install
    token: str
    answers: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        host = urlsplit(self.install.hub).netloc
        headers = {"authorization": f"Bearer {self.token}"}
        connection = http.client.HTTPConnection(host, timeout=5)
        while not self.stopped.wait(0.005):
            status = 0
            try:
                connection.request("POST", "/counter/count", body=b"{}", headers=headers)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
            self.answers.append((time.time(), status))

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join(10)

    @property
    def statuses(self) -> set[int]:
        return {status for _, status in self.answers}

    @property
    def passed(self) -> int:
        return sum(status == 200 for _, status in self.answers)


@dataclass
class Writer:
    """Makes one change after the other through the API, and remembers those that were acknowledged."""

    install: Install
    prefix: str
    apps: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    held: dict[str, bool | None] = field(default_factory=dict)
    failed: int = 0

    def __post_init__(self) -> None:
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        alice = self.install.as_("alice").http
        for number in itertools.count():
            if self.stopped.wait(0.01):
                return
            name = f"{self.prefix}-{number}"
            held = f"{self.prefix}-{number - 3}"
            if number % 4 == 0 and self._sent(alice, "POST", "/api/v1/teams", {"name": name}):
                self.teams.add(name)
            if self._sent(alice, "POST", "/api/v1/apps", {"name": name, "team": "finance-ops"}):
                self.apps.add(name)
            if held in self.apps:
                # Not known until the answer is here.
                self.held[held] = None
                body = {"reason": "A test holds it."}
                if self._sent(alice, "POST", f"/api/v1/apps/{held}/quarantine", body):
                    self.held[held] = True
                if number % 2:
                    self.held[held] = None
                    if self._sent(alice, "DELETE", f"/api/v1/apps/{held}/quarantine"):
                        self.held[held] = False

    def _sent(self, alice: httpx.Client, method: str, path: str, body: Any = None) -> bool:
        try:
            answer = alice.request(method, path, json=body)
        except httpx.HTTPError:
            self.failed += 1
            # Serve is away for a moment: no use in asking it a thousand times.
            self.stopped.wait(0.1)
            return False
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        return answer.is_success

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join(30)

    def lost(self) -> list[str]:
        """Return what was acknowledged and is not there."""
        alice = self.install.as_("alice")
        apps = {item["name"] for item in alice("GET", "/api/v1/apps")["items"]}
        teams = {item["name"] for item in alice("GET", "/api/v1/teams")["items"]}
        wrong = [f"app {name}" for name in self.apps - apps] + [f"team {name}" for name in self.teams - teams]
        for name, held in self.held.items():
            found = alice("GET", f"/api/v1/apps/{name}")["quarantine"] is not None
            if held is not None and held != found:
                wrong.append(f"quarantine of {name}: {found}")
        return wrong


@contextmanager
def under_traffic(install: Install, prefix: str) -> Iterator[tuple[Traffic, Writer]]:
    """Yield with calls and changes going on; both have ended afterwards."""
    traffic, writer = Traffic(install, install.token()), Writer(install, prefix)
    try:
        yield traffic, writer
    finally:
        traffic.stop()
        writer.stop()


def storm(install: Install, victims: dict[str, int], seed: int) -> list[tuple[float, str]]:
    """Kill each victim so many times, some while they start and some at work; return when each was killed."""
    chance = random.Random(seed)
    # In which state, and how long after that state began, each life ends.
    plans = {
        victim: [
            ("starting", chance.uniform(0, 1)) if turn % 3 == 2 else ("ready", chance.uniform(0, 2.5))
            for turn in range(kills)
        ]
        for victim, kills in victims.items()
    }
    killed: list[tuple[float, str]] = []
    began: dict[tuple[str, int, str], float] = {}
    while any(plans.values()):
        time.sleep(0.03)
        now, running = time.time(), install.pids()
        for victim, state in install.states().items():
            pid = running.get(victim, 0)
            since = began.setdefault((victim, pid, state), now)
            plan = plans.get(victim)
            if pid and plan and state in {plan[0][0], "ready"} and now - since >= plan[0][1] and kill(pid):
                killed.append((time.time(), victim))
                plan.pop(0)
    return killed


def counted(install: Install) -> int:
    return sum(item["calls"] for item in install.report()["items"])


def logged(install: Install) -> int:
    """Return how many lines of the log belong to `APP`."""
    return sum(str(line["route"]).startswith("counter/count/") for line in install.logged())


def settle(install: Install) -> None:
    """Wait until everything runs again and every line of the log is rolled up."""
    until(lambda: len(install.pids()) == 5 and install.ready(), "every process to run again", 60)
    time.sleep(2 * FLUSH_S)
    until(lambda: counted(install) == logged(install), "the roll-ups to be equal to the log", 40)


def verify(install: Install, writer: Writer) -> None:
    assert writer.lost() == []
    assert len(writer.apps) > 20
    alice = install.as_("alice")
    until(lambda: alice("GET", "/api/v1/audit/verify")["waiting"] == 0, "the seal of the audit log", 10)
    assert alice("GET", "/api/v1/audit/verify")["intact"]


@pytest.fixture(scope="module")
def upstream() -> Iterator[Counting]:
    with Counting() as counting:
        yield counting


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory, upstream: Counting) -> Iterator[Install]:
    with Install(tmp_path_factory.mktemp("faults"), upstream.url) as made:
        made.fill(made.up()["join"], upstream.credential)
        made.wait_for_calls()
        settle(made)
        yield made


def test_kills_of_everything_but_envoy_lose_no_change_and_no_call(install: Install, upstream: Counting) -> None:
    before_counted, before_upstream = counted(install), upstream.accepted
    with under_traffic(install, "calm") as (traffic, writer):
        killed = storm(install, dict.fromkeys(("serve", "worker", "agent", "rollup"), KILLS), seed=11)
    settle(install)
    assert len(killed) == 4 * KILLS
    assert traffic.statuses == {200}, "calls go on whoever else is killed"
    assert writer.failed > 0, "serve was killed while it was asked"
    assert upstream.accepted - before_upstream == traffic.passed
    assert counted(install) - before_counted == upstream.accepted - before_upstream
    report = install.report()
    assert (report["state"], report["gaps"]) == ("ok", [])
    verify(install, writer)


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_kills_of_envoy_lose_at_most_one_flush_and_show_it(install: Install, upstream: Counting) -> None:
    before_counted, before_upstream = counted(install), upstream.accepted
    before_lines = logged(install)
    with under_traffic(install, "rough") as (traffic, writer):
        killed = storm(install, {"envoy": KILLS, "rollup": 2, "agent": 2}, seed=12)
    settle(install)
    ends = [at for at, victim in killed if victim == "envoy"]
    assert len(ends) == KILLS
    assert counted(install) - before_counted == logged(install) - before_lines, "the log is rolled up line by line"
    # What a client was answered is missing only if the answer came within one flush before a kill.
    lately = [
        at
        for at, status in traffic.answers
        if status == 200 and any(end - FLUSH_S - SLACK_S <= at <= end + SLACK_S for end in ends)
    ]
    missing = upstream.accepted - before_upstream - (counted(install) - before_counted)
    # A call under way at a kill reached the upstream and was never answered.
    assert 0 <= missing <= len(lately) + len(ends)
    assert traffic.passed <= upstream.accepted - before_upstream <= traffic.passed + len(ends)
    report = install.report()
    assert report["state"] == "gap"
    for end in ends:
        assert any(
            _at(gap["since"]) <= end - FLUSH_S + SLACK_S
            and end <= _at(gap["until"]) + SLACK_S
            and gap["reason"] == "restart"
            for gap in report["gaps"]
        ), f"no gap for the kill at {end}: {report['gaps']}"
    assert all(any(_at(gap["since"]) - 1 <= end <= _at(gap["until"]) + 1 for end in ends) for gap in report["gaps"])
    verify(install, writer)


def test_a_killed_supervisor_takes_everything_along_and_a_new_one_goes_on(install: Install, upstream: Counting) -> None:
    gaps = len(install.report()["gaps"])
    before_upstream = upstream.accepted
    with under_traffic(install, "dark") as (traffic, writer):
        time.sleep(2.5)
        pids = install.pids()
        assert install.program is not None
        killed_at = time.time()
        kill(install.program.pid)
        install.program.process.wait()
    until(lambda: not any(runs(pid) for pid in pids.values()), "every child to end", 10)
    install.up()
    settle(install)
    found = install.report()["gaps"]
    assert len(found) == gaps + 1
    gap = max(found, key=lambda each: each["until"])
    assert _at(gap["since"]) <= killed_at - FLUSH_S + SLACK_S
    assert killed_at <= _at(gap["until"])
    assert _at(gap["since"]) > killed_at - 5
    assert upstream.accepted - before_upstream >= traffic.passed > 100
    verify(install, writer)


def test_a_clean_stop_loses_no_line_and_leaves_no_gap(install: Install, upstream: Counting) -> None:
    gaps, before = len(install.report()["gaps"]), (counted(install), upstream.accepted)
    with under_traffic(install, "clean") as (traffic, writer):
        time.sleep(1.5)
        install.stop()
        assert install.program is not None
        assert install.program.process.returncode == 0, install.program.output()
    install.up()
    settle(install)
    assert traffic.passed > 50
    assert len(install.report()["gaps"]) == gaps
    # One call may have been under way.
    assert traffic.passed <= counted(install) - before[0] <= upstream.accepted - before[1] <= traffic.passed + 1
    verify(install, writer)


def test_who_is_held_and_who_is_not_is_still_enforced_after_all_that(install: Install) -> None:
    token = install.wait_for_calls()
    alice = install.as_("alice")
    alice("POST", f"/api/v1/apps/{APP}/quarantine", {"reason": "A test holds it."})
    until(lambda: install.call(token) == 403, "the quarantine", 5)
    alice("DELETE", f"/api/v1/apps/{APP}/quarantine")
    until(lambda: install.call(token) == 200, "its end", 5)
