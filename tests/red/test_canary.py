"""No secret that people, apps or upstreams give to Handrail turns up anywhere but where it must.

One story with a real `handrail up`: every secret in it is a text that exists nowhere else, and afterwards everything
that can be read is searched: answers, files, backup, command lines, environments, Envoy's own description of itself.
"""

import base64
import http.client
import json
import os
import socket
import sqlite3
import stat
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.rigs.canary import APP, GIVEN, KINDS, OPERATIONS, Story, leaks, unpacked
from tests.rigs.processes import handrail

from handrail.runtime import edge

pytestmark = pytest.mark.xdist_group("canary")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    told = Story(tmp_path_factory.mktemp("canary"))
    # Everything is written: roll-ups, audit chain, acknowledgements.
    time.sleep(3)
    yield told
    told.close()


def test_the_search_finds_what_is_there(story: Story, tmp_path: Path) -> None:
    """A search that finds nothing proves nothing."""
    bearer = GIVEN["bearer"]
    for data in (bearer, f"x{bearer}y", bearer.encode().hex(), base64.b64encode(f"ab:{bearer}".encode()).decode()):
        assert leaks(story, data) == ["bearer"]
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", bearer * 100)
    assert [found for _, data in unpacked(tmp_path / "x.zip") for found in leaks(story, data)] == ["bearer"]
    seen = "".join(story.upstream.seen)
    assert {"bearer", "header", "basicpassword"} <= set(leaks(story, seen)), "the credentials did travel"
    assert "access token" not in leaks(story, seen)
    assert "token of alice" not in leaks(story, seen), "nor does somebody's API token that an app sent by mistake"


def test_an_upstream_that_repeats_what_it_was_sent_tells_the_app(story: Story) -> None:
    """This is the upstream's own doing and documented as such: the hub passes bodies on unread."""
    assert leaks(story, story.echoed["bearer"]) == ["bearer", "cookie", "sent"]
    assert GIVEN["header"] in story.echoed["header"]


def test_no_answer_of_the_api_holds_a_secret(story: Story) -> None:
    assert {what: found for what, text in story.told if (found := leaks(story, text))} == {}
    assert {what: found for what, text in story.every_answer() if (found := leaks(story, text))} == {}


def test_no_answer_of_the_hub_itself_holds_a_secret(story: Story) -> None:
    assert len(story.hub_told) > 20
    assert {what: found for what, text in story.hub_told if (found := leaks(story, text))} == {}


