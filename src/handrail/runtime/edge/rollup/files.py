"""The call log on disk: which files there are, what they are, and how they rotate."""

import hashlib
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import httpx2 as httpx

from handrail.kernel.clock import now_us

HEAD_BYTES: Final = 128
_ROTATED: Final = re.compile(r"\.([0-9]+)$")


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of the log.

    Attributes:
        file: `device:inode:digest of the first 128 bytes`; None while the file is shorter than that: it has
            no whole line yet, and its identity would change when it grows.
        size: In bytes.
        modified: Time of the last write, in seconds since 1970.
        rotated: It was renamed: nothing but what Envoy still holds for it will be added.
    """

    path: Path
    file: str | None
    size: int
    modified: float
    rotated: bool


def identify(stream: BinaryIO) -> str | None:
    """Return the identity of an open file, or None while it is too short to have one."""
    state = os.fstat(stream.fileno())
    head = os.pread(stream.fileno(), HEAD_BYTES, 0)
    if len(head) < HEAD_BYTES:
        return None
    return f"{state.st_dev}:{state.st_ino}:{hashlib.blake2b(head, digest_size=16).hexdigest()}"


def look(path: Path, *, rotated: bool) -> LogFile | None:
    """Return what a name stands for now; None when there is no such file."""
    try:
        with path.open("rb") as stream:
            state = os.fstat(stream.fileno())
            if not stat.S_ISREG(state.st_mode):
                return None
            return LogFile(path, identify(stream), state.st_size, state.st_mtime, rotated)
    except FileNotFoundError:
        return None


def _number(path: Path, log: Path) -> int | None:
    found = _ROTATED.fullmatch(path.name.removeprefix(log.name))
    return int(found[1]) if found and path.name.startswith(log.name) else None


def _rotated(log: Path) -> list[tuple[int, Path]]:
    if not log.parent.is_dir():
        return []
    numbered = ((_number(path, log), path) for path in log.parent.iterdir())
    return sorted((number, path) for number, path in numbered if number is not None)


def listing(log: Path) -> list[LogFile]:
    """Return the files of a log, oldest first: `calls.log.<n>` by rising number, then `calls.log`."""
    looked = [look(path, rotated=True) for _, path in _rotated(log)]
    looked.append(look(log, rotated=False))
    return [found for found in looked if found is not None]


def rotate(log: Path, reopen: Callable[[], None]) -> Path | None:
    """Start a new file: rename the log, then make its writer open the name again.

    The log is never copied and truncated: what is written between the two would be lost.

    Args:
        log: The file that is being written.
        reopen: Tells the writer, see `reopen_logs`. What it raises is passed on; call it again later.

    Returns:
        The new name, or None when there was nothing to rotate.
    """
    taken = _rotated(log)
    # A number is never given again: somebody may still be about to delete the file that had it.
    number = max(now_us(), taken[-1][0] + 1 if taken else 0)
    renamed = log.with_name(f"{log.name}.{number}")
    try:
        log.rename(renamed)
    except FileNotFoundError:
        return None
    reopen()
    return renamed


def reopen_logs(admin_socket: Path) -> None:
    """Make Envoy open its logs again, through its admin interface on a Unix socket.

    Raises:
        httpx2.HTTPError: When Envoy does not answer or refuses.
    """
    transport = httpx.HTTPTransport(uds=str(admin_socket))
    with httpx.Client(transport=transport, base_url="http://envoy", timeout=5, trust_env=False) as client:
        client.post("/reopen_logs").raise_for_status()
