"""What the files of one look hold: which definitions, and which files hold none."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from handrail.kernel.errors import HandrailError
from handrail.language.importers import Artefact, ArtefactUnknown, Definition, parts, read_artefact, read_definitions
from handrail.runtime.sources.model import File, Found, Reading
from handrail.runtime.sources.tabs import Tab, tabs_of

# A folder or a repository holds other files too; an instance holds nothing but definitions.
_MIXED: Final = frozenset({"folder", "git"})
_NO_FLOWS_MAX: Final = 50_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One definition of a file.

    Attributes:
        part: What a binding names it by.
        inner: What `read_artefact` takes to cut it out; empty for the whole.
        problem: Why it cannot be read; empty when it can.
        definition: What it is, where it can be no artefact.
        tab: What it is made of, where its file holds more.
        index: Which definition of its file, from 0.
    """

    part: str
    name: str
    inner: str
    file: File
    problem: str = ""
    definition: Definition | None = None
    tab: Tab | None = None
    index: int = 0

    @property
    def version(self) -> str:
        """Changes whenever it does."""
        return self.tab.version if self.tab else self.file.version

    @property
    def path(self) -> str:
        """Path of its file."""
        return self.file.path


@dataclass(slots=True)
class Contents:
    """A look, sorted.

    Attributes:
        pieces: Definitions of files that are new or changed.
        kept: What the database knows of files that are as they were.
        files: Every file with definitions by path; with its content when that was read now.
        complete: Whether this is everything that the instance holds.
        none: Files that hold no definition, by path, with their version.
    """

    pieces: list[Piece] = field(default_factory=list)
    kept: list[Found] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    complete: bool = True
    none: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, str]:
        """What is there: names by part."""
        fresh = {each.part: each.name for each in self.pieces}
        return {each.part: each.name for each in self.kept} | fresh


def sort(platform: str, reading: Reading, rows: Sequence[Found], known: Mapping[str, str]) -> Contents:
    """Sort a look into definitions.

    Args:
        platform: The instance's.
        reading: What was read.
        rows: What the database knows.
        known: Which versions were not asked for again.
    """
    by_path: dict[str, list[Found]] = {}
    for row in rows:
        by_path.setdefault(row.path, []).append(row)
    contents = Contents(complete=reading.complete)
    for file in reading.files:
        if file.data is not None:
            _open(platform, file, by_path.get(file.path, []), contents)
        elif known.get(file.path) == file.version:
            contents.kept += [row for row in by_path.get(file.path, []) if row.gone_at is None]
            if file.path in by_path:
                contents.files[file.path] = file
        else:
            # Left for the next look: what it holds is not known, so nothing can be missed yet.
            contents.complete = False
    return contents


def _open(platform: str, file: File, rows: Sequence[Found], contents: Contents) -> None:
    if platform in _MIXED and _of_another_platform(file, contents):
        return
    try:
        listed = parts(file.data or b"", file.path)
    except HandrailError as error:
        if platform in _MIXED and not rows:
            contents.none[file.path] = file.version
            return
        problem = f"{error.message} {error.fix}".strip()
        if platform in _MIXED and isinstance(error, ArtefactUnknown):
            # It was a definition and is none any more: gone, not unreadable.
            contents.none[file.path] = file.version
            return
        contents.files[file.path] = file
        if platform == "node-red":
            contents.complete = False
            contents.pieces.append(Piece("", "", "", file, problem))
        else:
            names = [(row.part, row.name, row.inner) for row in rows] or [(_alone(platform, file), file.name, "")]
            contents.pieces += [Piece(part, name, inner, file, problem) for part, name, inner in names]
        return
    contents.files[file.path] = file
    if platform == "node-red":
        tabs = tabs_of(file.data or b"")
        contents.pieces += [Piece(each.id, each.label, each.id, file, tab=tabs.get(each.id)) for each in listed]
        return
    if len(listed) < 2:
        name = file.name or (listed[0].label if listed else "")
        contents.pieces.append(Piece(_alone(platform, file), name or file.path, "", file))
        return
    contents.pieces += [
        Piece(f"{file.path}#{each.id}", each.label, each.id, file, index=index) for index, each in enumerate(listed)
    ]


def _of_another_platform(file: File, contents: Contents) -> bool:
    """Take in definitions that can be listed and checked, but are no versions of apps yet: Microsoft's, for example."""
    try:
        found = read_definitions(file.data or b"", file.path)
    except HandrailError:
        return False
    if not found or any(each.platform in {"n8n", "node-red"} for each in found):
        return False
    contents.files[file.path] = file
    for each in found:
        part = file.path if len(found) == 1 else f"{file.path}#{each.index}"
        contents.pieces.append(Piece(part, each.name, str(each.index), file, definition=each, index=each.index))
    return True


def _alone(platform: str, file: File) -> str:
    return file.path.removesuffix(".json") if platform == "n8n" else file.path


class Memory:
    """What this process read last: an unchanged definition is not read again."""

    def __init__(self) -> None:
        self._artefacts: dict[str, tuple[str, str, str, Artefact]] = {}
        self._none: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def place_of(self, binding_id: str) -> tuple[str, str] | None:
        """Return the file and the version that a binding was read from last; None if that is not here."""
        held = self._artefacts.get(binding_id)
        return None if held is None else held[:2]

    def artefact(self, binding_id: str, file: File, inner: str, version: str) -> Artefact | None:
        """Return a part of a file as an artefact; None if it is neither here nor was read now.

        Args:
            binding_id: Whose it is.
            file: The file, with its content if that was read now.
            inner: Which flow of it; empty for the whole.
            version: Of that flow.

        Raises:
            Invalid: If it is no definition, or has no such part.
        """
        held = self._artefacts.get(binding_id)
        if held is not None and held[:3] == (file.path, version, inner):
            return held[3]
        if file.data is None:
            return None
        artefact = read_artefact(file.data, file.path, part=inner or None)
        self._artefacts[binding_id] = (file.path, version, inner, artefact)
        return artefact

    def keep_none(self, instance_id: str, none: Mapping[str, str]) -> None:
        """Remember which files hold no definition."""
        with self._lock:
            if len(self._none) + len(none) > _NO_FLOWS_MAX:
                self._none.clear()
            self._none |= {(instance_id, path): version for path, version in none.items()}

    def none_of(self, instance_id: str) -> dict[str, str]:
        """Return the files that hold no definition, with their version."""
        with self._lock:
            return {path: version for (instance, path), version in self._none.items() if instance == instance_id}
