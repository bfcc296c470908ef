"""Words that are spelled alike, for when no app has a word as it was typed."""

import difflib
from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Phrase, Query, Term
from handrail.registry.catalog.search.words import BORDER, grams_of

_GRAMS: Final[BindParameter[Any]] = bindparam("grams", expanding=True, type_=String)
_WORDS: Final[BindParameter[Any]] = bindparam("words", expanding=True, type_=String)
_KNOWN: Final = text("SELECT word FROM search_word WHERE word IN :words").bindparams(_WORDS)
_KEEP_WORD: Final = text("INSERT INTO search_word (word) VALUES (:word) ON CONFLICT (word) DO NOTHING")
_KEEP_GRAM: Final = text(
    "INSERT INTO search_gram (gram, word) VALUES (:gram, :word) ON CONFLICT (gram, word) DO NOTHING"
)
_CLEAR: Final = (text("DELETE FROM search_gram"), text("DELETE FROM search_word"))
_NEAR: Final = text("""
    SELECT word FROM search_gram WHERE gram IN :grams
    GROUP BY word HAVING COUNT(*) >= :least
    ORDER BY COUNT(*) DESC, word LIMIT 60
""").bindparams(_GRAMS)
_ALIKE: Final = 0.7
_MOST: Final = 12
_CHUNK: Final = 400


def keep_words(work: Work, texts: list[str]) -> None:
    """Remember the words of texts; a word stays until the next rebuild, and then finds nothing."""
    fresh = sorted({word for held in texts for word in held.split() if word != BORDER and grams_of(word)})
    for start in range(0, len(fresh), _CHUNK):
        chunk = fresh[start : start + _CHUNK]
        known = {row["word"] for row in work.all(_KNOWN, words=chunk)}
        new = [word for word in chunk if word not in known]
        work.run_many(_KEEP_WORD, [{"word": word} for word in new])
        work.run_many(_KEEP_GRAM, [{"gram": gram, "word": word} for word in new for gram in grams_of(word)])


def forget_words(work: Work) -> None:
    """Forget every word."""
    for statement in _CLEAR:
        work.run(statement)


def similar(work: Work, query: Query) -> Query | None:
    """Return the query with words that are spelled alike beside each of its own; None when there are none."""
    terms = tuple(_widened(work, term) for term in query.terms)
    return None if terms == query.terms else Query(terms, query.excluded, query.keys)


def _widened(work: Work, term: Term) -> Term:
    alike = [near for word in term[0].words for near in near_words(work, word)]
    return (*term, *(Phrase((word,)) for word in alike))


def near_words(work: Work, word: str) -> list[str]:
    """Return known words that hold this one, or that are spelled alike, the nearest first."""
    grams = grams_of(word)
    if not grams:
        return []
    # One wrong letter spoils three grams, two that changed places spoil four.
    least = max(1, len(grams) - 4)
    # In a short word nothing is left of it, so those are looked up as they may have been meant.
    swapped = [f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)]
    rows = [*work.all(_NEAR, grams=grams, least=least), *work.all(_KNOWN, words=swapped)]
    found = {str(row["word"]) for row in rows}
    scored = [(1.0 if word in each else difflib.SequenceMatcher(None, word, each).ratio(), each) for each in found]
    kept = sorted((-score, each) for score, each in scored if score >= _ALIKE and each != word)
    return [each for _, each in kept[:_MOST]]
