"""Background work: versions that sources saw, or that an older engine read, are checked."""

import logging
import threading
from typing import Final

from handrail.governance.checks import Weaknesses
from handrail.governance.estate.dependencies import lookup_at
from handrail.governance.estate.service import link
from handrail.governance.estate.versions import check_source, keep_findings, unchecked
from handrail.language.leaks import Boundary
from handrail.platform.database import Database
from handrail.registry import catalog

log: Final = logging.getLogger("handrail.estate")
_EVERY_S: Final = 2.0
_AT_ONCE: Final = 20


def check_versions_forever(
    database: Database, boundary: Boundary, stop: threading.Event, weaknesses: Weaknesses | None = None
) -> None:
    """Check what nobody has checked yet, until `stop`."""
    while not stop.wait(_EVERY_S):
        while check_some_versions(database, boundary, weaknesses) and not stop.is_set():
            pass


def check_some_versions(database: Database, boundary: Boundary, weaknesses: Weaknesses | None = None) -> int:
    """Check a few versions that the checks as they are now have not read; return how many."""
    with database.read() as work:
        versions = unchecked(work, _AT_ONCE, boundary)
        sources = catalog.sources_of(work, versions)
    if not versions:
        return 0
    # No transaction is open while they are read.
    lookup = lookup_at(weaknesses, database.clock())
    found = [
        (
            each.id,
            check_source(each.platform, f"version-{each.number}", sources.get(each.source_digest), boundary, lookup),
        )
        for each in versions
    ]
    with database.begin() as work:
        for version_id, findings in found:
            keep_findings(work, version_id, findings, boundary)
        link(work, exact=[findings.exact for _, findings in found])
    return len(found)
