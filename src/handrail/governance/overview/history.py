"""One app's events, for whoever may see the app; and what the subjects of events are called."""

from collections.abc import Iterable
from dataclasses import replace

from handrail.governance.overview import store
from handrail.governance.overview.changes import told
from handrail.platform.database import Work
from handrail.registry import audit, catalog
from handrail.registry.audit import Event
from handrail.registry.identity import Caller


def history(work: Work, caller: Caller, app: str, *, before: str | None = None, limit: int = 100) -> list[Event]:
    """Return an app's events, newest first: its versions, reviews, approvals and clients are written under it.

    Raises:
        AppUnknown: If the caller may not see such an app.
    """
    found = catalog.find_app(work, caller, app)
    events = audit.listing(work, subject=found.subject, before_id=before, limit=limit)
    return [replace(event, facts=told(event.facts)) for event in events]


def subject_names(work: Work, subjects: Iterable[str]) -> dict[str, str]:
    """Return what subjects are called, one query a kind; empty for those that have no name any more."""
    names: dict[str, str] = {}
    wanted: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _, key = subject.partition(":")
        names[subject] = key if kind == "credential" else ""
        if kind in store.NAMES:
            wanted.setdefault(kind, set()).add(key)
    for kind, ids in wanted.items():
        for row in work.all(store.NAMES[kind], ids=sorted(ids)):
            names[f"{kind}:{row['id']}"] = row["name"]
    return names
