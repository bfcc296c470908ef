"""What a script's packages add to the findings of its file."""

from dataclasses import replace
from datetime import datetime

from handrail.governance.checks.osv import Index, check_dependencies
from handrail.governance.checks.service import FileReport
from handrail.language.importers.dependencies import read_dependencies


def with_packages(report: FileReport, data: bytes, index: Index | None, now: datetime) -> FileReport:
    """Return a script's report with findings about the packages that it asks for, in its first definition.

    Args:
        report: What was found in the file.
        data: The file.
        index: The imported vulnerability data; None when there is none, which is a finding of its own.
        now: With a time zone.
    """
    if not report.checked or not report.file.lower().endswith(".py"):
        return report
    first = report.checked[0]
    found = check_dependencies(read_dependencies(data, report.file), index, now)
    return replace(report, checked=(replace(first, findings=first.findings + found), *report.checked[1:]))
