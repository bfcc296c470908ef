"""Files inside a zip archive, in memory and within bounds: nothing is ever written.

A whole archive is refused when any of its entries tries to leave it, hides behind another of the same name, is a link
or is encrypted, because then nobody can say what the archive holds. Sizes are counted while inflating: what an entry
says of itself is not believed.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from handrail.language.importers.dependencies import names_dependencies
from handrail.language.importers.errors import ArtefactInvalid, ArtefactTooLarge

ARCHIVE_MAX: Final = 64 * 1024 * 1024
ENTRIES_MAX: Final = 5_000
ENTRY_MAX: Final = 8 * 1024 * 1024
TOTAL_MAX: Final = 256 * 1024 * 1024
RATIO_MAX: Final = 200
NAME_MAX: Final = 400
_RATIO_FROM: Final = 64 * 1024  # small texts may repeat themselves
_LISTED: Final = b"PK\x01\x02"
_CHUNK: Final = 64 * 1024
_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml", ".py", ".zip"})
# What Power Automate and the tools around it pack beside definitions.
_BESIDE: Final = frozenset(
    {
        "manifest.json",
        "apismap.json",
        "connectionsmap.json",
        "connections.json",
        "host.json",
        "local.settings.json",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "environmentvariablevalues.json",
        "environment_variable_values.json",
        "canvasmanifest.json",
    }
)
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class _Budget:
    """What may still be read from an archive and the archives in it."""

    def __init__(self) -> None:
        self.listed = 0
        self.bytes = 0


def is_archive(data: bytes) -> bool:
    """Tell a zip archive by its first bytes."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def open_archive(data: bytes, filename: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive that may hold a definition, by name; an archive in it is opened once more.

    Args:
        data: The archive.
        filename: Its name; files inside are named `archive.zip!folder/name.json`.

    Raises:
        ArtefactInvalid: If it is no sound archive, naming the entry.
        ArtefactTooLarge: Above a limit, naming the entry; nothing is inflated beyond it.
    """
    yield from _open(data, filename, _Budget(), nested=False)


def _open(data: bytes, filename: str, budget: _Budget, *, nested: bool) -> Iterator[tuple[str, bytes]]:
    if len(data) > ARCHIVE_MAX:
        raise ArtefactTooLarge(
            f"The archive has {len(data):,} bytes; at most {ARCHIVE_MAX:,} can be read.",
            fix="Pack fewer flows into it.",
            place=filename,
        )
    # zipfile reads the whole list of entries before anybody can count it.
    budget.listed += data.count(_LISTED)
    if budget.listed > ENTRIES_MAX:
        raise _crowded(budget.listed, filename)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, OverflowError, EOFError):
        raise _broken(filename) from None
    with archive:
        for info in sorted(_sound(archive, filename), key=lambda each: each.filename):
            place = f"{filename}!{info.filename}"
            content = _inflate(archive, info, place, budget)
            if not is_archive(content):
                yield place, content
            elif not nested:
                yield from _open(content, place, budget, nested=True)
            else:
                raise ArtefactTooLarge(
                    "This archive lies in an archive that lies in an archive.",
                    fix="Unpack the outer one first.",
                    place=place,
                )


def _sound(archive: zipfile.ZipFile, filename: str) -> list[zipfile.ZipInfo]:
    """Return the entries worth reading after looking at all of them."""
    seen: set[str] = set()
    wanted = []
    for info in archive.filelist:
        _check(info, filename)
        key = info.filename.rstrip("/").casefold()
        if key in seen:
            raise _refused("stands twice in this archive, so readers would disagree on it", info, filename)
        seen.add(key)
        path = PurePosixPath(info.filename)
        wants = path.suffix.lower() in _SUFFIXES or names_dependencies(path.name)
        if wants and path.name.lower() not in _BESIDE and not info.is_dir():
            wanted.append(info)
    return wanted


def _check(info: zipfile.ZipInfo, filename: str) -> None:
    # `orig_filename` is what stands in the archive: zipfile itself cuts names at a null character.
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    why = ""
    if len(name) > NAME_MAX or any(ord(each) < 32 for each in name):
        why = "has a name that no file can have"
    elif parts[0] == "" or ":" in parts[0]:
        why = "has an absolute name"
    elif ".." in parts:
        why = "leads out of the archive"
    elif "\\" in name:
        why = "has a name with a backslash, which some readers take for a folder"
    elif info.flag_bits & 0x1:
        why = "is encrypted"
    elif stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        why = "is a link or a device, not a file"
    elif info.compress_type not in _METHODS:
        why = "is packed in a way that is not read here"
    if why:
        raise _refused(why, info, filename)


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, budget: _Budget) -> bytes:
    limit = min(ENTRY_MAX, TOTAL_MAX - budget.bytes)
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > limit:
                    raise ArtefactTooLarge(
                        f"This entry has more than {limit:,} bytes when it is unpacked.",
                        fix="Pack fewer or smaller flows into the archive.",
                        place=place,
                    )
                if size > _RATIO_FROM and size > RATIO_MAX * max(info.compress_size, 1):
                    raise ArtefactTooLarge(
                        f"This entry unpacks to more than {RATIO_MAX} times its size, as only a bomb does.",
                        fix="Export the flow again.",
                        place=place,
                    )
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise _broken(place) from None
    budget.bytes += size
    return b"".join(pieces)


def _refused(why: str, info: zipfile.ZipInfo, filename: str) -> ArtefactInvalid:
    shown = "".join(each if each.isprintable() else "?" for each in info.orig_filename[:80])
    return ArtefactInvalid(
        f"The entry {shown!r} {why}.",
        fix="Pack the archive again, with plain files only.",
        place=filename,
    )


def _crowded(entries: int, filename: str) -> ArtefactTooLarge:
    return ArtefactTooLarge(
        f"The archive has {entries:,} entries; at most {ENTRIES_MAX:,} can be read.",
        fix="Pack fewer flows into it.",
        place=filename,
    )


def _broken(place: str) -> ArtefactInvalid:
    return ArtefactInvalid("This is no sound zip archive.", fix="Export or pack it again.", place=place)
