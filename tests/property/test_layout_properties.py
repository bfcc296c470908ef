"""Drawings: no two boxes on each other, every step has a place, the same flow gives the same drawing."""

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.language.graph import Edge, Graph, Places, Step, layout
from handrail.language.graph.boxes import HEIGHT, WIDTH
from handrail.language.graph.room import Room

KINDS = ("trigger", "action", "logic", "code", "http", "subflow", "comment", "config")
EDGE_KINDS = ("main", "main", "main", "error", "link", "subflow", "status", "complete", "ai_tool", "ai_languageModel")
PORTS = ("0", "1", "2", "error", "any")


def overlaps(places: Places) -> list[tuple[str, str]]:
    """Return the pairs of boxes that share a pixel."""
    found = []
    ordered = sorted(places.items(), key=lambda each: each[1])
    for number, (step, (x, y)) in enumerate(ordered):
        for other, (right, down) in ordered[number + 1 :]:
            if right >= x + WIDTH:
                break
            if abs(down - y) < HEIGHT:
                found.append((step, other))
    return found


def graph_of(kinds: list[str], wires: list[tuple[int, int, str, str]], tabs: list[int]) -> Graph:
    ids = [f"s{number}" for number in range(len(kinds))]
    steps = tuple(
        Step(name, name, kind, "t", parent=f"tab{tabs[number % len(tabs)]}" if tabs else "")  # type: ignore[arg-type]
        for number, (name, kind) in enumerate(zip(ids, kinds, strict=True))
    )
    # One end past the last step: an edge that leads nowhere.
    ends = [*ids, "nowhere"]
    edges = tuple(Edge(ends[a % len(ends)], ends[b % len(ends)], port, kind) for a, b, port, kind in wires)
    return Graph("n8n", "f", steps, edges)


@st.composite
def graphs(draw: st.DrawFn, least: int = 0) -> Graph:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=least, max_size=24))
    end = st.integers(0, 30)
    wires = draw(
        st.lists(st.tuples(end, end, st.sampled_from(PORTS), st.sampled_from(EDGE_KINDS)), max_size=2 * len(kinds) + 1)
    )
    return graph_of(kinds, wires, draw(st.lists(st.integers(0, 2), max_size=5)))


def working(graph: Graph) -> set[str]:
    return {step.id for step in graph.working()}


@given(graphs())
@settings(max_examples=400, deadline=None)
def test_every_working_step_has_a_place_of_its_own(graph: Graph) -> None:
    places = layout(graph)
    assert set(places) == working(graph)
    assert overlaps(places) == []
    assert all(x >= 0 and y >= 0 for x, y in places.values())
    assert layout(graph) == places


@given(graphs(), graphs())
@settings(max_examples=300, deadline=None)
def test_what_was_there_stays_and_what_is_new_finds_room(before: Graph, after: Graph) -> None:
    earlier = layout(before)
    places = layout(after, earlier)
    assert set(places) == working(after)
    assert {step: places[step] for step in earlier if step in places} == {
        step: at for step, at in earlier.items() if step in places
    }
    assert overlaps(places) == []
    assert layout(after, earlier) == places


@given(graphs(1), st.data())
@settings(max_examples=200, deadline=None)
def test_a_drawing_that_people_arranged_is_kept_however_odd(graph: Graph, data: st.DataObject) -> None:
    spot = st.tuples(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000))
    earlier = {
        step: data.draw(spot | st.just((0, 0))) for step in sorted(working(graph)) if data.draw(st.booleans(), step)
    }
    places = layout(graph, earlier)
    assert set(places) == working(graph)
    assert {step: places[step] for step in earlier} == earlier
    new = {step for step in places if step not in earlier}
    assert [pair for pair in overlaps(places) if new & set(pair)] == []


@given(st.integers(1, 40), st.booleans())
def test_one_path_is_one_straight_row(length: int, ring: bool) -> None:
    wires = [(number, number + 1, "0", "main") for number in range(length - 1)]
    if ring:
        wires.append((length - 1, 0, "0", "main"))
    places = layout(graph_of(["action"] * length, wires, []))
    assert [places[f"s{number}"] for number in range(length)] == [(number * 210, 0) for number in range(length)]


