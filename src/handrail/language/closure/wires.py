"""Differences between the wires of two versions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from handrail.language.closure.leaves import MISSING, Leaf
from handrail.language.closure.model import Change
from handrail.language.graph import Graph

_WIRING: Final = frozenset({"wires", "links", "scope"})
_Ends = tuple[str, str, str]


def is_wiring(leaf: Leaf) -> bool:
    """Tell whether a leaf of a source says what is wired to what, not what a step does."""
    if leaf.path[:1] == ("connections",):
        return True
    return leaf.path[:1] == ("nodes",) and len(leaf.path) > 2 and leaf.path[2] in _WIRING


def wire_changes(
    old: Graph, new: Graph, touched: AbstractSet[str], names: Mapping[str, str], wiring: Sequence[Leaf]
) -> Iterator[Change]:
    """Yield wires that were added, removed or moved to another output, then wiring that differs otherwise.

    Args:
        old: Before.
        new: After.
        touched: Ids of steps that were added or removed: their wires are said with them.
        names: How steps are called.
        wiring: Where the sources' wiring differs.
    """
    before, after = _ports(old), _ports(new)
    changed: set[str] = set()
    for ends in dict.fromkeys([*after, *before]):
        source, target, kind = ends
        ports_old, ports_new = before.get(ends, set()), after.get(ends, set())
        if ports_old == ports_new:
            continue
        changed |= {source, target}
        if source in touched or target in touched:
            continue
        what = "wire" if kind == "main" else f"{kind} wire"
        between = f"{what} from {names.get(source, source)} to {names.get(target, target)}"
        if not ports_old:
            yield Change("wire_added", f"{between} added", source, severity="widens")
        elif not ports_new:
            yield Change("wire_removed", f"{between} removed", source, severity="narrows")
        else:
            text = f"{between} now leaves by output {_outputs(ports_new)} instead of {_outputs(ports_old)}"
            yield Change("wire_moved", text, source)
    yield from _otherwise(wiring, changed | touched | _reordered(old, new), _reordered(old, new), names)


def _otherwise(
    wiring: Sequence[Leaf], explained: AbstractSet[str], reordered: AbstractSet[str], names: Mapping[str, str]
) -> Iterator[Change]:
    seen: set[str] = set()
    for leaf in wiring:
        owner = leaf.path[1] if len(leaf.path) > 1 else ""
        is_input = (
            leaf.path[:1] == ("connections",)
            and leaf.path[-1] in {"index", "type"}
            and leaf.old is not MISSING
            and leaf.new is not MISSING
        )
        if owner in seen or (owner in explained and owner not in reordered and not is_input):
            continue
        seen.add(owner)
        text = f"the order or inputs of the wires of {names.get(owner, owner)} changed"
        yield Change("wiring_changed", text, owner, leaf.pointer)


def _reordered(old: Graph, new: Graph) -> set[str]:
    """Return the steps whose remaining wires leave in another order."""
    before, after = _sequences(old), _sequences(new)
    result = set()
    for key in before.keys() & after.keys():
        common = set(before[key]) & set(after[key])
        if [each for each in before[key] if each in common] != [each for each in after[key] if each in common]:
            result.add(key[0])
    return result


def _sequences(graph: Graph) -> dict[tuple[str, str, str], list[str]]:
    result: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for edge in graph.edges:
        result[edge.source, edge.kind, edge.port].append(edge.target)
    return dict(result)


def _ports(graph: Graph) -> dict[_Ends, set[str]]:
    result: dict[_Ends, set[str]] = defaultdict(set)
    for edge in graph.edges:
        if edge.port != "any":
            result[edge.source, edge.target, edge.kind].add(edge.port)
    return dict(result)


def _outputs(ports: set[str]) -> str:
    return ", ".join(str(int(each) + 1) if each.isdigit() else each for each in sorted(ports))
