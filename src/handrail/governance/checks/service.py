"""From a definition to findings."""

import hashlib
import logging
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import PurePath
from typing import Any, Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import SEVERITIES, Finding, Fix
from handrail.governance.checks.packages import PLATFORM, Lookup, dependency_file, packages_of
from handrail.governance.checks.registry import RULES, rule
from handrail.governance.checks.rules import FAMILIES
from handrail.kernel.errors import HandrailError
from handrail.language import leaks as leak_engine
from handrail.language.graph import Step
from handrail.language.importers import Definition, read_definitions
from handrail.language.importers.dependencies import names_dependencies
from handrail.language.leaks import Boundary, LeakReport

_LOG: Final = logging.getLogger(__name__)
_REVISION: Final = "k2"
"""Raised by hand when a rule says something else than before."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One definition with what was found in it."""

    definition: Definition
    leaks: LeakReport
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file with what was found in it.

    Attributes:
        file: Its name.
        checked: Its definitions, in order.
        error: Why it could not be read; then there are no definitions.
        kept: Whether it is a file that was kept, in which placeholders are where secrets stood.
    """

    file: str
    checked: tuple[Checked, ...] = ()
    error: Finding | None = None
    kept: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return everything that was found, file error included."""
        own = (self.error,) if self.error else ()
        return own + tuple(finding for each in self.checked for finding in each.findings)


@cache
def engine() -> str:
    """Return the revision of everything that decides what is found: rules and packs."""
    found = hashlib.sha256()
    for each in RULES:
        found.update(f"{each.id} {each.severity}\n".encode())
    packs = resources.files("handrail_packs")
    for folder in ("builders", "systems", "classify"):
        for path, data in sorted(_content(packs / folder, folder)):
            found.update(path.encode() + b"\0" + data)
    return f"{_REVISION}:{found.hexdigest()[:16]}"


