"""`handrail vulnerabilities`: what is known of weak packages, imported once and asked without a network."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from handrail.kernel.clock import SECOND, now_us
from handrail.surfaces.cli.client import MISSING, REFUSED, fail
from handrail.surfaces.cli.output import emit, output_option, say
from handrail.surfaces.cli.session_state import State

if TYPE_CHECKING:
    from handrail.governance.checks import Lookup
    from handrail.governance.checks.osv import Index

F = TypeVar("F", bound=Callable[..., Any])
_TOLD_EVERY = 500


def index_option(command: F) -> F:
    """Add `--index FILE` to a command that looks packages up, as the parameter `index`."""
    return click.option(
        "--index",
        metavar="FILE",
        help="Where imported weaknesses of packages are kept; else in the home folder.",
    )(command)


def lookup_of(index: str | None) -> "Lookup":
    """Return where packages are looked up, as of now."""
    from handrail.governance.checks import Lookup, Weaknesses

    return Lookup(Weaknesses(_path(index)), _now())


def _path(index: str | None) -> Path:
    from handrail.governance.checks.osv import FILE_NAME

    if index:
        return Path(index)
    state = click.get_current_context().find_root().obj
    return (state.settings().home if isinstance(state, State) else Path(".handrail")) / FILE_NAME


def _now() -> datetime:
    return datetime.fromtimestamp(now_us() // SECOND, UTC)


@click.group(epilog="Example: handrail vulnerabilities import all.zip")
def vulnerabilities() -> None:
    """Known weaknesses of Python packages; locally, without a server and without a network."""


@vulnerabilities.command("import", epilog="Example: handrail vulnerabilities import PyPI/all.zip")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@output_option
def import_(paths: tuple[str, ...], index: str | None, output: str) -> None:
    """Read an OSV dump (a zip, a folder or single records) and keep what decides about versions.

    It replaces what was imported before. The dump is what osv.dev publishes for PyPI; nothing is fetched.
    """
    from handrail.governance.checks.osv import import_dump, save_index
    from handrail.kernel.errors import HandrailError

    for each in paths:
        if not Path(each).exists():
            fail(f"{each!r} does not exist.", MISSING, fix="Name a zip or a folder with OSV records.")
    target = _path(index)
    shows = sys.stderr.isatty()

    def told(count: int) -> None:
        if shows and count % _TOLD_EVERY == 0:
            sys.stderr.write(f"\r\x1b[K{count:,} records")
            sys.stderr.flush()

    try:
        found = import_dump(map(Path, paths), told)
        if shows:
            sys.stderr.write("\r\x1b[K")
        if not found.packages:
            fail(
                "There is no record of a Python package here, so nothing was imported.",
                REFUSED,
                fix="Take the dump for PyPI: a zip with one JSON file a record.",
            )
        save_index(found, target)
    except HandrailError as error:
        fail(error.message, REFUSED, fix=error.fix, place=error.place)
    except OSError as error:
        fail(f"{os.fspath(target)} cannot be written: {error.strerror}.", REFUSED, fix="Name another with --index.")
    emit(_row(found, target) | {"skipped": found.skipped}, output)
    if found.is_stale(_now()):
        say("The newest record is old: checks will say so until a newer dump is imported.")


@vulnerabilities.command(epilog="Example: handrail vulnerabilities show -o json")
@index_option
@output_option
def show(index: str | None, output: str) -> None:
    """Show how much was imported and how old it is; ends with 4 when nothing was."""
    from handrail.governance.checks.osv import load_index
    from handrail.kernel.errors import HandrailError

    path = _path(index)
    try:
        found = load_index(path)
    except HandrailError as error:
        fail(error.message, REFUSED, fix=error.fix, place=os.fspath(path))
    if found is None:
        fail("Nothing was imported.", MISSING, fix="handrail vulnerabilities import all.zip (PyPI, from osv.dev)")
    emit(_row(found, path), output)


def _row(found: "Index", path: Path) -> dict[str, Any]:
    return {
        "records": found.records,
        "packages": len(found.packages),
        "newest": found.newest.date().isoformat() if found.newest else "",
        "stale": found.is_stale(_now()),
        "file": os.fspath(path),
    }
