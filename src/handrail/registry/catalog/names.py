"""Many apps' names and ids at once."""

from collections.abc import Iterable

from handrail.platform.database import Work
from handrail.registry.catalog import store
from handrail.registry.identity import Caller, Permission


def visible_ids(work: Work, caller: Caller, names: Iterable[str]) -> dict[str, str]:
    """Return name to id of those of some apps that the caller may see."""
    asked = sorted(set(names))
    teams = caller.teams(Permission.APP_READ)
    scope = {"all_teams": int(teams is None), "teams": sorted(teams or ())}
    rows = work.all(store.IDS_BY_NAME, names=asked, **scope) if asked else []
    return {row["name"]: row["id"] for row in rows}


def names_by_id(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Return id to name of some apps, whoever asks: for callers that have already decided who may see them."""
    asked = sorted(set(ids))
    return {row["id"]: row["name"] for row in work.all(store.NAMES_BY_ID, ids=asked)} if asked else {}
