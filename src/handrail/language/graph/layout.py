"""Where the steps of a flow are drawn: left to right, branches below, the same for the same flow.

Places are the upper left corners of boxes, in pixels. The room for long arrows is kept free for whoever draws them like
this: an arrow that goes down turns right behind its source, one that goes up turns right before its target. The arrow
of a sub-node goes to the left and up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from handrail.language.graph.beside import beside
from handrail.language.graph.boxes import COLUMN, GAP, HEIGHT, ROW, Places
from handrail.language.graph.lanes import Lanes
from handrail.language.graph.model import Graph, Step
from handrail.language.graph.shape import arrows, below, drawn, island, islands, reaches

# Sub-nodes are a list below their parent, set in like the lines of a tree.
_SUB_ROW: Final = 82
_INDENT: Final = 24
_INDENT_MAX: Final = 48
_BETWEEN_FLOWS: Final = 50
_LANES_MAX: Final = 2000


def layout(graph: Graph, earlier: Mapping[str, tuple[int, int]] | None = None) -> Places:
    """Return the place of every step that does something.

    Args:
        graph: The flow.
        earlier: Places from before: a step that has one keeps exactly that, and new ones go near their neighbours.
    """
    fresh = _fresh(graph)
    kept = {step: earlier[step] for step in fresh if step in earlier} if earlier else {}
    return beside(graph.edges, fresh, kept) if kept else fresh


def _fresh(graph: Graph) -> Places:
    steps = drawn(graph)
    parents = below(steps, graph.edges)
    children: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        if step.id in parents:
            children[parents[step.id]].append(step.id)
    in_flow = [step for step in steps if step.id not in parents]
    hanging = {step.id: _hanging(step.id, children) for step in in_flow}
    deep = {step: _rows_below(len(subs)) for step, subs in hanging.items() if subs}
    triggers = frozenset(step.id for step in in_flow if step.kind == "trigger")
    places: Places = {}
    top, alone = 0, True
    for members, weights in _flows(graph, in_flow):
        flow, first = island(members, weights, triggers)
        lanes = Lanes(flow, deep)
        if len(members) <= _LANES_MAX:
            lanes.lay(reaches(flow), first)
        else:
            lanes.lay_plainly()
        # Loose steps are a plain list; between flows there is more room than between rows.
        single = len(members) == 1 and members[0] not in deep
        if places and not (single and alone):
            top += _BETWEEN_FLOWS
        for member in members:
            x, y = flow.column[member] * COLUMN, top + lanes.row[member] * ROW
            places[member] = (x, y)
            for number, (sub, depth) in enumerate(hanging[member], 1):
                places[sub] = (x + min(_INDENT * depth, _INDENT_MAX), y + number * _SUB_ROW)
        top += lanes.rows * ROW
        alone = single
    return {step.id: places[step.id] for step in steps}


def _flows(graph: Graph, steps: Sequence[Step]) -> Iterator[tuple[list[str], dict[tuple[str, str], tuple[int, int]]]]:
    """Yield the flows that nothing joins with their arrows, those of a tab together."""
    order = {step.id: number for number, step in enumerate(steps)}
    tab_of = {step.id: step.parent for step in steps}
    tabs: dict[str, int] = {}
    for step in steps:
        tabs.setdefault(step.parent, len(tabs))
    weights = arrows(graph, order)
    flows = sorted(islands(order, weights), key=lambda members: (tabs[tab_of[members[0]]], order[members[0]]))
    home = {step: number for number, members in enumerate(flows) for step in members}
    inner: list[dict[tuple[str, str], tuple[int, int]]] = [{} for _ in flows]
    for pair, weight in weights.items():
        inner[home[pair[0]]][pair] = weight
    yield from zip(flows, inner, strict=True)


def _hanging(step: str, children: Mapping[str, list[str]]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    waiting = [(child, 1) for child in reversed(children.get(step, ()))]
    while waiting:
        sub, depth = waiting.pop()
        found.append((sub, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(sub, ())))
    return found


def _rows_below(subs: int) -> int:
    """Return how many rows more than its own a step with so many sub-nodes needs."""
    return -(-(subs * _SUB_ROW + HEIGHT + GAP) // ROW) - 1
