"""The bytes of a file, and of every file in it where it is an archive."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from handrail.kernel.errors import HandrailError, Invalid
from handrail.surfaces.cli.definition_files import Found

if TYPE_CHECKING:
    from handrail.governance.checks import FileReport


def read_all(found: Found) -> "Iterator[tuple[str, bytes, FileReport | None]]":
    """Yield (name, bytes, None) for each file, or (name, nothing, report) where it could not be read."""
    try:
        data = found.read()
    except OSError as error:
        yield (
            found.name,
            b"",
            _failed(found.name, Invalid(f"The file cannot be read: {error.strerror}.", place=found.name)),
        )
        return
    from handrail.language.importers.archives import is_archive, open_archive

    if not is_archive(data):
        yield found.name, data, None
        return
    try:
        for name, inner in open_archive(data, found.name):
            yield name, inner, None
    except HandrailError as error:
        yield found.name, b"", _failed(found.name, error)


def once(report: "FileReport", told: set[str]) -> "FileReport":
    """Return a report that does not say again what is true of this install and was said for an earlier file."""
    from handrail.governance.checks import without_told

    return replace(
        report, checked=tuple(replace(each, findings=without_told(each.findings, told)) for each in report.checked)
    )


def _failed(name: str, error: HandrailError) -> "FileReport":
    from handrail.governance.checks import FileReport, unreadable

    return FileReport(name, error=unreadable(error))
