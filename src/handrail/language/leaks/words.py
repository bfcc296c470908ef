"""What names say: of a field, whether it may carry data about somebody; of a text, which kind of data it speaks of."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from handrail.language.leaks.systems import kinds, public_words

_CAMEL: Final = re.compile(r"([a-z0-9])([A-Z])")
_REMEMBERED_MAX: Final = 200
_WORD: Final = re.compile(r"[^\W\d_]+")
# Last words of fields whose value says nothing about anybody: keys, states, counts, times, shapes.
_HARMLESS: Final = frozenset(
    {
        "id", "ids", "uuid", "guid", "etag", "hash", "status", "state", "type", "kind", "count", "total", "length",
        "index", "page", "limit", "offset", "cursor", "size", "ok", "success", "code", "date", "time", "timestamp",
        "created", "updated", "modified", "at", "version", "format", "mimetype", "extension", "width", "height",
        "enabled", "active", "number", "url", "uri", "link", "href", "ts", "timezone", "locale",
    }
)  # fmt: skip
_LINKS: Final = frozenset({"url", "urls", "uri", "link", "links", "href"})
# `count_email` is how many there are, as a summary names it.
_NUMBER_OF: Final = frozenset({"count", "num", "nr", "unique"})
# Fields that name a person or what only they should know.
_PERSONAL: Final = frozenset(
    {
        "email", "emails", "mail", "phone", "mobile", "telephone", "firstname", "lastname", "fullname", "surname",
        "birthday", "birthdate", "dob", "address", "ssn", "iban", "salary", "passport", "attendees", "organizer",
        "customer", "client", "employee", "patient", "contact", "diagnosis", "resume", "cv", "nombre", "correo",
        "telefono", "apellido", "nachname", "vorname", "adresse", "telefon", "prenom", "nom",
    }
)  # fmt: skip
_NAMES_OF_PEOPLE: Final = frozenset(
    {
        "first", "last", "full", "display", "given", "family", "customer", "client", "lead", "contact", "user",
        "employee", "sender", "member", "guest", "candidate", "applicant", "patient", "student", "owner", "assignee",
        "visitor", "subscriber", "buyer", "donor", "tenant", "passenger", "teacher", "doctor", "driver", "recruiter",
        "person", "colleague", "caller", "attendee", "recipient", "payer", "holder", "beneficiary", "author",
    }
)  # fmt: skip


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name, lower case: `firstName` and `first_name` give `first`, `name`."""
    # Whole texts come only once, and would fill the memory.
    return _words_of(text) if len(text) <= _REMEMBERED_MAX else _words_of.__wrapped__(text)


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_CAMEL.sub(r"\1 \2", text).lower().replace("_", " ")))


def is_harmless(field: str) -> bool:
    """Tell whether a field's value can say nothing about anybody: a key, a state, a count, a time."""
    words = words_of(_last(field))
    if len(words) > 1 and words[0] in _NUMBER_OF:
        return True
    return bool(words) and words[-1] in _HARMLESS and not set(words) & _PERSONAL


def is_link(field: str) -> bool:
    """Tell whether a field's value is an address that may be opened."""
    return bool(_LINKS & set(words_of(_last(field))[-1:]))


def is_personal(field: str) -> bool:
    """Tell whether a field names a person or what only they should know."""
    words = words_of(_last(field))
    if set(words) & _PERSONAL or "".join(words) in _PERSONAL:
        return True
    return len(words) > 1 and words[-1] == "name" and words[0] in _NAMES_OF_PEOPLE


def is_about_things(field: str) -> bool:
    """Tell whether a field speaks of a thing or of content made to be seen, not of a person."""
    words = words_of(_last(field))
    if len(words) > 1 and words[-1] == "name":
        return words[0] not in _NAMES_OF_PEOPLE
    return bool(set(words) & public_words())


def kinds_in(texts: Iterable[str], wanted: frozenset[str]) -> dict[str, int]:
    """Return how many words of texts speak of each kind of data."""
    found: dict[str, int] = {}
    table = _kinds_by_word()
    for text in texts:
        for word in words_of(text):
            for kind in table.get(word, ()):
                if kind in wanted:
                    found[kind] = found.get(kind, 0) + 1
    return found


def publics_in(texts: Iterable[str]) -> int:
    """Return how many words of texts speak of content made to be seen."""
    known = public_words()
    return sum(word in known for text in texts for word in words_of(text))


@cache
def _kinds_by_word() -> dict[str, tuple[str, ...]]:
    result: dict[str, list[str]] = {}
    for kind in kinds().values():
        for word in kind.words:
            result.setdefault(word, []).append(kind.name)
    return {word: tuple(names) for word, names in result.items()}


def _last(field: str) -> str:
    return field.rsplit(".", 1)[-1]
