"""`handrail up --demo`: a company that lives, stays the same over a stop, and survives a kill while it moves in."""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil
import pytest
from tests.rigs.processes import CHILDREN, Install, handrail, runs
from tests.rigs.programs import Program, wait_for

pytestmark = pytest.mark.xdist_group("test_demo")
ALL = {*CHILDREN, "demo", "traffic"}
READY_S = 60


class Demo(Install):
    """An install that is started with `--demo`."""

    def up(self) -> dict[str, Any]:
        ready = self.folder / f"ready-{self.starts}.json"
        self.starts += 1
        log = self.folder / f"up-{self.starts}.log"
        self.program = Program(handrail("up", "--demo", "--ready-file", str(ready)), log, self.environment())
        self.program.wait_ready("handrail up --demo", ready.exists, READY_S)
        told: dict[str, Any] = json.loads(ready.read_text())
        self.url, self.hub = told["portal"], told["hub"]
        return told

    def enter(self, seat: str) -> "Visitor":
        return Visitor(self.url, seat)


class Visitor:
    """A browser that signed in to the demo."""

    def __init__(self, url: str, seat: str) -> None:
        headers = {"origin": url, "sec-fetch-site": "same-origin"}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)
        answer = self.http.post("/api/v1/demo/sign-in", json={"as": seat})
        assert answer.status_code == 200, answer.text

    def get(self, path: str, **query: str) -> Any:
        answer = self.http.get(f"/api/v1{path}", params=query)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def calls(self, app: str, since: str) -> tuple[int, Counter[str]]:
        """Return an app's calls in a window, and its refused ones by code."""
        refused: Counter[str] = Counter()
        items = self.get(f"/apps/{app}/calls", since=since)["items"]
        for item in items:
            refused.update(item["refusals"])
        return sum(item["calls"] for item in items), refused


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("demo")) as made:
        yield made


@pytest.fixture(scope="module")
def told(install: Demo) -> dict[str, Any]:
    return install.up()


@pytest.fixture(scope="module")
def tomas(install: Demo, told: dict[str, Any]) -> Visitor:
    return install.enter("platform")


