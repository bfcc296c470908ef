"""Put new steps into a drawing in which nothing else may move."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from handrail.language.graph.boxes import GAP, HEIGHT, ROW, WIDTH, Places
from handrail.language.graph.model import Edge
from handrail.language.graph.room import Room

# Where that much is new, it is another drawing: it goes below as a whole.
_NEW_MAX: Final = 2000


def beside(edges: Iterable[Edge], fresh: Places, kept: Mapping[str, tuple[int, int]]) -> Places:
    """Return the kept places and, near their neighbours, one for each new step.

    Args:
        edges: What is a neighbour of what.
        fresh: Where every step would be if nothing was kept.
        kept: What stays exactly where it is; at least one.
    """
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        # A handler of a whole tab has everything as its neighbour.
        if edge.source in fresh and edge.target in fresh and edge.port != "any":
            before[edge.target].append(edge.source)
            after[edge.source].append(edge.target)
    places = dict(kept)
    room = Room(WIDTH, HEIGHT, GAP)
    for place in kept.values():
        room.take(place)
    new = sorted((step for step in fresh if step not in kept), key=lambda step: (fresh[step], step))
    lowest = max(y for _, y in kept.values())
    if len(new) > _NEW_MAX:
        return {step: kept.get(step) or (fresh[step][0], fresh[step][1] + lowest + 2 * ROW) for step in fresh}
    # Those with a neighbour that stands first: a new branch grows from where it joins.
    ready = [(fresh[step], step) for step in new if any(each in kept for each in before[step] + after[step])]
    heapq.heapify(ready)
    rest = iter(new)
    while len(places) < len(fresh):
        step = heapq.heappop(ready)[1] if ready else next(rest)
        if step in places:
            continue
        shift = {each: _minus(fresh[step], fresh[each]) for each in before[step] + after[step] if each in places}
        wished = [(places[each][0] + x, places[each][1] + y) for each, (x, y) in shift.items()]
        if not wished:
            wished = [(fresh[step][0], lowest + 2 * ROW)]
        else_below = _middle(before[step], after[step], places) or wished[0]
        places[step] = room.near(wished, else_below, ROW)
        room.take(places[step])
        lowest = max(lowest, places[step][1])
        for each in before[step] + after[step]:
            if each not in places:
                heapq.heappush(ready, (fresh[each], each))
    return {step: places[step] for step in fresh}


def _minus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] - other[0], one[1] - other[1]


def _middle(before: Iterable[str], after: Iterable[str], places: Places) -> tuple[int, int] | None:
    """Return what lies between a step's neighbours, one row below: where it goes when there is no room in the row."""
    source = next((places[each] for each in before if each in places), None)
    target = next((places[each] for each in after if each in places), None)
    if source is None or target is None or source[0] >= target[0]:
        return None
    return (source[0] + target[0]) // 2, max(source[1], target[1]) + ROW
