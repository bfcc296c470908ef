"""Files that are replaced whole or not at all."""

import os
from pathlib import Path
from typing import Any

import orjson


def replace(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Replace a file in one step; only its owner may read it.

    Args:
        path: The file. Envoy sees the rename in its folder.
        data: Its new content.
        durable: Whether it must survive a power cut once this returns.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        if durable:
            stream.flush()
            os.fsync(stream.fileno())
    temporary.replace(path)
    if durable:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read(path: Path) -> bytes | None:
    """Return a file's content, or None if there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def read_object(path: Path) -> dict[str, Any] | None:
    """Return a file's JSON object, or None if there is no such file or it holds something else."""
    data = read(path)
    if data is None:
        return None
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
