"""Where a hub keeps things: state in its home, clear text only in memory."""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from handrail.runtime.edge.errors import HubFolderUnsafe

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder inside it is checked for its owner and mode


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one hub.

    Attributes:
        home: The install's folder.
        memory: Folder of what must not reach a disk: Envoy's files, clear secrets, sockets.
        in_memory: Whether `memory` is a file system in memory.
    """

    home: Path
    memory: Path
    in_memory: bool

    @property
    def hub(self) -> Path:
        return self.home / "hub"

    @property
    def key(self) -> Path:
        return self.hub / "key"

    @property
    def enrolment(self) -> Path:
        return self.hub / "enrolment.json"

    @property
    def snapshot(self) -> Path:
        return self.hub / "snapshot.json"

    @property
    def floor(self) -> Path:
        return self.hub / "floor.json"

    @property
    def addresses(self) -> Path:
        return self.hub / "addresses.json"

    @property
    def call_log(self) -> Path:
        return self.hub / "log" / "calls.jsonl"

    @property
    def envoy_runs(self) -> Path:
        return self.hub / "envoy-runs"

    @property
    def envoy_log(self) -> Path:
        return self.home / "log" / "envoy.log"

    @property
    def xds(self) -> Path:
        return self.memory / "xds"

    @property
    def secrets(self) -> Path:
        return self.memory / "secrets"

    @property
    def bootstrap(self) -> Path:
        return self.memory / "bootstrap.json"

    @property
    def admin_socket(self) -> Path:
        return self.memory / "envoy.sock"

    @property
    def agent_socket(self) -> Path:
        return self.memory / "agent.sock"

    @property
    def address(self) -> Path:
        return self.memory / "address.json"


def places_of(home: Path) -> Places:
    """Name the files of the hub at `home`; touches none of them."""
    whole = home.absolute().resolve()
    name = f"handrail-{os.getuid()}-{hashlib.sha256(os.fsencode(whole)).hexdigest()[:12]}"
    in_memory = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK)
    return Places(whole, (SHARED_MEMORY if in_memory else Path(tempfile.gettempdir())) / name, in_memory)


def prepare(places: Places) -> None:
    """Make the folders.

    Raises:
        HubFolderUnsafe: If somebody else owns the folder in shared memory, or others may look into it.
    """
    places.hub.mkdir(parents=True, exist_ok=True, mode=0o700)
    places.call_log.parent.mkdir(exist_ok=True, mode=0o700)
    # Shared memory is open to every user of the machine: the folder may already be somebody else's trap.
    places.memory.mkdir(exist_ok=True, mode=0o700)
    found = places.memory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise HubFolderUnsafe(
            f"{places.memory} is not a folder of this user alone, so no secret is written there.",
            fix=f"Remove {places.memory}, or run the hub as its owner.",
            place=str(places.memory),
        )
    for folder in (places.xds, places.secrets):
        folder.mkdir(exist_ok=True, mode=0o700)


def clear(home: Path) -> None:
    """Remove everything that is only in memory; call it once Envoy and the agent have ended."""
    places = places_of(home)
    if places.memory.is_dir() and not places.memory.is_symlink():
        shutil.rmtree(places.memory, ignore_errors=True)