def test_a_refused_token_is_answered_without_the_address_of_the_call(story: Story) -> None:
    """Envoy by itself repeats the address, with the query, in `www-authenticate`."""
    for token in ("wrong", story.known["access token"][:-8] + "AAAAAAAA"):
        answer = story.call("bearer", "works", token)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_no_file_at_home_holds_a_secret(story: Story) -> None:
    places = edge.places_of(story.install.home)
    expected = {"handrail.db", "calls.jsonl", "snapshot.json", "serve.log", "envoy.log"}
    files = [path for path in story.install.home.rglob("*") if path.is_file()]
    assert expected <= {path.name for path in files}
    found = {name: hit for path in files for name, data in unpacked(path) if (hit := leaks(story, data))}
    assert found == {}
    # Clear by nature: what this machine's processes prove themselves with. Nobody else may open them.
    for path in (places.key, places.enrolment, story.install.home / "vault.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(story.install.home.stat().st_mode) == 0o700
    enrolled = json.loads(places.enrolment.read_text())["token"]
    others = [path for path in files if path != places.enrolment and enrolled.encode() in path.read_bytes()]
    assert others == [], "the hub's own token is in its enrolment alone"


def test_the_call_log_names_operations_and_never_what_was_sent(story: Story) -> None:
    log = b"".join(path.read_bytes() for path in edge.places_of(story.install.home).call_log.parent.iterdir())
    lines = [json.loads(line) for line in log.splitlines()]
    # `connection/operation/price/key`: names and ids, of every call that found an operation.
    assert {line["route"].split("/")[1] for line in lines if "/" in (line["route"] or "")} >= set(OPERATIONS)
    assert leaks(story, log) == []
    assert b"api_key" not in log


def test_a_hubs_tail_holds_names_and_ids_and_never_what_was_sent(story: Story) -> None:
    answer = story.ask("GET", "/api/v1/hubs/local/tail")
    calls = answer.json()["items"]
    assert {call["operation"] for call in calls} >= {*OPERATIONS, ""}
    assert {call["app"] for call in calls} == {APP, ""}
    assert {call["connection"] for call in calls} <= {*KINDS, ""}
    assert {"grant_missing", "token_invalid", "connection_unknown", "upstream_unavailable", ""} <= {
        call["code"] for call in calls
    }
    assert all(set(call["requestId"]) <= set("0123456789abcdef-") for call in calls)
    assert leaks(story, answer.text) == []
    for part in ("api_key", "?", "/x", "works/"):
        assert part not in answer.text, part
    with sqlite3.connect(f"file:{story.install.home / 'handrail.db'}?mode=ro", uri=True) as database:
        kept = str(database.execute("SELECT * FROM hub_tail").fetchall())
    assert APP not in kept, "an app's name is looked up when somebody asks"
    assert leaks(story, kept) == []
    assert "api_key" not in kept


def test_a_backup_holds_no_secret(story: Story, tmp_path: Path) -> None:
    backup = tmp_path / "one.backup"
    printed = story.install.run("backup", str(backup))
    assert leaks(story, printed) == []
    names = {name: hit for name, data in unpacked(backup) if (hit := leaks(story, data))}
    assert names == {}
    key = (story.install.home / "vault.key").read_bytes()
    assert not [name for name, data in unpacked(backup) if key.strip() in data], "the key is kept apart"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


COMMANDS = (
    ("doctor",),
    ("doctor", "-o", "json"),
    ("credential", "list", "-o", "json"),
    ("connection", "list", "-o", "json"),
    ("client", "list", APP, "-o", "json"),
    ("app", "show", APP, "-o", "json"),
    ("version", "show", APP, "1", "-o", "json"),
    ("source", "list", "-o", "json"),
    ("audit", "list", "-o", "json"),
    ("audit", "export"),
    ("needs", "-o", "json"),
    ("app", "history", APP, "-o", "json"),
    ("app", "impact", APP, "-o", "json"),
    ("hub", "list", "-o", "json"),
    ("hub", "show", "local", "-o", "json"),
    ("hub", "tail", "local", "-o", "json"),
    ("connection", "calls", "-o", "json"),
    ("calls", APP, "--by", "time", "-o", "json"),
    ("credential", "set", "bearer", "--environment", "production", "--field", f"value={GIVEN['malformed']}"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:30])
def test_no_command_prints_a_secret(story: Story, command: tuple[str, ...]) -> None:
    environment = story.install.environment(url=story.install.url, token=story.known["token of alice"])
    done = subprocess.run(handrail(*command), env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode in {0, 1, 2}, done.stderr
    assert len(done.stdout + done.stderr) > 20
    assert leaks(story, done.stdout + done.stderr) == []


def test_no_process_has_a_secret_in_its_arguments_or_environment(story: Story) -> None:
    assert story.install.program is not None
    up = psutil.Process(story.install.program.pid)
    processes = [up, *up.children(recursive=True)]
    assert len(processes) >= 6
    for process in processes:
        for kind in ("cmdline", "environ"):
            data = Path(f"/proc/{process.pid}/{kind}").read_bytes()
            assert leaks(story, data) == [], (process.name(), kind)
            key = (story.install.home / "vault.key").read_bytes().strip()
            assert key not in data


def admin(story: Story, path: str) -> str:
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(10)
        wire.connect(str(edge.places_of(story.install.home).admin_socket))
        connection = http.client.HTTPConnection("envoy")
        connection.sock = wire
        connection.request("GET", path)
        return connection.getresponse().read().decode()


def test_envoy_does_not_tell_what_it_injects(story: Story) -> None:
    dump = admin(story, "/config_dump?include_eds")
    assert "envoy.http.injected_credentials" in dump or "credential_injector" in dump
    assert leaks(story, dump) == []
    held = [part for part in json.loads(dump)["configs"] if "SecretsConfigDump" in part["@type"]]
    assert held, "there are secrets in use"
    assert "[redacted]" in json.dumps(held)
    for path in ("/clusters", "/stats", "/server_info", "/listeners", "/certs", "/runtime", "/init_dump", "/memory"):
        assert leaks(story, admin(story, path)) == [], path


def test_clear_secrets_are_in_memory_only_and_ours_alone(story: Story) -> None:
    places = edge.places_of(story.install.home)
    assert places.in_memory
    kind = subprocess.run(["stat", "-f", "-c", "%T", str(places.memory)], capture_output=True, text=True, check=True)
    assert kind.stdout.strip() == "tmpfs"
    for path in (places.memory, *places.memory.rglob("*")):
        found = path.lstat()
        assert found.st_uid == os.getuid()
        assert not stat.S_IMODE(found.st_mode) & 0o077, path
    holders = {path: leaks(story, path.read_bytes()) for path in places.memory.rglob("*") if path.is_file()}
    holders = {str(path.relative_to(places.memory)): found for path, found in holders.items() if found}
    assert set(holders) == {f"secrets/{kind}.json" for kind in KINDS}
    assert {name for found in holders.values() for name in found} <= {"bearer", "header", "basicuser", "basicpassword"}


def test_nothing_is_left_once_it_has_ended(story: Story) -> None:
    """Last, because it ends the story."""
    places = edge.places_of(story.install.home)
    program = story.install.program
    assert program is not None
    story.install.stop()
    assert not places.memory.exists()
    files = [path for path in story.install.folder.rglob("*") if path.is_file()]
    found = {name: hit for path in files for name, data in unpacked(path) if (hit := leaks(story, data))}
    # The person at the console and whoever asked for a ready file get the set-up link, once, and it is used up.
    console = {str(program.log), str(story.install.folder / "ready-0.json")}
    assert {name for name in found if name not in console} == set()
    assert {hit for hits in found.values() for hit in hits} <= {"setup link"}
