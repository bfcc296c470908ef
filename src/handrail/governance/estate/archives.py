"""Files out of an archive."""

from collections.abc import Iterator

from handrail.governance.estate.errors import ArchiveInvalid
from handrail.governance.estate.model import FileIn
from handrail.governance.estate.paths import check_path
from handrail.kernel.errors import Invalid
from handrail.language.importers.archives import is_archive, open_archive

__all__ = ["files_of", "is_archive", "open_dropped"]


def files_of(data: bytes, filename: str) -> Iterator[FileIn]:
    """Yield the files of an archive that may hold flows, by name, each named `archive.zip!folder/name.json`.

    Raises:
        Invalid: If it is no sound archive, or too large.
    """
    for name, content in open_archive(data, filename):
        yield FileIn(name, content)


def open_dropped(data: bytes) -> Iterator[FileIn]:
    """Yield the files of an archive that stands for a folder, named as if they lay in that folder.

    Raises:
        ArchiveInvalid: If it is no sound archive, or too large, or holds a file that cannot be named.
    """
    if not is_archive(data):
        raise ArchiveInvalid("This is no zip.", fix="Pack the folder as a plain zip.", place="archive")
    seen: set[str] = set()
    try:
        for file in files_of(data, "archive.zip"):
            path = check_path(file.path.partition("!")[2])
            if path in seen:
                # A file may be called like a place in an archive beside it.
                raise ArchiveInvalid(f"{path!r} stands twice in it.", fix="Rename one of the two.", place="archive")
            seen.add(path)
            yield FileIn(path, file.content)
    except Invalid as error:
        raise ArchiveInvalid(error.message, fix=error.fix, place=error.place) from error
