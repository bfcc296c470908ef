"""Changes of a JSON file's text that leave everything else as it was: indents, order, numbers, the last newline."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handrail.governance.checks.json_patch import PatchInvalid, tokens
from handrail.language.classify import redact_text
from handrail.language.importers import positions
from handrail.language.importers.characters import whole

_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Member:
    key: str
    start: int
    value: int
    end: int


def splice(text: str, operations: Iterable[Mapping[str, Any]]) -> str:
    """Return the text after `add`, `remove` and `replace` operations.

    Raises:
        PatchInvalid: If one does not apply.
    """
    for operation in operations:
        pointer = str(operation["path"])
        if operation["op"] == "replace":
            text = _replaced(text, pointer, operation["value"])
        elif operation["op"] == "remove":
            text = _removed(text, pointer)
        elif operation["op"] == "add":
            text = _added(text, pointer, operation["value"])
        else:
            raise PatchInvalid("Only adding, removing and replacing can be written into a file.", place=pointer)
    return text


def _span(text: str, pointer: str) -> tuple[int, int]:
    found = positions.spans(text, [pointer]).get(pointer)
    if found is None:
        raise PatchInvalid("The file has no such place.", place=pointer)
    return found


def _replaced(text: str, pointer: str, value: Any) -> str:
    start, end = _span(text, pointer)
    return text[:start] + _written(text, value, _indent_at(text, start), inline=False) + text[end:]


def _removed(text: str, pointer: str) -> str:
    parent, _, _ = pointer.rpartition("/")
    members = _members(text, _span(text, parent)[0])
    index = _index(text, members, pointer)
    if index is None:
        raise PatchInvalid("The file has no such place.", place=pointer)
    if len(members) == 1:
        start, end = _span(text, parent)
        return text[: start + 1] + text[end - 1 :]
    if index < len(members) - 1:
        return text[: members[index].start] + text[members[index + 1].start :]
    return text[: members[index - 1].end] + text[members[index].end :]


def _added(text: str, pointer: str, value: Any) -> str:
    parent, _, _ = pointer.rpartition("/")
    last = tokens(pointer)[-1]
    start, end = _span(text, parent)
    is_list = text[start] == "["
    members = _members(text, start)
    index = None if last == "-" else _index(text, members, pointer)
    if index is not None and not is_list:
        return _replaced(text, pointer, value)
    key = "" if is_list else json.dumps(last, ensure_ascii=False) + (":" if _is_dense(text) else ": ")
    if not members:
        return _first(text, (start, end), key, value)
    before = text[start + 1 : members[0].start]
    inline = "\n" not in before
    gap = before if not inline else (before or ("" if _is_dense(text) else " "))
    indent = before.rpartition("\n")[2] if not inline else ""
    body = key + _written(text, value, indent, inline=inline)
    if index is not None:
        at = members[index].start
        return f"{text[:at]}{body},{gap}{text[at:]}"
    at = members[-1].end
    return f"{text[:at]},{gap}{body}{text[at:]}"


def _first(text: str, span: tuple[int, int], key: str, value: Any) -> str:
    start, end = span
    unit = _unit(text)
    if not unit:
        return f"{text[: start + 1]}{key}{_written(text, value, '', inline=True)}{text[end - 1 :]}"
    outer = _indent_at(text, start)
    line = _newline(text)
    body = key + _written(text, value, outer + unit, inline=False)
    return f"{text[: start + 1]}{line}{outer}{unit}{body}{line}{outer}{text[end - 1 :]}"


def _members(text: str, start: int) -> list[_Member]:
    """Return what stands directly inside the object or list that begins there.

    Raises:
        PatchInvalid: If it is neither.
    """
    if text[start] not in "{[":
        raise PatchInvalid("What stands here holds nothing else.")
    found: list[_Member] = []
    is_list = text[start] == "["
    depth, key, key_at, value_at, last_end, waits = 0, "", -1, -1, -1, not is_list
    for token in _TOKEN.finditer(text, start + 1):
        mark = token[0]
        if depth:
            depth += (mark in "[{") - (mark in "]}")
            last_end = token.end()
            continue
        if mark in ",]}":
            if value_at >= 0:
                found.append(_Member(key, key_at if not is_list else value_at, value_at, last_end))
            if mark != ",":
                return found
            key, key_at, value_at, waits = "", -1, -1, not is_list
        elif mark == ":":
            waits = False
        elif waits:
            key, key_at = whole(json.loads(mark)), token.start()
        else:
            value_at, last_end = token.start(), token.end()
            depth = int(mark in "[{")
    raise PatchInvalid("The file ends in the middle of a value.")


def _index(text: str, members: list[_Member], pointer: str) -> int | None:
    last = tokens(pointer)[-1]
    if members and text[members[0].value - 1 : members[0].value] is not None and members[0].start == members[0].value:
        return int(last) if last.isdigit() and int(last) < len(members) else None
    exact = next((number for number, each in enumerate(members) if each.key == last), None)
    return exact if exact is not None else next(
        (number for number, each in enumerate(members) if redact_text(each.key) == last), None
    )  # fmt: skip


def _written(text: str, value: Any, indent: str, *, inline: bool) -> str:
    unit = _unit(text)
    if inline or not unit or not isinstance(value, (dict, list)) or not value:
        marks = (",", ":") if _is_dense(text) else (", ", ": ")
        return json.dumps(value, ensure_ascii=False, separators=marks)
    lines = json.dumps(value, ensure_ascii=False, indent=unit).split("\n")
    return f"{_newline(text)}{indent}".join(lines)


def _indent_at(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _unit(text: str) -> str:
    found = re.search(r"[\[{]\r?\n([ \t]+)\S", text)
    return found[1] if found else ""


def _is_dense(text: str) -> bool:
    found = re.search(r'"\s*:(\s?)', text)
    return found is not None and not found[1]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text[:4096] else "\n"
