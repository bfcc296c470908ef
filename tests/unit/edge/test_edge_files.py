import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handrail.kernel.secret import Secret
from handrail.platform.http import HostUnresolved
from handrail.runtime.edge import (
    Address,
    Enrolment,
    Places,
    clear,
    places_of,
    public_key,
    read_enrolment,
    write_enrolment,
)
from handrail.runtime.edge.admin import refusals_told
from handrail.runtime.edge.discovery import Discovery
from handrail.runtime.edge.endpoints import Endpoints
from handrail.runtime.edge.enrolment import private_key
from handrail.runtime.edge.errors import (
    HubFolderUnsafe,
    HubKeyUnsafe,
    SnapshotIncomplete,
    SnapshotMalformed,
)
from handrail.runtime.edge.model import Manifest, Position, Snapshot, Upstream
from handrail.runtime.edge.places import prepare
from handrail.runtime.edge.shelf import floor_of, store, stored

ENROLMENT = Enrolment("http://serve", Secret("canary-token"), "hub-1", "key")


@pytest.fixture
def places() -> Iterator[Places]:
    # Not tmp_path: its long names would not leave room for a socket's path.
    folder = Path(tempfile.mkdtemp())
    found = Places(folder / "home", folder / "memory", in_memory=False)
    prepare(found)
    yield found
    shutil.rmtree(folder)


def _parts(**documents: Any) -> dict[str, bytes]:
    bodies: dict[str, Any] = {
        "envoy/listeners.json": {"resources": [{"log": "@LOG@", "port": "@HUB_PORT@", "host": "@HUB_HOST@"}]},
        "envoy/clusters.json": {"version_info": "x", "resources": [{"name": "a", "sds": "@SECRETS@/a.json"}]},
        "envoy/quarantine.json": {"resources": ["nobody"]},
        "envoy/expired.json": {"resources": ["everybody"]},
        "upstreams.json": [{"cluster": "a", "host": "a.test", "port": 443, "network": "public"}],
        "secrets.json": [{"name": "a", "value": "canary"}],
    }
    bodies |= {name.replace("__", "/") + ".json": document for name, document in documents.items()}
    return {name: json.dumps(document).encode() for name, document in bodies.items() if document is not None}


def _write(places: Places, parts: dict[str, bytes], settle: Callable[[], None] = lambda: None) -> Discovery:
    discovery = Discovery(places, Address("127.0.0.1", 8780))
    discovery.write_all(parts, {"a": ("192.0.2.1",)}, settle, running=False)
    return discovery


def _resources(path: Path) -> Any:
    return json.loads(path.read_text())["resources"]


def test_placeholders_addresses_and_versions_are_filled_in(places: Places) -> None:
    discovery = _write(places, _parts())
    listener = _resources(places.xds / "listeners.json")[0]
    assert listener == {"log": str(places.call_log), "port": "8780", "host": "127.0.0.1"}
    cluster = _resources(places.xds / "clusters.json")[0]
    assert cluster["type"] == "STATIC"
    endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    assert endpoint == {
        "hostname": "a.test",
        "address": {"socket_address": {"address": "192.0.2.1", "port_value": 443}},
    }
    assert not (places.xds / "expired.json").exists()
    assert set(discovery.versions) == {"listeners.json", "clusters.json", "a.json"}
    for name, version in discovery.versions.items():
        path = (places.secrets if name == "a.json" else places.xds) / name
        assert json.loads(path.read_text())["version_info"] == version


