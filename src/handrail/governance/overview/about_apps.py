"""Needs of apps: what runs unapproved, what is held, what runs out, and who is missing."""

import json
from collections.abc import Iterator
from typing import Any, Final

from handrail.governance.overview import store
from handrail.governance.overview.model import Need
from handrail.governance.overview.viewer import Viewer
from handrail.kernel.clock import DAY
from handrail.platform.database import Row, Work
from handrail.runtime.hub import hub_acknowledged
from handrail.runtime.sources import Silence, silent

ENDS_SOON: Final = 14 * DAY


def app_needs(work: Work, viewer: Viewer, count: int) -> Iterator[Need]:
    """Return what is to be done about apps that the viewer answers for."""
    scope = {**viewer.scope(), "now": work.now, "count": count}
    for row in work.all(store.DRIFTED, **_given(scope, "all_teams", "teams", "me", "steward", "now", "count")):
        approved = row["approved"]
        yield _need(
            row,
            "drifted",
            due_at=row["due_at"],
            reason=f"Version {row['number']} runs in {row['environment']} and is not approved."
            + (f" Approved is version {approved}." if approved else "")
            + (" Its calls are refused from the deadline on." if row["due_at"] else ""),
            details={
                "digest": row["digest"],
                "approvedNumber": approved,
                "assurance": row["source"],
                "changes": json.loads(row["changes"] or "[]"),
            },
        )
    for row in work.all(store.QUARANTINED, **_given(scope, "all_teams", "teams", "me", "steward", "count")):
        yield _need(row, "quarantined", reason=row["reason"])
    for row in work.all(store.DEPUTY_MISSING, **_given(scope, "all_teams", "teams", "me", "count")):
        said = f"The deputy {row['person']} is no longer active." if row["person"] else "Nobody is named as deputy."
        yield _need(row, "deputy_missing", reason=said, details={"stage": row["stage"]})
    given = _given(scope, "all_teams", "teams", "me", "now", "count")
    for row in work.all(store.APPROVAL_ENDS, soon=work.now + ENDS_SOON, **given):
        superseded = bool(row["superseded_at"])
        yield _need(
            row,
            "approval_ends",
            due_at=row["due_at"],
            reason=f"A newer version was approved; version {row['number']} may run a while longer."
            if superseded
            else f"The approval of version {row['number']} in {row['environment']} runs out.",
            details={"superseded": superseded},
        )
    for row in work.all(store.OWNER_GONE, **_given(scope, "all_teams", "teams", "me", "steward", "admin", "count")):
        said = f"{row['person']}, who owns it, is no longer active."
        yield _need(row, "owner_gone", reason=said, details={"deputy": row["deputy"]})
    yield from _silent_sources(work, viewer, count)


def not_in_force(work: Work, viewer: Viewer, count: int) -> Iterator[Need]:
    """Return what was approved within a day and waits for the hubs."""
    given = _given(viewer.scope(), "all_teams", "teams", "me")
    acknowledged = hub_acknowledged(work)
    since = work.now - DAY
    for row in work.all(store.NOT_IN_FORCE, now=work.now, since=since, acknowledged=acknowledged, count=count, **given):
        yield _need(
            row,
            "not_in_force",
            reason=f"Version {row['number']} is approved; a hub has yet to take it on."
            if acknowledged >= 0
            else f"Version {row['number']} is approved; no hub is there to take it on.",
        )


def _given(scope: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: scope[name] for name in names}


def _need(row: Row, kind: str, **more: Any) -> Need:
    known = {"number": row.get("number"), "environment": row.get("environment") or "", "person": row.get("person", "")}
    return Need(kind, row["at"], row["app"], row["title"], row["team"], **{**known, **more})


def _silent_sources(work: Work, viewer: Viewer, count: int) -> list[Need]:
    by_source: dict[str, list[Silence]] = {}
    me = viewer.caller.person_id
    for found in silent(work):
        if viewer.sees(found.team_id) and me in {found.owner_id, found.app_owner_id}:
            by_source.setdefault(found.source_id, []).append(found)
    return [_of_source(found) for found in list(by_source.values())[:count]]


def _of_source(found: list[Silence]) -> Need:
    # One line for a source, however many of somebody's apps it watches.
    first, apps = found[0], sorted({each.app for each in found})
    alone = len(apps) == 1
    return Need(
        "source_silent",
        min(each.since for each in found),
        apps[0] if alone else "",
        first.title if alone else "",
        first.team,
        environment=first.environment if alone else "",
        person=first.owner,
        reason=first.message or f"{first.source} has not been read for a while.",
        details={
            "source": first.source,
            "platform": first.platform,
            "state": first.state.value,
            "apps": apps[:20],
            "readOnce": any(each.read_once for each in found),
        },
    )
