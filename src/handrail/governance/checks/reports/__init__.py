"""Findings for other programs: rows of a scan, SARIF for pull requests, JUnit for CI."""

from handrail.governance.checks.reports.junit import junit
from handrail.governance.checks.reports.rows import error_row, finding_row, scan_row
from handrail.governance.checks.reports.sarif import sarif
from handrail.governance.checks.reports.showing import Shown, shown

__all__ = ["Shown", "error_row", "finding_row", "junit", "sarif", "scan_row", "shown"]
