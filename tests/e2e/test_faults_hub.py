"""A hub without its control plane: it serves on, starts cold, and refuses what is expired or older than it knows."""

import contextlib
import json
import sqlite3
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Cluster
from tests.rigs.processes import APP, Counting, Install, Split, until

from handrail.platform.supervisor import Child, Supervisor
from handrail.runtime import edge

pytestmark = pytest.mark.xdist_group("test_faults_hub")

# An agent whose clock is ahead; everything else is as `handrail hub` runs it.
AHEAD = """
import signal, sys, threading
from pathlib import Path
from handrail.kernel.clock import SECOND, now_us
from handrail.kernel.secret import Secret
from handrail.runtime.edge import Address, Options, run
home, port, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run(home, "", Secret(""), Address("127.0.0.1", port), stop, Options(clock=lambda: now_us() + seconds * SECOND))
"""


@pytest.fixture(scope="module")
def upstream() -> Iterator[Counting]:
    with Counting() as counting:
        yield counting


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory, upstream: Counting) -> Iterator[Split]:
    with Split(tmp_path_factory.mktemp("split"), upstream.url, snapshot_hours="1") as made:
        made.begin(upstream.credential)
        yield made
    edge.clear(made.hub_home)


def counted(install: Install) -> int:
    return sum(item["calls"] for item in install.report()["items"])


