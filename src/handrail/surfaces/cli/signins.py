"""Who is signed in, from this account on this machine: one private file."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person at one address.

    Attributes:
        expires_at: RFC 3339.
    """

    url: str
    name: str
    token: str
    expires_at: str

    def __repr__(self) -> str:
        return f"SignIn(url={self.url!r}, name={self.name!r})"


def _path() -> Path:
    folder = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(folder) / "handrail" / "sign-ins.json"


class SignIns:
    """All stored sign-ins; the last one that was put for an address is the one used without `--as`."""

    def __init__(self, path: Path, entries: list[SignIn]) -> None:
        self._path = path
        self._entries = entries

    @classmethod
    def load(cls) -> "SignIns":
        """Read the file; nobody is signed in when it is missing or unreadable."""
        path = _path()
        try:
            held: Any = json.loads(path.read_text())
            entries = [SignIn(**entry) for entry in held["signIns"]]
        except (OSError, ValueError, KeyError, TypeError):
            entries = []
        return cls(path, entries)

    def save(self) -> None:
        """Write the file, readable by its owner only."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"signIns": [asdict(entry) for entry in self._entries]}, file, indent=1)
        draft.replace(self._path)

    def get(self, url: str, name: str | None = None) -> SignIn | None:
        """Return a person's sign-in at an address, or whoever signed in last."""
        url = url.rstrip("/")
        found = [entry for entry in self._entries if entry.url == url and name in {None, entry.name}]
        return found[-1] if found else None

    def at(self, url: str) -> list[SignIn]:
        """Return everybody who is signed in at an address; the one used without `--as` is last."""
        return [entry for entry in self._entries if entry.url == url.rstrip("/")]

    def put(self, entry: SignIn) -> None:
        """Keep a sign-in (and save); it replaces an older one of the same person there."""
        self._drop(entry.url, entry.name)
        self._entries.append(SignIn(entry.url.rstrip("/"), entry.name, entry.token, entry.expires_at))
        self.save()

    def remove(self, url: str, name: str) -> None:
        """Forget a sign-in (and save)."""
        self._drop(url, name)
        self.save()

    def _drop(self, url: str, name: str) -> None:
        self._entries = [entry for entry in self._entries if (entry.url, entry.name) != (url.rstrip("/"), name)]
