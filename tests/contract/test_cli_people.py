"""The command line against the real application over loopback HTTP; the database is SQLite."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handrail.platform.database import Database
from handrail.registry import audit, identity
from handrail.surfaces.cli import root

PASSWORD = "a fairly long password"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def handrail(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs one command."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HANDRAIL_URL", url)
    monkeypatch.delenv("HANDRAIL_TOKEN", raising=False)

    def run(*arguments: str, code: int = 0, stdin: str = "") -> Result:
        found = CliRunner().invoke(root, arguments, input=stdin)
        assert found.exit_code == code, f"{arguments}: {found.output} {found.exception!r}"
        return found

    return run


@pytest.fixture
def first(handrail, database: Database, url: str) -> None:
    """Join as ada, the first administrator."""
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
    link = identity.join_link(url, token)
    handrail("join", link, "--name", "ada", "--password-stdin", stdin=PASSWORD + "\n")


def test_two_people_join_and_act_by_name(handrail, first, tmp_path: Path, url: str) -> None:
    handrail("team", "add", "finance-ops", "--title", "Finance operations")
    link = handrail("people", "invite", "--role", "builder@finance-ops").stdout.strip()
    link = link.replace("http://127.0.0.1:8700", url)
    handrail("join", link, "--name", "bob", "--password-stdin", stdin=PASSWORD + "\n")
    assert "bob" in handrail("whoami").stdout
    assert json.loads(handrail("--as", "ada", "whoami", "-o", "json").stdout)["name"] == "ada"
    assert "role_missing" in handrail("people", "grant", "eve", "builder", code=1).stderr
    listed = handrail("--as", "ada", "people", "list").stdout
    assert "builder@finance-ops" in listed
    assert "admin@*, steward@*" in listed
    handrail("--as", "eve", "whoami", code=3)
    file = tmp_path / "config" / "handrail" / "sign-ins.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_signing_out_forgets_the_token_and_ends_it(handrail, first, tmp_path: Path) -> None:
    file = tmp_path / "config" / "handrail" / "sign-ins.json"
    kept = file.read_text()
    handrail("logout")
    assert "hr_" not in file.read_text()
    handrail("whoami", code=3)
    file.write_text(kept)
    assert "api_token_invalid" in handrail("whoami", code=3).stderr
    handrail("login", "--name", "ada", "--password-stdin", stdin=PASSWORD + "\n")
    assert "ada" in handrail("whoami", "--all").stdout
    wrong = handrail("login", "--name", "ada", "--password-stdin", stdin="wrong\n", code=3)
    assert "sign_in_failed" in wrong.stderr


def test_tokens_print_their_text_once_on_stdout(handrail, first, monkeypatch: pytest.MonkeyPatch) -> None:
    made = handrail("token", "new", "ci", "--days", "5", "--scope", "app:read").stdout.strip()
    assert made.startswith("hr_")
    assert made not in handrail("token", "list").stdout
    tokens = json.loads(handrail("token", "list", "-o", "json").stdout)["items"]
    monkeypatch.setenv("HANDRAIL_TOKEN", made)
    assert "scope_missing" in handrail("people", "list", code=1).stderr
    monkeypatch.delenv("HANDRAIL_TOKEN")
    handrail("token", "revoke", next(entry["id"] for entry in tokens if entry["name"] == "ci"))
    handrail("token", "revoke", "0123456789abcdef", code=4)


def test_roles_are_changed_by_name(handrail, first, database: Database, make_person) -> None:
    make_person("bob")
    handrail("people", "grant", "bob", "auditor", "--expires", "2099-01-01T00:00:00Z")
    assert "auditor@* until 2099-01-01" in handrail("people", "list").stdout
    handrail("people", "revoke", "bob", "auditor")
    handrail("people", "disable", "bob")
    assert "disabled" in handrail("people", "list").stdout
    handrail("people", "enable", "bob")
    assert "own_roles" in handrail("people", "grant", "ada", "builder", code=1).stderr
    handrail("people", "invite", "--role", "viewer")
    entry = json.loads(handrail("people", "invitations", "-o", "json").stdout)["items"][0]
    handrail("people", "uninvite", entry["id"])
    assert "revoked" in handrail("people", "invitations").stdout


def test_the_audit_log_is_listed_and_a_change_in_it_found(handrail, first, database: Database) -> None:
    from sqlalchemy import text

    assert "setup.redeemed" in handrail("audit", "list", "--actor", "ada").stdout
    assert "role.granted" not in handrail("audit", "list", "--action", "setup").stdout
    with database.begin() as work:
        audit.seal(work)
    head = json.loads(handrail("audit", "verify", "-o", "json").stdout)["head"]
    handrail("audit", "verify", "--head", head)
    with database.begin() as work:
        work.run(text("UPDATE audit_event SET actor_name = 'eve' WHERE seq = 2"))
    assert "Row 2" in handrail("audit", "verify", code=1).stderr


def test_a_dry_run_changes_nothing(handrail, first, database: Database) -> None:
    with database.read() as work:
        before = len(audit.listing(work))
    for command in (
        ("team", "add", "sales"),
        ("people", "invite", "--role", "viewer"),
        ("people", "grant", "bob", "viewer"),
        ("people", "disable", "bob"),
        ("token", "new", "ci"),
        ("profile", "edit", "--time-zone", "Europe/Berlin"),
        ("session", "end", "--all"),
        ("team", "edit", "sales", "--title", "Sales"),
        ("logout",),
        ("login", "--name", "ada"),
    ):
        found = handrail(*command, "--dry-run")
        assert found.stdout == ""
        assert "would" in found.stderr
    with database.read() as work:
        assert len(audit.listing(work)) == before


def test_half_a_link_is_explained(handrail) -> None:
    assert "quotes" in handrail("join", "http://127.0.0.1:1/join", "--name", "ada", code=2).stderr


def test_a_link_is_looked_at_before_it_is_used(handrail, first, url: str) -> None:
    link = handrail("people", "invite", "--role", "viewer").stdout.strip().replace("http://127.0.0.1:8700", url)
    found = handrail("join", link, "--look")
    assert "viewer@*" in found.stdout
    assert "name" in handrail("join", link, code=2).stderr
    handrail("join", link, "--name", "bob", "--password-stdin", stdin=PASSWORD + "\n")
    assert "link_unknown" in handrail("join", link, "--look", code=4).stderr


def test_a_person_edits_their_profile_and_finds_others(handrail, first) -> None:
    assert "nothing to change" in handrail("profile", "edit", code=2).stderr
    handrail("profile", "edit", "--display-name", "Ada Lovelace", "--time-zone", "Europe/London")
    shown = handrail("profile", "show").stdout
    assert "Ada Lovelace" in shown
    assert "Europe/London" in shown
    assert "time_zone_unknown" in handrail("profile", "edit", "--time-zone", "Moon", code=1).stderr
    handrail("profile", "edit", "--time-zone", "")
    assert json.loads(handrail("profile", "show", "-o", "json").stdout)["timeZone"] == ""
    assert "Ada Lovelace" in handrail("people", "directory").stdout


def test_a_team_gets_another_title(handrail, first) -> None:
    handrail("team", "add", "sales")
    handrail("team", "edit", "sales", "--title", "Sales and service")
    assert "Sales and service" in handrail("team", "list").stdout
    handrail("team", "edit", "nope", "--title", "x", code=4)


def test_browsers_are_listed_and_ended_from_the_command_line(handrail, first, database: Database) -> None:
    assert "No browser" in handrail("session", "list").stderr
    with database.begin() as work:
        person = identity.find_person(work, "ada")
        for agent in ("Firefox on Linux", "Safari on iPhone", "Chrome on Android"):
            identity.open_session(work, person, agent=agent, address="192.0.2.7")
    assert "Safari on iPhone" in handrail("session", "list").stdout
    held = json.loads(handrail("session", "list", "-o", "json").stdout)["items"]
    handrail("session", "end", next(each["id"] for each in held if each["agent"] == "Safari on iPhone"))
    assert "Safari" not in handrail("session", "list").stdout
    handrail("session", "end", "nope", code=4)
    handrail("session", "end", code=2)
    assert "2" in handrail("session", "end", "--all").stderr
    assert "No browser" in handrail("session", "list").stderr


def test_the_first_steps_are_shown(handrail, first) -> None:
    steps = {step["id"]: step["done"] for step in json.loads(handrail("setup", "-o", "json").stdout)["steps"]}
    assert [step for step, done in steps.items() if done] == ["runs", "admin"]
    assert "second_person" in handrail("setup").stdout