def test_calls_go_on_and_a_hub_starts_cold_while_the_control_plane_is_down(split: Split, upstream: Counting) -> None:
    split.approve("held")
    held, token = split.token(split.client("held")), split.wait_for_calls()
    until(lambda: split.call(held) == 200, "calls of the other app")
    split.as_("alice")("POST", "/api/v1/apps/held/quarantine", {"reason": "A test holds it."})
    until(lambda: split.call(held) == 403, "the quarantine")
    split.kill("serve", "worker")
    before = upstream.accepted
    assert [split.call(token) for _ in range(100)] == [200] * 100
    assert split.call(held) == 403
    time.sleep(2)
    killed_at = time.time()
    split.kill("hub")
    assert split.call(token) == 0
    split.start_hub()
    assert [split.call(token) for _ in range(100)] == [200] * 100
    assert split.call(held) == 403, "who was held stays held"
    assert upstream.accepted - before == 200
    told = edge.status(split.hub_home)
    assert told is not None
    assert told["ready"], told
    assert {problem["code"] for problem in told["problems"]} == {"control_plane_away"}
    split.start_control()
    passed = upstream.accepted
    until(lambda: counted(split) + counted_of(split, "held") >= passed, "the calls of that time in the roll-ups", 60)
    report = split.report()
    assert counted(split) + counted_of(split, "held") - refused_of(split, "held") == passed
    (gap,) = report["gaps"]
    assert gap["reason"] == "restart"
    assert abs(time.mktime(time.strptime(gap["since"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - killed_at) < 10
    until(lambda: not (edge.status(split.hub_home) or {})["problems"], "the hub to find its control plane", 15)


def counted_of(install: Install, app: str) -> int:
    items = install.as_("alice")("GET", f"/api/v1/apps/{app}/calls", since="1h")["items"]
    return sum(item["calls"] for item in items)


def refused_of(install: Install, app: str) -> int:
    items = install.as_("alice")("GET", f"/api/v1/apps/{app}/calls", since="1h")["items"]
    return sum(item["refused"] for item in items)


def test_a_real_snapshot_is_not_served_cold_once_it_has_expired(split: Split) -> None:
    token = split.wait_for_calls()
    split.kill("serve", "worker")
    split.kill("hub")
    port = int(split.hub.rpartition(":")[2])

    def started(ahead_s: int) -> tuple[Supervisor, threading.Thread]:
        argv = (sys.executable, "-c", AHEAD, str(split.hub_home), str(port), str(ahead_s))
        home = split.hub_home
        children = [
            Child("agent", argv, ready=lambda: edge.prepared(home)),
            Child("envoy", edge.command(home, 1), ready=lambda: edge.envoy_ready(home), after=("agent",)),
        ]
        supervisor = Supervisor(children, split.folder / "ahead")
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        return supervisor, thread

    for ahead_s, wanted in ((3000, 200), (3700, 0)):
        supervisor, thread = started(ahead_s)
        try:
            if wanted:
                until(lambda: split.call(token) == 200, "a snapshot that still holds")
            else:
                until(lambda: (edge.status(split.hub_home) or {}).get("problems"), "the agent's refusal")
                time.sleep(1)
                told = edge.status(split.hub_home)
                assert told is not None
                assert "snapshot_expired" in {problem["code"] for problem in told["problems"]}
                assert not told["prepared"]
                assert split.call(token) == 0, "nothing listens"
        finally:
            supervisor.request_stop()
            thread.join()
    split.start_control()
    split.start_hub()
    split.wait_for_calls("calls after the control plane is back")


def test_a_restored_database_is_followed_and_an_older_copy_of_it_is_not(split: Split, upstream: Counting) -> None:
    split.wait_for_calls()
    alice = split.as_("alice")
    before = alice("GET", f"/api/v1/apps/{APP}")
    file = split.folder / "one.backup"
    split.run("backup", str(file))
    must_not_hold_the_key(split, file, upstream)
    alice("POST", "/api/v1/apps", {"name": "after-the-backup", "team": "finance-ops"})
    old = edge.status(split.hub_home)
    assert old is not None
    split.kill("serve", "worker")
    database = split.home / "handrail.db"
    older = split.folder / "older.db"
    put(database, older)
    for path in split.home.glob("handrail.db*"):
        path.unlink()
    split.run("restore", str(file))
    restored = split.folder / "restored.db"
    split.start_control()
    until(lambda: epoch_of(split) > old["epoch"] and edge.ready(split.hub_home), "the hub to follow the new epoch")
    is_whole(split, before)
    # What somebody copies back by hand, past `handrail restore`, is refused by the hub.
    began = time.monotonic()
    split.end("serve", "worker")
    assert time.monotonic() - began < 10, "the hub that waits for news does not hold back the end"
    put(database, restored)
    put(older, database)
    split.start_control()
    until(lambda: "snapshot_stale" in problems_of(split), "the refusal of the lower epoch")
    assert epoch_of(split) > old["epoch"]
    assert split.call(split.token()) == 200
    hubs = split.as_("alice")("GET", "/api/v1/hubs")["items"]
    assert not next(hub for hub in hubs if hub["name"] == "frankfurt")["inForce"], "and people are told"
    split.end("serve", "worker")
    put(restored, database)
    split.start_control()
    until(lambda: "snapshot_stale" not in problems_of(split), "the hub to go on", 15)


def put(source: Path, target: Path) -> None:
    """Make one SQLite database a copy of another, its log included."""
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)


def epoch_of(split: Split) -> int:
    return int((edge.status(split.hub_home) or {}).get("epoch", 0))


def problems_of(split: Split) -> set[str]:
    return {problem["code"] for problem in (edge.status(split.hub_home) or {}).get("problems", [])}


def must_not_hold_the_key(install: Install, file: Path, upstream: Counting) -> None:
    with zipfile.ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    (key,) = json.loads((install.home / "vault.key").read_text())["keys"].values()
    for secret in (key, upstream.credential, install.client_secret, install.tokens["alice"]):
        assert secret.encode() not in content
        assert secret.encode() not in file.read_bytes()


def is_whole(install: Install, before: dict) -> None:
    """Check that apps, approvals and credentials are as they were at the backup, and nothing later."""
    alice = install.as_("alice")
    after = alice("GET", f"/api/v1/apps/{APP}")
    assert [each["digest"] for each in after["approvals"]] == [each["digest"] for each in before["approvals"]]
    assert [each["digest"] for each in after["running"]] == [each["digest"] for each in before["running"]]
    assert "after-the-backup" not in {item["name"] for item in alice("GET", "/api/v1/apps")["items"]}
    install.wait_for_calls("calls with the restored credential")


@pytest.mark.postgres
def test_an_install_on_postgresql_comes_back_from_its_backup(
    tmp_path: Path, upstream: Counting, postgres: Cluster
) -> None:
    url = postgres.create()
    with Install(tmp_path, upstream.url, database_url=url) as install:
        install.fill(install.up()["join"], upstream.credential)
        install.wait_for_calls()
        before = install.as_("alice")("GET", f"/api/v1/apps/{APP}")
        epoch = (edge.status(install.home) or {})["epoch"]
        file = tmp_path / "one.backup"
        install.run("backup", str(file))
        must_not_hold_the_key(install, file, upstream)
        install.as_("alice")("POST", "/api/v1/apps", {"name": "after-the-backup", "team": "finance-ops"})
        install.stop()
        postgres.drop(url)
        name = url.removeprefix("postgresql://postgres@/").partition("?")[0]
        postgres.statement(f"CREATE DATABASE {name}")
        install.run("restore", str(file))
        install.up()
        is_whole(install, before)
        assert (edge.status(install.home) or {})["epoch"] > epoch
    postgres.drop(url)
