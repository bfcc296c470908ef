"""The change that ends findings of a definition, made on a copy of what was kept, and checked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from handrail.governance import checks
from handrail.governance.checks import Lookup
from handrail.governance.checks.fixes.mending import difference
from handrail.governance.estate.details import held_of
from handrail.governance.estate.findings import fix_document
from handrail.governance.estate.listing import row_of
from handrail.governance.estate.model import Detail
from handrail.language.leaks import Boundary
from handrail.platform.database import Work
from handrail.registry.identity import Caller

# Each fix is tried, which reads the document again: what takes longer than a person waits is offered in words.
_TRIED_MAX: Final = 256 * 1024
_FIXES_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """A definition to mend.

    Attributes:
        file: Name of the file that it stands in.
        number: Which definition of that file, from 0.
        data: The file as it is kept, laid out over lines.
        findings: Key and severity of what was found in the file itself: of some placeholders nobody can tell any more
            whether a secret stood there, or what only looked like one.
    """

    file: str
    number: int
    data: bytes
    findings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many findings of each severity are left."""

    block: int
    warn: int
    note: int


@dataclass(frozen=True, slots=True)
class Mended:
    """What a change would bring.

    Attributes:
        diff: Unified, of the document as it is kept.
        patch: RFC 6902 operations; empty for a script.
        resolved: Keys of the findings that it ends.
        refused: Key and reason of those that were asked for and stay.
        content: The whole mended document.
    """

    diff: str
    patch: tuple[Mapping[str, Any], ...]
    resolved: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    remaining: Remaining
    content: str


def to_mend(work: Work, caller: Caller, definition_id: str) -> Subject:
    """Return what `mend` needs, so that no transaction waits for it.

    Raises:
        DefinitionUnknown: If there is none that the caller may see.
    """
    row = row_of(work, caller, definition_id)
    held, document = held_of(work, row.id)
    findings = {each["key"]: each["severity"] for each in held["findings"]}
    return Subject(held["file"], held["number"], laid_out(document), findings)


def mend(subject: Subject, keys: Sequence[str], boundary: Boundary, lookup: Lookup | None = None) -> Mended:
    """Make the change that ends some findings on a copy, each only if the same checks say that it helped.

    Args:
        subject: What to mend.
        keys: Of findings; of all but notes when empty.
        boundary: What counts as inside.
        lookup: Where packages are looked up.
    """
    name = subject.file.rpartition("!")[2]
    report = checks.check_file(subject.data, name, boundary, lookup, kept=True)
    before = _findings(report, subject.number)
    doubtful = before.keys() - subject.findings.keys()
    before = {key: severity for key, severity in before.items() if key not in doubtful}
    wanted = keys or [key for key, severity in before.items() if severity != "note"]
    chosen = {(subject.number, key) for key in wanted}
    mended = checks.mend(subject.data, name, boundary, keys=chosen, report=report, lookup=lookup)
    after = _findings(mended.report, subject.number)
    there = {**subject.findings, **after}
    left = [severity for key, severity in there.items() if key not in doubtful and (key in after or key not in before)]
    content = mended.data.decode("utf-8")
    return Mended(
        diff=difference(subject.file, subject.data.decode("utf-8"), content),
        patch=tuple(operation for _, fix in mended.resolved for operation in fix.patch),
        resolved=tuple(key for (_, key), _ in mended.resolved),
        refused=tuple((key, why) for (_, key), why in mended.refused),
        remaining=Remaining(left.count("block"), left.count("warn"), left.count("note")),
        content=content,
    )


def with_tried_fixes(detail: Detail, subject: Subject, boundary: Boundary, lookup: Lookup | None = None) -> Detail:
    """Return a definition whose mechanical fixes were tried: what does not help is offered in words only."""
    findings = detail.held["findings"]
    offered = sum(1 for each in findings if each["fix"] and each["fix"]["mechanical"])
    tried: dict[str, dict[str, Any]] = {}
    if 0 < offered <= _FIXES_MAX and len(subject.data) <= _TRIED_MAX:
        name = subject.file.rpartition("!")[2]
        report = checks.check_file(subject.data, name, boundary, lookup, kept=True)
        report = checks.verified(subject.data, name, boundary, report, lookup)
        if subject.number < len(report.checked):
            own = report.checked[subject.number]
            tried = {
                key: fix_document(each.fix)
                for key, each in checks.keyed(own.findings, own.definition.graph.steps)
                if each.fix
            }
    held = {**detail.held, "findings": [_with(each, tried) for each in findings]}
    return replace(detail, held=held)


def _findings(report: checks.FileReport, number: int) -> dict[str, str]:
    if number >= len(report.checked):
        return {}
    own = report.checked[number]
    return {key: each.severity for key, each in checks.keyed(own.findings, own.definition.graph.steps)}


def laid_out(document: Any) -> bytes:
    """Return a kept document as a file that a person can read."""
    return document.encode() if isinstance(document, str) else orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _with(finding: Mapping[str, Any], tried: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    fix = finding["fix"]
    if fix and fix["mechanical"]:
        fix = tried.get(finding["key"], {**fix, "mechanical": False})
    return {**finding, "fix": fix}
