"""What a search needs of a database's full-text index."""

from collections.abc import Sequence
from typing import Protocol

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Term


class TextIndex(Protocol):
    """Full-text search as one database does it; terms hold ASCII letters and digits only.

    Attributes:
        matches: SQL that selects `doc` of every app that matches the parameter it is formatted with.
        probe: SQL that selects a row if the document `i.doc` matches the parameter `match`.
    """

    matches: str
    probe: str

    def compile(self, terms: Sequence[Term], *, every: bool) -> str:
        """Return the database's own words for terms of which every one, or any, must be found."""
        ...

    def write(self, work: Work, words: dict[int, str]) -> None:
        """Keep the words of apps, by document number, in place of those that were there."""
        ...

    def clear(self, work: Work) -> None:
        """Forget everything."""
        ...
