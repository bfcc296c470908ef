"""Needs, history, impact, search, export and edits that lose nothing, from the command line; the database is SQLite."""

import json
from pathlib import Path

import pytest
from tests.rigs.command_line import as_somebody
from tests.rigs.governed import World, build_world

from handrail.platform.database import Database


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    return made


@pytest.fixture
def handrail(url: str, world: World, token_of, admin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs one command as somebody."""
    monkeypatch.chdir(tmp_path)
    people = {name: getattr(world, name) for name in ("ada", "grace", "rita", "sam", "zoe")} | {"admin": admin}
    return as_somebody(url, people, token_of, tmp_path, monkeypatch)


def test_what_needs_somebody_is_listed(handrail, world: World) -> None:
    assert "Nothing needs you." in handrail("rita", "needs").stderr
    world.upload()
    world.submit()
    assert "review_waiting  standup" in handrail("rita", "needs").stdout
    waits = handrail("ada", "needs")
    assert "handrail needs --waiting" in waits.stderr
    assert "in_review  standup" in handrail("ada", "needs", "--waiting").stdout
    assert json.loads(handrail("rita", "needs", "-o", "json").stdout).keys() == {"needs", "waiting", "changes", "cut"}
    assert json.loads(handrail("rita", "needs", "-o", "jsonl").stdout)["kind"] == "review_waiting"
    assert "You wait for nobody." in handrail("zoe", "needs", "--waiting").stderr


def test_the_history_of_an_app_is_listed(handrail, world: World) -> None:
    world.upload()
    shown = handrail("grace", "app", "history", "standup", "--limit", "2")
    assert "version.taken_in" in shown.stdout
    assert "There are more: --before" in shown.stderr
    handrail("zoe", "app", "history", "standup", code=4)


def test_what_stops_is_said_before_it_does(handrail, world: World) -> None:
    world.approved()
    shown = handrail("grace", "app", "impact", "standup").stdout
    assert "nobody knows" in shown
    assert "slack-production" in shown
    assert json.loads(handrail("grace", "app", "impact", "standup", "-o", "json").stdout)["calls24h"] is None


def test_the_log_is_searched_and_exported(handrail, tmp_path: Path) -> None:
    assert "app.registered" in handrail("sam", "audit", "list", "--search", "ada registered").stdout
    assert "Nothing yet." in handrail("sam", "audit", "list", "--search", "nobody-did-this").stderr
    assert "standup" in handrail("sam", "audit", "list", "--app", "standup").stdout
    assert "connection.applied" in handrail("sam", "audit", "actions").stdout
    out = handrail("sam", "audit", "export", "--app", "standup").stdout
    assert [json.loads(line)["subjectName"] for line in out.splitlines()] == ["standup"]
    handrail("sam", "audit", "export", "--to", "audit.jsonl")
    lines = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert {"app.registered", "person.added"} <= {json.loads(line)["action"] for line in lines}
    handrail("ada", "audit", "export", "--to", "refused.jsonl", code=1)
    assert not (tmp_path / "refused.jsonl").exists()


def test_an_edit_names_the_state_that_it_was_made_for(handrail) -> None:
    etag = json.loads(handrail("ada", "app", "show", "standup", "-o", "json").stdout)["etag"]
    handrail("grace", "app", "edit", "standup", "--title", "Stand-up", "--if-match", etag)
    refused = handrail("ada", "app", "edit", "standup", "--title", "Other", "--if-match", etag, code=1)
    assert "was changed by grace since you looked at it" in refused.stderr
    assert "changed_meanwhile" in refused.stderr
    handrail("ada", "app", "retire", "standup", "--if-match", etag, code=1)
    handrail("ada", "app", "edit", "standup", "--title", "Other", "--if-match", "*")
    handrail("ada", "app", "edit", "standup", "--title", "Another")


def test_a_connection_is_applied_to_the_state_that_was_seen(handrail, tmp_path: Path) -> None:
    from tests.rigs.governed import connection_manifest

    made = connection_manifest()
    made["spec"]["limits"] = {"callsPerMinute": 7}
    file = tmp_path / "connection.json"
    file.write_text(json.dumps(made))
    etag = json.loads(handrail("sam", "connection", "show", "slack-production", "-o", "json").stdout)["etag"]
    handrail("sam", "connection", "apply", str(file), "--if-match", etag)
    made["spec"]["limits"] = {"callsPerMinute": 9}
    file.write_text(json.dumps(made))
    assert "changed_meanwhile" in handrail("sam", "connection", "apply", str(file), "--if-match", etag, code=1).stderr
