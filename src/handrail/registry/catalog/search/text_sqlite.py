"""Full-text search by SQLite's FTS5."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Phrase, Term

_DELETE: Final = text("DELETE FROM app_words WHERE rowid = :doc")
_INSERT: Final = text("INSERT INTO app_words (rowid, words) VALUES (:doc, :words)")
_CLEAR: Final = text("DELETE FROM app_words")


class SqliteText:
    """Words in an FTS5 table; its row numbers are the document numbers."""

    matches = "SELECT rowid AS doc FROM app_words WHERE app_words MATCH :{0}"
    cells = """
        SELECT d.doc, d.cell FROM app_words JOIN app_cell AS d ON d.doc = app_words.rowid
        WHERE app_words MATCH :match
    """
    probe = "SELECT 1 FROM app_words WHERE app_words MATCH :match AND app_words.rowid = i.doc"

    def prepare(self, work: Work) -> None:
        """SQLite needs nothing."""

    def compile(self, terms: Sequence[Term], excluded: Sequence[Term]) -> str:
        found = " AND ".join(map(_any_phrase, terms))
        if excluded:
            found = f"({found}) NOT ({' OR '.join(map(_any_phrase, excluded))})"
        return f"words : ({found})"

    def compile_any(self, terms: Sequence[Term]) -> str:
        return f"words : ({' OR '.join(map(_any_phrase, terms))})"

    def probe_cost(self, terms: Sequence[Term]) -> int:
        # Beginnings of other lengths than the table's `prefix` are merged anew for each probe.
        phrases = [phrase for term in terms for phrase in term]
        return 200 if all(not phrase.prefix or len(phrase.words[-1]) in {2, 3} for phrase in phrases) else 0

    def write(self, work: Work, words: dict[int, str], cells: dict[int, int]) -> None:  # noqa: ARG002 - app_cell is near
        work.run_many(_DELETE, [{"doc": doc} for doc in words])
        work.run_many(_INSERT, [{"doc": doc, "words": held} for doc, held in words.items()])

    def clear(self, work: Work) -> None:
        work.run(_CLEAR)


def _any_phrase(term: Term) -> str:
    return f"({' OR '.join(map(_phrase, term))})"


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.prefix else "")
