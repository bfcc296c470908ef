"""The text of a file as it may be shown: every secret replaced, every line in its place."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.model import Finding
from handrail.governance.checks.service import FileReport
from handrail.language.classify import redact_text
from handrail.language.importers import positions

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_MAIL: Final = re.compile(r"[\w.+-]{1,64}(?=@[\w-]+\.)")
_EXCERPT_MAX: Final = 110


def printable(text: str) -> str:
    """Return text without anything that a terminal obeys: control characters are spelled out."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file's text without secrets, and where findings stand in it.

    Attributes:
        text: Lines are those of the file.
        places: By pointer: line, column, end line, end column, from 1.
        lines: Of the text.
    """

    text: str
    places: dict[str, positions.Position]
    lines: tuple[str, ...]

    def place(self, finding: Finding) -> positions.Position:
        """Return where a finding stands; the first line where nobody can tell."""
        if finding.pointer and finding.pointer in self.places:
            return self.places[finding.pointer]
        line = finding.line or 1
        column = finding.evidence.get("column", 1)
        column = column if isinstance(column, int) and column > 0 else 1
        return line, column, line, column + 1

    def excerpt(self, finding: Finding) -> tuple[str, str]:
        """Return the line of a finding and a line with carets below it."""
        line, column, end_line, end_column = self.place(finding)
        held = self.lines[line - 1].rstrip("\r") if line <= len(self.lines) else ""
        start = column - 1
        end = end_column - 1 if end_line == line else len(held)
        # A file without line breaks is one line of a megabyte.
        cut = max(0, start - 40) if len(held) > _EXCERPT_MAX else len(held) - len(held.lstrip())
        window = held[cut : cut + _EXCERPT_MAX]
        start, end = max(start - cut, 0), max(end - cut, start - cut, 0)
        before, marked, rest = map(_discreet, (window[:start], window[start:end], window[end:]))
        return f"{before}{marked}{rest}", " " * len(before) + "^" * max(1, len(marked))


def shown(data: bytes, report: FileReport) -> Shown:
    """Return a file's text without its secrets, with the place of every finding.

    Args:
        data: The file's bytes.
        report: What was found in it.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    definitions = [each.definition for each in report.checked]
    script = next((each.text for each in definitions if each.text), "")
    if script:
        return Shown(script, {}, tuple(script.split("\n")))
    findings = [finding for each in report.checked for finding in each.findings]
    for definition in definitions:
        if definition.document is not None:
            text = _without(text, definition.document, {each.pointer for each in definition.secrets})
    lines = tuple(map(redact_text, text.split("\n")))
    text = "\n".join(lines)
    return Shown(text, positions.locate(text, {each.pointer for each in findings if each.pointer}), lines)


def _without(text: str, document: object, pointers: Iterable[str]) -> str:
    found = positions.spans(text, pointers)
    for pointer, (start, end) in sorted(found.items(), key=lambda each: each[1], reverse=True):
        held = resolve(document, pointer, "[secret]")
        text = text[:start] + json.dumps(held, ensure_ascii=False) + text[end:]
    return text


def _discreet(text: str) -> str:
    """Return a piece of a line for a log that others read: nobody's mail address, nothing that a terminal obeys."""
    return printable(_MAIL.sub("...", text.replace("\t", " ")))
