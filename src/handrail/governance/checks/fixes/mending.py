"""Make a change, read the file again, and keep the change only if the same checks say that it helped."""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from handrail.governance.checks.errors import FixNotPossible
from handrail.governance.checks.fixes.offering import offer
from handrail.governance.checks.fixes.splice import splice
from handrail.governance.checks.json_patch import PatchInvalid
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding, Fix
from handrail.governance.checks.packages import Lookup
from handrail.governance.checks.service import Checked, FileReport, check_file, keyed
from handrail.language.leaks import Boundary

_PLACEHOLDER: Final = re.compile(r"\[secret: [a-z-]+\]")

# To try a change is to read the file again, so large files with many findings are tried in part.
_TRIED_BYTES: Final = 4 * 1024 * 1024
_SCRIPT: Final = 10
_FINDING: Final = 256
_SPLICED_BYTES: Final = 16 * 1024 * 1024
_MENDED_BYTES: Final = 12 * 1024 * 1024

Checks = Callable[[bytes, str], FileReport]
Key = tuple[int, str]
"""Which definition of the file, and the finding's key in it."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A file after its fixes.

    Attributes:
        file: Its name.
        data: Its bytes; the same as before where nothing could be done.
        resolved: Findings that are gone, with what was done.
        refused: Findings that were asked for and stay, with why.
        report: What is found now.
    """

    file: str
    data: bytes
    resolved: tuple[tuple[Key, Fix], ...]
    refused: tuple[tuple[Key, str], ...]
    report: FileReport


def verified(
    data: bytes, filename: str, boundary: Boundary, report: FileReport | None = None, lookup: Lookup | None = None
) -> FileReport:
    """Return a file's report in which each mechanical fix was tried; what did not help is offered in words only."""
    before = report or check_file(data, filename, boundary, lookup)
    checks = partial(check_file, boundary=boundary, lookup=lookup, kept=before.kept)
    checked = []
    left = _tries(data, before, _TRIED_BYTES)
    for index, each in enumerate(before.checked):
        tried = []
        look = Look(each.definition, boundary, each.leaks)
        for key, finding in keyed(each.findings, each.definition.graph.steps):
            fix = offer(each.definition, finding, look)
            left -= fix.mechanical
            tried.append(replace(finding, fix=_tried(data, before, checks, (index, key), fix, may=left >= 0)))
        checked.append(replace(each, findings=tuple(tried)))
    return replace(before, checked=tuple(checked))


def _tries(data: bytes, report: FileReport, most: int) -> int:
    """Return how many changes may be tried; to read a script takes far longer than to read as much JSON."""
    size = len(data) * (_SCRIPT if any(each.definition.text for each in report.checked) else 1)
    return most // (size + 1024 + _FINDING * len(report.findings))


def _tried(data: bytes, before: FileReport, checks: Checks, key: Key, fix: Fix, *, may: bool) -> Fix:
    if fix.mechanical and not may:
        return Fix(fix.text)
    if fix.mechanical:
        try:
            _step(data, before, checks, key, fix)
        except FixNotPossible:
            return Fix(fix.text)
        return replace(fix, checked=True)
    return fix


