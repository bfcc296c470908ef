"""`handrail up` itself: twice, on taken ports, interrupted, and on other schemas."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.rigs.processes import CHILDREN, Install, children, handrail, runs

from handrail.platform.database import Database, migrate
from handrail.runtime import edge

pytestmark = pytest.mark.xdist_group("test_up")


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    with Install(tmp_path_factory.mktemp("up")) as made:
        made.up()
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Install]:
    with Install(tmp_path) as made:
        yield made


def refused(install: Install, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command that must end by itself."""
    environment = install.environment(**more)
    return subprocess.run(
        handrail(*arguments), env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_ready_file_says_where_everything_is_and_who_runs_it(install: Install) -> None:
    (ready,) = install.folder.glob("ready-*.json")
    told = json.loads(ready.read_text())
    assert stat.S_IMODE(ready.stat().st_mode) == 0o600
    assert told["pids"] == install.pids()
    assert set(told["pids"]) == set(CHILDREN)
    assert told["join"].startswith(told["portal"] + "/join#")
    assert install.program is not None
    assert f"Handrail is ready: {told['portal']}\n" in install.program.output()


def test_a_second_one_on_the_same_home_is_refused_and_the_first_goes_on(install: Install) -> None:
    before = install.pids()
    second = refused(install, "up")
    assert (second.returncode, second.stdout) == (1, "")
    assert f"Handrail already runs on {install.home}. [already_running]" in second.stderr
    assert "fix: Stop that one, or use another --home." in second.stderr
    hub = refused(install, "hub")
    assert (hub.returncode, "already_running" in hub.stderr) == (1, True)
    assert install.pids() == before


@pytest.mark.parametrize("name", ["http", "hub", "hub_tls"])
def test_a_taken_port_is_named_with_its_setting_before_anything_starts(fresh: Install, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        more = {"hub_tls_cert": "cert.pem", "hub_tls_key": "key.pem"} if name == "hub_tls" else {}
        found = refused(fresh, "up", **{name: address}, **more)
        assert (found.returncode, found.stdout) == (5, "")
        setting = f"HANDRAIL_{name.upper()}"
        assert f"error: {setting}={address} cannot be used: Address already in use." in found.stderr
        assert "[address_taken]" in found.stderr
        assert f"fix: Stop what listens there, or choose another with {setting}=127.0.0.1:0" in found.stderr
        assert not (fresh.home / "handrail.db").exists()
        if name != "http":
            assert refused(fresh, "hub", **{name: address}, **more).returncode == 5


def test_a_taken_port_of_ipv6_is_named_too(fresh: Install) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        taken = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with taken:
        found = refused(fresh, "up", http=f"::1:{taken.getsockname()[1]}")
    assert (found.returncode, "Address already in use" in found.stderr) == (5, True)


def end(install: Install, number: signal.Signals) -> None:
    assert install.program is not None
    install.program.process.send_signal(number)


def gone(install: Install, pids: dict[str, int]) -> None:
    """Check that nothing is left: no process, and nothing in memory."""
    assert [name for name, pid in pids.items() if runs(pid)] == []
    assert not edge.places_of(install.home).memory.exists()


def test_interrupts_end_everything_and_a_second_one_does_not_wait(fresh: Install) -> None:
    fresh.up()
    pids, first = fresh.pids(), fresh.url
    assert fresh.program is not None
    end(fresh, signal.SIGINT)
    assert fresh.program.process.wait(30) == 0
    gone(fresh, pids)

    fresh.up()
    assert fresh.url == first, "port 0 stays what it became"
    pids = fresh.pids()
    # It cannot hear that it should end.
    os.kill(pids["worker"], signal.SIGSTOP)
    end(fresh, signal.SIGINT)
    time.sleep(3)
    assert fresh.program.process.poll() is None
    assert runs(pids["worker"])
    began = time.monotonic()
    end(fresh, signal.SIGINT)
    assert fresh.program.process.wait(10) == 0
    assert time.monotonic() - began < 4
    gone(fresh, pids)


def test_an_interrupt_during_the_start_leaves_nothing(fresh: Install) -> None:
    fresh.home.mkdir(parents=True)
    log = fresh.folder / "early.log"
    with log.open("wb") as output:
        process = subprocess.Popen(handrail("up"), env=fresh.environment(), stdout=output, stderr=output)
    try:
        while not (pids := children(process.pid)):
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, log.read_text()
        gone(fresh, pids)
        assert "Handrail is ready" not in log.read_text()
    finally:
        process.kill()
        process.wait()


def test_a_database_of_the_version_before_is_migrated_at_the_start_and_a_newer_one_refused(fresh: Install) -> None:
    fresh.home.mkdir(parents=True)
    path = fresh.home / "handrail.db"
    database = Database(f"sqlite:///{path}")
    previous = f"{int(migrate.newest()[:4]) - 1:04}"
    assert migrate.upgrade(database, previous) == previous
    database.close()
    fresh.up()
    fresh.stop()
    database = Database(f"sqlite:///{path}")
    assert migrate.status(database) == migrate.newest()
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    for command in ("up", "serve", "worker", "migrate"):
        found = refused(fresh, command)
        assert found.returncode == 5, f"{command}: {found.stderr}"
        assert "The database has schema 9999; this version of Handrail knows up to" in found.stderr
        assert "[schema_newer]" in found.stderr
