"""The change that ends findings of a definition, made on a copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from handrail.governance.estate.details import document_of
from handrail.governance.estate.errors import DefinitionUnknown
from handrail.governance.estate.interim import fix
from handrail.governance.estate.listing import row_of
from handrail.governance.estate.model import Row
from handrail.language.importers import Definition, read_definitions
from handrail.language.leaks import Boundary
from handrail.platform.database import Work
from handrail.registry.identity import Caller


@dataclass(frozen=True, slots=True)
class Subject:
    """A definition to mend, with its file's document."""

    row: Row
    document: Any


@dataclass(frozen=True, slots=True)
class Remaining:
    block: int
    warn: int
    note: int


@dataclass(frozen=True, slots=True)
class Mended:
    """What a change would bring.

    Attributes:
        diff: Unified, of the document as it is kept.
        patch: RFC 6902 operations; empty for a script.
        resolved: Keys of the findings that it ends.
        remaining: How many findings of each severity are left.
        content: The whole mended document.
    """

    diff: str
    patch: tuple[dict[str, Any], ...]
    resolved: tuple[str, ...]
    remaining: Remaining
    content: str


def to_mend(work: Work, caller: Caller, definition_id: str) -> Subject:
    """Return what `mend` needs, so that no transaction waits for it.

    Raises:
        DefinitionUnknown: If there is none that the caller may see.
    """
    row = row_of(work, caller, definition_id)
    return Subject(row, document_of(work, row.id))


def mend(subject: Subject, keys: Sequence[str], boundary: Boundary) -> Mended:
    """Make the change that ends some findings on a copy, and check that copy.

    Args:
        subject: What to mend.
        keys: Of findings; of all that have a mechanical fix when empty.
        boundary: What counts as inside.

    Raises:
        DefinitionUnknown: If the document no longer holds the definition.
    """
    definition = reopened(subject)
    diff, patch, resolved, remaining, content = fix(subject.document, definition, boundary, keys)
    return Mended(diff, tuple(patch), tuple(resolved), Remaining(**remaining), content)


def reopened(subject: Subject) -> Definition:
    """Return the definition as its kept document gives it."""
    held = subject.document
    data = held.encode() if isinstance(held, str) else orjson.dumps(held)
    found = read_definitions(data, subject.row.path.rpartition("!")[2])
    if subject.row.index >= len(found):
        raise DefinitionUnknown("Its document no longer holds this definition.", fix="Adopt its folder again.")
    return found[subject.row.index]
