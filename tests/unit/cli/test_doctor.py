"""`handrail doctor` on this machine, without anything running."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handrail.registry.vault import Vault
from handrail.surfaces.cli import root


def examined(home: Path) -> dict[str, dict[str, str]]:
    # Nothing listens on port 9.
    found = CliRunner().invoke(root, ["--home", str(home), "--url", "http://127.0.0.1:9", "doctor", "-o", "json"])
    assert found.exit_code == 1, found.output
    return {check["check"]: check for check in json.loads(found.stdout)}


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HANDRAIL_DATABASE_URL", raising=False)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    shutil.copy(sqlite_template, folder / "handrail.db")
    Vault.open(folder / "vault.key")
    return folder


def test_a_home_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    found = examined(tmp_path / "none")
    assert (found["home"]["state"], found["database"]["state"]) == ("failed", "failed")
    assert "handrail init" in found["database"]["fix"]


def test_a_sound_home_fails_only_for_what_does_not_run(home: Path) -> None:
    found = examined(home)
    states = {name: check["state"] for name, check in found.items()}
    assert states == {
        "home": "ok",
        "disk": "ok",
        "database": "ok",
        "vault": "ok",
        "audit": "ok",
        "search": "ok",
        "hubs": "failed",
        "sources": "ok",
        "signals": "warning",
        "serve": "failed",
        "agent": "warning",
    }
    assert found["audit"]["detail"] == "0 rows, intact"


def test_a_missing_key_and_an_open_folder_are_findings(home: Path) -> None:
    (home / "vault.key").unlink()
    home.chmod(0o755)
    found = examined(home)
    assert (found["vault"]["state"], found["home"]["state"]) == ("failed", "warning")
    assert found["home"]["fix"].startswith("chmod 700")
    assert not (home / "vault.key").exists()


def test_a_database_that_cannot_be_read_is_a_finding(home: Path) -> None:
    (home / "handrail.db").write_bytes(b"no database at all, but long enough to be opened")
    found = examined(home)
    assert found["database"]["state"] == "failed"
    assert "vault" not in found
