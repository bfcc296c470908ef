"""Every way of a message through Node-RED flows: wires, and what joins nodes without one."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from handrail.language.graph import Edge
from handrail.language.importers.node_red_parts import jumps
from handrail.language.importers.node_red_types import LISTENERS
from handrail.language.importers.tree import as_dict, as_list, as_text

_NOT_LISTENED: Final = frozenset({"comment", "config"})
_VISITS: Final = 500_000

Nodes = Mapping[str, dict[str, Any]]
Dangling = Callable[[str, Any], None]


def edges_of(nodes: Nodes, kinds: Mapping[str, str], dangling: Dangling) -> Iterator[Edge]:
    """Yield every edge, some twice.

    Args:
        nodes: All nodes by id.
        kinds: Step kinds by id: what stands here is a step.
        dangling: Told of each wire that leads to nothing: the node it leaves and what it names.
    """
    calls: list[str] = []
    homes: dict[str, list[str]] = defaultdict(list)
    for key in kinds:
        homes[as_text(nodes[key].get("z"))].append(key)
    for key in kinds:
        node = nodes[key]
        node_type = as_text(node.get("type"))
        for port, targets in enumerate(as_list(node.get("wires"))):
            for target in as_list(targets):
                if as_text(target) in kinds:
                    yield Edge(key, target, str(port))
                else:
                    dangling(key, target)
        if node_type in LISTENERS:
            yield from _listening(nodes, kinds, homes, key)
        if node_type.startswith("subflow:"):
            yield from _through(nodes, kinds, key, as_dict(nodes.get(node_type.removeprefix("subflow:"))))
        if node_type == "link call":
            calls.append(key)
    linked = list(jumps(nodes))
    for source, target in linked:
        yield Edge(source, target, "0", "link")
    yield from _returning(nodes, kinds, calls, linked)


def _listening(nodes: Nodes, kinds: Mapping[str, str], homes: Mapping[str, list[str]], key: str) -> Iterator[Edge]:
    node = nodes[key]
    kind = LISTENERS[as_text(node.get("type"))]
    scope = node.get("scope")
    if isinstance(scope, list):
        yield from (Edge(each, key, kind, kind) for each in scope if as_text(each) in kinds)
        return
    for other in homes[as_text(node.get("z"))]:
        held = nodes[other]
        if kinds[other] in _NOT_LISTENED or held.get("type") in LISTENERS or held.get("z") != node.get("z"):
            continue
        if scope != "group" or (held.get("g") and held.get("g") == node.get("g")):
            yield Edge(other, key, "any", kind)


def _through(nodes: Nodes, kinds: Mapping[str, str], key: str, definition: dict[str, Any]) -> Iterator[Edge]:
    """Yield the ways into a sub-flow and, from what feeds its outputs, back to what its instance is wired to."""
    for port in as_list(definition.get("in")):
        for wire in as_list(as_dict(port).get("wires")):
            target = as_text(as_dict(wire).get("id"))
            if target in kinds:
                yield Edge(key, target, "0", "subflow")
    wires = as_list(nodes[key].get("wires"))
    for index, port in enumerate(as_list(definition.get("out"))):
        targets = [each for each in as_list(wires[index]) if as_text(each) in kinds] if index < len(wires) else []
        for wire in as_list(as_dict(port).get("wires")):
            held = as_dict(wire)
            source = as_text(held.get("id"))
            left_by = held.get("port")
            if source in kinds:
                yield from (
                    Edge(source, each, str(left_by) if isinstance(left_by, int) else "0", "subflow") for each in targets
                )


def _returning(
    nodes: Nodes, kinds: Mapping[str, str], calls: list[str], linked: list[tuple[str, str]]
) -> Iterator[Edge]:
    """Yield the ways back from link out nodes that return to their caller, to what the caller is wired to."""
    if not calls:
        return
    jumped: dict[str, list[str]] = defaultdict(list)
    for source, target in linked:
        jumped[source].append(target)
    returns: dict[str, list[str]] = {}
    visits = 0
    for call in calls:
        for entry in jumped[call]:
            if entry not in returns:
                returns[entry], seen = [], {entry}
                waiting = [entry]
                while waiting and visits < _VISITS:
                    visits += 1
                    at = waiting.pop()
                    node = nodes[at]
                    if node.get("type") == "link out" and node.get("mode") == "return":
                        returns[entry].append(at)
                    wired = [as_text(each) for port in as_list(node.get("wires")) for each in as_list(port)]
                    further = [] if node.get("type") == "link call" else jumped[at]
                    fresh = [each for each in (*wired, *further) if each in kinds and each not in seen]
                    seen.update(fresh)
                    waiting += fresh
            for back in returns[entry]:
                for port, targets in enumerate(as_list(nodes[call].get("wires"))):
                    yield from (
                        Edge(back, each, str(port), "link") for each in as_list(targets) if as_text(each) in kinds
                    )
