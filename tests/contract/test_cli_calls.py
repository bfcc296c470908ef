"""The commands that show calls, over loopback HTTP; the database is SQLite."""

import json
import time
from pathlib import Path

import pytest
from tests.rigs.calls import DatabaseSink, line
from tests.rigs.command_line import as_somebody
from tests.rigs.governed import World, build_world

from handrail.kernel.clock import HOUR, MINUTE, now_us, rfc3339
from handrail.platform.database import Database
from handrail.runtime import hub as hubs
from handrail.runtime.edge.rollup import Batch, Tally
from handrail.surfaces.cli import hubs as hub_commands


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


@pytest.fixture
def handrail(url: str, world: World, token_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs one command as somebody."""
    people = {name: getattr(world, name) for name in ("ada", "sam")}
    return as_somebody(url, people, token_of, tmp_path, monkeypatch)


@pytest.fixture
def called(database: Database, world: World, admin) -> None:
    """Let an app make calls through a hub."""
    app = world.register("standup").id
    now = now_us()
    named = {"app": app, "conn": "slack-production", "t": rfc3339(now - MINUTE)}
    block = line(**named) + line(**named, status=403, code="grant_missing")
    block += line(**named, status=504, details="response_timeout")
    tally = Tally(now // MINUTE)
    tally.add(block, 0)
    with database.begin() as work:
        sink = DatabaseSink(database, hubs.enrol_hub(work, admin, "edge")[0].id)
    sink.apply(Batch("f", "calls.log", 0, len(block), now, tally.rows(), causes=tally.causes, tail=tally.tail()))


def test_calls_by_time_name_what_is_not_known(handrail, called) -> None:
    found = handrail("ada", "calls", "standup", "--by", "time", "--since", "2h", "--step", "1h")
    lines = found.stdout.splitlines()
    assert lines[0].split()[:6] == ["from", "calls", "answered", "refused", "limited", "errors"]
    assert sum(int(row.split()[1]) for row in lines[1:]) == 3
    assert "as of" in found.stderr
    later = rfc3339(now_us() + 2 * HOUR)
    assert "unknown" in handrail("ada", "calls", "standup", "--by", "time", "--until", later).stdout
    whole = json.loads(handrail("ada", "calls", "standup", "--by", "time", "--step", "1d", "-o", "json").stdout)
    assert (whole["stepS"], len(whole["items"])) == (86_400, 29)
    # As before without --by.
    assert "chat.postMessage" in handrail("ada", "calls", "standup").stdout
    assert "--by time" in handrail("ada", "calls", "standup", "--step", "1d", code=2).stderr
    refused = handrail("ada", "calls", "standup", "--by", "time", "--since", "30d", code=1)
    assert "fix: Ask with step=6h." in refused.stderr


def test_connections_show_their_calls(handrail, called) -> None:
    found = handrail("ada", "connection", "calls")
    row = next(row for row in found.stdout.splitlines() if row.startswith("slack-production"))
    assert row.split()[:7] == ["slack-production", "production", "3", "1", "1", "0", "1"]
    assert "as of" in found.stderr
    shown = json.loads(handrail("ada", "connection", "calls", "--since", "3d", "--step", "1d", "-o", "json").stdout)
    assert len(shown["items"][0]["series"]) == 4


def test_a_hub_is_shown_with_its_calls_and_causes(handrail, called) -> None:
    shown = handrail("sam", "hub", "show", "edge").stdout
    for words in ("behind", "newestRevision", "perMinute", "grant_missing", "upstream_timeout"):
        assert words in shown
    found = json.loads(handrail("sam", "hub", "show", "edge", "-o", "json").stdout)
    assert (found["calls"]["calls"], found["causes"]) == (3, {"upstream_timeout": 1})
    assert "role_missing" in handrail("ada", "hub", "show", "edge", code=1).stderr
    assert "hub_unknown" in handrail("sam", "hub", "show", "nowhere", code=4).stderr


def test_a_hubs_tail_is_printed_oldest_first_and_followed(handrail, called, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [json.loads(row) for row in handrail("sam", "hub", "tail", "edge", "-o", "jsonl").stdout.splitlines()]
    assert [(call["id"], call["status"]) for call in found] == [(1, 200), (2, 403), (3, 504)]
    assert found[0].keys() == {
        "id", "at", "app", "environment", "connection", "operation", "status", "code", "ms", "requestId",
    }  # fmt: skip
    assert "standup" in handrail("sam", "hub", "tail", "edge").stdout
    assert "role_missing" in handrail("ada", "hub", "tail", "edge", code=1).stderr
    assert "-o jsonl" in handrail("sam", "hub", "tail", "edge", "-f", "-o", "yaml", code=2).stderr
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", nap)
    followed = handrail("sam", "hub", "tail", "edge", "-f").stdout.splitlines()
    # Each call once, however often it asks.
    assert len(followed) == 4
    assert naps == [hub_commands._FOLLOW_S] * 3
