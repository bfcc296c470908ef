"""What differs between two versions, in words."""

from handrail.language.closure import Change, Snapshot, diff
from handrail.language.graph import from_json
from handrail.platform.database import Work
from handrail.registry.catalog.lookup import sources_of
from handrail.registry.catalog.model import Version


def changes_between(work: Work, old: Version | None, new: Version) -> tuple[Change, ...]:
    """Return every difference, the first version's whole content when `old` is None."""
    sources = sources_of(work, [new] if old is None else [old, new])

    def snapshot(version: Version) -> Snapshot:
        return Snapshot(version.closure, from_json(version.graph), sources.get(version.source_digest))

    return diff(None if old is None else snapshot(old), snapshot(new))
