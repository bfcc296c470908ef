"""What changed: events about apps, with the facts that anybody who may see the app may read."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from handrail.governance.overview import store
from handrail.governance.overview.model import Change
from handrail.governance.overview.viewer import Viewer
from handrail.platform.database import Work

NEWEST: Final = 30
_LONGEST: Final = 300
# No fact is a secret (the log's own law); a name that sounds like one is left out all the same.
_DELICATE: Final = re.compile(r"(?i)secret|password|passwd|private|credential|token|hash")


def changes(work: Work, viewer: Viewer) -> list[Change]:
    """Return the newest events about the apps that the viewer may see."""
    scope = {name: value for name, value in viewer.scope().items() if name in {"all_teams", "teams"}}
    rows = work.all(store.CHANGES, count=NEWEST, **scope)
    facts = {row["id"]: json.loads(row["body"])["facts"] for row in rows}
    numbers = _numbers(work, {row["app_id"] for row in rows}, facts.values())
    return [
        Change(
            row["id"],
            row["at"],
            row["actor_name"],
            row["actor_kind"],
            row["action"],
            row["app"],
            plain(facts[row["id"]]),
            _number(row["app_id"], facts[row["id"]], numbers),
        )
        for row in rows
    ]


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as they may be told to whoever may see the app."""
    return {name: _told(value) for name, value in facts.items() if not _DELICATE.search(name)}


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that are one word or number; of what was edited, which fields."""
    kept = {name: value for name, value in told(facts).items() if value is None or isinstance(value, (str, int))}
    edited = sorted(name for name, value in facts.items() if isinstance(value, list) and len(value) == 2)
    if edited and not kept:
        kept["changed"] = ", ".join(edited)
    return {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in kept.items()}


def _told(value: Any) -> Any:
    if isinstance(value, Mapping):
        return told(value)
    return [_told(item) for item in value] if isinstance(value, list) else value


def _digest(facts: Mapping[str, Any]) -> str:
    # What was said to run is the digest that it changed to.
    found = facts.get("digest") or facts.get("to")
    return found if isinstance(found, str) and found.startswith("c1:") else ""


def _numbers(work: Work, apps: set[str], facts: Any) -> dict[tuple[str, str, str], int]:
    digests = sorted({digest for each in facts if (digest := _digest(each))})
    if not digests:
        return {}
    rows = work.all(store.NUMBERS, apps=sorted(apps), digests=digests)
    return {(row["app_id"], row["environment"], row["digest"]): row["number"] for row in rows}


def _number(app_id: str, facts: Mapping[str, Any], numbers: Mapping[tuple[str, str, str], int]) -> int | None:
    given = facts.get("number")
    if isinstance(given, int):
        return given
    return numbers.get((app_id, str(facts.get("environment", "")), _digest(facts)))
