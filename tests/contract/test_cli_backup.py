"""Backup, restore and the vault's key by command, on a home folder."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handrail.kernel.errors import HandrailError
from handrail.kernel.secret import Secret
from handrail.platform.database import Database, migrate, revisions
from handrail.registry import audit, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.vault import Vault
from handrail.surfaces.cli import root


class Home:
    """A home folder with a database, a vault and a credential in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.database = Database(f"sqlite:///{folder / 'handrail.db'}")
        migrate.upgrade(self.database)
        self.vault = Vault.open(folder / "vault.key")
        with self.database.begin() as work:
            self.vault.put(work, SYSTEM, "slack", "sandbox", {"token": Secret("canary-51c2")})

    def handrail(self, *arguments: str) -> Result:
        self.database.close()
        found = CliRunner().invoke(root, ["--home", str(self.folder), *arguments])
        if isinstance(found.exception, HandrailError):
            raise found.exception
        assert found.exit_code == 0, found.output
        return found

    def token(self) -> str:
        with self.database.read() as work:
            return Vault.open(self.folder / "vault.key").reveal(work, "slack", "sandbox")["token"].reveal()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_backup_comes_back_as_a_new_epoch_with_an_audit_row(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    with home.database.begin() as work:
        person = identity.add_person(work, SYSTEM, "ada", "Ada")
        session = identity.open_session(work, person)
    made = home.handrail("backup", str(file), "-o", "json")
    assert json.loads(made.stdout)["dialect"] == "sqlite"
    assert str(home.folder / "vault.key") in made.stderr
    with home.database.begin() as work:
        identity.add_team(work, SYSTEM, "later", "Later")
    restored = json.loads(home.handrail("restore", str(file), "--replace", "-o", "json").stdout)
    with home.database.read() as work:
        assert identity.teams(work) == []
        assert revisions.current(work, "epoch") == restored["epoch"] > 0
        (event,) = audit.listing(work, action="database.restored")
        assert event.facts["epoch"] == restored["epoch"]
        with pytest.raises(identity.SessionInvalid):
            identity.caller_by_session(work, session.reveal())
    assert Path(restored["kept"]).exists()
    assert home.token() == "canary-51c2"


def test_the_backup_does_not_hold_the_vaults_key(home: Home, tmp_path: Path) -> None:
    import zipfile

    file = tmp_path / "one.backup"
    home.handrail("backup", str(file))
    (key,) = json.loads((home.folder / "vault.key").read_text())["keys"].values()
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["database", "manifest.json"]
        content = archive.read("database") + archive.read("manifest.json")
    assert key.encode() not in content
    assert b"canary-51c2" not in content


def test_a_restore_without_the_key_says_what_is_missing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    home.handrail("backup", str(file))
    elsewhere = tmp_path / "elsewhere"
    found = CliRunner().invoke(root, ["--home", str(elsewhere), "restore", str(file)])
    assert found.exit_code == 0
    assert f"put it back to {elsewhere / 'vault.key'}" in found.stderr
    assert not (elsewhere / "vault.key").exists()


def test_a_dry_run_of_a_restore_changes_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    home.handrail("backup", str(file), "--dry-run")
    assert not file.exists()
    home.handrail("backup", str(file))
    before = (home.folder / "handrail.db").read_bytes()
    assert "would restore" in home.handrail("restore", str(file), "--replace", "--dry-run").stderr
    assert (home.folder / "handrail.db").read_bytes() == before


def test_a_new_vault_key_opens_what_the_old_one_sealed_and_older_backups_too(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    home.handrail("backup", str(file))
    old = home.vault.key_id
    done = json.loads(home.handrail("vault", "rotate-key", "-o", "json").stdout)
    assert done["key_id"] != old
    assert done["versions"] == 1
    assert home.token() == "canary-51c2"
    home.handrail("restore", str(file), "--replace")
    assert home.token() == "canary-51c2"


def test_every_sealed_column_in_the_schema_is_rewrapped(home: Home) -> None:
    from handrail.surfaces.cli.backup import _sealed_columns

    for place in _sealed_columns():
        with home.database.engine.connect() as connection:
            names = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({place.table})")]
        assert {place.key, place.column} <= set(names)
