"""JSON as written: nothing repaired, nothing doubled, numbers kept to the letter.

Integers that every JSON reader agrees on stay integers. Any other number becomes `{"$number": "<text>"}`, so 1.0
and 1 differ and no digit is lost; a key of the source that looks like our mark gets one more `$`, so nothing written
by a stranger can be mistaken for it. The reader is fast on good input; only a refusal pays for finding its place.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from handrail.language.classify import redact_text
from handrail.language.importers.characters import whole, whole_values
from handrail.language.importers.errors import ArtefactInvalid, ArtefactTooLarge

SIZE_MAX: Final = 8 * 1024 * 1024
DEPTH_MAX: Final = 100
CONTAINERS_MAX: Final = 400_000
NUMBER_MAX: Final = 64
NUMBER_KEY: Final = "$number"
_SAFE: Final = 2**53 - 1
_OWN_KEY: Final = re.compile(r"\$+number")
_SHAPE: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\[\]{}]', re.DOTALL)
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)


class _Doubled(Exception):
    pass


class _NoNumber(Exception):
    pass


class _LongNumber(Exception):
    pass


class _HugeNumber(Exception):
    pass


def read_json(data: bytes, filename: str) -> Any:
    """Read JSON text (UTF-8, a byte order mark is accepted).

    Raises:
        ArtefactInvalid: With file, line and column.
        ArtefactTooLarge: Above `SIZE_MAX` bytes, `DEPTH_MAX` levels or `CONTAINERS_MAX` objects and lists.
    """
    return _read(data, filename, _MARKED)


def read_plain_json(data: bytes, filename: str) -> Any:
    """Read JSON text with numbers as numbers and keys as they are, otherwise as strictly as `read_json`.

    Half characters are read as U+FFFD: exports that cut texts leave them behind, and nothing can store them.

    Raises:
        ArtefactInvalid: As `read_json`; also for a number that no float holds.
        ArtefactTooLarge: As `read_json`.
    """
    value = _read(data, filename, _PLAIN)
    if not _HALF.search(data):
        return value
    try:
        return whole_values(value)
    except ValueError:
        raise _doubled(_decode(data, filename), filename) from None


def is_number(value: Any) -> bool:
    """Tell whether this is how `read_json` writes a number."""
    return isinstance(value, Mapping) and len(value) == 1 and isinstance(value.get(NUMBER_KEY), str)


def plain(value: Any) -> Any:
    """Return what `read_json` gave as plain JSON: numbers as numbers, keys as in the file."""
    if isinstance(value, Mapping):
        if is_number(value):
            return _to_number(value[NUMBER_KEY])
        return {(key[1:] if _OWN_KEY.fullmatch(key) else key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def _read(data: bytes, filename: str, decoder: json.JSONDecoder) -> Any:
    if len(data) > SIZE_MAX:
        raise ArtefactTooLarge(
            f"The file has {len(data):,} bytes; at most {SIZE_MAX:,} can be read.",
            fix="Export one flow at a time, without pinned data.",
            place=filename,
        )
    text = _decode(data, filename)
    _measure(text, filename)
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        raise ArtefactInvalid(
            f"This is no JSON: {error.msg[0].lower()}{error.msg[1:]}.",
            fix="Export the flow again, and do not edit the file by hand.",
            place=f"{filename}:{error.lineno}:{error.colno}",
        ) from None
    except _Doubled:
        raise _doubled(text, filename) from None
    except _NoNumber:
        raise ArtefactInvalid(
            "NaN and Infinity are not JSON.",
            fix="Write null or a number.",
            place=f"{filename}:{_find_constant(text)}",
        ) from None
    except _LongNumber:
        raise ArtefactTooLarge(
            f"A number has more than {NUMBER_MAX} characters.", fix="Write it as text.", place=filename
        ) from None
    except _HugeNumber:
        raise ArtefactInvalid(
            "A number is larger than a computer's numbers are.", fix="Write it as text.", place=filename
        ) from None


def _doubled(text: str, filename: str) -> ArtefactInvalid:
    key, place = _find_doubled(text)
    return ArtefactInvalid(
        f"The key {redact_text(key)[:60]!r} stands twice in one object, so readers would disagree on it.",
        fix="Remove one of the two.",
        place=f"{filename}:{place}",
    )


def _decode(data: bytes, filename: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise ArtefactInvalid(
            "This is not UTF-8 text.", fix="Save the file as UTF-8.", place=f"{filename}:{line}:{column}"
        ) from None


def _measure(text: str, filename: str) -> None:
    depth = containers = 0
    for found in _SHAPE.finditer(text):
        mark = found[0]
        if mark in "[{":
            depth += 1
            containers += 1
            if depth > DEPTH_MAX or containers > CONTAINERS_MAX:
                what = f"deeper than {DEPTH_MAX} levels" if depth > DEPTH_MAX else f"above {CONTAINERS_MAX:,} values"
                raise ArtefactTooLarge(
                    f"The file is {what}.",
                    fix="Export one flow at a time.",
                    place=f"{filename}:{_place(text, found.start())}",
                )
        elif mark in "]}":
            depth -= 1
        elif mark == '"':
            return


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = {("$" + key if key[:1] == "$" and _OWN_KEY.fullmatch(key) else key): each for key, each in pairs}
    if len(result) != len(pairs):
        raise _Doubled
    return result


def _integer(text: str) -> Any:
    if len(text) <= len(str(_SAFE)) + 1 and text != "-0":
        value = int(text)
        if -_SAFE <= value <= _SAFE:
            return value
    return _number(text)


def _number(text: str) -> dict[str, str]:
    if len(text) > NUMBER_MAX:
        raise _LongNumber
    return {NUMBER_KEY: text}


def _plain_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _Doubled
    return result


def _plain_integer(text: str) -> int:
    if len(text) > NUMBER_MAX:
        raise _LongNumber
    return int(text)


def _plain_number(text: str) -> float:
    if len(text) > NUMBER_MAX:
        raise _LongNumber
    value = float(text)
    if value in _INFINITE:
        raise _HugeNumber
    return value


def _to_number(text: str) -> int | float | str:
    """Return the number that a mark holds; the text itself where a stranger wrote the mark."""
    if len(text) > NUMBER_MAX:
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return text
    return text if value in _INFINITE or value != value else value  # noqa: PLR0124


def _constant(_name: str) -> Any:
    raise _NoNumber


def _place(text: str, offset: int) -> str:
    return f"{text.count(chr(10), 0, offset) + 1}:{offset - text.rfind(chr(10), 0, offset)}"


def _find_doubled(text: str) -> tuple[str, str]:
    stack: list[set[str] | None] = []
    key_next = False
    for found in _TOKEN.finditer(text):
        mark = found[0]
        if mark in "{[":
            stack.append(set() if mark == "{" else None)
            key_next = mark == "{"
        elif mark in "}]":
            stack.pop()
            key_next = False
        elif mark == ",":
            key_next = bool(stack) and stack[-1] is not None
        elif key_next and stack and stack[-1] is not None:
            key = whole(str(json.loads(mark)))
            if key in stack[-1]:
                return key, _place(text, found.start())
            stack[-1].add(key)
            key_next = False
    return "", "1:1"


def _find_constant(text: str) -> str:
    names = {"NaN", "Infinity", "-Infinity"}
    return next((_place(text, each.start()) for each in _TOKEN.finditer(text) if each[0] in names), "1:1")


_INFINITE: Final = (float("inf"), float("-inf"))
_MARKED: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
_PLAIN: Final = json.JSONDecoder(
    object_pairs_hook=_plain_object, parse_int=_plain_integer, parse_float=_plain_number, parse_constant=_constant
)
