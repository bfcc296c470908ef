"""The vault, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import text

from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import audit
from handrail.registry.audit import SYSTEM
from handrail.registry.vault import (
    CredentialInvalid,
    CredentialUnknown,
    SealedColumn,
    Vault,
    VaultDamaged,
    VaultKeyUnknown,
)

CANARY = "canary-3f9a1c77"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "vault.key")


def put(database: Database, vault: Vault, clear: str = CANARY, name: str = "slack") -> int:
    with database.begin() as work:
        return vault.put(work, SYSTEM, name, "sandbox", {"token": Secret(clear)})


def test_the_newest_version_is_revealed_and_older_ones_stay(database: Database, vault: Vault) -> None:
    assert [put(database, vault, "one"), put(database, vault, "two")] == [1, 2]
    with database.read() as work:
        assert vault.reveal(work, "slack", "sandbox")["token"].reveal() == "two"
        assert vault.reveal(work, "slack", "sandbox", 1)["token"].reveal() == "one"


def test_environments_do_not_share_credentials(database: Database, vault: Vault) -> None:
    put(database, vault)
    with database.read() as work, pytest.raises(CredentialUnknown):
        vault.reveal(work, "slack", "production")


def test_the_listing_tells_everything_but_the_value(database: Database, vault: Vault) -> None:
    put(database, vault)
    put(database, vault)
    with database.read() as work:
        (found,) = vault.listing(work)
        events = audit.listing(work, subject="credential:slack")
    assert (found.name, found.environment, found.version, found.fields) == ("slack", "sandbox", 2, ("token",))
    assert found.created_by == "handrail"
    assert CANARY not in repr(found) + repr(events)


def test_the_value_is_nowhere_in_the_tables(database: Database, vault: Vault) -> None:
    put(database, vault)
    with database.read() as work:
        rows = [*work.all(text("SELECT * FROM vault_version")), *work.all(text("SELECT * FROM vault_field"))]
    assert CANARY not in repr(rows)


def test_another_key_file_gives_a_clear_error(database: Database, vault: Vault, tmp_path: Path) -> None:
    put(database, vault)
    other = Vault.open(tmp_path / "other.key")
    with database.read() as work, pytest.raises(VaultKeyUnknown, match=vault.key_id) as caught:
        other.reveal(work, "slack", "sandbox")
    assert "HANDRAIL_KEY_FILE" in caught.value.fix
    with pytest.raises(VaultKeyUnknown):
        other.unseal(vault.seal(b"x", "context"), "context")


@pytest.mark.parametrize("fields", [{}, {"token": Secret("")}, {"token": Secret("x" * 70_000)}])
def test_senseless_credentials_are_refused(database: Database, vault: Vault, fields) -> None:
    with database.begin() as work, pytest.raises(CredentialInvalid):
        vault.put(work, SYSTEM, "slack", "sandbox", fields)


@pytest.mark.parametrize(
    "move",
    [
        """UPDATE vault_field SET sealed = (
            SELECT o.sealed FROM vault_field o WHERE o.name = 'slack' AND o.version = 1
        ) WHERE name = 'slack' AND version = 2""",
        """UPDATE vault_field SET sealed = (SELECT o.sealed FROM vault_field o WHERE o.name = 'stripe')
        WHERE name = 'slack' AND version = 2""",
        """UPDATE vault_version SET wrapped_key = (
            SELECT o.wrapped_key FROM vault_version o WHERE o.name = 'stripe'
        ) WHERE name = 'slack'""",
        "UPDATE vault_field SET field = 'value' WHERE name = 'slack'",
    ],
)
def test_a_ciphertext_that_was_moved_does_not_open(database: Database, vault: Vault, move: str) -> None:
    put(database, vault)
    put(database, vault)
    put(database, vault, name="stripe")
    with database.begin() as work:
        work.run(text(move))
    with database.read() as work, pytest.raises(VaultDamaged) as caught:
        vault.reveal(work, "slack", "sandbox")
    assert CANARY not in repr(caught.value) + caught.value.fix


def test_a_new_key_reaches_every_row_and_keeps_old_processes_working(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    put(database, vault)
    put(database, vault)
    with database.begin() as work:
        work.run(
            text("INSERT INTO team (id, name, title, created_at) VALUES ('t1', 't1', :s, 0)"),
            s=vault.seal(b"pk", "team:t1"),
        )
    serving = Vault.open(tmp_path / "vault.key")
    old = vault.key_id
    new = vault.rotate_key()
    assert new != old
    with database.begin() as work:
        done = vault.rewrap(work, SYSTEM, [SealedColumn("team", "id", "title", "team:{key}")])
    assert (done.key_id, done.versions, done.columns) == (new, 2, 1)
    with database.read() as work:
        # The process that opened the file before the change reads it again.
        assert serving.reveal(work, "slack", "sandbox", 1)["token"].reveal() == CANARY
        sealed = work.scalar(text("SELECT title FROM team"))
    assert serving.unseal(sealed, "team:t1") == b"pk"
    assert old not in sealed
    with database.begin() as work:
        assert vault.rewrap(work, SYSTEM).versions == 0
