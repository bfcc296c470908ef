"""`handrail scan`: what definitions there are, what they do, and what was found; locally, without a server."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from handrail.surfaces.cli.definition_files import Found, Progress, boundary_of, found_files, printable
from handrail.surfaces.cli.output import emit, say
from handrail.surfaces.cli.vulnerabilities import index_option, lookup_of

if TYPE_CHECKING:
    from handrail.governance.checks import Lookup

_FORMATS = click.Choice(["table", "json", "jsonl", "yaml"])


@click.command(epilog="Example: handrail scan flows/ --format jsonl > found.jsonl")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--boundary", metavar="FILE", help="What counts as inside the company; else HANDRAIL_BOUNDARY.")
@index_option
@click.option("--format", "form", type=click.Choice(["jsonl"]), help="The same as -o jsonl.")
@click.option("-o", "--output", type=_FORMATS, default="table", show_default=True, help="How to print the data.")
def scan(paths: tuple[str, ...], boundary: str | None, index: str | None, form: str | None, output: str) -> None:
    """Say what the flows under these paths do and where they are weak; one object per definition.

    A file that cannot be read is a row with an error; a file that is no flow is passed over. It ends with 1 when a file
    could not be read, whatever the findings are: `handrail check` is for those.
    """
    rows = _rows(paths, boundary, lookup_of(index))
    chosen = form or output
    broken = 0
    if chosen == "jsonl":
        import orjson

        for row in rows:
            broken += row["error"] is not None
            sys.stdout.write(orjson.dumps(row, option=orjson.OPT_PASSTHROUGH_SUBCLASS).decode() + "\n")
        sys.stdout.flush()
    else:
        held = list(rows)
        broken = sum(row["error"] is not None for row in held)
        emit({"items": held if chosen != "table" else [_line(row) for row in held]}, chosen, empty="No flows here.")
    sys.exit(int(broken > 0))


def _rows(paths: tuple[str, ...], boundary_file: str | None, lookup: "Lookup") -> Iterator[dict[str, Any]]:
    boundary = boundary_of(boundary_file)
    progress = Progress()
    skipped = count = 0
    told: set[str] = set()
    for found in found_files(paths, beside=True):
        progress.step(found.name)
        rows = list(_rows_of(found, boundary, lookup, told))
        skipped += not rows
        count += len(rows)
        yield from rows
    progress.end()
    say(f"{count} definition{'s'[: count != 1]}; {skipped} file{'s'[: skipped != 1]} passed over")


def _rows_of(found: Found, boundary: Any, lookup: "Lookup", told: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of one file; none when it is no flow and nobody named it."""
    from handrail.governance.checks import check_file
    from handrail.governance.checks.reports import error_row, scan_row
    from handrail.language.importers.dependencies import names_dependencies
    from handrail.surfaces.cli.reading import once, read_all

    for name, data, error in read_all(found):
        report = error or once(check_file(data, name, boundary, lookup), told)
        if report.error is None and (report.findings or not names_dependencies(name)):
            for checked in report.checked:
                yield scan_row(name, checked)
        elif report.error and (found.named or report.error.evidence.get("code") != "artefact_unknown"):
            yield error_row(name, report.error)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    count = {
        severity: sum(each["severity"] == severity for each in row["findings"])
        for severity in ("block", "warn", "note")
    }
    return {
        "file": printable(row["file"]),
        "name": printable(row["name"]) if not row["error"] else printable(row["error"]["text"]),
        "platform": row["format"] or "-",
        "steps": len(row["steps"]),
        "leaks": sum(each["rule"] == "leak" for each in row["findings"]),
        **count,
    }
