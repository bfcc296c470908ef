"""What the index holds of an app, from the catalog's own rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.graph import from_json
from handrail.language.manifest import LEVELS
from handrail.platform.database import Row, Work
from handrail.registry.catalog.search import index_store as store
from handrail.registry.catalog.search.model import BITS
from handrail.registry.catalog.search.words import fields_text
from handrail.registry.connectors import connector_of_connections

# Of one version; a larger flow is found by its first steps.
_STEP_WORDS_MAX: Final = 30_000
ALL: Final = "*"
Shape = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Content:
    """What the newest version tells.

    Attributes:
        data_tags: With a space between; so are `connectors`.
        version_words: Words of its steps and connectors.
    """

    version_id: str = ""
    data_class: str = ""
    data_tags: str = ""
    connectors: str = ""
    version_words: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """One app's rows of the index."""

    app_id: str
    name: str
    team_id: str
    owner_id: str
    shape: Shape
    attention: int
    in_review: int | None
    created_at: int
    content: Content
    words: str


def gather(work: Work, ids: list[str], known: Mapping[str, Row]) -> list[Facts]:
    """Return what the index should hold of apps.

    Args:
        work: Any unit of work.
        ids: A few hundred apps at most.
        known: Rows that are there; a version that was read already is not read again.
    """
    newest: dict[str, Row] = {}
    reviewed: dict[str, tuple[bool, int]] = {}
    for version in work.all(store.VERSIONS, ids=ids):
        app_id = version["app_id"]
        if app_id not in newest or _age(version) > _age(newest[app_id]):
            newest[app_id] = version
        if version["status"] == "in review":
            place = (version["kind"] == "production", version["number"])
            reviewed[app_id] = max(place, reviewed.get(app_id, place))
    contents = _contents(work, newest, known)
    running = running_of(work, ids)
    return [
        _facts(
            app,
            running.get(app["id"]),
            reviewed[app["id"]][1] if app["id"] in reviewed else None,
            contents.get(app["id"], Content()),
        )
        for app in work.all(store.APPS, ids=ids)
    ]


def running_of(work: Work, ids: list[str]) -> dict[str, Row]:
    """Return what runs in production; of several places the one that needs a look, else the one seen last."""
    found: dict[str, Row] = {}
    for row in work.all(store.RUNNING, ids=ids):
        before = found.get(row["app_id"])
        if before is None or before["allowed"] or not row["allowed"]:
            found[row["app_id"]] = row
    return found


def runs_word(running: Row | None) -> str:
    """Return how what runs is known, in one word."""
    if running is None:
        return "none"
    return str(running["source"]) if running["allowed"] else "drifted"


def _age(version: Row) -> tuple[int, str]:
    return version["created_at"], version["id"]


def _facts(app: Row, running: Row | None, in_review: int | None, content: Content) -> Facts:
    runs = runs_word(running)
    flags = {
        "in_review": in_review is not None,
        "quarantined": bool(app["held"]),
        "no_owner": app["owner_status"] != "active",
        "no_deputy": app["stage"] == "operating" and not app["deputy"],
    }
    # What needs a person first comes first.
    pressing = [flags["quarantined"], runs == "drifted", flags["no_owner"], flags["no_deputy"], flags["in_review"]]
    attention = [*pressing, True].index(True)
    own = ("name", "title", "purpose", "owner", "owner_name", "deputy", "deputy_name", "team", "team_title", "platform")
    return Facts(
        app["id"],
        app["name"],
        app["team_id"],
        app["owner_id"],
        (app["stage"], runs, app["platform"], content.data_class, sum(BITS[each] for each in flags if flags[each])),
        attention,
        in_review,
        app["created_at"],
        content,
        f"{fields_text(app[each] for each in own)} {content.version_words}".strip(),
    )


def _contents(work: Work, newest: Mapping[str, Row], known: Mapping[str, Row]) -> dict[str, Content]:
    found: dict[str, Content] = {}
    unread: dict[str, str] = {}
    for app_id, version in newest.items():
        row = known.get(app_id)
        if row is not None and row["version_id"] == version["id"]:
            found[app_id] = Content(**{name: row[name] for name in Content.__slots__})
        else:
            unread[version["id"]] = app_id
    if unread:
        connectors = connector_of_connections(work)
        for row in work.all(store.DOCUMENTS, ids=sorted(unread)):
            found[unread[row["id"]]] = _content(
                row["id"], json.loads(row["graph"]), json.loads(row["manifest"]), connectors
            )
    return found


def _content(version_id: str, graph: Any, manifest: Mapping[str, Any], connectors: Mapping[str, str]) -> Content:
    flow = from_json(graph)
    spec = manifest.get("spec", {})
    classes = spec.get("dataClasses", [])
    levels = [level for level in LEVELS if level in classes]
    used = [each["connection"] for each in spec.get("connections", [])]
    systems = sorted({*flow.connectors, *(connectors.get(name, name) for name in used)})
    steps = fields_text([*systems, *used, *(step.name for step in flow.working())])
    if len(steps) > _STEP_WORDS_MAX:
        steps = steps[:_STEP_WORDS_MAX].rpartition(" ")[0]
    return Content(
        version_id,
        levels[-1] if levels else "",
        " ".join(sorted(set(classes) - set(LEVELS))),
        " ".join(systems),
        steps,
    )
