"""A Node-RED file as one definition, in the form in which it was exported."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from handrail.language.classify import redact_text
from handrail.language.importers.model import Definition, Secret
from handrail.language.importers.node_red import PLATFORM, FlowReader
from handrail.language.importers.node_red_parts import Nodes, listed_nodes, nodes_by_id, parts_of
from handrail.language.importers.tree import unique_keys


def node_red_definition(
    document: Any, filename: str, *, secrets: tuple[Secret, ...] = (), digest: str = ""
) -> Definition:
    """Return the one definition of a flow file: all its tabs, sub-flows and configuration nodes.

    Args:
        document: The file's JSON, secrets replaced.
        filename: With its folder.
        secrets: Where they stood.
        digest: Of the file's bytes.

    Raises:
        ArtefactInvalid: If a node has no id or no type.
        ArtefactTooLarge: If nodes are joined in too many ways.
    """
    placed = listed_nodes(document)
    nodes: Nodes = nodes_by_id(placed, filename)
    pointers = _pointers(placed)
    tabs = parts_of(nodes)
    name = tabs[0].label if len(tabs) == 1 else redact_text(PurePath(filename).stem) or "flow"
    places: Mapping[str, tuple[Any, Any]] = {key: (node.get("x"), node.get("y")) for key, node in nodes.items()}
    reader = FlowReader(nodes, name, places, pointers)
    graph = reader.read()
    return Definition(
        file=filename,
        index=0,
        platform=PLATFORM,
        name=name,
        document=document,
        graph=graph,
        secrets=secrets,
        findings=tuple(reader.findings),
        digest=digest,
    )


def _pointers(placed: list[tuple[str, Any]]) -> dict[str, str]:
    """Return each node's place by the key that `nodes_by_id` gives it."""
    return {
        key: held["pointer"] for key, held in unique_keys((node["id"], {"pointer": at}) for at, node in placed).items()
    }