def _crosses(parents: list[int]) -> bool:
    """Tell whether an arrow of a tree goes through another's row; each turns right behind its source."""
    pairs = [(parent, number + 1) for number, parent in enumerate(parents)]
    places = layout(graph_of(["action"] * (len(parents) + 1), [(a, b, "0", "main") for a, b in pairs], []))
    downs, rows = [], []
    for source, target in pairs:
        (x, y), (right, down) = places[f"s{source}"], places[f"s{target}"]
        assert right > x
        assert down >= y
        downs.append((source, x + WIDTH + 42, y, down))
        rows.append((source, x + WIDTH + (42 if down > y else 0), right, down))
    return any(
        source != other and left < at < right and top < row < bottom
        for source, at, top, bottom in downs
        for other, left, right, row in rows
    )


def test_arrows_of_a_tree_hardly_ever_cross() -> None:
    # Lanes are given from the latest fork to the earliest, which is not always the best: two trees of 6,000 cross.
    chance = random.Random(1)
    trees = [[chance.randint(0, number) for number in range(chance.randint(1, 14))] for _ in range(2000)]
    assert sum(_crosses(tree) for tree in trees) <= 2


@pytest.mark.parametrize("seed", range(4))
def test_500_steps_take_less_than_a_second(seed: int) -> None:
    some = random.Random(seed)
    if seed == 0:
        wires = [(0, number, "0", "main") for number in range(1, 500)]
    else:
        wires = [(some.randrange(500), some.randrange(500), "0", "main") for _ in range((300, 700, 3000)[seed - 1])]
    graph = graph_of([some.choice(KINDS[:6]) for _ in range(500)], wires, [])
    began = time.process_time()
    places = layout(graph)
    halved = layout(graph, dict(list(places.items())[:250]))
    assert time.process_time() - began < 1
    assert len(places) == len(halved) == 500
    assert overlaps(places) == overlaps(halved) == []


def test_branches_stand_in_the_order_of_the_outputs() -> None:
    wires = [(0, 2, "2", "main"), (0, 3, "0", "main"), (0, 1, "1", "main")]
    places = layout(graph_of(["action"] * 4, wires, []))
    assert [places[step] for step in ("s0", "s3", "s1", "s2")] == [(0, 0), (210, 0), (210, 110), (210, 220)]


def test_sub_nodes_in_a_circle_are_drawn() -> None:
    places = layout(graph_of(["action"] * 2, [(0, 1, "0", "ai_tool"), (1, 0, "0", "ai_tool")], []))
    assert places == {"s0": (24, 82), "s1": (0, 0)}


@pytest.mark.parametrize("far", [-1, 0, 1])
@pytest.mark.parametrize("aside", [-173, 0, 173])
def test_room_is_taken_on_every_side(aside: int, far: int) -> None:
    room = Room(WIDTH, HEIGHT, 24)
    room.take((1000, 1000))
    for y in range(-81, 82):
        assert not room.free((1000 + aside, 1000 + y))
    assert room.free((1000 + aside, 1082 + abs(far)))
    assert room.free((1000 + aside, 918 - abs(far)))
    assert room.free((1174, 1000 + far))
    assert room.free((826, 1000 + far))


def test_a_later_step_below_a_parent_gets_room_too() -> None:
    kinds = ["trigger", "action", "action"]
    wires = [(0, 1, "0", "main"), (1, 2, "0", "main")]
    before = layout(graph_of(kinds, wires, []))
    after = graph_of([*kinds, "action"], [*wires, (3, 1, "0", "ai_tool")], [])
    places = layout(after, before)
    assert {**before, "s3": (234, 82)} == places
    assert layout(replace(after, platform="other"), before) == places


@pytest.mark.parametrize("shape", ["star", "chain", "loose"])
def test_a_bomb_of_steps_is_drawn_in_a_second_or_two(shape: str) -> None:
    count = 20_000
    wires = {
        "star": [(0, number, "0", "main") for number in range(1, count)],
        "chain": [(number, number + 1, "0", "main") for number in range(count - 1)],
        "loose": [],
    }[shape]
    graph = graph_of(["action"] * count, wires, [])
    began = time.process_time()
    places = layout(graph)
    again = layout(graph, dict(list(places.items())[: count // 2]))
    assert time.process_time() - began < 6
    assert len(set(places.values())) == len(set(again.values())) == count
