"""`handrail fix`: the changes that a program can make, each tried before it is offered; locally, without a server."""

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handrail.kernel.errors import HandrailError
from handrail.surfaces.cli.client import REFUSED, USAGE, fail
from handrail.surfaces.cli.definition_files import Found, Progress, boundary_of, found_files, printable
from handrail.surfaces.cli.output import say
from handrail.surfaces.cli.vulnerabilities import index_option, lookup_of

if TYPE_CHECKING:
    from handrail.governance.checks import Lookup, Mended


@click.command(epilog="Examples: handrail fix flows/ --dry-run; handrail fix flow.json --write --rule hardcoded-secret")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--dry-run", "dry_run", is_flag=True, help="Print the difference, and write nothing.")
@click.option("--write", is_flag=True, help="Write the changed files in their place.")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only for findings of this rule; may be repeated.")
@click.option("--boundary", metavar="FILE", help="What counts as inside the company; else HANDRAIL_BOUNDARY.")
@index_option
def fix(
    paths: tuple[str, ...], dry_run: bool, write: bool, rules: tuple[str, ...], boundary: str | None, index: str | None
) -> None:
    """Make the changes that a program can make, and print them as a unified difference.

    A change is made only if the same checks, run again, say that the finding is gone and nothing new blocks. Secrets
    are never printed: the difference shows placeholders in their place. Notes are left alone unless --rule names them.
    """
    from handrail.governance.checks import rule

    if dry_run == write:
        fail("Choose one of --dry-run and --write.", USAGE, fix="Begin with --dry-run.")
    try:
        wanted = frozenset(rule(each).id for each in rules)
    except HandrailError as error:
        fail(error.message, USAGE, fix=error.fix)
    chosen, lookup = boundary_of(boundary), lookup_of(index)
    progress, ended, left, conflicts = Progress(), 0, 0, 0
    for found in found_files(paths):
        progress.step(found.name)
        mended = _mended(found, chosen, lookup, wanted)
        if mended is None:
            continue
        before, after = mended
        ended += len(after.resolved)
        left += len(after.refused)
        if after.data == before:
            continue
        progress.end()
        click.echo(_difference(found.name, before, after, chosen), nl=False)
        why = _not_written(found.path, before, after.data) if write else ""
        if why:
            conflicts += 1
            ended -= len(after.resolved)
            say(f"{printable(found.name)}: {why}, so it was left alone")
    progress.end()
    did = "would end" if dry_run else "ended"
    say(f"{did} {ended} finding{'s'[: ended != 1]}; {left} need{'s'[: left == 1]} a person")
    sys.exit(REFUSED if conflicts else 0)


def _mended(found: Found, boundary: Any, lookup: "Lookup", wanted: frozenset[str]) -> "tuple[bytes, Mended] | None":
    from handrail.governance.checks import check_file, mend
    from handrail.language.importers.archives import is_archive

    try:
        data = found.read()
    except OSError as error:
        say(f"{printable(found.name)}: {error.strerror}")
        return None
    if is_archive(data):
        if found.named:
            say(f"{printable(found.name)}: an archive is not changed; unpack it first")
        return None
    report = check_file(data, found.name, boundary, lookup)
    if report.error:
        if found.named or report.error.evidence.get("code") != "artefact_unknown":
            say(f"{printable(found.name)}: {printable(report.error.text)}")
        return None
    return data, mend(data, found.name, boundary, rules=wanted, report=report, lookup=lookup)


def _difference(name: str, before: bytes, after: "Mended", boundary: Any) -> str:
    from handrail.governance.checks import check_file
    from handrail.governance.checks.fixes.mending import difference
    from handrail.governance.checks.reports import shown

    old = shown(before, check_file(before, name, boundary)).text
    new = shown(after.data, after.report).text
    return "".join(
        "".join(printable(part) + "\n" for part in line.removesuffix("\n").split("\n"))
        for line in difference(name, old, new).splitlines(keepends=True)
    )


def _not_written(path: Path, before: bytes, after: bytes) -> str:
    """Put the new content in the file's place at once; say why if that could not be."""
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    except OSError as error:
        return f"it cannot be written ({error.strerror})"
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, target.stat().st_mode & 0o7777)  # noqa: PTH101 - a name, no path
        if target.read_bytes() != before:
            return "changed meanwhile"
        os.replace(name, target)  # noqa: PTH105 - same
    except OSError as error:
        return f"it cannot be written ({error.strerror})"
    finally:
        Path(name).unlink(missing_ok=True)
    return ""
