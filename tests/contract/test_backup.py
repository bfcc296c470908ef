"""Backup and restore, on both databases."""

import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from handrail.platform.database import Database, migrate, revisions
from handrail.platform.database import backup as backups
from handrail.registry import audit, identity
from handrail.registry.audit import SYSTEM


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "handrail.backup"


@pytest.fixture
def elsewhere(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty place for the same kind of database."""
    if database.dialect == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'handrail.db'}"
    return request.getfixturevalue("postgres").create()


def add_team(database: Database, name: str) -> None:
    with database.begin() as work:
        identity.add_team(work, SYSTEM, name, name)


def team_names(url: str) -> list[str]:
    database = Database(url)
    with database.read() as work:
        found = [team.name for team in identity.teams(work)]
    database.close()
    return found


def test_a_backup_comes_back_elsewhere(database: Database, file: Path, elsewhere: str) -> None:
    add_team(database, "before")
    manifest = backups.back_up(database, file)
    add_team(database, "after")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (manifest.schema, manifest.dialect) == (migrate.newest(), database.dialect)
    assert backups.read_manifest(file) == manifest
    assert backups.restore(file, elsewhere) == backups.Restored(manifest, "")
    assert team_names(elsewhere) == ["before"]
    assert team_names(database.url) == ["after", "before"]


def test_the_audit_chain_holds_after_a_restore(database: Database, file: Path, elsewhere: str) -> None:
    add_team(database, "before")
    with database.begin() as work:
        audit.seal(work)
    backups.back_up(database, file)
    backups.restore(file, elsewhere)
    restored = Database(elsewhere)
    with restored.begin() as work:
        audit.record(work, SYSTEM, "database.restored", "database:handrail")
        audit.seal(work)
    with restored.read() as work:
        verdict = audit.verify(work)
    restored.close()
    assert (verdict.rows, verdict.fault) == (2, None)


def test_a_database_that_is_there_is_not_replaced_by_accident(database: Database, file: Path) -> None:
    add_team(database, "before")
    backups.back_up(database, file)
    add_team(database, "after")
    database.close()
    with pytest.raises(backups.RestoreNotEmpty) as caught:
        backups.restore(file, database.url)
    assert "--replace" in caught.value.fix
    assert team_names(database.url) == ["after", "before"]


def test_the_replaced_database_is_kept_aside(database: Database, file: Path) -> None:
    add_team(database, "before")
    backups.back_up(database, file)
    add_team(database, "after")
    database.close()
    first = backups.restore(file, database.url, replace=True)
    assert team_names(database.url) == ["before"]
    again = backups.restore(file, database.url, replace=True)
    assert team_names(database.url) == ["before"]
    assert first.kept != again.kept
    if database.dialect == "sqlite":
        assert team_names(f"sqlite:///{first.kept}") == ["after", "before"]
    else:
        from sqlalchemy import text

        with database.read() as work:
            rows = work.all(text(f'SELECT name FROM "{first.kept}".team ORDER BY name'))  # noqa: S608 - our own name
        assert [row["name"] for row in rows] == ["after", "before"]
    assert migrate.upgrade(database) == migrate.newest()


def test_a_database_in_use_is_not_replaced(database: Database, file: Path) -> None:
    backups.back_up(database, file)
    with database.read() as work:
        identity.teams(work)
        with pytest.raises(backups.DatabaseInUse):
            backups.restore(file, database.url, replace=True)
    assert team_names(database.url) == []


def test_a_damaged_backup_changes_nothing(database: Database, file: Path, elsewhere: str, tmp_path: Path) -> None:
    add_team(database, "before")
    backups.back_up(database, file)
    changed = tmp_path / "changed"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        target.writestr("manifest.json", source.read("manifest.json"))
        payload = bytearray(source.read("database"))
        payload[len(payload) // 2] ^= 1
        target.writestr("database", bytes(payload))
    with pytest.raises(backups.BackupUnreadable, match="digest"):
        backups.restore(changed, elsewhere)
    cut = tmp_path / "cut"
    cut.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(backups.BackupUnreadable):
        backups.restore(cut, elsewhere)
    database.close()
    with pytest.raises(backups.BackupUnreadable):
        backups.restore(changed, database.url, replace=True)
    assert team_names(database.url) == ["before"]


def repacked(file: Path, target: Path, **changes: object) -> Path:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as packed:
        packed.writestr("manifest.json", json.dumps(json.loads(source.read("manifest.json")) | changes))
        packed.writestr("database", source.read("database"))
    return target


def test_a_backup_that_does_not_fit_is_refused(database: Database, file: Path, elsewhere: str, tmp_path: Path) -> None:
    backups.back_up(database, file)
    with pytest.raises(backups.BackupForeign, match="schema 9999"):
        backups.restore(repacked(file, tmp_path / "newer", schema="9999"), elsewhere)
    other = "postgresql" if database.dialect == "sqlite" else "sqlite"
    with pytest.raises(backups.BackupForeign, match=other):
        backups.restore(repacked(file, tmp_path / "other-kind", dialect=other), elsewhere)
    with pytest.raises(backups.BackupUnreadable, match="format 2"):
        backups.restore(repacked(file, tmp_path / "later", format=2), elsewhere)


def test_a_backup_of_an_older_schema_is_migrated_afterwards(
    request: pytest.FixtureRequest, database: Database, file: Path, tmp_path: Path, elsewhere: str
) -> None:
    if database.dialect == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgres").create()
    old = Database(url)
    migrate.upgrade(old, "0001")
    assert backups.back_up(old, file).schema == "0001"
    old.close()
    backups.restore(file, elsewhere)
    restored = Database(elsewhere)
    assert migrate.upgrade(restored) == migrate.newest()
    restored.close()


def test_an_existing_file_is_not_overwritten(database: Database, file: Path) -> None:
    file.write_text("mine")
    with pytest.raises(backups.BackupExists):
        backups.back_up(database, file)
    assert file.read_text() == "mine"


def test_every_restore_starts_a_higher_epoch(database: Database) -> None:
    with database.begin() as work:
        first = backups.begin_epoch(work)
        second = backups.begin_epoch(work)
        assert first == work.now // 1_000_000
        assert second == first + 1
        assert revisions.current(work, "epoch") == second


def test_there_must_be_something_to_save(tmp_path: Path, file: Path) -> None:
    nothing = Database(f"sqlite:///{tmp_path / 'nothing.db'}")
    with pytest.raises(backups.DatabaseMissing):
        backups.back_up(nothing, file)
    nothing.close()
    assert not (tmp_path / "nothing.db").exists()
    assert not file.exists()


def test_a_restore_replaces_a_damaged_sqlite_file(sqlite_database: Database, file: Path, tmp_path: Path) -> None:
    backups.back_up(sqlite_database, file)
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"this is no database " * 1000)
    shutil.copy(damaged, tmp_path / "damaged.db-wal")
    restored = backups.restore(file, f"sqlite:///{damaged}", replace=True)
    assert Path(restored.kept).read_bytes().startswith(b"this is no database")
    assert team_names(f"sqlite:///{damaged}") == []


@pytest.mark.postgres
def test_a_restore_that_fails_half_way_puts_the_old_state_back(
    postgres, postgres_template: str, file: Path, tmp_path: Path
) -> None:
    import hashlib

    url = postgres.create(postgres_template)
    database = Database(url)
    add_team(database, "before")
    manifest = backups.back_up(database, file)
    database.close()
    broken = tmp_path / "broken"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as packed:
        payload = source.read("database")[:-2000]
        digest = "sha256:" + hashlib.sha256(payload).hexdigest()
        packed.writestr("manifest.json", json.dumps(json.loads(source.read("manifest.json")) | {"digest": digest}))
        packed.writestr("database", payload)
    assert digest != manifest.digest
    with pytest.raises(backups.ProgramFailed, match="pg_restore"):
        backups.restore(broken, url, replace=True)
    assert team_names(url) == ["before"]
    postgres.drop(url)
