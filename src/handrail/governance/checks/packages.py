"""The packages that scripts ask for, against what was imported about known weaknesses."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import Final

from handrail.governance.checks.model import Finding
from handrail.governance.checks.osv import Index, VulnerabilityDataInvalid, check_dependencies, load_index
from handrail.language.classify import redact_text
from handrail.language.graph import Graph
from handrail.language.importers import Definition
from handrail.language.importers.dependencies import read_dependencies

PLATFORM: Final = "python"
ONCE_A_RUN: Final = frozenset({"vulnerability-data-missing", "vulnerability-data-stale"})
"""Rules that speak of this install and not of a file."""
_MARK: Final = 8


class Weaknesses:
    """The stored index: opened when the first package asks for it, and anew after an import."""

    def __init__(self, path: Path) -> None:
        """Take the index's file; there need not be one yet."""
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._held: Index | None = None

    def index(self) -> Index | None:
        """Return what was imported, None when nothing was.

        Raises:
            VulnerabilityDataInvalid: If the file is damaged.
        """
        with self._lock:
            seen = self._stamp()
            if seen != self._seen or seen is None:
                # A damaged one is tried again each time: it must never look like one that is not there.
                self._seen, self._held = None, None
                self._held = load_index(self.path)
                self._seen = seen
            return self._held

    def revision(self) -> str:
        """Return a word for what was imported; empty when nothing was."""
        try:
            with self.path.open("rb") as file:
                file.seek(-_MARK, 2)
                # What ends a gzip file: the checksum and the size of what is in it.
                return file.read(_MARK).hex()
        except OSError:
            return ""

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where packages are looked up, and when: with a time zone."""

    weaknesses: Weaknesses
    now: datetime

    @property
    def revision(self) -> str:
        """Return a word for what it is answered from."""
        return self.weaknesses.revision()


def packages_of(data: bytes, filename: str, lookup: Lookup) -> tuple[Finding, ...]:
    """Return findings about the packages that a file asks for: a script, requirements, a `pyproject.toml`.

    Raises:
        ArtefactInvalid: If what it asks for cannot be read.
        ArtefactTooLarge: Above a limit.
    """
    asked = read_dependencies(data, filename)
    if not asked.found and not asked.unresolved:
        return ()
    try:
        index = lookup.weaknesses.index() if asked.found else None
    except VulnerabilityDataInvalid as error:
        found = check_dependencies(asked, None, lookup.now)
        return tuple(
            replace(each, text=f"{error.message} Packages were not checked.") if each.rule in ONCE_A_RUN else each
            for each in found
        )
    return check_dependencies(asked, index, lookup.now)


def dependency_file(data: bytes, filename: str) -> Definition:
    """Return a file that lists packages as a definition without steps, so that findings have lines to stand on."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    name = PurePath(filename).name
    return Definition(
        file=filename,
        index=0,
        platform=PLATFORM,
        name=name,
        document=None,
        graph=Graph(PLATFORM, name),
        text="\n".join(map(redact_text, text.split("\n"))),
    )


def without_told(findings: Iterable[Finding], told: set[str]) -> tuple[Finding, ...]:
    """Return findings without those about this install that were told before; note those that are told now."""
    kept = []
    for each in findings:
        if each.rule in ONCE_A_RUN:
            if each.rule in told:
                continue
            told.add(each.rule)
        kept.append(each)
    return tuple(kept)
