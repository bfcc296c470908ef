"""What checks say of the versions of registered apps; derived, so that it may be computed anew at any time."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from handrail.governance import checks
from handrail.governance.checks import Lookup
from handrail.governance.estate import version_store as store
from handrail.governance.estate.findings import finding_document
from handrail.governance.estate.reading import engine
from handrail.governance.estate.service import link
from handrail.kernel.errors import HandrailError
from handrail.language import leaks
from handrail.language.estates import exact_of
from handrail.language.importers import ArtefactInvalid, definition_of_source
from handrail.language.importers.python_script import PLATFORM
from handrail.language.leaks import Boundary
from handrail.platform.database import Work
from handrail.registry import catalog
from handrail.registry.catalog import VersionSummary

log: Final = logging.getLogger("handrail.estate")


@dataclass(frozen=True, slots=True)
class VersionFindings:
    """What was found in a version.

    Attributes:
        exact: As `Part.exact`; empty when its platform's stored form cannot be opened.
        findings: As a definition's page shows them; pointers lead into the version's source.
    """

    exact: str
    findings: tuple[Mapping[str, Any], ...]

    @property
    def blocks(self) -> list[Mapping[str, Any]]:
        """Return those that block."""
        return [each for each in self.findings if each["severity"] == "block"]


def findings_of(work: Work, version_id: str, boundary: Boundary | None = None) -> VersionFindings | None:
    """Return what was found in a version; None when the checks as they are now have not read it yet.

    Without a `boundary` it is what was found under the one that was used last.
    """
    row = work.one(store.OF_VERSION, version_id=version_id)
    by = "" if row is None else str(row["engine"])
    current = by.partition("+")[0] == checks.ENGINE if boundary is None else by == engine(boundary)
    return VersionFindings(row["exact"], tuple(orjson.loads(row["findings"]))) if row and current else None


def findings_now(
    work: Work, version: VersionSummary, boundary: Boundary, lookup: Lookup | None = None
) -> VersionFindings:
    """Return what was found in a version, computed anew if it has to be; stores nothing.

    A script is checked anew each time: what is known of its packages changes without it.
    """
    held = findings_of(work, version.id, boundary)
    if held is not None and not (lookup and version.platform == PLATFORM):
        return held
    source = catalog.sources_of(work, [version]).get(version.source_digest)
    return check_source(version.platform, f"version-{version.number}", source, boundary, lookup)


def check_source(
    platform: str, name: str, source: Any, boundary: Boundary, lookup: Lookup | None = None
) -> VersionFindings:
    """Check a stored source form; pure. One that cannot be opened is a finding, never silence."""
    try:
        definition = definition_of_source(platform, name, source)
        report = leaks.analyse(definition.graph, boundary)
        found = checks.check(definition, boundary, report, lookup)
        exact = exact_of(definition.graph) if any(True for _ in definition.graph.working()) else ""
        return VersionFindings(
            exact,
            tuple(
                finding_document(key, each, checks.offer(definition, each))
                for key, each in checks.keyed(found, definition.graph.steps)
            ),
        )
    except HandrailError as error:
        return _unread(error)
    except Exception as error:
        # One that nobody foresaw must stop neither an upload nor the check of the versions after it.
        log.exception("a version could not be checked: %s", type(error).__name__)
        return _unread(ArtefactInvalid("Checking this version failed in a way nobody foresaw.", place=name))


def _unread(error: HandrailError) -> VersionFindings:
    unread = checks.unreadable(error)
    return VersionFindings("", (finding_document("unreadable", unread, unread.fix),))


def keep_findings(work: Work, version_id: str, found: VersionFindings, boundary: Boundary) -> None:
    """Keep what was found in a version under a boundary."""
    severities = [each["severity"] for each in found.findings]
    work.run(
        store.KEEP,
        version_id=version_id,
        engine=engine(boundary),
        exact=found.exact,
        blocks=severities.count("block"),
        warns=severities.count("warn"),
        notes=severities.count("note"),
        findings=orjson.dumps(list(found.findings)).decode(),
        now=work.now,
    )


def check_version(
    work: Work, version: VersionSummary, boundary: Boundary, lookup: Lookup | None = None
) -> VersionFindings:
    """Check a version that was just taken in, keep what was found, and link what was found elsewhere to its app."""
    found = findings_now(work, version, boundary, lookup)
    keep_findings(work, version.id, found, boundary)
    link(work, exact=[found.exact])
    return found


def unchecked(work: Work, count: int, boundary: Boundary) -> Sequence[VersionSummary]:
    """Return some versions that the checks as they are now have not read, the newest first."""
    rows = work.all(store.UNCHECKED, engine=engine(boundary), count=count)
    found = catalog.versions_by_id(work, [row["id"] for row in rows])
    return [found[row["id"]] for row in rows]
