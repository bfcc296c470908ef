"""Beginnings of words, asked for as the words that have them.

A text index finds a whole word faster than a beginning, above all when one app is asked about. The last word that
somebody typed is taken for a beginning even when it is a whole word, and then few others begin so.
"""

from typing import Final

from sqlalchemy import text

from handrail.platform.database import Work
from handrail.registry.catalog.search.query import Phrase, Term
from handrail.registry.catalog.search.words import grams_of

_FEW: Final = 8
# Words are ASCII letters and digits, all of which come before the tilde.
_BEGIN: Final = text("SELECT word FROM search_word WHERE word >= :word AND word < :behind ORDER BY word LIMIT :limit")


def whole_words(work: Work, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return terms that find the same, with the known words instead of a beginning that only few have."""
    return tuple(tuple(whole for phrase in term for whole in _whole(work, phrase)) for term in terms)


def _whole(work: Work, phrase: Phrase) -> tuple[Phrase, ...]:
    *before, last = phrase.words
    # Numbers and very short words are not among the known ones.
    if not phrase.prefix or last[0].isdigit() or not grams_of(last):
        return (phrase,)
    found = [row[0] for row in work.tuples(_BEGIN, word=last, behind=f"{last}~", limit=_FEW + 1)]
    if not 0 < len(found) <= _FEW:
        return (phrase,)
    return tuple(Phrase((*before, word)) for word in found)
