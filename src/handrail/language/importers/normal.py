"""The source form: what of a definition is digested.

Form 1 belongs to closures with the prefix `c1`. Volatile are positions, ids of saves and runs, timestamps, and state
that the platform itself writes while a flow runs; everything else counts, fields that nobody knows too. Nodes are
keyed (n8n by name, Node-RED by id), because both platforms reorder the list on saving and address nodes by that key.
Lists inside nodes, such as the order of wires, keep their order.
"""

from collections.abc import Mapping
from typing import Any, Final

from handrail.language.importers.tree import as_dict, as_list

_N8N_WORKFLOW: Final = frozenset(
    {
        "createdAt",
        "updatedAt",
        "versionId",  # a new one on every save
        "activeVersionId",
        "versionCounter",
        "triggerCount",
        "staticData",  # n8n writes it at every run of a polling trigger
        "active",  # whether the flow is switched on, not what it does
    }
)
_N8N_NODE: Final = frozenset({"position"})
_N8N_STICKY: Final = frozenset({"width", "height"})
_N8N_META: Final = frozenset({"instanceId"})
_N8N_TAG: Final = frozenset({"createdAt", "updatedAt"})
_NODE_RED_PLACES: Final = frozenset({"x", "y"})
_NODE_RED_SIZES: Final = frozenset({"w", "h"})


def n8n_source(workflow: Mapping[str, Any], nodes: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a workflow without what is volatile, nodes by name."""
    source = {key: value for key, value in workflow.items() if key not in _N8N_WORKFLOW and key != "nodes"}
    source["nodes"] = {key: _n8n_node(node) for key, node in nodes.items()}
    if isinstance(source.get("meta"), dict):
        source["meta"] = _without(source["meta"], _N8N_META)
    if isinstance(source.get("tags"), list):
        source["tags"] = [_without(tag, _N8N_TAG) if isinstance(tag, dict) else tag for tag in source["tags"]]
    return source


def node_red_source(nodes: Mapping[str, dict[str, Any]], rest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a flow file without what is volatile, nodes by id, and what else stood beside them."""
    return {**rest, "nodes": {key: _node_red_node(node) for key, node in nodes.items()}}


def _n8n_node(node: dict[str, Any]) -> dict[str, Any]:
    result = _without(node, _N8N_NODE)
    if str(node.get("type", "")).endswith(".stickyNote") and isinstance(node.get("parameters"), dict):
        result["parameters"] = _without(node["parameters"], _N8N_STICKY)
    return result


def _node_red_node(node: dict[str, Any]) -> dict[str, Any]:
    kind = node.get("type")
    # Node-RED takes a node without x and y for a configuration node: that they are there counts, their value not.
    result = {key: 0 if key in _NODE_RED_PLACES and _is_number(value) else value for key, value in node.items()}
    if kind == "group":
        result = {key: 0 if key in _NODE_RED_SIZES and _is_number(value) else value for key, value in result.items()}
    if kind == "subflow":
        for port in ("in", "out"):
            if isinstance(node.get(port), list):
                result[port] = [_placeless(each) for each in as_list(node[port])]
        if isinstance(node.get("status"), dict):
            result["status"] = _placeless(node["status"])
    return result


def _placeless(value: Any) -> Any:
    return _without(value, _NODE_RED_PLACES) if isinstance(value, dict) else value


def _is_number(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or set(as_dict(value)) == {"$number"}


def _without(value: dict[str, Any], volatile: frozenset[str]) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key not in volatile}
