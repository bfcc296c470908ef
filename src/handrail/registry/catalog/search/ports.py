"""What a search needs of a database's full-text index."""

from collections.abc import Sequence
from typing import Protocol

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Term


class TextIndex(Protocol):
    """Full-text search as one database does it; terms hold ASCII letters and digits only.

    Attributes:
        matches: SQL that selects `doc` of every app that matches the parameter it is formatted with.
        cells: SQL that selects `doc` and `cell` (see `store`) of every app that matches the parameter `match`.
        probe: SQL that selects a row if the document `i.doc` matches the parameter `match`.
    """

    matches: str
    cells: str
    probe: str

    def prepare(self, work: Work) -> None:
        """Ready a unit of work for searching."""
        ...

    def compile(self, terms: Sequence[Term], excluded: Sequence[Term]) -> str:
        """Return the database's own words for terms that must all be found, and others of which none may be."""
        ...

    def compile_any(self, terms: Sequence[Term]) -> str:
        """Return the database's own words for terms of which any must be found."""
        ...

    def probe_cost(self, terms: Sequence[Term]) -> int:
        """Return how many matches are collected in the time of one `probe`; 0 when no number is known."""
        ...

    def write(self, work: Work, words: dict[int, str], cells: dict[int, int]) -> None:
        """Keep words and cells of apps, by document number; new apps come with both, others with what changed."""
        ...

    def clear(self, work: Work) -> None:
        """Forget everything."""
        ...
