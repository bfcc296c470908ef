"""The hub's agent with a real Envoy; the test plays the control plane, the upstream and the DNS."""

import os
import signal
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.rigs.hub_machine import (
    CANARY,
    ControlPlane,
    Names,
    Rig,
    Upstream,
    cluster,
    expired,
    listeners,
    quarantine,
    routes,
    until,
)

from handrail.runtime import edge


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    server = Upstream()
    yield server
    server.close()


@pytest.fixture
def names() -> Iterator[Names]:
    server = Names()
    yield server
    server.close()


@pytest.fixture
def plane(upstream: Upstream) -> Iterator[ControlPlane]:
    server = ControlPlane()
    _fill(server, upstream.port)
    yield server
    server.close()


def _fill(plane: ControlPlane, port: int, host: str = "127.0.0.1", network: str = "private") -> None:
    plane.publish(
        envoy__listeners=listeners(),
        envoy__routes=routes("echo"),
        envoy__clusters={"version_info": "1", "resources": [cluster("echo", "echo")]},
        envoy__quarantine=quarantine(),
        envoy__expired=expired(),
        upstreams=[{"cluster": "echo", "host": host, "port": port, "network": network}],
        secrets=[{"name": "echo", "value": f"Bearer {CANARY}-1"}],
    )


@pytest.fixture
def rig(tmp_path: Path, plane: ControlPlane, names: Names) -> Iterator[Rig]:
    hub = Rig(tmp_path / "home", plane.url, names.port)
    yield hub
    hub.stop()
    edge.clear(hub.home)


def test_a_hub_enrols_serves_and_acknowledges(rig: Rig, plane: ControlPlane) -> None:
    rig.start()
    status, seen = rig.call("/echo/items?page=2")
    assert (status, seen["path"]) == (200, "/items?page=2")
    assert seen["headers"]["authorization"] == f"Bearer {CANARY}-1"
    assert plane.wait_for_ack()["problems"] == []
    told = edge.status(rig.home)
    assert told is not None
    assert told["missing"] == []
    assert told["warnings"] == []


def test_an_update_is_enforced_and_only_changed_parts_travel(rig: Rig, plane: ControlPlane) -> None:
    rig.start()
    assert rig.call("/second/x")[0] == 404
    plane.publish(envoy__routes=routes("echo", "second"))
    plane.documents["envoy/routes.json"]["resources"][0]["virtual_hosts"][0]["routes"][1]["route"]["cluster"] = "echo"
    plane.publish()
    plane.wait_for_ack()
    assert rig.call("/second/x")[0] == 200
    assert all(sent <= {"envoy/routes.json"} for sent in plane.sent_parts[1:])


def test_quarantine_is_enforced_within_milliseconds_and_acknowledged(rig: Rig, plane: ControlPlane) -> None:
    rig.start()
    plane.wait_for_ack()
    times = []
    for number in range(10):
        held = number % 2 == 0
        began = time.monotonic()
        plane.publish(quarantine=True, envoy__quarantine=quarantine("bad") if held else quarantine())
        until(lambda: rig.call(app="bad")[0] == (403 if held else 200), pause=0.001)  # noqa: B023 - called at once
        times.append(time.monotonic() - began)
        assert rig.call(app="good")[0] == 200
        plane.wait_for_ack()
    print("quarantine, ms:", [round(1000 * taken, 1) for taken in times])
    assert sorted(times)[5] < 0.1


def test_a_refused_configuration_is_reported_and_the_last_good_one_serves_on(rig: Rig, plane: ControlPlane) -> None:
    rig.start()
    plane.wait_for_ack()
    good = plane.revision
    plane.publish(envoy__routes=routes("echo", timeout="-1s"))
    plane.publish(quarantine=True, envoy__quarantine=quarantine("bad"))
    ack = plane.wait_for_ack(revision=good)
    until(lambda: plane.acknowledged[-1]["problems"])
    ack = plane.acknowledged[-1]
    assert ack["revision"] == good
    assert ack["problems"][0]["code"] == "envoy_rejected"
    assert ack["problems"][0]["place"] == "routes.json"
    assert "Expected positive duration" in ack["problems"][0]["message"]
    assert not edge.ready(rig.home)
    assert rig.call()[0] == 200
    assert rig.call(app="bad")[0] == 403
    plane.publish(envoy__routes=routes("echo", timeout="5s"))
    assert plane.wait_for_ack()["problems"] == []
    assert edge.ready(rig.home)


def test_a_rotated_credential_is_seen_by_the_next_call_and_no_call_fails(rig: Rig, plane: ControlPlane) -> None:
    rig.start()
    plane.wait_for_ack()
    for number in range(2, 6):
        plane.publish(secrets=[{"name": "echo", "value": f"Bearer {CANARY}-{number}"}])
        plane.wait_for_ack()
        status, seen = rig.call()
        assert (status, seen["headers"]["authorization"]) == (200, f"Bearer {CANARY}-{number}")


