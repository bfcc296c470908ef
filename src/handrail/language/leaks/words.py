"""What names say: of a field, whether it may carry data about somebody; of a text, which kind of data it speaks of."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from handrail.language.leaks.systems import kinds, public_words

_CAMEL: Final = re.compile(r"([a-z0-9])([A-Z])")
_WORD: Final = re.compile(r"[^\W\d_]+")
# Fields whose value says nothing about anybody: keys, states, counts, times, shapes.
_HARMLESS: Final = frozenset(
    {
        "id", "ids", "uuid", "guid", "key", "etag", "hash", "digest", "status", "state", "type", "kind", "mode",
        "count", "total", "length", "index", "page", "limit", "offset", "cursor", "size", "ok", "success", "error",
        "code", "date", "time", "timestamp", "created", "updated", "modified", "at", "row", "number", "version",
        "format", "mimetype", "mime", "extension", "width", "height", "enabled", "active", "true", "false", "null",
        "url", "uri", "link", "href", "path", "row_number", "source", "dataset", "task", "job", "run", "execution",
        "workflow", "chat", "message", "channel", "thread", "ts", "update", "language", "locale", "timezone", "snapshot",
    }
)  # fmt: skip
_LAST_HARMLESS: Final = frozenset(
    {
        "id", "ids", "uuid", "guid", "etag", "hash", "status", "state", "type", "kind", "count", "total", "length",
        "index", "page", "limit", "offset", "cursor", "size", "ok", "success", "code", "date", "time", "timestamp",
        "created", "updated", "modified", "at", "version", "format", "mimetype", "extension", "width", "height",
        "enabled", "active", "number", "url", "uri", "link", "href", "ts", "timezone", "locale",
    }
)  # fmt: skip
# Fields that name a person or what only they should know.
_PERSONAL: Final = frozenset(
    {
        "email", "emails", "mail", "phone", "mobile", "telephone", "firstname", "lastname", "fullname", "surname",
        "username", "birthday", "birthdate", "dob", "address", "street", "city", "zip", "postcode", "ssn", "iban",
        "salary", "passport", "gender", "age", "attendees", "organizer", "recipient", "sender", "from", "customer",
        "client", "employee", "patient", "contact", "company", "diagnosis", "resume", "cv", "whatsapp", "telegram",
        "nombre", "correo", "telefono", "apellido", "nachname", "vorname", "adresse", "telefon", "prenom", "nom",
    }
)  # fmt: skip
# Fields that carry whatever was put into them before.
_CARRIERS: Final = frozenset(
    {
        "text", "output", "content", "body", "data", "message", "response", "result", "results", "html", "json",
        "item", "items", "value", "values", "payload", "query", "question", "answer", "summary", "description",
        "subject", "prompt", "input", "chatinput", "markdown", "transcript", "transcription", "caption", "note",
        "notes", "comment", "comments", "details", "snippet", "file", "binary", "name", "title", "fields", "properties",
    }
)  # fmt: skip


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name, lower case: `firstName` and `first_name` give `first`, `name`."""
    return tuple(_WORD.findall(_CAMEL.sub(r"\1 \2", text).lower().replace("_", " ")))


def is_harmless(field: str) -> bool:
    """Tell whether a field's value can say nothing about anybody: a key, a state, a count, a time."""
    if not field:
        return False
    last = words_of(_last(field))
    return (
        bool(last)
        and (last[-1] in _LAST_HARMLESS or all(word in _HARMLESS for word in last))
        and not (set(last) & _PERSONAL)
    )


def is_personal(field: str) -> bool:
    """Tell whether a field names a person or what only they should know."""
    words = words_of(_last(field))
    return (
        bool(set(words) & _PERSONAL)
        or "".join(words) in _PERSONAL
        or (
            "name" in words
            and len(words) > 1
            and (
                words[0]
                in {"first", "last", "full", "customer", "client", "lead", "contact", "user", "employee", "sender"}
            )
        )
    )


def is_carrier(field: str) -> bool:
    """Tell whether a field carries what earlier steps put into it, whatever that was."""
    words = words_of(_last(field))
    return not words or words[-1] in _CARRIERS or "".join(words) in _CARRIERS


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
