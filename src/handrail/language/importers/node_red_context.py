"""Joins what sets a context variable of Node-RED with what reads it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from handrail.language.graph import DataEdge, Input, Reference
from handrail.language.importers.node_red_inputs import fields_of, sets_of
from handrail.language.importers.tree import as_list, as_text

EDGES_MAX: Final = 200_000
_PARENT: Final = "$parent."
_ABOVE_MAX: Final = 8


class Context:
    """The texts of all nodes, with their references resolved.

    Flow context is shared inside a tab or a sub-flow, global context in the whole file. `$parent` leads from a
    sub-flow to the tabs where it is used.
    """

    def __init__(self, nodes: Mapping[str, dict[str, Any]], configs: set[str]) -> None:
        """Read the nodes of a flow file; `configs` are the ids of its configuration nodes."""
        self._nodes = nodes
        self._used_in: dict[str, set[str]] = defaultdict(set)
        for node in nodes.values():
            node_type = as_text(node.get("type"))
            if node_type.startswith("subflow:"):
                self._used_in[node_type.removeprefix("subflow:")].add(as_text(node.get("z")))
        self.environment = {
            as_text(entry.get("name"))
            for node in nodes.values()
            for entry in as_list(node.get("env"))
            if isinstance(entry, dict)
        }
        self._fields = {key: fields_of(node, configs) for key, node in nodes.items()}
        self._setters: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, node in nodes.items():
            for name in sets_of(node, self._fields[key]):
                for place, bare in self._places(key, name):
                    self._setters[place, bare].append(key)

    def inputs(self, key: str) -> tuple[Input, ...]:
        """Return a node's inputs."""
        return tuple(
            Input(field.pointer, field.text, tuple(self._resolved(key, each) for each in field.uses.reads))
            for field in self._fields[key]
        )

    def edges(self, pointers: Mapping[str, str]) -> tuple[DataEdge, ...]:
        """Return an edge for each pair of a node that sets a variable and another that reads it.

        Args:
            pointers: By node id, its place in the document; nodes that have none take no part.
        """
        return tuple(islice(dict.fromkeys(self._edges(pointers)), EDGES_MAX))

    def _edges(self, pointers: Mapping[str, str]) -> Iterator[DataEdge]:
        made = 0
        for key, pointer in pointers.items():
            for field in self._fields[key]:
                for each in field.uses.reads:
                    for setter in self._setters_of(key, each) if each.kind == "variable" else ():
                        if setter != key and setter in pointers:
                            name = each.name.replace(_PARENT, "")
                            yield DataEdge(setter, key, each.field, pointer + field.pointer, f"context:{name}")
                            made += 1
                            if made > EDGES_MAX:
                                return

    def _resolved(self, key: str, reference: Reference) -> Reference:
        if reference.kind == "variable":
            return replace(reference, resolved=bool(self._setters_of(key, reference)))
        if reference.kind == "environment":
            known = reference.name in self.environment or reference.name.startswith("NR_")
            return replace(reference, resolved=known)
        return reference

    def _setters_of(self, key: str, reference: Reference) -> list[str]:
        found: dict[str, None] = {}
        for place, bare in self._places(key, reference.name):
            found |= dict.fromkeys(self._setters.get((place, bare), ()))
            if bare != f"{bare.partition('.')[0]}.*":
                found |= dict.fromkeys(self._setters.get((place, f"{bare.partition('.')[0]}.*"), ()))
        return list(found)

    def _places(self, key: str, name: str) -> Iterator[tuple[str, str]]:
        """Yield where a variable that a node names lives, and its name there."""
        scope, _, rest = name.partition(".")
        if scope == "global":
            yield "", name.replace(_PARENT, "")
            return
        homes = {as_text(self._nodes[key].get("z"))}
        for _ in range(_ABOVE_MAX):
            if not rest.startswith(_PARENT):
                break
            rest = rest.removeprefix(_PARENT)
            homes = {above for home in homes for above in self._used_in.get(home, ())}
        yield from ((f"/{home}", f"{scope}.{rest}") for home in sorted(homes))
