"""Secrets written into a flow become placeholders before anything else sees it.

Known fields first (`password`, an `Authorization` header, a platform's credential block), then fields whose names end
like one (`x-rapidapi-key`) and whose value looks generated, then shapes that are secrets wherever they stand
(`xoxb-...`, a private key). A placeholder names the kind only, so changing a secret keeps the digest. Expressions
(`{{ $json.token }}`) and obvious gaps (`YOUR_API_KEY`) are no secrets and stay.

The list is part of the source form: extending it changes the digest of a source that holds what is new on it, and of
no other. It grows only by what is a live secret; to keep one in the clear would be worse than one more review.

Redaction is wide, alarm is narrow: `Found.certain` tells what a person would take for a live secret.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.classify.placeholders import GAP, is_expression, is_placeholder, looks_live, looks_random
from handrail.language.classify.secret_fields import KNOWN_NAMES, field_kind, paired_secrets, role, says_reference
from handrail.language.classify.secret_shapes import RUN, SHAPES, Shape

_SCHEME: Final = re.compile(r"(=?\s*(?:bearer|basic|token|bot|apikey|api-key|digest)\s+)\S", re.IGNORECASE)
_BARE: Final = re.compile(r"=?\s*(?:(?:bearer|basic|token|bot|apikey|api-key|digest)(?:\s+|$))?", re.IGNORECASE)
_COOKIE: Final = re.compile(
    r"(?i)(?:auth|token|jwt|login|remember|li_at|sid_guard|access|refresh)[^=;]{0,40}=\s*([^;\s]+)"
)
_CONNECTION: Final = re.compile(
    r"(?i)(?:(?:password|pwd|accountkey|sharedaccesskey|signature)\s{0,4}=\s{0,4}|://[^\s:/@]{0,200}:)([^;@\s]{1,400})"
)
_SHORTEST: Final = 8
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """A secret that was replaced: its kind and where it stood, never its value.

    Attributes:
        kind: For example `slack-token` or `password`.
        pointer: JSON pointer into the redacted value; empty in a text.
        certain: Whether a person would take it for a live secret. False for what is replaced out of caution only.
        line: Line in a text, from 1; 0 where the pointer tells the place.
    """

    kind: str
    pointer: str
    certain: bool = True
    line: int = 0


def redact(value: Any, platform: str) -> tuple[Any, tuple[Found, ...]]:
    """Return a JSON value without its secrets, and where they were. What holds none is shared, not copied."""
    walk = _Walk(platform, _shapes_in(_texts(value)))
    return walk.value(value), tuple(walk.found)


def redact_text(text: str) -> str:
    """Return text with every secret of a known shape replaced."""
    return _without_shapes(text, SHAPES)[0]


def redact_script(text: str) -> tuple[str, tuple[Found, ...]]:
    """Return a script's text with every secret of a known shape replaced, and on which line each stood."""
    found = []
    for shape in SHAPES:
        if any(mark in text.lower() for mark in shape.marks):
            found += [
                Found(shape.kind, "", _is_certain(shape, match), text.count("\n", 0, match.start()) + 1)
                for match in shape.pattern.finditer(text)
            ]
            text = shape.pattern.sub(lambda match, shape=shape: _keep_lines(match, shape), text)  # type: ignore[misc]
    return text, tuple(sorted(found, key=lambda each: (each.line, each.kind)))