def _content(folder: Any, name: str) -> Iterable[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for each in folder.iterdir():
        if each.is_dir():
            yield from _content(each, f"{name}/{each.name}")
        elif each.name.endswith((".csv", ".json", ".yaml")):
            yield f"{name}/{each.name}", each.read_bytes()


def check(
    definition: Definition, boundary: Boundary, leaks: LeakReport | None = None, lookup: Lookup | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong with a definition, worst first.

    A rule that fails is a finding itself: what could not be checked is never silence. `leaks` is what the leak engine
    says, if the caller has asked it already. `lookup` is where the packages of a script are looked up; without one
    the caller does so itself.
    """
    found: list[Finding] = []
    if leaks is None:
        try:
            leaks = leak_engine.analyse(definition.graph, boundary)
        except Exception as error:  # noqa: BLE001 - see above
            leaks = LeakReport()
            found.append(_failed("leak", error))
    if leaks.cut:
        found.append(_cut_off())
    look = Look(definition, boundary, leaks)
    for name, family in FAMILIES:
        try:
            found += family(look)
        except Exception as error:  # noqa: BLE001 - see above
            found.append(_failed(name, error))
    if lookup is not None and definition.platform == PLATFORM and definition.text:
        found += _packages(definition.text.encode(), "script.py", lookup)
    return worst_first(found)


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity and rule."""
    return tuple(sorted(found, key=lambda each: (SEVERITIES.index(each.severity), each.rule)))


def _packages(data: bytes, filename: str, lookup: Lookup) -> tuple[Finding, ...]:
    try:
        return packages_of(data, filename, lookup)
    except HandrailError as error:
        return (replace(unreadable(error), line=_last_number(error.place)),)
    except Exception as error:  # noqa: BLE001 - as for the other rules
        return (_failed("vulnerable-dependency", error),)


def _last_number(place: str) -> int:
    last = place.rpartition(":")[2]
    return int(last) if last.isascii() and last.isdigit() and len(last) < 9 else 0


def _check_list(data: bytes, filename: str, lookup: Lookup | None) -> FileReport:
    """Check a file that lists packages and nothing else."""
    found = _packages(data, filename, lookup) if lookup else ()
    failed = next((each for each in found if each.rule == "unreadable"), None)
    if failed:
        return FileReport(filename, error=failed)
    return FileReport(filename, (Checked(dependency_file(data, filename), LeakReport(), worst_first(found)),))


def check_file(
    data: bytes, filename: str, boundary: Boundary, lookup: Lookup | None = None, *, kept: bool = False
) -> FileReport:
    """Read a file and check every definition in it; a file that cannot be read is a finding.

    Args:
        data: The file.
        filename: Its name.
        boundary: What counts as inside.
        lookup: Where packages of scripts are looked up; None leaves them alone.
        kept: Whether the file was kept without its secrets: its placeholders are found as the secrets were.
    """
    if names_dependencies(filename):
        return _check_list(data, filename, lookup)
    try:
        definitions = read_definitions(data, filename, kept=kept)
    except HandrailError as error:
        return FileReport(filename, error=unreadable(error))
    checked = []
    for definition in definitions:
        failed: tuple[Finding, ...] = ()
        try:
            report = leak_engine.analyse(definition.graph, boundary)
        except Exception as error:  # noqa: BLE001 - whatever it was, it becomes a finding
            report, failed = LeakReport(), (_failed("leak", error),)
        checked.append(Checked(definition, report, failed + check(definition, boundary, report, lookup)))
    return FileReport(filename, tuple(checked), kept=kept)


def unreadable(error: HandrailError) -> Finding:
    """Return the finding for a file that could not be read."""
    line, column = _line_of(error.place)
    return Finding(
        rule="unreadable",
        severity="block",
        text=error.message,
        line=line,
        why="What cannot be read cannot be checked.",
        evidence={"code": error.code, "place": error.place, "column": column},
        fix=Fix(error.fix or rule("unreadable").help),
    )


def _line_of(place: str) -> tuple[int, int]:
    parts = place.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        return int(parts[1]), int(parts[2])
    return 0, 0


def _failed(name: str, error: Exception) -> Finding:
    # The error's own words may quote a stranger's file, so only its kind and place are logged.
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    way = " > ".join(f"{PurePath(each.filename).name}:{each.lineno}" for each in frames)
    _LOG.error("the check %s failed: %s at %s", name, type(error).__name__, way)
    return Finding(
        rule="check-failed",
        severity="block",
        text=f"The check {name!r} could not run on this definition.",
        why="Nothing was proved, so nothing may pass.",
        evidence={"check": name},
        fix=Fix(rule("check-failed").help),
    )


def _cut_off() -> Finding:
    return Finding(
        rule="check-failed",
        severity="block",
        text="This flow is too large to follow all of its data; some leaks may not be listed.",
        why="Nothing was proved of the rest, so it may not pass.",
        evidence={"check": "leak", "limit": True},
        fix=Fix("Split it into several flows that call each other."),
    )


def keyed(findings: Iterable[Finding], steps: Iterable[Step]) -> list[tuple[str, Finding]]:
    """Return findings with keys that stay when other steps come and go: by rule, step and field, never by index."""
    held = {step.id: step for step in steps}
    count: Counter[str] = Counter()
    result = []
    for finding in findings:
        step = held.get(finding.step)
        within = finding.pointer.removeprefix(step.pointer) if step else finding.pointer
        # In a script a step's id holds its line, which every line above it changes.
        who = step.name if step and step.line else finding.step
        said: Mapping[str, Any] = finding.evidence
        parts = [finding.rule, who, within, str(said.get("from", "")), str(said.get("host", ""))]
        if "package" in said:
            parts.append(str(said["package"]))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        count[digest] += 1
        result.append((digest if count[digest] == 1 else f"{digest}-{count[digest]}", finding))
    return result


ENGINE: Final = engine()
"""What decides findings, in one word: a definition checked by the same revision need not be checked again."""
