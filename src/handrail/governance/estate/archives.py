"""Files out of an archive, within bounds: nothing is written, and no name leads out of it."""

import io
import zipfile
from collections.abc import Iterator
from typing import Final

from handrail.governance.estate.errors import ArchiveInvalid
from handrail.governance.estate.model import FILE_MAX, PATH_MAX, FileIn

ENTRIES_MAX: Final = 5_000
TOTAL_MAX: Final = 256 * 1024 * 1024
_ENDINGS: Final = (".json", ".zip", ".py", ".yaml", ".yml")
_ENCRYPTED: Final = 0x1


def open_archive(data: bytes) -> Iterator[FileIn]:
    """Yield the files of a zip that may hold flows, by name; each is unpacked only when it is asked for.

    Raises:
        ArchiveInvalid: If it is no zip, is encrypted, has too many entries, one that leads out of it, or unpacks to
            too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            if len(entries) > ENTRIES_MAX:
                _refuse(f"It holds {len(entries)} files; at most {ENTRIES_MAX} can be read at once.")
            total = 0
            for entry in sorted(entries, key=lambda each: each.filename):
                path = _path(entry)
                if not path.lower().endswith(_ENDINGS):
                    continue
                with archive.open(entry) as member:
                    # What its header says of its size may be a lie. One byte more shows that it is too large.
                    content = member.read(FILE_MAX + 1)
                total += len(content)
                if total > TOTAL_MAX:
                    _refuse(f"It unpacks to more than {TOTAL_MAX:,} bytes.")
                yield FileIn(path, content)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise ArchiveInvalid(
            "This is no zip that can be read.", fix="Pack the folder again as a plain zip.", internal=repr(error)
        ) from error
    except zipfile.LargeZipFile as error:
        raise ArchiveInvalid("This zip is too large.", fix="Adopt the folder instead.") from error


def _path(entry: zipfile.ZipInfo) -> str:
    path = entry.filename.replace("\\", "/")
    if entry.flag_bits & _ENCRYPTED:
        _refuse("It is encrypted.")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0] or len(path) > PATH_MAX or not path.isprintable():
        _refuse("A name in it leads out of it, or cannot be read.")
    return "/".join(part for part in parts if part not in {"", "."})


def _refuse(text: str) -> None:
    raise ArchiveInvalid(text, fix="Adopt the folder instead: handrail adopt DIR", place="archive")