def secrets_in(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield each secret of a known shape: kind, first character, first character after it, whether it is certain."""
    if len(text) < _SHORTEST:
        return
    for shape in _shapes_in((text,)):
        for match in shape.pattern.finditer(text):
            start, end = _span(match)
            yield shape.kind, start, end, _is_certain(shape, match)


def placeholder(kind: str) -> str:
    """Return what stands in place of a secret."""
    return f"[secret: {kind}]"


def pointer_segment(key: str) -> str:
    """Return a key as it stands in a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _keep_lines(match: re.Match[str], shape: Shape) -> str:
    return match.expand(shape.replacement) + "\n" * match[0].count("\n")


def _texts(value: Any) -> set[str]:
    """Return every text and key that is long enough to hold a secret."""
    texts: set[str] = set()
    waiting = [value]
    while waiting:
        held = waiting.pop()
        if isinstance(held, dict):
            texts.update(held)
            waiting.extend(held.values())
        elif isinstance(held, list):
            waiting.extend(held)
        elif isinstance(held, str):
            texts.add(held)
    return texts


def _shapes_in(texts: Iterable[str]) -> tuple[Shape, ...]:
    """Return the shapes that texts may hold. One search through all of them is far cheaper than one for each."""
    lowered = "\0".join(texts).lower()
    runs = "\0".join(RUN.findall(lowered))
    return tuple(shape for shape in SHAPES if shape.may_stand_in(runs if shape.solid else lowered))


def _without_shapes(text: str, shapes: tuple[Shape, ...]) -> tuple[str, str | None, bool]:
    """Return text without secrets, the kind that says most, and whether one is certain."""
    if len(text) < _SHORTEST:
        return text, None, False
    lowered = text.lower()
    kind, certain = None, False
    for shape in shapes:
        if any(mark in lowered for mark in shape.marks):
            clean = shape.pattern.sub(shape.replacement, text)
            if clean == text:
                continue
            sure = any(_is_certain(shape, match) for match in shape.pattern.finditer(text))
            if kind is None or (sure and not certain):
                kind = shape.kind
            certain = certain or sure
            text = clean
    return text, kind, certain


def _is_certain(shape: Shape, match: re.Match[str]) -> bool:
    start, end = _span(match)
    held = match.string[start:end]
    if shape.speaks:
        return not is_placeholder(held)
    before = match["a"].lower()
    a_password = "pass" in before or "pwd" in before or (shape.kind == "basic-auth" and before.endswith(":"))
    return looks_live(held, "password") if a_password else looks_random(held)


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return where the secret itself stands, without what the shape keeps before and after it."""
    named = match.re.groupindex
    return match.end("a") if "a" in named else match.start(), match.start("z") if "z" in named else match.end()


class _Walk:
    """Copies only what changes; a pointer is made only for what is found."""

    def __init__(self, platform: str, shapes: tuple[Shape, ...]) -> None:
        self._platform = platform
        self._shapes = shapes
        self._path: list[str | int] = []  # keys and indexes
        self.found: list[Found] = []

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value) if self._shapes else value
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return self._list(value)
        return value

    def _note(self, kind: str, certain: bool) -> None:
        self.found.append(Found(kind, "".join(f"/{pointer_segment(str(each))}" for each in self._path), certain))

    def _text(self, text: str) -> str:
        clean, kind, certain = _without_shapes(text, self._shapes)
        if kind:
            self._note(kind, certain)
        return clean

    def _list(self, value: list[Any]) -> list[Any]:
        changed: list[Any] | None = None
        path = self._path
        for index, each in enumerate(value):
            if isinstance(each, (dict, list)) or (self._shapes and isinstance(each, str)):
                path.append(index)
                clean = self.value(each)
                path.pop()
                if clean is not each:
                    changed = changed or value.copy()
                    changed[index] = clean
        return value if changed is None else changed

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        names = self._clean_keys(value) if self._shapes else {}
        paired = paired_secrets(value)
        looks_at_text = bool(self._shapes)
        path = self._path
        changed: dict[str, Any] | None = None
        for key, each in value.items():
            said = paired[key] if key in paired else KNOWN_NAMES[key] if key in KNOWN_NAMES else role(key)
            clean = each
            if said or key == "credentials":
                path.append(names[key] if names else key)
                clean = self._member(value, key, each, said)
                path.pop()
            elif isinstance(each, str):
                if looks_at_text:
                    path.append(names[key] if names else key)
                    clean = self._text(each)
                    path.pop()
            elif isinstance(each, (dict, list)) and each:
                path.append(names[key] if names else key)
                clean = self._object(each) if isinstance(each, dict) else self._list(each)
                path.pop()
            if clean is not each:
                changed = changed or {}
                changed[key] = clean
        if names:
            return {names[key]: (changed or value).get(key, each) for key, each in value.items()}
        return {**value, **changed} if changed else value

    def _clean_keys(self, value: dict[str, Any]) -> dict[str, str]:
        """Return each key without secrets, still unique; empty when none holds one."""
        if all(len(key) < _SHORTEST or _without_shapes(key, self._shapes)[0] == key for key in value):
            return {}
        names: dict[str, str] = {}
        taken: set[str] = set()
        for key in value:
            clean = _without_shapes(key, self._shapes)[0]
            while clean in taken:
                clean += "'"
            taken.add(clean)
            names[key] = clean
        return names

    def _member(self, holder: dict[str, Any], key: str, value: Any, said: tuple[str, bool] | None) -> Any:
        if key == "credentials" and isinstance(value, dict):
            return self._credentials(value)
        if said and not says_reference(holder, key):
            kind, tells = said
            if not tells:
                return self._likely(kind, value)
            if not isinstance(value, (dict, list, bool)):
                return self._field(kind, value)
            if isinstance(value, dict) and set(value) == {"$number"}:
                return self._field(kind, value["$number"])
        return self.value(value)

    def _likely(self, kind: str, value: Any) -> Any:
        """Replace what stands in a field that may hold a secret, when it looks like one."""
        if isinstance(value, str) and self._is_literal(value) and looks_random(_bare(value)):
            return self._field(kind, value)
        return self.value(value)

    def _field(self, kind: str, value: Any) -> Any:
        if value is None or (isinstance(value, str) and not self._is_literal(value)):
            return self.value(value)
        worked_out = isinstance(value, str) and is_expression(_bare(value), self._platform)
        self._note(kind, isinstance(value, str) and not worked_out and _is_live_field(kind, value))
        scheme = _SCHEME.match(value) if isinstance(value, str) else None
        return (scheme[1] if scheme else "") + placeholder(kind)

    def _is_literal(self, text: str) -> bool:
        """Tell a value from an expression, a gap to be filled in, or a field's own name."""
        if is_expression(text, self._platform):
            return False
        bare = _bare(text)
        return not GAP.fullmatch(bare) and field_kind(bare) is None

    def _credentials(self, value: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        names = self._clean_keys(value) if self._shapes else {}
        for key, each in value.items():
            name = names.get(key, key)
            self._path.append(name)
            if self._platform != "n8n":
                result[name] = self._everything(each)
            elif isinstance(each, dict):
                result[name] = self._members(each)
            elif said := KNOWN_NAMES.get(key) or role(key):
                # Old exports write the credential's name here, under its type; a password is no type.
                result[name] = self._likely(said[0], each)
            else:
                result[name] = self.value(each)
            self._path.pop()
        return result if names or any(result[key] is not each for key, each in value.items()) else value

    def _members(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return an n8n credential: its id and name are what the platform shows, the rest is what it hides."""
        result: dict[str, Any] = {}
        names = self._clean_keys(value) if self._shapes else {}
        for key, held in value.items():
            name = names.get(key, key)
            self._path.append(name)
            result[name] = self.value(held) if key in {"id", "name"} else self._everything(held)
            self._path.pop()
        return result if names or any(result[key] is not held for key, held in value.items()) else value

    def _everything(self, value: Any) -> Any:
        if isinstance(value, dict) and set(value) != {"$number"}:
            result = {}
            names = self._clean_keys(value) if self._shapes else {}
            for key, each in value.items():
                name = names.get(str(key), str(key))
                self._path.append(name)
                result[name] = self._everything(each)
                self._path.pop()
            return result
        if isinstance(value, list):
            listed = []
            for index, each in enumerate(value):
                self._path.append(index)
                listed.append(self._everything(each))
                self._path.pop()
            return listed
        if value is None or isinstance(value, bool):
            return value
        self._note("credentials", isinstance(value, str) and looks_live(value, "password"))
        return placeholder("credentials")


def _bare(text: str) -> str:
    return _BARE.sub("", text.strip(), count=1).strip()


def _is_live_field(kind: str, text: str) -> bool:
    """Tell whether what a field for secrets holds is one.

    A cookie is when its own name says that it signs in, a connection string when it carries a password or key.
    """
    if kind == "cookie":
        return any(looks_random(each) for each in _COOKIE.findall(text))
    if kind == "connection-string":
        return any(looks_live(each, "password") for each in _CONNECTION.findall(text))
    held = _bare(text)
    if kind == "password":
        return looks_live(held, kind)
    return len(text) <= _LONGEST and any(looks_live(each, kind) for each in held.split())
