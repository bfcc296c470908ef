"""A folder on the worker's machine: what definitions lie in it."""

import contextlib
import os
import stat
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from handrail.kernel.canonical import sha256
from handrail.kernel.secret import Secret
from handrail.runtime.sources.errors import Unauthorised, Unreachable, Unreadable
from handrail.runtime.sources.model import FILES_MAX, File, Instance, Reading

SUFFIXES: Final = (".json", ".yaml", ".yml")
FILE_BYTES: Final = 8 * 1024 * 1024
READ_BYTES: Final = 64 * 1024 * 1024
DEPTH_MAX: Final = 16
_MICRO: Final = 1000
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Seen = tuple[int, int, int, str]


def permitted(path: str, roots: Sequence[Path]) -> Path:
    """Return the real folder that a path names.

    Raises:
        Unreachable: If it is not below a folder that this process may read, or is not there.
    """
    if not roots:
        raise Unreachable("No folder of this machine may be read; name some in HANDRAIL_SOURCE_FOLDERS.")
    try:
        real = Path(path).resolve(strict=True)
        allowed = any(real.is_relative_to(root.resolve(strict=True)) for root in roots if root.exists())
    except (OSError, ValueError, RuntimeError):
        raise Unreachable("The folder is not there, or may not be read.") from None
    if not allowed:
        raise Unreachable("The folder is outside of those that HANDRAIL_SOURCE_FOLDERS names.")
    if not real.is_dir():
        raise Unreachable("This is a file; name the folder that it lies in.")
    return real


class FolderReader:
    """Reads folders; remembers what it has digested, by time and size."""

    def __init__(self, roots: Sequence[Path] = ()) -> None:
        self._roots = tuple(roots)
        self._seen: dict[str, dict[str, Seen]] = {}
        self._lock = threading.Lock()

    def __call__(self, instance: Instance, _credential: Secret | None, known: Mapping[str, str]) -> Reading:
        """Return the files of a folder that may hold definitions; links and special files are passed over.

        Raises:
            Unreachable: If the folder may not be read, or is gone.
            Unauthorised: If the worker's user may not read it.
            Unreadable: If there is too much in it.
        """
        root = permitted(instance.url, self._roots)
        with self._lock:
            before = self._seen.get(instance.id, {})
        seen: dict[str, Seen] = {}
        files: list[File] = []
        left = READ_BYTES
        complete = True
        for path, name, folder, info in _walk(root):
            if len(files) >= FILES_MAX:
                raise Unreadable(f"The folder holds more than {FILES_MAX} files.")
            held = before.get(path)
            marks = (info.st_mtime_ns, info.st_size, info.st_ino)
            version = held[3] if held and held[:3] == marks else ""
            data = None
            if not version or known.get(path) != version:
                if info.st_size > left:
                    complete = False
                    continue
                data = _content(name, folder)
                if data is None:
                    continue
                left -= len(data)
                version = sha256(data)
                data = None if known.get(path) == version else data
            seen[path] = (*marks, version)
            files.append(File(path, version, data, updated_at=info.st_mtime_ns // _MICRO))
        with self._lock:
            self._seen[instance.id] = seen
        return Reading(tuple(sorted(files, key=lambda file: file.path)), complete)


def _walk(root: Path) -> Iterator[tuple[str, str, int, os.stat_result]]:
    """Yield path, name, an open folder and facts of each candidate; the folder is closed when the next one comes."""

    def fail(error: OSError) -> None:
        if isinstance(error, PermissionError):
            raise Unauthorised("A part of the folder may not be read by this process.") from None
        raise Unreachable("A part of the folder could not be read.") from None

    visited = 0
    for base, folders, names, folder in os.fwalk(root, follow_symlinks=False, onerror=fail):
        below = Path(base).relative_to(root)
        # A repository's own folder and the like hold no definitions.
        deep = len(below.parts) >= DEPTH_MAX
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        visited += 1 + len(names)
        if visited > FILES_MAX * 10:
            raise Unreadable(f"The folder holds more than {FILES_MAX * 10} files.")
        for name in sorted(names):
            if name.startswith(".") or not name.lower().endswith(SUFFIXES):
                continue
            with contextlib.suppress(FileNotFoundError):
                info = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(info.st_mode) and 0 < info.st_size <= FILE_BYTES:
                    path = (below / name).as_posix()
                    yield path.encode("utf-8", "replace").decode("utf-8", "replace"), name, folder, info


def _content(name: str, folder: int) -> bytes | None:
    # Between looking and opening a link may have taken the file's place.
    try:
        opened = os.open(name, _OPEN, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(opened, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return None
        data = stream.read(FILE_BYTES + 1)
    return data if len(data) <= FILE_BYTES else None
