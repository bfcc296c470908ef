"""Full-text search by PostgreSQL's tsvector; written as literals, so that no parser of its own splits words anew."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Phrase, Term

_WRITE: Final = text("""
    INSERT INTO app_words (doc, words) VALUES (:doc, CAST(:words AS tsvector))
    ON CONFLICT (doc) DO UPDATE SET words = excluded.words
""")
_CLEAR: Final = text("DELETE FROM app_words")
# A tsvector holds places up to this one; what stands behind it is found as a word, not in a phrase.
_PLACE_MAX: Final = 16_383


class PostgresText:
    """Words as tsvector in a table beside the index."""

    matches = "SELECT doc FROM app_words WHERE words @@ CAST(:{0} AS tsquery)"
    probe = "SELECT 1 FROM app_words WHERE app_words.doc = i.doc AND words @@ CAST(:match AS tsquery)"

    def compile(self, terms: Sequence[Term], *, every: bool) -> str:
        return (" & " if every else " | ").join(
            "(" + " | ".join(_phrase(phrase) for phrase in term) + ")" for term in terms
        )

    def write(self, work: Work, words: dict[int, str]) -> None:
        rows = [{"doc": doc, "words": _vector(held)} for doc, held in words.items()]
        work.run_many(_WRITE, rows)

    def clear(self, work: Work) -> None:
        work.run(_CLEAR)


def _vector(words: str) -> str:
    return " ".join(f"'{word}':{min(place, _PLACE_MAX)}" for place, word in enumerate(words.split(), 1))


def _phrase(phrase: Phrase) -> str:
    quoted = [f"'{word}'" for word in phrase.words]
    if phrase.prefix:
        quoted[-1] += ":*"
    return "(" + " <-> ".join(quoted) + ")"