def test_a_missing_credential_refuses_calls_instead_of_ending_envoy(rig: Rig, plane: ControlPlane) -> None:
    plane.documents["secrets.json"] = []
    rig.start()
    assert rig.call()[0] == 401
    plane.publish(secrets=[{"name": "echo", "value": f"Bearer {CANARY}-1"}])
    plane.wait_for_ack()
    assert rig.call()[0] == 200


def test_a_new_connection_and_its_removal_leave_calls_alone(rig: Rig, plane: ControlPlane, upstream: Upstream) -> None:
    rig.start()
    slow: list[int] = []
    thread = threading.Thread(target=lambda: slow.append(rig.call("/echo/slow")[0]))
    thread.start()
    time.sleep(0.3)
    where = {"host": "127.0.0.1", "port": upstream.port, "network": "private"}
    both = [cluster("echo", "echo", connect_timeout="2s"), cluster("more", "more")]
    plane.publish(
        envoy__clusters={"version_info": "2", "resources": both},
        envoy__routes=routes("echo", "more"),
        upstreams=[{"cluster": "echo", **where}, {"cluster": "more", **where}],
        secrets=[{"name": name, "value": f"Bearer {name}"} for name in ("echo", "more")],
    )
    plane.wait_for_ack()
    assert rig.call("/more/x")[1]["headers"]["authorization"] == "Bearer more"
    thread.join()
    assert slow == [200], "a call under way ends well although its cluster was replaced"
    _fill(plane, upstream.port)
    plane.wait_for_ack()
    assert rig.call("/more/x")[0] == 404
    assert rig.call()[0] == 200
    assert {path.name for path in edge.places_of(rig.home).secrets.iterdir()} == {"echo.json"}


def test_it_starts_cold_from_the_stored_snapshot_without_the_control_plane(rig: Rig, plane: ControlPlane) -> None:
    plane.publish(quarantine=True, envoy__quarantine=quarantine("bad"))
    rig.start()
    plane.wait_for_ack()
    rig.kill()
    plane.close()
    rig.start()
    assert rig.call()[1]["headers"]["authorization"] == f"Bearer {CANARY}-1"
    assert rig.call(app="bad")[0] == 403
    assert edge.ready(rig.home)


@pytest.mark.parametrize("victim", ["agent", "envoy"])
def test_killing_one_leaves_the_other_and_heals(rig: Rig, plane: ControlPlane, victim: str) -> None:
    rig.start()
    plane.wait_for_ack()
    other = "envoy" if victim == "agent" else "agent"
    before = {name: rig.pid(name) for name in (victim, other)}
    os.kill(before[victim], signal.SIGKILL)
    if victim == "agent":
        assert rig.call()[0] == 200, "calls go on without the agent"
    until(lambda: rig.supervisor and rig.supervisor.pids().get(victim, before[victim]) != before[victim])
    until(lambda: edge.ready(rig.home))
    assert rig.pid(other) == before[other]
    plane.publish(quarantine=True, envoy__quarantine=quarantine("bad"))
    plane.wait_for_ack()
    assert rig.call(app="bad")[0] == 403
    assert rig.call()[0] == 200


def test_a_snapshot_that_expires_while_cut_off_is_no_longer_served(rig: Rig, plane: ControlPlane) -> None:
    plane.life_s = 3
    rig.start()
    assert rig.call()[0] == 200
    plane.hub = "somebody-else"  # what this control plane says from now on is refused
    until(lambda: rig.call()[0] == 403)
    told = edge.status(rig.home)
    assert told is not None
    assert told["ready"] is False
    assert told["expired"] is True
    os.kill(rig.pid("agent"), signal.SIGKILL)
    time.sleep(2)
    assert rig.call()[0] == 403, "a restarted agent does not serve it either"
    rig.kill()
    rig.start(wait=False)
    time.sleep(2)
    assert rig.status() == 0, "nor does a cold start"
    plane.hub = "hub-1"
    plane.life_s = 60
    until(lambda: edge.ready(rig.home))
    assert rig.call()[0] == 200


def test_a_snapshot_is_renewed_before_it_expires(rig: Rig, plane: ControlPlane) -> None:
    plane.life_s = 10
    rig.start()
    first = edge.status(rig.home)
    assert first is not None
    plane.life_s = 3600

    def later() -> bool:
        now = edge.status(rig.home)
        assert first is not None
        return now is not None and now["expires_at"] > first["expires_at"]

    until(later)
    assert rig.call()[0] == 200


