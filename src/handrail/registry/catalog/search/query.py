"""What people type, as a tree: words, phrases, beginnings, exclusions and `key:value` filters."""

import re
from dataclasses import dataclass, field
from typing import Final

from handrail.registry.catalog.search.errors import QueryInvalid
from handrail.registry.catalog.search.model import FLAGS, RUNS, STAGES
from handrail.registry.catalog.search.words import words_of

QUERY_MAX: Final = 500
_TERMS_MAX: Final = 32
_PIECE: Final = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"?|([^\s"]+))')
_KEYS: Final = {
    "owner": "owner",
    "team": "team",
    "stage": "stage",
    "runs": "runs",
    "platform": "platform",
    "data": "data_class",
    "dataclass": "data_class",
    "class": "data_class",
    "is": "is",
}
_KNOWN: Final = {"stage": STAGES, "runs": RUNS, "is": (*FLAGS, "retired")}
_WORDS: Final = {"review": "in_review", "held": "quarantined", "ownerless": "no_owner"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another; with `prefix` the last is only a beginning."""

    words: tuple[str, ...]
    prefix: bool = False


# A term is found when any of its phrases is.
Term = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A text, read.

    Attributes:
        terms: Every one must be found.
        excluded: None of these may be found.
        keys: Values of `key:value`, by the name of the filter (`is` for flags).
    """

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    keys: dict[str, list[str]] = field(default_factory=dict)


def parse(text: str) -> Query:
    """Read what a person typed; everything has a meaning, so only its size can be wrong.

    Raises:
        QueryInvalid: If it is too long.
    """
    if len(text) > QUERY_MAX:
        _too_long(f"The search has {len(text)} characters.", f"Use at most {QUERY_MAX}.")
    included: list[Phrase] = []
    excluded: list[Phrase] = []
    keys: dict[str, list[str]] = {}
    pieces = list(_PIECE.finditer(text))
    for piece in pieces:
        minus, key, quoted, bare = piece.groups()
        value = bare if quoted is None else quoted
        named = _key(key.lower(), value) if key and not minus else None
        if named is not None:
            keys.setdefault(named[0], []).append(named[1])
            continue
        words = tuple(words_of(f"{key or ''} {value}"))
        if not words:
            continue
        last = piece is pieces[-1] and quoted is None and not minus
        phrase = Phrase(words, prefix=last or (quoted is None and value.endswith("*")))
        (excluded if minus else included).append(phrase)
    if len(included) + len(excluded) > _TERMS_MAX:
        _too_long(f"The search has {len(included) + len(excluded)} words.", f"Use at most {_TERMS_MAX}.")
    return Query(tuple((phrase,) for phrase in included), tuple((phrase,) for phrase in excluded), keys)


def _key(key: str, value: str) -> tuple[str, str] | None:
    """Return a filter and its value, or None when the text is no filter but words."""
    name = _KEYS.get(key)
    value = value.strip().lower()
    if name is None or not value or "\x00" in value:
        return None
    known = _KNOWN.get(name)
    if known is None:
        return name, value
    value = value.replace("-", "_") if name == "is" else value
    value = _WORDS.get(value, value)
    meant = [each for each in known if each == value] or [each for each in known if each.startswith(value)]
    return (name, meant[0]) if len(meant) == 1 else None


def _too_long(message: str, fix: str) -> None:
    raise QueryInvalid(message, fix=fix, place="q")
