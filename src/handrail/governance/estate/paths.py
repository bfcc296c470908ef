"""Paths of files, as origins name them."""

from collections.abc import Iterable
from typing import Final

from handrail.governance.estate.errors import EstateFilesInvalid
from handrail.governance.estate.model import FILES_MAX, PATH_MAX

_SHOWN_MAX: Final = 120


def check_path(path: str) -> str:
    """Return a path if it names a place below its origin.

    Raises:
        EstateFilesInvalid: If it does not.
    """
    parts = path.split("/")
    shown = path if len(path) <= _SHOWN_MAX else path[:_SHOWN_MAX] + "..."
    sound = path and len(path) <= PATH_MAX and path.isprintable() and "\\" not in path
    if not sound or any(each in {"", ".", ".."} for each in parts):
        raise EstateFilesInvalid(
            f"{shown!r} is no path below its folder.",
            fix=f"Write it relative to the folder, with / between and printable, at most {PATH_MAX} characters.",
            place="files",
        )
    return path


def check_paths(paths: Iterable[str]) -> None:
    """Check the paths of one question.

    Raises:
        EstateFilesInvalid: If they are too many, or one does not name a place below its origin.
    """
    listed = list(paths)
    if len(listed) > FILES_MAX:
        raise EstateFilesInvalid(
            f"These are {len(listed)} files.", fix=f"Ask for at most {FILES_MAX} at once.", place="files"
        )
    for path in listed:
        check_path(path)
