"""A database dump, a backup and a log of errors hold no secret in clear."""

import logging
import subprocess
import traceback
import zipfile
from pathlib import Path

import pytest

from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.platform.database.backup import _program, back_up
from handrail.registry import identity
from handrail.registry.audit import SYSTEM
from handrail.registry.vault import Vault, VaultKeyUnknown

CANARY = "canary-8d1f04b2c6"


def fill(database: Database, vault: Vault) -> list[bytes]:
    """Put every kind of secret that these tables know; return their clear texts."""
    with database.begin() as work:
        vault.put(work, SYSTEM, "slack", "sandbox", {"token": Secret(CANARY + "-vault")})
        vault.put(work, SYSTEM, "basic", "sandbox", {"username": Secret(CANARY + "-u"), "password": Secret(CANARY)})
        _, link = identity.create_setup_link(work)
        hashed = identity.prepare_password(Secret(CANARY + "-password"), "ada")
        person = identity.redeem(work, link, "setup", "ada", "Ada", hashed)
        session = identity.open_session(work, person)
        made, token = identity.new_token(work, identity.caller_of(work, person.id), "ci", days=1)
    secret = token.reveal().removeprefix(f"hr_{made.id}_")[:-6]
    clear = [CANARY, link.reveal(), session.reveal(), token.reveal(), secret]
    return [text.encode() for text in clear]


def test_no_secret_is_in_the_sqlite_files_or_the_backup(sqlite_database: Database, tmp_path: Path) -> None:
    clear = fill(sqlite_database, Vault.open(tmp_path / "vault.key"))
    back_up(sqlite_database, tmp_path / "one.backup")
    with zipfile.ZipFile(tmp_path / "one.backup") as archive:
        content = archive.read("database")
    for file in tmp_path.glob("handrail.db*"):
        content += file.read_bytes()
    assert b"slack" in content
    assert not [text for text in clear if text in content]


@pytest.mark.postgres
def test_no_secret_is_in_a_plain_dump_of_postgresql(postgres, postgres_template: str, tmp_path: Path) -> None:
    url = postgres.create(postgres_template)
    database = Database(url)
    clear = fill(database, Vault.open(tmp_path / "vault.key"))
    database.close()
    done = subprocess.run([_program("pg_dump"), f"--dbname={url}"], capture_output=True, check=True)
    postgres.drop(url)
    assert b"slack" in done.stdout
    assert not [text for text in clear if text in done.stdout]


def test_no_secret_is_in_a_traceback_with_its_locals(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vault = Vault.open(tmp_path / "vault.key")
    fill(sqlite_database, vault)
    fields = {"token": Secret(CANARY)}  # noqa: F841 - a local that the traceback shows
    other = Vault.open(tmp_path / "other.key")
    with sqlite_database.read() as work, pytest.raises(VaultKeyUnknown) as caught:
        other.reveal(work, "slack", "sandbox")
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "fields = {'token': [redacted]}" in shown
    assert CANARY not in shown
    assert CANARY not in caplog.text
