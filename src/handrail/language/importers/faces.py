"""Which platform a JSON document comes from, and what it looks like when it is none that can be read."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, Final

from handrail.language.classify import redact_text
from handrail.language.importers import microsoft, open_workflow
from handrail.language.importers.errors import ArtefactUnknown
from handrail.language.importers.node_red_parts import is_node_red
from handrail.language.importers.tree import as_dict, as_list, as_text

READABLE: Final = (
    "n8n workflow exports, Node-RED flow files, Power Automate flows, Logic Apps workflows and Open Workflow documents"
)


def platform_of(document: Any, filename: str) -> str:
    """Return the platform of a document.

    Raises:
        ArtefactUnknown: If it is something else, naming what it looks like.
    """
    platform = next((name for name, matches in _FACES if matches(document)), None) or microsoft.platform_of(document)
    if platform is None:
        raise ArtefactUnknown(
            f"This file is {_looks_like(document)}. What can be read now: {READABLE}.",
            fix="Export the flow itself: in n8n 'Download', in Node-RED 'Export', in Power Automate a package.",
            place=filename,
        )
    return platform


def workflows(document: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the n8n workflows of a document and where they stand; none when anything else stands among them."""
    held = as_dict(document)
    if isinstance(held.get("data"), list) and "nodes" not in held:
        listed, base = held["data"], "/data/"
    elif isinstance(document, list):
        listed, base = document, "/"
    else:
        return [("", document)] if _is_n8n(document) else []
    return [(f"{base}{index}", each) for index, each in enumerate(listed)] if all(map(_is_n8n, listed)) else []


def workflow_id(workflow: Mapping[str, Any]) -> str:
    """Return the id by which workflows call each other, else the name."""
    held = workflow.get("id")
    return str(held) if isinstance(held, (str, int)) and held else as_text(workflow.get("name"))


def workflow_name(workflow: Mapping[str, Any], filename: str) -> str:
    """Return a workflow's name, else the file's."""
    return as_text(workflow.get("name")) or stem(filename)


def stem(filename: str) -> str:
    """Return the name that a file gives its flow."""
    return redact_text(PurePath(filename).stem) or "flow"


def _is_n8n(document: Any) -> bool:
    held = as_dict(document)
    return isinstance(held.get("nodes"), list) and isinstance(held.get("connections"), dict)


def _looks_like(document: Any) -> str:
    held = as_dict(document)
    inner = as_dict(held.get("definition") or as_dict(held.get("properties")).get("definition"))
    first = as_dict(as_list(document)[0]) if as_list(document) else {}
    marks = (
        ("triggers" in inner, "almost a Power Automate or Logic Apps definition, but its actions are missing"),
        ("$schema" in held and "resources" in held, "an Azure template without a Logic Apps workflow"),
        ("document" in held and "do" in held, "almost an Open Workflow document, but its `do` is no list"),
        ("openapi" in held or "swagger" in held, "an OpenAPI description"),
        ("flow" in held and "metadata" in held, "perhaps a Make blueprint"),
        (set(held) == {"$"}, "Node-RED's encrypted credentials file, not its flows"),
        ("data" in first and "type" in first, "perhaps an export of n8n credentials, not of a workflow"),
        (document == [], "an empty list"),
        ("nodes" in held, "almost an n8n workflow, but its connections are missing"),
    )
    fallback = "JSON, but no flow" if isinstance(document, (dict, list)) else "a single JSON value"
    return next((words for matches, words in marks if matches), fallback)


_FACES: Final[tuple[tuple[str, Callable[[Any], bool]], ...]] = (
    ("n8n", lambda document: bool(workflows(document))),
    ("node-red", is_node_red),
    (open_workflow.PLATFORM, open_workflow.is_workflow),
)
