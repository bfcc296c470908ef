"""The file that holds the vault's keys: mode 0600, never in a database or a backup."""

import base64
import hashlib
import json
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from handrail.registry.vault.errors import VaultKeyUnreadable, VaultKeyUnsafe

_BYTES: Final = 32


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys of one file.

    Attributes:
        active: Id of the key that seals.
        by_id: Every key that can open, the active one included; older ones open older backups.
    """

    active: str
    by_id: dict[str, bytes]

    def __repr__(self) -> str:
        return f"Keys(active={self.active!r})"


def _new_key() -> tuple[str, bytes]:
    key = secrets.token_bytes(_BYTES)
    # The id is made from the key, so an id can never name the wrong key.
    return "k" + hashlib.sha256(b"handrail vault key\n" + key).hexdigest()[:16], key


def load(path: Path) -> Keys:
    """Read a key file.

    Raises:
        VaultKeyUnsafe: Others than its owner may read it.
        VaultKeyUnreadable: It cannot be read or is no key file.
    """
    try:
        # The mode of what was opened is checked, not of what has that name a moment later.
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise VaultKeyUnsafe(
                    f"The vault's key file may be read by others (mode {mode:04o}).",
                    fix=f"chmod 600 {path}",
                    place=str(path),
                )
            held = json.loads(file.read())
        by_id = {name: base64.b64decode(key, validate=True) for name, key in held["keys"].items()}
        active = str(held["active"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, type(error).__name__) from None
    if active not in by_id or any(len(key) != _BYTES for key in by_id.values()):
        raise _unreadable(path, "a key is missing or has the wrong length")
    return Keys(active, by_id)


def _unreadable(path: Path, why: str) -> VaultKeyUnreadable:
    return VaultKeyUnreadable(
        f"The vault's key file cannot be read ({why}).",
        fix="Put the key file back from where you keep it; HANDRAIL_KEY_FILE names its place.",
        place=str(path),
    )


def create(path: Path) -> Keys:
    """Write a new key file unless there is one; return the keys of the one that is there."""
    key_id, key = _new_key()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _write_draft(path, Keys(key_id, {key_id: key}))
    try:
        # Two processes that start together must end up with the same key: only one link succeeds.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return load(path)


def add_key(path: Path) -> Keys:
    """Add a new key and make it the active one; the older ones stay so that older rows and backups open."""
    keys = load(path)
    key_id, key = _new_key()
    draft = _write_draft(path, Keys(key_id, {**keys.by_id, key_id: key}))
    draft.replace(path)
    _sync_folder(path.parent)
    return load(path)


def _write_draft(path: Path, keys: Keys) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    held = {
        "active": keys.active,
        "keys": {name: base64.b64encode(key).decode() for name, key in keys.by_id.items()},
    }
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(held, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
