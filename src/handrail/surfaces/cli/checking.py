"""`handrail check`: what is wrong with flows and how to fix it; locally, without a server."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handrail.kernel.errors import HandrailError
from handrail.surfaces.cli.client import MISSING, REFUSED, USAGE, fail
from handrail.surfaces.cli.definition_files import Progress, boundary_of, found_files, printable
from handrail.surfaces.cli.output import emit, say
from handrail.surfaces.cli.vulnerabilities import index_option, lookup_of

if TYPE_CHECKING:
    from handrail.governance.checks import FileReport, Finding, Lookup
    from handrail.governance.checks.reports import Shown

_FORMATS = click.Choice(["table", "json", "jsonl", "sarif", "junit", "yaml"])
_ORDER = ("block", "warn", "note")


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was checked: its path, what was found, its text without secrets, its bytes."""

    file: str
    report: "FileReport"
    text: "Shown"
    data: bytes


@click.command(
    epilog="Examples: handrail check flows/; handrail check flow.json -o sarif > handrail.sarif; "
    "handrail check flows/ --baseline known.json --fail-on warn"
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--boundary", metavar="FILE", help="What counts as inside the company; else HANDRAIL_BOUNDARY.")
@index_option
@click.option("-o", "--output", type=_FORMATS, default="table", show_default=True, help="How to print the findings.")
@click.option("--fail-on", type=click.Choice(["block", "warn"]), default="block", show_default=True,
              help="From which severity on it ends with 1.")  # fmt: skip
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only findings of this rule; may be repeated.")
@click.option("--baseline", metavar="FILE",
              help="Findings that are known, as -o json printed them earlier; they are not shown again.")  # fmt: skip
@click.option("--notes/--no-notes", default=True, show_default=True, help="Whether notes are printed.")
def check(
    paths: tuple[str, ...],
    boundary: str | None,
    index: str | None,
    output: str,
    fail_on: str,
    rules: tuple[str, ...],
    baseline: str | None,
    notes: bool,
) -> None:
    """Say what is wrong with the flows under these paths, why, and how to fix it.

    It ends with 1 when a finding blocks, and also when a file or a rule could not be checked.
    """
    wanted = _wanted(rules)
    known = _known(baseline)
    held = []
    progress = Progress()
    for each in _checked(paths, boundary_of(boundary), lookup_of(index), progress):
        kept = _filtered(each, wanted, known, notes=notes)
        if output in {"sarif", "junit"} or kept.findings:
            held.append(replace(each, report=kept))
    progress.end()
    _print(held, output, fail_on)
    fails = _ORDER[: _ORDER.index(fail_on) + 1]
    count = {
        severity: sum(each.severity == severity for item in held for each in item.report.findings)
        for severity in _ORDER
    }
    say(", ".join(f"{count[each]} {each}{'s'[: count[each] != 1]}" for each in _ORDER))
    sys.exit(REFUSED if any(count[each] for each in fails) else 0)


def _wanted(rules: tuple[str, ...]) -> frozenset[str]:
    from handrail.governance.checks import rule

    try:
        return frozenset(rule(each).id for each in rules)
    except HandrailError as error:
        fail(error.message, USAGE, fix=error.fix)


def _known(baseline: str | None) -> frozenset[tuple[str, int, str]]:
    if baseline is None:
        return frozenset()
    try:
        held = json.loads(Path(baseline).read_bytes())
        rows = held["items"] if isinstance(held, dict) else held
        return frozenset((str(each["file"]), int(each["definition"]), str(each["key"])) for each in rows)
    except OSError as error:
        fail(f"The baseline {baseline!r} cannot be read: {error.strerror}.", MISSING)
    except (ValueError, KeyError, TypeError):
        from handrail.governance.checks import BaselineInvalid

        error_said = BaselineInvalid(
            f"{baseline!r} is no list of findings.", fix="Write it with handrail check PATH... -o json."
        )
        fail(error_said.message, USAGE, fix=error_said.fix)


def _checked(paths: tuple[str, ...], boundary: Any, lookup: "Lookup", progress: Progress) -> Iterator[Held]:
    from handrail.governance.checks import check_file, verified
    from handrail.governance.checks.reports import shown
    from handrail.surfaces.cli.reading import once, read_all

    told: set[str] = set()
    for found in found_files(paths, beside=True):
        progress.step(found.name)
        for name, data, broken in read_all(found):
            report = broken or check_file(data, name, boundary, lookup)
            unknown = report.error is not None and report.error.evidence.get("code") == "artefact_unknown"
            if unknown and not found.named:
                continue
            if report.findings:
                report = once(verified(data, name, boundary, report, lookup), told)
            yield Held(name, report, shown(data, report), data)


def _filtered(
    held: Held, wanted: frozenset[str], known: frozenset[tuple[str, int, str]], *, notes: bool
) -> "FileReport":
    from handrail.governance.checks import keyed

    checked = []
    for each in held.report.checked:
        own = keyed(each.findings, each.definition.graph.steps)
        kept = tuple(
            _with_line(finding, held.text)
            for key, finding in own
            if (not wanted or finding.rule in wanted or finding.rule == "check-failed")
            and (held.file, each.definition.index, key) not in known
            and (notes or finding.severity != "note")
        )
        checked.append(replace(each, findings=kept))
    return replace(held.report, checked=tuple(checked))


def _with_line(finding: "Finding", text: "Shown") -> "Finding":
    return finding if finding.line else replace(finding, line=text.place(finding)[0])


def _print(held: list[Held], output: str, fail_on: str) -> None:
    files = [(each.file, each.report, each.text) for each in held]
    if output == "table":
        for each in held:
            _table(each)
    elif output == "sarif":
        from handrail import __version__
        from handrail.governance.checks import ENGINE
        from handrail.governance.checks.reports import sarif

        click.echo(json.dumps(sarif(files, version=__version__, engine=ENGINE), indent=2))
    elif output == "junit":
        from handrail.governance.checks.reports import junit

        click.echo(junit(files, frozenset(_ORDER[: _ORDER.index(fail_on) + 1])), nl=False)
    else:
        emit({"items": [row for each in held for row in _rows(each)]}, output)


def _rows(held: Held) -> Iterator[dict[str, Any]]:
    from handrail.governance.checks import keyed
    from handrail.governance.checks.reports import finding_row

    if held.report.error:
        yield finding_row(held.file, 0, "unreadable", held.report.error)
    for each in held.report.checked:
        for key, finding in keyed(each.findings, each.definition.graph.steps):
            yield finding_row(held.file, each.definition.index, key, finding)


def _table(held: Held) -> None:
    if held.report.error:
        _block(held, held.report.error, {})
    for each in held.report.checked:
        names = {step.id: step.name for step in each.definition.graph.steps}
        for finding in each.findings:
            _block(held, finding, names)


def _block(held: Held, finding: "Finding", names: Mapping[str, str]) -> None:
    line, column, _, _ = held.text.place(finding)
    refs = f" ({', '.join(finding.refs)})" if finding.refs else ""
    click.echo(f"{printable(held.file)}:{line}:{column}  {finding.severity}  {finding.rule}{refs}")
    click.echo(f"  {printable(finding.text)}")
    if finding.pointer or finding.line:
        excerpt, carets = held.text.excerpt(finding)
        click.echo(f"  {line:>5} | {excerpt}\n        | {carets}")
    if finding.why:
        click.echo(f"  why: {printable(finding.why)}")
    path = finding.evidence.get("path")
    if isinstance(path, list):
        way = [*(names.get(each, each) for each in path), str(finding.evidence.get("destination", ""))]
        click.echo(f"  way: {printable(' > '.join(way))}")
    if finding.fix and finding.fix.text:
        how = " (handrail fix can do it)" if finding.fix.checked else ""
        click.echo(f"  fix: {printable(finding.fix.text)}{how}")
    click.echo()
