"""Two who edit the same app lose nothing: each says which state they saw."""

from collections.abc import Collection
from typing import Final

from handrail.kernel.canonical import digest
from handrail.kernel.clock import rfc3339
from handrail.platform.database import Work
from handrail.registry import audit
from handrail.registry.catalog.errors import AppChanged
from handrail.registry.catalog.model import App

_EDITS: Final = frozenset({"app.registered", "app.edited", "app.retired"})
_LOOK_BACK: Final = 50


def facts_of(app: App) -> dict[str, str]:
    """Return what an edit can change."""
    return {
        "name": app.name,
        "title": app.title,
        "team": app.team,
        "owner": app.owner,
        "deputy": app.deputy,
        "purpose": app.purpose,
    }


def tag_of(app: App) -> str:
    """Return a short name of an app's editable state; another state has another one."""
    return digest(facts_of(app)).removeprefix("sha256:")[:32]


def require_unchanged(work: Work, app: App, expected: Collection[str] | None) -> None:
    """Return if an app is in a state that the caller saw.

    Args:
        work: The unit of work that changes it, after its lock was taken.
        app: As it is now.
        expected: Tags of states that would do; None or `*` for any.

    Raises:
        AppChanged: With what it is now, who changed it and when.
    """
    tag = tag_of(app)
    if expected is None or "*" in expected or tag in expected:
        return
    events = audit.listing(work, subject=app.subject, action="app", limit=_LOOK_BACK)
    last = next((event for event in events if event.action in _EDITS), None)
    by = last.actor.name if last else ""
    raise AppChanged(
        f"{app.name!r} was changed by {by or 'somebody else'} since you looked at it.",
        fix="Compare with details.current, then send your change again with the new ETag.",
        details={
            "current": facts_of(app),
            "etag": tag,
            "changedBy": by,
            "changedAt": rfc3339(last.at) if last else None,
        },
    )
