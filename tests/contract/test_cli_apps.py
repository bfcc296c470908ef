"""The command line's way from a file to a running, approved app, over loopback HTTP; the database is SQLite."""

import json
import stat
from pathlib import Path

import pytest
import yaml
from tests.rigs.command_line import as_somebody
from tests.rigs.governed import World, build_world, flow, manifest_text

from handrail.platform.database import Database


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


@pytest.fixture
def handrail(url: str, world: World, token_of, admin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs one command as somebody."""
    monkeypatch.chdir(tmp_path)
    people = {name: getattr(world, name) for name in ("ada", "grace", "rita", "sam", "zoe")} | {"admin": admin}
    return as_somebody(url, people, token_of, tmp_path, monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "flows.json"
    path.write_bytes(flow())
    return str(path)


FACTS = ("--owner", "ada", "--deputy", "grace", "--purpose", "Says good morning.")


def test_from_a_file_to_an_approved_app(handrail, file: str, tmp_path: Path) -> None:
    dry = handrail("ada", "adopt", file, *FACTS, "--dry-run")
    manifest = yaml.safe_load(dry.stdout)
    assert manifest["spec"]["connections"] == [{"connection": "slack-production", "operations": ["chat.postMessage"]}]
    assert manifest["spec"]["team"] == "finance-ops"
    assert "Nothing was stored." in dry.stderr
    assert "No app yet" in handrail("ada", "app", "list").stderr

    made = json.loads(handrail("ada", "adopt", file, *FACTS, "-o", "json").stdout)
    assert (made["name"], made["version"]) == ("standup", 1)
    assert "first version of" in handrail("ada", "submit", "standup", "--dry-run").stderr
    review = json.loads(handrail("ada", "submit", "standup", "-o", "json").stdout)
    shown = handrail("rita", "review", "show", "standup").stdout
    assert "slack-production: chat.postMessage" in shown
    assert "ada (owner)" in shown
    assert "chat.postMessage" in handrail("rita", "review", "show", review["id"], "-o", "json").stdout
    handrail("rita", "approve", "standup", "c1:sha256:" + "0" * 64, code=1)
    approved = handrail("rita", "approve", "standup", review["digest"])
    assert "is approved until" in approved.stderr
    page = handrail("ada", "app", "show", "standup").stdout
    for words in ("operating", "declared by rita", "waits for the hubs", "quarantine", "grace"):
        assert words in page


def test_an_n8n_export_is_adopted_as_far_as_it_tells(handrail) -> None:
    export = str(Path(__file__).parents[1] / "golden" / "importers" / "slack_digest.n8n.json")
    made = json.loads(handrail("ada", "adopt", export, *FACTS, "--name", "digest", "-o", "json").stdout)
    assert (made["platform"], made["version"], made["assurance"]) == ("n8n", 1, "declared")
    assert "n8n" in handrail("ada", "app", "show", "digest").stdout


def test_an_approval_is_waited_for(handrail, file: str, world: World) -> None:
    handrail("ada", "adopt", file, *FACTS)
    handrail("ada", "submit", "standup")
    waited = handrail("rita", "approve", "standup", "--wait", "--timeout", "1", code=1)
    assert "not every live hub has taken it within 1 s" in waited.stderr
    assert "first version of" in waited.stderr


def test_facts_are_asked_for_only_when_they_are_missing(handrail, file: str) -> None:
    refused = handrail("ada", "adopt", file, "--owner", "ada", code=2)
    assert "--deputy ... --purpose ..." in refused.stderr
    assert "still unknown: owner, deputy, purpose" in handrail("ada", "adopt", file, "--dry-run").stderr
    refused = handrail("sam", "adopt", file, *FACTS, code=2)
    assert "--team" in refused.stderr
    handrail("ada", "adopt", str(Path(file).parent / "missing.json"), code=2)


def test_a_version_is_uploaded_compared_and_rolled_back(handrail, file: str, tmp_path: Path) -> None:
    handrail("ada", "adopt", file, *FACTS)
    handrail("ada", "submit", "standup")
    handrail("rita", "approve", "standup")
    Path(file).write_bytes(flow("Good evening"))
    (tmp_path / "app.yaml").write_text(manifest_text("standup"))
    assert "nothing was done" in handrail("ada", "version", "upload", "standup", file, "--dry-run").stderr
    made = handrail("ada", "version", "upload", "standup", file, "--manifest", "app.yaml", "-o", "json")
    assert json.loads(made.stdout)["number"] == 2
    assert "was there already" in handrail("ada", "version", "upload", "standup", file).stderr
    assert "'Text'" in handrail("ada", "version", "diff", "standup", "2").stdout
    assert "chat.postMessage" in handrail("ada", "version", "show", "standup", "2").stdout
    assert handrail("ada", "version", "list", "standup").stdout.count("production") == 2
    handrail("ada", "running", "set", "standup", "2")
    assert "declared" in handrail("ada", "running", "show", "standup").stdout
    handrail("ada", "rollback", "standup", "1", "--dry-run")
    handrail("ada", "rollback", "standup", "1")
    handrail("ada", "rollback", "standup", "2", code=1)
    handrail("ada", "version", "show", "standup", "9", code=4)


def test_reviews_are_refused_withdrawn_and_approvals_revoked(handrail, file: str) -> None:
    handrail("ada", "adopt", file, *FACTS)
    handrail("ada", "submit", "standup")
    assert "ada" in handrail("rita", "review", "list").stdout
    handrail("rita", "refuse", "standup", "--reason", "Which channel?")
    handrail("ada", "submit", "standup", "--note", "The one for us.")
    handrail("ada", "withdraw", "standup")
    handrail("rita", "approve", "standup", code=1)
    handrail("ada", "submit", "standup")
    handrail("rita", "approve", "standup")
    handrail("rita", "revoke", "standup", "1", "--reason", "It floods.", "--dry-run")
    handrail("rita", "revoke", "standup", "1", "--reason", "It floods.")
    assert "revoked" in handrail("ada", "version", "list", "standup").stdout


def test_a_private_key_stays_here_and_a_secret_goes_into_a_closed_file(handrail, file: str, tmp_path: Path) -> None:
    handrail("ada", "adopt", file, *FACTS)
    made = json.loads(handrail("ada", "client", "add", "standup", "-o", "json").stdout)
    key_file = tmp_path / "standup-production.pem"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert "PRIVATE KEY" in key_file.read_text()
    assert made["kind"] == "private_key_jwt"
    again = json.loads(handrail("ada", "client", "add", "standup", "--key-file", str(key_file), "-o", "json").stdout)
    assert again["keyId"] == made["keyId"]
    key_file.chmod(0o644)
    handrail("ada", "client", "add", "standup", "--key-file", str(key_file), code=1)

    found = handrail("ada", "client", "add", "standup", "--secret-file", "app.secret", "-o", "json")
    secret = (tmp_path / "app.secret").read_text().strip()
    assert secret.startswith("hrcs_")
    assert secret not in found.output
    assert stat.S_IMODE((tmp_path / "app.secret").stat().st_mode) == 0o600
    handrail("ada", "client", "add", "standup", "--secret-file", "app.secret", code=2)
    shown = json.loads(handrail("ada", "client", "add", "standup", "--secret", "-o", "json").stdout)
    assert shown["secret"].startswith("hrcs_")
    handrail("ada", "client", "add", "standup", "--secret", code=1)
    handrail("ada", "client", "revoke", "standup", shown["id"])
    handrail("ada", "client", "revoke", "standup", shown["id"], code=4)
    assert shown["id"] in handrail("ada", "client", "list", "standup").stdout


def test_an_app_is_held_and_let_go(handrail, file: str) -> None:
    handrail("ada", "adopt", file, *FACTS)
    handrail("ada", "quarantine", "standup", "--reason", "floods", code=1)
    handrail("sam", "quarantine", "standup", "--reason", "floods", "--dry-run")
    handrail("sam", "quarantine", "standup", "--reason", "floods")
    assert "floods (sam," in handrail("ada", "app", "show", "standup").stdout
    handrail("sam", "unquarantine", "standup", "--dry-run")
    handrail("sam", "unquarantine", "standup")
    handrail("sam", "unquarantine", "standup", code=1)


def test_apps_are_registered_edited_and_retired(handrail) -> None:
    handrail("ada", "app", "register", "idea", "--team", "finance-ops", "--dry-run")
    handrail("ada", "app", "register", "idea", "--team", "finance-ops")
    handrail("ada", "app", "edit", "idea", code=2)
    handrail("ada", "app", "edit", "idea", "--deputy", "grace", "--new-name", "plan", "--dry-run")
    handrail("ada", "app", "edit", "idea", "--deputy", "grace", "--new-name", "plan")
    assert "grace" in handrail("ada", "app", "list").stdout
    handrail("zoe", "app", "show", "plan", code=4)
    handrail("ada", "app", "retire", "plan", "--dry-run")
    handrail("ada", "app", "retire", "plan")
    assert "retired" in handrail("ada", "app", "list", "--retired").stdout


def test_signing_keys_are_rotated(handrail) -> None:
    handrail("admin", "key", "rotate", "production", "--dry-run")
    assert "first key" in handrail("admin", "key", "rotate", "production").stdout
    assert "signs from now on" in handrail("admin", "key", "rotate", "production").stdout
    assert "retired" in handrail("admin", "key", "list").stdout
    handrail("ada", "key", "rotate", "production", code=1)


def test_steps_are_shown_moved_and_tidied(handrail, file: str) -> None:
    handrail("ada", "adopt", file, *FACTS)
    assert handrail("rita", "version", "layout", "standup", "1").stdout.split()[:6] == [
        "step",
        "x",
        "y",
        "in1",
        "0",
        "0",
    ]
    where = ("version", "layout", "standup", "1")
    assert "nothing was done" in handrail("ada", *where, "--move", "in1", "5", "-6", "--dry-run").stderr
    moved = handrail("ada", *where, "--move", "in1", "5", "-6", "-o", "json")
    assert json.loads(moved.stdout)["positions"]["in1"] == {"x": 5, "y": -6}
    assert "ada moved steps" in handrail("rita", *where).stderr
    assert "layout_step_unknown" in handrail("ada", *where, "--move", "in2", "1", "1", code=1).stderr
    handrail("ada", *where, "--move", "in1", "1", "1", "--tidy", code=2)
    handrail("rita", *where, "--tidy", code=1)
    assert "nothing was done" in handrail("ada", *where, "--tidy", "--dry-run").stderr
    tidy = json.loads(handrail("ada", *where, "--tidy", "-o", "json").stdout)
    assert (tidy["positions"]["in1"], tidy["movedBy"]) == ({"x": 0, "y": 0}, None)
