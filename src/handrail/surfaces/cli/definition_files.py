"""Files with definitions under the paths that somebody names: in order, without what nobody means."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from handrail.surfaces.cli.client import MISSING, REFUSED, fail
from handrail.surfaces.cli.output import say

_SKIPPED_FOLDERS: Final = frozenset({"node_modules", "__pycache__", "venv", "dist-info"})
_ENDINGS: Final = frozenset({".json", ".yaml", ".yml", ".py", ".zip", ".msapp"})
_SCRIPTS: Final = frozenset({".py", ".pyw"})
_SIZE_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may hold definitions.

    Attributes:
        name: Relative to the path that was given, with `/`; a file given itself is its name.
        path: Where it is.
        named: Whether somebody named it, so that "it is no flow" is an answer and not noise.
    """

    name: str
    path: Path
    named: bool = False

    def read(self) -> bytes:
        """Return the file's bytes.

        Raises:
            OSError: If it cannot be read.
        """
        if self.path.stat().st_size > _SIZE_MAX:
            raise OSError(27, "File too large")
        return self.path.read_bytes()


def found_files(paths: tuple[str, ...], closed: list[str] | None = None, *, beside: bool = False) -> Iterator[Found]:
    """Yield files under the paths in sorted order; end the command where a path does not exist.

    Args:
        paths: Files and folders.
        closed: Takes the folders that could not be listed, which are told and passed over.
        beside: Whether a script that somebody names brings the files that list its packages.
    """
    brought = {Path(each).resolve() for each in paths}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            root = path.resolve()
            yield from _under(path, root, "", [] if closed is None else closed)
        elif path.exists():
            yield Found(_shown(path.name), path, named=True)
            if beside and path.suffix.lower() in _SCRIPTS:
                for other in _beside(path):
                    if other.resolve() not in brought:
                        brought.add(other.resolve())
                        yield Found(_shown(other.name), other)
        else:
            fail(f"{given!r} does not exist.", MISSING, fix="Name a file or a folder with exported flows.")


def _beside(script: Path) -> list[Path]:
    from handrail.language.importers.dependencies import names_dependencies

    try:
        return sorted(each for each in script.parent.iterdir() if names_dependencies(each.name) and each.is_file())
    except OSError:
        return []


def _under(folder: Path, root: Path, prefix: str, closed: list[str]) -> Iterator[Found]:
    from handrail.language.importers.dependencies import names_dependencies

    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError as error:
        say(f"{printable(prefix or str(folder))}: {error.strerror}; skipped")
        closed.append(prefix)
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED_FOLDERS:
            continue
        path = Path(entry.path)
        if entry.is_symlink() and (path.is_dir() or not path.resolve().is_relative_to(root)):
            # A link out of the folder could lead to anything; one to a folder inside would read it twice.
            continue
        name = f"{prefix}{_shown(entry.name)}"
        if entry.is_dir():
            yield from _under(path, root, f"{name}/", closed)
        elif (path.suffix.lower() in _ENDINGS or names_dependencies(entry.name)) and entry.is_file():
            yield Found(name, path)


def _shown(name: str) -> str:
    """Return a file's name as text: what is no UTF-8 in it, as U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def printable(text: str) -> str:
    """Return text that a terminal only shows."""
    from handrail.governance.checks.reports.showing import printable as spelled

    return spelled(text).replace("\n", "\\n").replace("\t", " ")


def boundary_of(file: str | None) -> Any:
    """Return the boundary that a file says, or the one of the environment, or the packed one."""
    from handrail.kernel.errors import HandrailError
    from handrail.language.leaks import default_boundary, read_boundary

    chosen = file or os.environ.get("HANDRAIL_BOUNDARY")
    if not chosen:
        return default_boundary()
    try:
        return read_boundary(Path(chosen).read_bytes(), chosen)
    except OSError as error:
        fail(f"The boundary {chosen!r} cannot be read: {error.strerror}.", MISSING)
    except HandrailError as error:
        fail(error.message, REFUSED, fix=error.fix, place=error.place)


class Progress:
    """One line that counts files, on a terminal only."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._count = 0

    def step(self, name: str) -> None:
        """Tell that one more file is read."""
        self._count += 1
        if self._shows:
            sys.stderr.write(f"\r\x1b[K{self._count} {printable(name)[-70:]}")
            sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._shows:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
