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
    probe = "SELECT 1 FROM app_words WHERE app_words MATCH :match AND app_words.rowid = i.doc"

    def compile(self, terms: Sequence[Term], *, every: bool) -> str:
        joined = (" AND " if every else " OR ").join(
            "(" + " OR ".join(_phrase(phrase) for phrase in term) + ")" for term in terms
        )
        return f"words : ({joined})"

    def write(self, work: Work, words: dict[int, str]) -> None:
        work.run_many(_DELETE, [{"doc": doc} for doc in words])
        work.run_many(_INSERT, [{"doc": doc, "words": held} for doc, held in words.items()])

    def clear(self, work: Work) -> None:
        work.run(_CLEAR)


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.prefix else "")