def test_files_are_the_owners_alone_and_nothing_temporary_stays(places: Places) -> None:
    _write(places, _parts())
    for folder in (places.xds, places.secrets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert not path.name.startswith(".")


def test_what_did_not_change_is_not_written_again(places: Places) -> None:
    _write(places, _parts())
    before = {path: path.stat().st_ino for path in (*places.xds.iterdir(), *places.secrets.iterdir())}
    _write(places, _parts(envoy__quarantine={"resources": ["bad"]}))
    after = {path: path.stat().st_ino for path in (*places.xds.iterdir(), *places.secrets.iterdir())}
    changed = {path.name for path in before if before[path] != after[path]}
    assert changed == {"quarantine.json"}


def test_what_is_no_longer_there_is_removed_last(places: Places) -> None:
    _write(places, _parts(envoy__routes={"resources": []}))
    seen: list[bool] = []
    _write(
        places,
        _parts(envoy__clusters={"resources": []}, secrets=[]),
        lambda: seen.append((places.xds / "routes.json").exists() and (places.secrets / "a.json").exists()),
    )
    assert seen == [True], "clusters are settled before others follow"
    assert not (places.xds / "routes.json").exists()
    assert list(places.secrets.iterdir()) == []


def test_a_secret_that_a_cluster_wants_has_a_file_even_when_it_is_missing(places: Places) -> None:
    _write(places, _parts(secrets=[]))
    assert json.loads((places.secrets / "a.json").read_text()) == {"resources": []}


def test_a_secrets_version_tells_nothing_about_it(places: Places) -> None:
    first = _write(places, _parts()).versions["a.json"]
    _write(places, _parts(secrets=[{"name": "a", "value": "other"}]))
    assert _write(places, _parts()).versions["a.json"] != first


def test_a_reference_to_a_missing_file_is_refused_because_it_would_end_envoy(places: Places) -> None:
    with pytest.raises(SnapshotIncomplete, match=r"routes\.json"):
        _write(places, _parts(envoy__listeners={"resources": [{"path": "@XDS@/routes.json"}]}))
    with pytest.raises(SnapshotIncomplete, match=r"listeners\.json"):
        _write(places, _parts(envoy__listeners=None))


@pytest.mark.parametrize(
    "documents",
    [
        {"secrets": [{"name": "../x", "value": "canary"}]},
        {"secrets": [{"name": "x/y", "value": "canary"}]},
        {"secrets": [{"name": "x", "value": {"canary": 1}}]},
        {"secrets": {"canary": 1}},
        {"upstreams": [{"cluster": "canary"}]},
        {"upstreams": [{"cluster": "a", "host": "b", "port": "canary"}]},
        {"envoy__quarantine": ["canary"]},
        {"envoy__quarantine": {"resources": {"canary": 1}}},
    ],
)
def test_malformed_parts_are_refused_without_repeating_them(places: Places, documents: dict[str, Any]) -> None:
    with pytest.raises(SnapshotMalformed) as caught:
        _write(places, _parts(**documents))
    assert "canary" not in str(caught.value)
    assert not (places.xds / "listeners.json").exists()


def test_everything_is_denied_by_the_documents_own_answer_or_without_listeners(places: Places) -> None:
    discovery = _write(places, _parts())
    discovery.deny_everything(_parts())
    assert _resources(places.xds / "quarantine.json") == ["everybody"]
    discovery.deny_everything({})
    assert _resources(places.xds / "listeners.json") == []


def test_a_path_with_quotes_stays_one_json_text(places: Places) -> None:
    odd = Places(places.home / 'it"s', places.memory, in_memory=False)
    prepare(odd)
    _write(odd, _parts())
    assert _resources(odd.xds / "listeners.json")[0]["log"] == str(odd.call_log)


def test_the_hubs_key_is_made_once_and_refused_when_others_can_read_it(places: Places) -> None:
    first = public_key(places)
    assert public_key(places) == first
    assert stat.S_IMODE(places.key.stat().st_mode) == 0o600
    places.key.chmod(0o640)
    with pytest.raises(HubKeyUnsafe, match="can be read by others"):
        private_key(places)
    places.key.chmod(0o600)
    places.key.write_bytes(b"short")
    with pytest.raises(HubKeyUnsafe, match="is no key"):
        private_key(places)


def test_an_enrolment_is_kept_and_hides_its_token(places: Places) -> None:
    assert read_enrolment(places) is None
    write_enrolment(places, ENROLMENT)
    assert read_enrolment(places) == ENROLMENT
    assert "canary" not in repr(read_enrolment(places))
    assert stat.S_IMODE(places.enrolment.stat().st_mode) == 0o600


def test_a_folder_in_shared_memory_that_others_may_enter_is_refused(places: Places) -> None:
    places.memory.chmod(0o755)
    with pytest.raises(HubFolderUnsafe):
        prepare(places)
    shutil.rmtree(places.memory)
    places.memory.symlink_to(places.home)
    with pytest.raises(HubFolderUnsafe):
        prepare(places)


def test_each_home_has_its_own_folder_and_a_path_short_enough_for_sockets(tmp_path: Path) -> None:
    first, second = places_of(tmp_path / "a"), places_of(tmp_path / ("b" * 200))
    assert first.memory != second.memory
    assert len(str(second.admin_socket)) < 100


def test_the_highest_position_is_kept_for_one_control_plane(places: Places) -> None:
    manifest = Manifest(Position(3, 7, 2), 0, 1, "hub-1", {"a.json": "d"})
    store(places, ENROLMENT, Snapshot(manifest, "m", "s", {"a.json": "sealed"}), Position(0, -1, -1))
    assert floor_of(places, ENROLMENT) == Position(3, 7, 2)
    assert stored(places) == {"manifest": "m", "signature": "s", "parts": {"a.json": "sealed"}}
    elsewhere = Enrolment("http://serve", Secret("t"), "hub-1", "another key")
    assert floor_of(places, elsewhere) < Position(0, 0, 0)


def test_addresses_are_judged_by_the_connections_network_and_forbidden_ones_reported() -> None:
    names = {"both.test": ("10.0.0.1", "8.8.8.8"), "meta.test": ("169.254.169.254",), "inner.test": ("10.0.0.1",)}
    endpoints = Endpoints(lambda host: names[host])
    endpoints.watch(
        [
            Upstream("public", "both.test", 443, "public"),
            Upstream("private", "both.test", 443, "private"),
            Upstream("meta", "meta.test", 80, "private"),
            Upstream("inner", "inner.test", 80, "public"),
        ],
        5,
    )
    assert endpoints.table() == {"public": ("8.8.8.8",), "private": ("10.0.0.1", "8.8.8.8"), "meta": (), "inner": ()}
    problems = {problem.place: problem for problem in endpoints.problems()}
    assert problems.keys() == {"meta", "inner"}
    assert "link-local" in problems["meta"].message
    assert "network: private" not in problems["meta"].fix
    assert "network: private" in problems["inner"].fix


def test_the_last_addresses_stay_while_a_name_does_not_resolve_but_not_when_it_turns_forbidden() -> None:
    answers: list[tuple[str, ...] | None] = [("8.8.8.8",), None, ("127.0.0.1",), None]

    def resolver(host: str) -> tuple[str, ...]:
        found = answers.pop(0)
        if found is None:
            raise HostUnresolved(f"{host} is away.")
        return found

    endpoints = Endpoints(resolver)
    endpoints.watch([Upstream("a", "a.test", 443, "public")], 5)
    assert endpoints.table() == {"a": ("8.8.8.8",)}
    endpoints.refresh(5)
    assert endpoints.table() == {"a": ("8.8.8.8",)}
    assert [problem.code for problem in endpoints.problems()] == ["upstream_unresolved"]
    assert "last addresses are used" in endpoints.problems()[0].message
    endpoints.refresh(5)
    assert endpoints.table() == {"a": ()}
    assert [problem.code for problem in endpoints.problems()] == ["upstream_forbidden"]
    endpoints.refresh(5)
    assert endpoints.table() == {"a": ()}


def test_a_stuck_resolver_holds_nobody_up() -> None:
    def resolver(host: str) -> tuple[str, ...]:
        if host == "stuck.test":
            import time

            time.sleep(30)
        return ("8.8.8.8",)

    endpoints = Endpoints(resolver, {"stuck.test": ["1.1.1.1"]})
    endpoints.watch([Upstream("a", "stuck.test", 1, "public"), Upstream("b", "b.test", 1, "public")], 0.3)
    assert endpoints.table() == {"a": ("1.1.1.1",), "b": ("8.8.8.8",)}
    assert [problem.place for problem in endpoints.problems()] == ["a"]


def test_envoys_reason_is_told_without_the_document(tmp_path: Path) -> None:
    log = tmp_path / "envoy.log"
    log.write_text("[2026-01-01 00:00:00.000][1][warning][config] [x.cc:81] Filesystem config update rejected: old\n")
    since = log.stat().st_size
    with log.open("a") as stream:
        stream.write(
            "[2026-01-01 00:00:00.000][1][warning][config] [x.cc:81] Filesystem config update rejected: "
            'goo.gle/debugstr    \nname: "routes"\nsecret: "canary"\n: Proto constraint validation failed (Route)\n'
            "[2026-01-01 00:00:00.000][1][warning][config] [x.cc:81] Filesystem config update rejected: "
            "Invalid duration: Expected positive duration: goo.gle/debugstr    \nseconds: -1\n\n"
            "[2026-01-01 00:00:00.000][1][info][main] something else\n"
        )
    assert refusals_told(log, since) == [
        "Proto constraint validation failed (Route)",
        "Invalid duration: Expected positive duration",
    ]
    assert refusals_told(tmp_path / "nothing.log", 0) == []


def test_too_many_watches_are_refused_before_envoy_aborts() -> None:
    script = (
        "import resource\nfrom handrail.runtime.edge.watches import require_watches\n"
        "from handrail.runtime.edge.errors import WatchesExhausted\nrequire_watches(3)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\n"
        "try:\n    require_watches(40)\nexcept WatchesExhausted as error:\n    print(error.message, error.fix)\n"
        "require_watches(3)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Envoy would have to watch 40 more files" in done.stdout
    assert "fs.inotify.max_user_instances" in done.stdout


def test_the_agent_runs_once_for_a_home_and_must_be_enrolled(tmp_path: Path) -> None:
    script = (
        "import sys, threading\nfrom pathlib import Path\nfrom handrail.kernel.errors import HandrailError\n"
        "from handrail.kernel.secret import Secret\nfrom handrail.runtime.edge import Address, run\n"
        "try:\n    run(Path(sys.argv[1]), sys.argv[2], Secret(''), Address('127.0.0.1', 0), threading.Event())\n"
        "except HandrailError as error:\n    print(error.code, error.fix)\n"
    )
    argv = [sys.executable, "-c", script, str(tmp_path / "home")]
    done = subprocess.run([*argv, ""], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.startswith("hub_not_enrolled Start it with")
    assert not places_of(tmp_path / "home").memory.exists()
    lock = tmp_path / "home" / "hub" / "agent.lock"
    with lock.open("ab") as stream:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX)
        done = subprocess.run([*argv, ""], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("agent_running")
    clear(tmp_path / "home")
