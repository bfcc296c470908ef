"""Many flows as one: what crosses from one to another, which do the same, and that neither grows without bound."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest

from handrail.language.estates import (
    Carry,
    Member,
    Part,
    Share,
    Through,
    exact_of,
    part_from_json,
    part_of,
    part_to_json,
    survey,
)
from handrail.language.graph import Edge, Graph, Input, Step
from handrail.language.leaks import LeakReport, default_boundary

SHEET = "google-sheets:1AbC/Q4"
TOPIC = "mqtt:orders/new"


def writer(key: str, resource: str = SHEET) -> Member:
    carry = Carry(resource, "restricted", "pii", "bank details", "Read", "Write")
    return Member(key, key, "n8n", Part(f"e1:{key}", shares=(Share(resource, "write", "Write"),), carries=(carry,)))


def reader(key: str, to: str = "", destination: str = "partner.demo", resource: str = SHEET) -> Member:
    through = Through(
        resource, "Take", to, "" if to else destination, "" if to else "third_party", "Send", certain=True
    )
    shares = [Share(resource, "read", "Take")] + ([Share(to, "write", "Send")] if to else [])
    return Member(key, key, "n8n", Part(f"e1:{key}", shares=tuple(shares), throughs=(through,)))


def step(key: str, kind: str = "action", **more) -> Step:
    return Step(key, key, kind, more.pop("type", "n8n-nodes-base.noOp"), **more)


def graph(*steps: Step, name: str = "flow") -> Graph:
    edges = tuple(Edge(one.id, other.id) for one, other in pairwise(steps))
    return Graph("n8n", name, steps, edges)


def test_the_shortest_way_over_two_flows_and_what_they_share() -> None:
    found = survey([writer("a"), reader("b", TOPIC), reader("c", resource=TOPIC), reader("d", resource="other:1")])
    (leak,) = found.leaks
    assert [stop.label for stop in leak.stops] == ["a", "1AbC/Q4", "b", "orders/new", "c", "partner.demo"]
    assert leak.members == ("a", "b", "c")
    assert leak.certain
    assert [(link.source, link.target) for link in found.links] == [("a", "b"), ("b", "c")]


def test_circles_end_and_a_flow_is_not_across_itself() -> None:
    both = writer("a")
    own = Through(SHEET, "Take", "", "partner.demo", "third_party", "Send", certain=True)
    both = replace(
        both, part=replace(both.part, shares=(*both.part.shares, Share(SHEET, "read", "Take")), throughs=(own,))
    )
    assert survey([both]).leaks == ()
    # Who writes may read too; another reader to the same place is still found.
    assert [leak.members for leak in survey([both, reader("b")]).leaks] == [("a", "b")]
    circle = [writer("w"), reader("x", TOPIC), reader("y", SHEET, resource=TOPIC)]
    assert survey(circle).leaks == ()


def test_what_only_the_wires_say_is_likely_and_not_certain() -> None:
    vague = reader("b")
    vague = replace(vague, part=replace(vague.part, throughs=(replace(vague.part.throughs[0], certain=False),)))
    (leak,) = survey([writer("a"), vague]).leaks
    assert not leak.certain


def test_twenty_thousand_flows_on_one_sheet_stay_within_bounds() -> None:
    members = [writer(f"w{number:05}") for number in range(10_000)]
    members += [reader(f"r{number:05}", f"mqtt:{number}") for number in range(10_000)]
    begun = time.process_time()
    found = survey(members)
    assert time.process_time() - begun < 20
    assert found.cut
    assert len(found.links) <= 50_000


def test_duplicates_by_content_and_by_shape() -> None:
    part = Part("e1:same", ("slack message.post", "starts by gmail"), ("slack:#x",), (1, 2, 3, 4), 1)
    near = replace(part, exact="e1:near", shape=(1, 2, 3, 9))
    far = replace(part, exact="e1:far", shape=(7, 8, 9))
    other = replace(part, exact="e1:other", destinations=("slack:#y",))
    members = [Member(key, key, "n8n", each) for key, each in
               {"a": part, "b": part, "c": near, "d": far, "e": other}.items()]  # fmt: skip
    members.append(Member("r", "r", "n8n", part, app="registered"))
    found = survey(members).twins
    assert [(each.kind, each.members, each.spare) for each in found] == [
        ("exact", ("r", "a", "b"), 2),
        ("near", ("r", "c"), 1),
    ]
    # What calls nothing is no integration.
    assert survey([Member(str(n), "x", "n8n", Part("e1:same")) for n in range(3)]).twins == ()


def test_ten_thousand_flows_that_are_nearly_the_same_are_grouped_quickly() -> None:
    part = Part("", ("slack message.post",), ("slack:#x",), (), 1)
    members = [
        Member(f"{n:05}", "x", "n8n", replace(part, exact=f"e1:{n}", shape=tuple(range(n % 97, n % 97 + 30))))
        for n in range(10_000)
    ]
    begun = time.process_time()
    assert survey(members).twins
    assert time.process_time() - begun < 20


def test_the_same_flow_has_one_digest_whatever_its_steps_are_called() -> None:
    ask = {
        "type": "n8n-nodes-base.httpRequest",
        "kind": "http",
        "inputs": (Input("/parameters/url", "https://a.example"),),
    }
    one = graph(step("Start", "trigger"), step("Ask", **ask), step("End"))
    renamed = graph(step("1", "trigger"), step("2", **ask), step("3"), name="other")
    assert exact_of(one) == exact_of(renamed)
    changed = graph(
        step("1", "trigger"),
        step("2", **{**ask, "inputs": (Input("/parameters/url", "https://b.example"),)}),
        step("3"),
    )
    assert exact_of(one) != exact_of(changed)
    turned = Graph("n8n", "flow", one.steps, tuple(Edge(each.target, each.source) for each in one.edges))
    assert exact_of(one) != exact_of(turned)


@pytest.mark.parametrize(
    ("resource", "shared"),
    [
        ("google-sheets:1LkQ4pAyOuts/Q4", True),
        ("mqtt:orders/new", True),
        ("google-sheets:YOUR_SHEET_ID", False),
        ("google-drive:root", False),
        ("airtable:<base>/<table>", False),
        ("google-calendar:******@gmail.com", False),
    ],
)
def test_a_placeholder_is_nothing_that_flows_share(resource: str, shared: bool) -> None:
    found = part_of(graph(step("Start", "trigger"), step("Keep", operation="append", connector="x", resource=resource)),
                    LeakReport(), default_boundary())  # fmt: skip
    assert bool(found.shares) is shared


def test_a_part_survives_being_stored() -> None:
    for member in (writer("a"), reader("b", TOPIC)):
        assert part_from_json(part_to_json(member.part)) == member.part
