"""What the demo's own processes sign in with: made anew for each demo, kept in its home, of no use elsewhere."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from handrail.kernel.secret import Secret

_FILE: Final = "keys.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """Clear secrets of the played world.

    Attributes:
        upstreams: What each played system wants, by connector.
        builders: What the played builders' admin API wants from a source.
        clients: Id and secret of each app's client, by app.
    """

    upstreams: Mapping[str, str] = field(repr=False)
    builders: str = field(repr=False)
    clients: Mapping[str, tuple[str, str]] = field(repr=False)


def new_keys(connectors: tuple[str, ...]) -> Keys:
    """Make keys for an empty demo."""
    return Keys({name: _new() for name in connectors}, _new(), {})


def fields_of(kind: str, value: str) -> dict[str, Secret]:
    """Return a played system's credential as the vault keeps it.

    Args:
        kind: The connector's kind of credential.
        value: What the played system wants.
    """
    if kind == "basic":
        return {"username": Secret("handrail"), "password": Secret(value)}
    return {"token" if kind == "bearer" else "value": Secret(value)}


def folder_of(home: Path) -> Path:
    """Return where a home keeps what belongs to the demo."""
    return home / "demo"


def write_keys(home: Path, keys: Keys) -> None:
    """Keep the keys for the processes that start later; readable by this user alone."""
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / f"{_FILE}.partial"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(asdict(keys), out)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(folder / _FILE)


def has_keys(home: Path) -> bool:
    """Tell whether a home was ever filled."""
    return (folder_of(home) / _FILE).exists()


def read_keys(home: Path) -> Keys:
    """Return what `write_keys` kept.

    Raises:
        OSError: If it is gone.
    """
    found = json.loads((folder_of(home) / _FILE).read_text())
    clients = {app: (str(client), str(secret)) for app, (client, secret) in found["clients"].items()}
    return Keys(found["upstreams"], found["builders"], clients)


def _new() -> str:
    return f"demo_{secrets.token_urlsafe(24)}"
