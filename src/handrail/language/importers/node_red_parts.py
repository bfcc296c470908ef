"""Node-RED's ways of writing flows: an export, the admin API's answers, one tab of many."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.importers.errors import ArtefactInvalid
from handrail.language.importers.model import Part
from handrail.language.importers.node_red_types import CONTAINERS
from handrail.language.importers.tree import as_dict, as_list, as_text, strings, unique_keys

_VOLATILE: Final = frozenset({"rev"})
_GLOBAL: Final = "global"

Nodes = dict[str, dict[str, Any]]


def is_node_red(document: Any) -> bool:
    """Tell whether a document is a flow file or an answer of the admin API."""
    nodes = [node for _pointer, node in listed_nodes(document)]
    if not nodes:
        return isinstance(as_dict(document).get("flows"), list)
    return all(
        isinstance(each, dict) and isinstance(each.get("id"), str) and isinstance(each.get("type"), str)
        for each in nodes
    ) and any("wires" in each or each["type"] in CONTAINERS or as_dict(document).get("id") == _GLOBAL for each in nodes)


def node_red_nodes(document: Any, filename: str) -> tuple[Nodes, dict[str, Any]]:
    """Return the nodes by id, and the other fields that stood beside them (`rev` left out).

    Raises:
        ArtefactInvalid: If a node has no id or no type.
    """
    rest: dict[str, Any] = {}
    if isinstance(document, dict):
        inner = {"flows", "nodes", "configs", "subflows"}
        rest = {key: each for key, each in document.items() if key not in inner | _VOLATILE}
    if _is_one_flow(document):
        rest = {}
    return nodes_by_id(listed_nodes(document), filename), rest


def nodes_by_id(placed: list[tuple[str, Any]], filename: str) -> Nodes:
    """Return nodes by id; an id that comes again gets `#2`.

    Raises:
        ArtefactInvalid: If a node has no id or no type.
    """
    for pointer, node in placed:
        if not isinstance(node, dict) or not as_text(node.get("id")) or not as_text(node.get("type")):
            raise ArtefactInvalid(
                "A node of this flow has no id or no type.",
                fix="Export the flow again from Node-RED.",
                place=f"{filename}#{pointer}",
            )
    return unique_keys((node["id"], node) for _pointer, node in placed)


def parts_of(nodes: Nodes) -> tuple[Part, ...]:
    """Return the tabs."""
    return tuple(
        Part(key, as_text(node.get("label")) or key, sum(1 for each in nodes.values() if _is_step(each, key)))
        for key, node in nodes.items()
        if node.get("type") == "tab"
    )


def cut_part(nodes: Nodes, tab: str) -> Nodes:
    """Return a tab with what it needs: its nodes, sub-flows, shared configuration, and tabs that it links to."""
    wanted = {tab}
    waiting = [tab]
    while waiting:
        for found in _needs(nodes, waiting.pop()):
            if found not in wanted:
                wanted.add(found)
                waiting.append(found)
    wanted |= {key for key, node in nodes.items() if node.get("type") == "global-config"}
    return {key: node for key, node in nodes.items() if key in wanted}


def jumps(nodes: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield (link out, link in) pairs; Node-RED joins what either side names."""
    for key, node in nodes.items():
        for target in as_list(node.get("links")):
            if not isinstance(target, str) or target not in nodes:
                continue
            if node.get("type") in {"link out", "link call"}:
                yield key, target
            elif node.get("type") == "link in":
                yield target, key


def _needs(nodes: Nodes, key: str) -> Iterator[str]:
    node = nodes[key]
    node_type = as_text(node.get("type"))
    if node_type in {"tab", "subflow"}:
        yield from (other for other, each in nodes.items() if each.get("z") == key)
    if node_type.startswith("subflow:") and node_type.removeprefix("subflow:") in nodes:
        yield node_type.removeprefix("subflow:")
    if node_type in CONTAINERS:
        yield from (text for text in strings(node.get("env")) if text in nodes)
        return
    home = as_text(node.get("z"))
    if home in nodes:
        yield home
    if node_type in {"link out", "link call"}:
        yield from (target for source, target in jumps(nodes) if source == key)
    for field, value in node.items():
        if field not in {"id", "type", "z", "g", "wires", "links", "scope"}:
            yield from (text for text in strings(value) if text in nodes and "x" not in nodes[text])


def listed_nodes(document: Any) -> list[tuple[str, Any]]:
    """Return (JSON pointer, node) of everything in a flow file or an answer of the admin API."""
    if isinstance(document, list):
        return [(f"/{index}", node) for index, node in enumerate(document)]
    if not isinstance(document, dict):
        return []
    if isinstance(document.get("flows"), list):
        return _at("/flows", document["flows"])
    if _is_one_flow(document):
        outside = {"nodes", "configs", "subflows", *_VOLATILE}
        tab = {key: each for key, each in document.items() if key not in outside}
        found: list[tuple[str, Any]] = [] if document["id"] == _GLOBAL else [("", {**tab, "type": "tab"})]
        found += [*_at("/nodes", document.get("nodes")), *_at("/configs", document.get("configs"))]
        for pointer, subflow in _at("/subflows", document.get("subflows")):
            held = as_dict(subflow)
            found.append((pointer, {key: each for key, each in held.items() if key not in {"nodes", "configs"}}))
            found += [*_at(f"{pointer}/nodes", held.get("nodes")), *_at(f"{pointer}/configs", held.get("configs"))]
        return found
    return []


def _at(pointer: str, nodes: Any) -> list[tuple[str, Any]]:
    return [(f"{pointer}/{index}", node) for index, node in enumerate(as_list(nodes))]


def _is_one_flow(document: Any) -> bool:
    """Tell whether this is the answer of `GET /flow/:id`; that of the global flow has no nodes."""
    held = as_dict(document)
    inner = held.get("configs") if held.get("id") == _GLOBAL and "nodes" not in held else held.get("nodes")
    return isinstance(held.get("id"), str) and isinstance(inner, list) and "connections" not in held


def _is_step(node: dict[str, Any], tab: str) -> bool:
    return node.get("z") == tab and "x" in node and node.get("type") not in {"comment", *CONTAINERS}
