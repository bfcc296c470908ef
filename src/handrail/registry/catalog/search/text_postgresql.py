"""Full-text search by PostgreSQL's tsvector; written as literals, so that no parser of its own splits words anew."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Phrase, Term

_WRITE: Final = text("""
    INSERT INTO app_words (doc, cell, words) VALUES (:doc, :cell, CAST(:words AS tsvector))
    ON CONFLICT (doc) DO UPDATE SET cell = excluded.cell, words = excluded.words
""")
_WORDS: Final = text("UPDATE app_words SET words = CAST(:words AS tsvector) WHERE doc = :doc")
_CELL: Final = text("UPDATE app_words SET cell = :cell WHERE doc = :doc")
# Compiling a plan takes longer than any of these statements, and their tables are small enough to stay in memory.
_SETTINGS: Final = "SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1"
_CLEAR: Final = text("DELETE FROM app_words")
# A tsvector holds places up to this one; what stands behind it is found as a word, not in a phrase.
_PLACE_MAX: Final = 16_383


class PostgresText:
    """Words as tsvector in a table beside the index."""

    matches = "SELECT doc FROM app_words WHERE words @@ CAST(:{0} AS tsquery)"
    cells = "SELECT doc, cell FROM app_words WHERE words @@ CAST(:match AS tsquery)"
    probe = "SELECT 1 FROM app_words WHERE app_words.doc = i.doc AND words @@ CAST(:match AS tsquery)"

    def prepare(self, work: Work) -> None:
        work.connection.exec_driver_sql(_SETTINGS)

    def compile(self, terms: Sequence[Term], excluded: Sequence[Term]) -> str:
        found = " & ".join(map(_any_phrase, terms))
        return f"{found} & !({self.compile_any(excluded)})" if excluded else found

    def compile_any(self, terms: Sequence[Term]) -> str:
        return " | ".join(map(_any_phrase, terms))

    def probe_cost(self, terms: Sequence[Term]) -> int:  # noqa: ARG002 - it reads one row, whatever they are
        return 2

    def write(self, work: Work, words: dict[int, str], cells: dict[int, int]) -> None:
        fresh = words.keys() & cells.keys()
        work.run_many(_WRITE, [{"doc": doc, "cell": cells[doc], "words": _vector(words[doc])} for doc in sorted(fresh)])
        work.run_many(_WORDS, [{"doc": doc, "words": _vector(words[doc])} for doc in sorted(words.keys() - fresh)])
        work.run_many(_CELL, [{"doc": doc, "cell": cells[doc]} for doc in sorted(cells.keys() - fresh)])

    def clear(self, work: Work) -> None:
        work.run(_CLEAR)


def _vector(words: str) -> str:
    return " ".join(f"'{word}':{min(place, _PLACE_MAX)}" for place, word in enumerate(words.split(), 1))


def _any_phrase(term: Term) -> str:
    return f"({' | '.join(map(_phrase, term))})"


def _phrase(phrase: Phrase) -> str:
    quoted = [f"'{word}'" for word in phrase.words]
    if phrase.prefix:
        quoted[-1] += ":*"
    return "(" + " <-> ".join(quoted) + ")"
