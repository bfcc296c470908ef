"""The vault's key file."""

import stat
import threading
from pathlib import Path

import pytest

from handrail.registry.vault import Vault, VaultKeyUnreadable, VaultKeyUnsafe


def test_the_first_use_makes_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    vault = Vault.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Vault.open(path).key_id == vault.key_id
    assert [entry.name for entry in path.parent.iterdir()] == ["vault.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "vault.key"
    Vault.open(path)
    path.chmod(mode)
    with pytest.raises(VaultKeyUnsafe, match=f"{mode:04o}") as caught:
        Vault.open(path)
    assert caught.value.fix == f"chmod 600 {path}"


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"active": "k1", "keys": {}}', '{"active":"k1","keys":{"k1":"AAAA"}}']
)
def test_a_file_that_is_no_key_file_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vault.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(VaultKeyUnreadable):
        Vault.open(path)
    assert path.read_text() == content


def test_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    starts = [threading.Thread(target=lambda: found.append(Vault.open(tmp_path / "k").key_id)) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_key_is_in_no_representation(tmp_path: Path) -> None:
    import json

    path = tmp_path / "vault.key"
    vault = Vault.open(path)
    (key,) = json.loads(path.read_text())["keys"].values()
    assert key not in repr(vault) + repr(vars(vault))
