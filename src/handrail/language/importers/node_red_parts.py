"""Node-RED's ways of writing flows: an export, the admin API's answers, one tab of many."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.importers.errors import ArtefactInvalid
from handrail.language.importers.model import Part
from handrail.language.importers.node_red_types import CONTAINERS
from handrail.language.importers.tree import as_dict, as_list, as_text, strings, unique_keys

_VOLATILE: Final = frozenset({"rev"})

Nodes = dict[str, dict[str, Any]]


def is_node_red(document: Any) -> bool:
    """Tell whether a document is a flow file or an answer of the admin API."""
    nodes = _listed(document)
    if not nodes:
        return isinstance(as_dict(document).get("flows"), list)
    return all(
        isinstance(each, dict) and isinstance(each.get("id"), str) and isinstance(each.get("type"), str)
        for each in nodes
    ) and any("wires" in each or each["type"] in CONTAINERS for each in nodes)


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
    keyed: list[tuple[str, dict[str, Any]]] = []
    for index, node in enumerate(_listed(document)):
        if not isinstance(node, dict) or not as_text(node.get("id")) or not as_text(node.get("type")):
            raise ArtefactInvalid(
                "A node of this flow has no id or no type.",
                fix="Export the flow again from Node-RED.",
                place=f"{filename}#/{index}",
            )
        keyed.append((node["id"], node))
    return unique_keys(keyed), rest


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


def _listed(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    if isinstance(document.get("flows"), list):
        return as_list(document["flows"])
    if _is_one_flow(document):
        tab = {key: each for key, each in document.items() if key not in {"nodes", "configs", "subflows", *_VOLATILE}}
        inner: list[Any] = [{**tab, "type": "tab"}, *document["nodes"], *as_list(document.get("configs"))]
        for subflow in as_list(document.get("subflows")):
            held = as_dict(subflow)
            inner.append({key: each for key, each in held.items() if key not in {"nodes", "configs"}})
            inner += [*as_list(held.get("nodes")), *as_list(held.get("configs"))]
        return inner
    return []


def _is_one_flow(document: Any) -> bool:
    """Tell whether this is the answer of `GET /flow/:id`."""
    held = as_dict(document)
    return isinstance(held.get("id"), str) and isinstance(held.get("nodes"), list) and "connections" not in held


def _is_step(node: dict[str, Any], tab: str) -> bool:
    return node.get("z") == tab and "x" in node and node.get("type") not in {"comment", *CONTAINERS}