def test_it_is_ready_and_says_what_is_where_and_who_may_come_in(install: Demo, told: dict[str, Any]) -> None:
    assert set(told["pids"]) == ALL
    assert all(runs(pid) for pid in told["pids"].values())
    assert "join" not in told
    assert install.program is not None
    said = install.program.output()
    for words in (told["portal"], told["hub"], "made-up company", "Builder in finance", "Handrail is ready"):
        assert words in said
    # Nothing of the demo listens for anybody but this machine.
    listening = psutil.Process(told["pids"]["demo"]).net_connections("tcp")
    assert {each.laddr.ip for each in listening if each.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_three_people_see_what_is_theirs(install: Demo, told: dict[str, Any]) -> None:
    names = {seat: install.enter(seat).get("/me")["name"] for seat in ("builder", "reviewer", "platform")}
    assert names == {"builder": "mara", "reviewer": "priya", "platform": "tomas"}
    teams = {app["team"] for app in install.enter("builder").get("/apps")["items"]}
    assert teams == {"finance"}
    (review,) = install.enter("reviewer").get("/reviews")["items"]
    assert review["app"] == "invoice-approver"


def test_every_state_is_there(tomas: Visitor) -> None:
    apps = tomas.get("/apps")["items"]
    assert Counter(app["stage"] for app in apps) == {"operating": 14, "prototype": 1, "idea": 1}
    assert {app["name"] for app in apps if app["assurance"] == "observed"} == {
        "dunning-reminders",
        "lead-router",
        "refund-triage",
        "renewal-radar",
        "vat-id-check",
    }
    assert tomas.get("/apps/win-loss-notes")["stage"] == "retired"
    assert "list" in tomas.get("/apps/commission-sheet")["quarantine"]["reason"]
    people = {person["name"]: person["status"] for person in tomas.get("/people")["items"]}
    assert people[tomas.get("/apps/old-lead-sync")["owner"]] == "disabled"
    wait_for(
        "all builders to be read", lambda: {each["state"] for each in tomas.get("/sources")["items"]} == {"ok"}, 60
    )


def test_calls_go_through_the_real_hub_and_are_counted(tomas: Visitor) -> None:
    def alive() -> bool:
        return sum(tomas.calls(app, "1h")[0] > 0 for app in ("ticket-summaries", "lead-router", "refund-triage")) == 3

    wait_for("calls of three apps to be counted", alive, 90)


def test_somebody_changes_a_flow_and_its_calls_are_refused(tomas: Visitor) -> None:
    def drifted() -> bool:
        app = tomas.get("/apps/refund-triage")
        approved = {approval["digest"] for approval in app["approvals"] if approval["live"]}
        return {running["digest"] for running in app["running"]}.isdisjoint(approved)

    wait_for("the drift to be noticed", drifted, 90)
    wait_for("a refused call", lambda: tomas.calls("refund-triage", "1h")[1]["version_not_approved"] > 0, 90)


def test_four_weeks_hold_refusals_by_code(tomas: Visitor) -> None:
    assert tomas.calls("csat-to-slack", "28d")[1]["grant_missing"] > 5
    assert tomas.calls("commission-sheet", "28d")[1]["quarantined"] > 2
    assert tomas.calls("invoice-approver", "28d")[0] > 1000


def test_a_stop_and_a_start_keep_everything_and_fill_nothing_twice(install: Demo, tomas: Visitor) -> None:
    def seen(visitor: Visitor) -> Any:
        apps = visitor.get("/apps")["items"]
        filled = visitor.get("/audit", action="demo")["items"]
        # What ran when it was stopped, drift included.
        running = [(app["name"], visitor.get(f"/apps/{app['name']}")["running"]) for app in apps]
        digests = [(name, [each["digest"] for each in found]) for name, found in running]
        return [app["id"] for app in apps], [event["id"] for event in filled], digests

    before, calls, url = seen(tomas), tomas.calls("lead-router", "28d")[0], install.url
    install.stop()
    install.up()
    assert install.url == url
    again = install.enter("platform")
    assert seen(again) == before
    assert again.calls("lead-router", "28d")[0] >= calls
    assert install.program is not None
    assert "moved in" not in install.program.output()
    wait_for("calls after the start", lambda: again.calls("lead-router", "28d")[0] > calls, 90)


def test_a_kill_while_it_moves_in_leaves_nothing_half_done(tmp_path: Path) -> None:
    with Demo(tmp_path) as install:
        install.home.mkdir(parents=True)
        with (tmp_path / "killed.log").open("wb") as log:
            process = subprocess.Popen(handrail("up", "--demo"), env=install.environment(), stdout=log, stderr=log)
            database = install.home / "handrail.db-wal"
            # The people are written at the beginning, the calls at the end: somewhere between.
            while not (database.exists() and b"  database" in (tmp_path / "killed.log").read_bytes()):
                assert process.poll() is None
                time.sleep(0.01)
            time.sleep(0.3)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert b"moved in" not in (tmp_path / "killed.log").read_bytes()
        install.up()
        assert len(install.enter("platform").get("/apps")["items"]) == 16


def test_a_home_with_people_is_left_alone(tmp_path: Path) -> None:
    with Install(tmp_path) as install:
        link = install.run("init").strip()
        with Install(tmp_path) as first:
            told = first.up()
            del link
            first._join("/api/v1/setup", told["join"], "ada")
        refused = subprocess.run(
            handrail("up", "--demo"), env=install.environment(), capture_output=True, text=True, timeout=60, check=False
        )
        assert refused.returncode == 1
        assert "[demo_home_taken]" in refused.stderr
        assert "handrail up --demo --home" in refused.stderr