def mend(
    data: bytes,
    filename: str,
    boundary: Boundary,
    *,
    keys: Collection[Key] | None = None,
    rules: Collection[str] = (),
    report: FileReport | None = None,
    lookup: Lookup | None = None,
) -> Mended:
    """Apply the mechanical fixes of a file one after the other, each only if it helps.

    Args:
        data: The file.
        filename: Its name.
        boundary: What counts as inside.
        keys: Which findings. By default all but notes: to remove a step that does nothing is for somebody to ask for.
        rules: Only findings of these rules, notes too.
        report: What was found in it, if the caller knows.
        lookup: Where packages are looked up, as for `check_file`.
    """
    now = report or check_file(data, filename, boundary, lookup)
    checks = partial(check_file, boundary=boundary, lookup=lookup, kept=now.kept)
    wanted = [
        (index, key)
        for index, each in enumerate(now.checked)
        for key, finding in keyed(each.findings, each.definition.graph.steps)
        if (
            (index, key) in keys if keys is not None else finding.rule in rules if rules else finding.severity != "note"
        )
    ]
    resolved: list[tuple[Key, Fix]] = []
    refused: list[tuple[Key, str]] = []
    left = _tries(data, now, _MENDED_BYTES)
    held: dict[int, dict[str, Finding]] = {}
    looks: dict[int, Look] = {}
    for index, key in _last_first(wanted):
        if index not in held:
            each = now.checked[index]
            held[index] = dict(keyed(each.findings, each.definition.graph.steps))
            looks[index] = Look(each.definition, boundary, each.leaks)
        found = held[index].get(key)
        if found is None:
            # An earlier change ended this one too.
            resolved.append(((index, key), Fix("Ended by another change.", checked=True)))
            continue
        fix = offer(now.checked[index].definition, found, looks[index])
        if not fix.mechanical:
            refused.append(((index, key), f"A person must decide. {fix.text}".strip()))
            continue
        left -= 1
        if left < 0:
            refused.append(((index, key), "This file is too large for so many changes at once; run it again."))
            continue
        try:
            data, now = _step(data, now, checks, (index, key), fix)
            held, looks = {}, {}
        except FixNotPossible as error:
            refused.append(((index, key), error.message))
        else:
            resolved.append(((index, key), replace(fix, checked=True)))
    return Mended(filename, data, tuple(resolved), tuple(refused), now)


def _last_first(keys: Sequence[Key]) -> Iterator[Key]:
    """Yield keys in order, but the last of equal findings first: when one is gone, those before it keep their keys."""
    groups: dict[tuple[int, str], list[Key]] = {}
    for index, key in keys:
        groups.setdefault((index, key.partition("-")[0]), []).append((index, key))
    for group in groups.values():
        yield from reversed(group)


def _step(data: bytes, before: FileReport, checks: Checks, key: Key, fix: Fix) -> tuple[bytes, FileReport]:
    """Return the file after one fix, and what is found then.

    Raises:
        FixNotPossible: If it cannot be made, or the finding stays, or something new blocks.
    """
    index, name = key
    changed = changed_bytes(data, fix)
    after = checks(changed, before.file)
    if after.error or len(after.checked) != len(before.checked):
        raise FixNotPossible("After this change the file could not be read any more.")
    base = name.partition("-")[0]
    if _count(after.checked[index], base) >= _count(before.checked[index], base):
        raise FixNotPossible("This change would not end the finding.")
    if any(_blocks(new) - _blocks(old) for new, old in zip(after.checked, before.checked, strict=True)):
        raise FixNotPossible("After this change something new would block.")
    return changed, after


def changed_bytes(data: bytes, fix: Fix) -> bytes:
    """Return a file after a fix, everything else as it was.

    Raises:
        FixNotPossible: If the file holds something else than the fix expects.
    """
    if len(fix.patch) * len(data) > _SPLICED_BYTES:
        raise FixNotPossible("This change touches too many places of a large file for a program to make it.")
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data.removeprefix(mark).decode("utf-8")
    try:
        text = _lines(text, fix.replace) if fix.replace else splice(text, fix.patch)
    except PatchInvalid as error:
        raise FixNotPossible("The file holds something else here.", place=error.place) from None
    return mark + text.encode("utf-8")


def _lines(text: str, changes: Sequence[tuple[int, str, str]]) -> str:
    lines = text.splitlines(keepends=True)
    for number, old, new in changes:
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        bare = line.rstrip("\r\n")
        # What the fix was made from has placeholders where this line has secrets.
        expected = ".*".join(map(re.escape, _PLACEHOLDER.split(old)))
        if not re.fullmatch(expected, bare):
            raise FixNotPossible("The file holds another line here.", place=f"line {number}")
        lines[number - 1] = new + line[len(bare) :]
    return "".join(lines)


def _count(checked: Checked, base: str) -> int:
    own = keyed(checked.findings, checked.definition.graph.steps)
    return sum(1 for key, _ in own if key.partition("-")[0] == base)


def _blocks(checked: Checked) -> Counter[str]:
    own = keyed(checked.findings, checked.definition.graph.steps)
    return Counter(key.partition("-")[0] for key, finding in own if finding.severity == "block")


def difference(file: str, before: str, after: str) -> str:
    """Return the unified difference of two texts, secrets replaced in both."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
        )
    )
