"""The parts of a flow as a drawing needs them: which steps hang below another, which arrows lead on, which columns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handrail.language.graph.model import Edge, Graph, Step

_NOT_DRAWN: Final = frozenset({"comment", "config"})
# A handler of everything in a tab is told of every step, but no step leads to it.
_LISTENING: Final = frozenset({"status", "complete"})
_RANKS: Final = {"main": 0, "link": 1, "subflow": 1}
_LAST_RANK: Final = 2


def drawn(graph: Graph) -> tuple[Step, ...]:
    """Return the steps that have a place: all but comments, whose own place means nothing here, and configuration."""
    return tuple(step for step in graph.steps if step.kind not in _NOT_DRAWN)


def below(steps: Iterable[Step], edges: Iterable[Edge]) -> dict[str, str]:
    """Return the parent of each sub-node (a model, a memory, a tool): it is drawn below it.

    A step that also takes part in the flow itself stays in the flow.
    """
    known = {step.id for step in steps}
    inner = [edge for edge in edges if edge.source in known and edge.target in known and edge.source != edge.target]
    in_flow = {end for edge in inner if not edge.kind.startswith("ai_") for end in (edge.source, edge.target)}
    parents: dict[str, str] = {}
    for edge in inner:
        if edge.kind.startswith("ai_") and edge.source not in in_flow and edge.source not in parents:
            parents[edge.source] = edge.target
            if _in_circle(parents, edge.source):
                del parents[edge.source]
    return parents


def _in_circle(parents: Mapping[str, str], start: str) -> bool:
    step = parents[start]
    while step in parents and step != start:
        step = parents[step]
    return step == start


def arrows(graph: Graph, known: Mapping[str, int]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return which step leads to which, with what decides among several: the kind, then the output."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for edge in graph.edges:
        if edge.source not in known or edge.target not in known or edge.source == edge.target:
            continue
        if edge.kind in _LISTENING or edge.port == "any" or edge.kind.startswith("ai_"):
            continue
        weight = (_RANKS.get(edge.kind, _LAST_RANK), int(edge.port) if edge.port.isdecimal() else len(known))
        pair = (edge.source, edge.target)
        found[pair] = min(weight, found.get(pair, weight))
    return found


def islands(known: Mapping[str, int], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the flows that nothing joins, each in the order of the source."""
    roots = {step: step for step in known}

    def root(step: str) -> str:
        while roots[step] != step:
            roots[step] = roots[roots[step]]
            step = roots[step]
        return step

    for source, target in pairs:
        roots[root(source)] = root(target)
    found: dict[str, list[str]] = defaultdict(list)
    for step in known:
        found[root(step)].append(step)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Island:
    """One flow without its circles, in columns.

    Attributes:
        steps: Ids in the order of the source.
        after: What a step leads to, the likeliest way on first.
        before: What leads to a step.
        failing: Arrows that are taken on failure only.
        column: From 0.
        height: How many steps the longest way on has while nothing fails, the step itself included.
        order: Ids, each before what it leads to.
    """

    steps: Sequence[str]
    after: Mapping[str, Sequence[str]]
    before: Mapping[str, Sequence[str]]
    failing: frozenset[tuple[str, str]]
    column: Mapping[str, int]
    height: Mapping[str, int]
    order: Sequence[str]


def island(
    steps: Sequence[str], weights: Mapping[tuple[str, str], tuple[int, int]], triggers: frozenset[str]
) -> tuple[Island, str]:
    """Return a flow in columns, and the step where its longest way begins."""
    index = {step: number for number, step in enumerate(steps)}
    after: dict[str, list[str]] = {step: [] for step in steps}
    for source, target in sorted(weights, key=lambda pair: (*weights[pair], index[pair[1]])):
        after[source].append(target)
    ends = {target for targets in after.values() for target in targets}
    starts = [step for step in steps if step not in ends or step in triggers]
    order = _without_circles(after, [*starts, *steps])
    before: dict[str, list[str]] = {step: [] for step in steps}
    for step in order:
        for target in after[step]:
            before[target].append(step)
    column: dict[str, int] = {}
    for step in order:
        column[step] = max((column[each] + 1 for each in before[step]), default=0)
    failing = frozenset(pair for pair, weight in weights.items() if weight[0] == _LAST_RANK)
    height: dict[str, int] = {}
    for step in reversed(order):
        height[step] = 1 + max((height[each] for each in after[step] if (step, each) not in failing), default=0)
    roots = [step for step in steps if not before[step]]
    first = max(roots, key=lambda step: (height[step], step in triggers, -index[step]))
    _join_late(column, order, after, first)
    return Island(steps, after, before, failing, column, height, order), first


def reaches(flow: Island) -> dict[str, int]:
    """Return the bit set of everything that a step leads to while nothing fails, by its index in `steps`."""
    index = {step: number for number, step in enumerate(flow.steps)}
    reach: dict[str, int] = {}
    for step in reversed(flow.order):
        reach[step] = 0
        for each in flow.after[step]:
            if (step, each) not in flow.failing:
                reach[step] |= reach[each] | 1 << index[each]
    return reach


def _join_late(column: dict[str, int], order: Sequence[str], after: Mapping[str, Sequence[str]], first: str) -> None:
    """Let what joins the longest way begin right before the step that it joins."""
    led_to = {first}
    for step in order:
        if step in led_to:
            led_to.update(after[step])
    for step in reversed(order):
        if step not in led_to and after[step]:
            column[step] = min(column[each] for each in after[step]) - 1


def _without_circles(after: dict[str, list[str]], starts: Iterable[str]) -> list[str]:
    """Drop the arrows that close a circle; return the steps, each before what it leads to."""
    state: dict[str, int] = {}
    done: list[str] = []
    back: set[tuple[str, str]] = set()
    for start in starts:
        if start in state:
            continue
        state[start] = 1
        path = [(start, iter(after[start]))]
        while path:
            step, targets = path[-1]
            for target in targets:
                if target not in state:
                    state[target] = 1
                    path.append((target, iter(after[target])))
                    break
                if state[target] == 1:
                    back.add((step, target))
            else:
                state[step] = 2
                done.append(step)
                path.pop()
    for step, ways in after.items():
        after[step] = [target for target in ways if (step, target) not in back]
    return done[::-1]