def test_a_lower_epoch_or_revision_is_refused_and_a_higher_epoch_taken(rig: Rig, plane: ControlPlane) -> None:
    plane.epoch = 5
    plane.publish()
    rig.start()
    plane.wait_for_ack()
    revision = plane.revision
    with plane.change:
        plane.epoch, plane.revision = 4, 99
        plane.documents["envoy/routes.json"] = routes("second")
        plane.change.notify_all()
    until(lambda: (edge.status(rig.home) or {}).get("problems"))
    told = edge.status(rig.home)
    assert told is not None
    assert told["problems"][0]["code"] == "snapshot_stale"
    assert (told["epoch"], told["revision"]) == (5, revision)
    assert rig.call()[0] == 200
    rig.kill()
    rig.start()
    assert rig.call()[0] == 200, "the highest epoch is remembered over a restart"
    with plane.change:
        plane.epoch, plane.revision = 6, 1
        plane.change.notify_all()
    plane.wait_for_ack()
    assert rig.call()[0] == 404


def test_a_name_that_turns_to_a_forbidden_address_is_dropped(
    rig: Rig, plane: ControlPlane, names: Names, upstream: Upstream
) -> None:
    names.answers["api.test"] = ["127.0.0.1", "169.254.169.254"]
    _fill(plane, upstream.port, "api.test")
    rig.start()
    assert rig.call()[0] == 200
    clusters = edge.places_of(rig.home).xds / "clusters.json"
    assert b"169.254" not in clusters.read_bytes()
    names.answers["api.test"] = ["169.254.169.254"]
    until(lambda: rig.call()[0] == 503)
    assert b"169.254" not in clusters.read_bytes()
    until(lambda: any(ack["problems"] for ack in plane.acknowledged))
    problem = plane.acknowledged[-1]["problems"][0]
    assert (problem["code"], problem["place"]) == ("upstream_forbidden", "echo")
    assert "169.254.169.254 is a link-local address" in problem["message"]
    names.answers["api.test"] = ["127.0.0.1"]
    until(lambda: rig.call()[0] == 200)


def test_a_public_connection_never_reaches_this_machine(
    rig: Rig, plane: ControlPlane, names: Names, upstream: Upstream
) -> None:
    names.answers["api.test"] = ["127.0.0.1"]
    _fill(plane, upstream.port, "api.test", "public")
    rig.start()
    assert rig.call()[0] == 503
    assert plane.wait_for_ack()["problems"][0]["code"] == "upstream_forbidden"


def test_the_last_good_addresses_serve_on_while_dns_is_away(
    rig: Rig, plane: ControlPlane, names: Names, upstream: Upstream
) -> None:
    names.answers["api.test"] = ["127.0.0.1"]
    _fill(plane, upstream.port, "api.test")
    rig.start()
    names.answers.clear()
    until(lambda: any(ack["problems"] for ack in plane.acknowledged))
    assert plane.acknowledged[-1]["problems"][0]["code"] == "upstream_unresolved"
    assert rig.call()[0] == 200
    rig.kill()
    rig.start()
    assert rig.call()[0] == 200, "and after a cold start"


def _leads_to(handle: Path) -> str:
    try:
        return str(handle.readlink())
    except FileNotFoundError:
        # Envoy closed it meanwhile.
        return ""


def test_more_connections_than_the_system_has_watches_are_served(
    rig: Rig, plane: ControlPlane, upstream: Upstream
) -> None:
    known = [f"c{number}" for number in range(200)]
    where = {"host": "127.0.0.1", "port": upstream.port, "network": "private"}
    plane.publish(
        envoy__clusters={"version_info": "1", "resources": [cluster(name, "echo") for name in known]},
        envoy__routes=routes(*known),
        upstreams=[{"cluster": name, **where} for name in known],
    )
    rig.start()
    assert rig.call("/c199/x")[0] == 200
    handles = Path(f"/proc/{rig.pid('envoy')}/fd").iterdir()
    watches = [handle for handle in handles if "inotify" in str(handle.readlink())]
    assert len(watches) == 5, "listeners, clusters, routes, quarantine and one secret"


def test_no_clear_secret_reaches_the_disk_and_memory_is_cleared_at_the_end(rig: Rig, plane: ControlPlane) -> None:
    rig.start()
    plane.wait_for_ack()
    assert rig.call()[0] == 200
    places = edge.places_of(rig.home)
    assert stat.S_IMODE(places.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.memory.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in places.secrets.iterdir())
    assert CANARY.encode() in places.secrets.joinpath("echo.json").read_bytes()
    rig.stop()
    assert not places.memory.exists()
    for path in rig.home.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def test_nothing_is_left_running(rig: Rig) -> None:
    rig.start()
    pids = [rig.pid(name) for name in ("agent", "envoy")]
    began = time.monotonic()
    rig.stop()
    assert time.monotonic() - began < 8
    assert not any(psutil.pid_exists(pid) for pid in pids)
