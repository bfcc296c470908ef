"""Large flows are followed within bounds, and what was left out is said."""

import json
import time

import pytest

from handrail.governance.checks import check_file
from handrail.language.importers import read_definitions
from handrail.language.leaks import LeakReport, analyse, default_boundary

SECONDS = 12.0  # of CPU, on a slow and shared machine
BOUNDARY = default_boundary()


def _node(name: str, kind: str, **parameters: object) -> dict[str, object]:
    return {"name": name, "type": f"n8n-nodes-base.{kind}", "typeVersion": 1, "parameters": parameters}


def _flow(nodes: list[dict[str, object]], wires: list[tuple[str, str]]) -> bytes:
    connections: dict[str, dict[str, list[list[dict[str, object]]]]] = {}
    for source, target in wires:
        ends = connections.setdefault(source, {"main": [[]]})["main"][0]
        ends.append({"node": target, "type": "main", "index": 0})
    return json.dumps({"nodes": nodes, "connections": connections}).encode()


def _hub(count: int) -> bytes:
    """Mailboxes that all go through one step to as many hosts."""
    boxes = [_node(f"Box {each}", "gmail", operation="getAll") for each in range(count)]
    hosts = [
        _node(f"Host {each}", "httpRequest", url=f"https://h{each}.acme-data.io/x", method="POST", body="={{ $json.email }}")
        for each in range(count)
    ]  # fmt: skip
    hub = _node("Hub", "code", jsCode="return items.map(item => item.json.email)")
    wires = [(f"Box {each}", "Hub") for each in range(count)] + [("Hub", f"Host {each}") for each in range(count)]
    return _flow([*boxes, hub, *hosts], wires)


def _decisions(count: int) -> bytes:
    boxes = [_node("Box", "gmail", operation="getAll")]
    asks = [
        _node(f"If {each}", "if", conditions={"string": [{"value1": "={{ $json.email }}"}]}) for each in range(count)
    ]
    posts = [_node(f"Post {each}", "telegram", chatId="-100200300", text="x") for each in range(count)]
    wires = [("Box", "If 0"), *((f"If {each}", f"If {each + 1}") for each in range(count - 1))]
    return _flow([*boxes, *asks, *posts], [*wires, *((f"If {each}", f"Post {each}") for each in range(count))])


def _many_fields(count: int) -> bytes:
    body = "=" + " ".join(f"{{{{ $('Box').item.json.f{each} }}}}" for each in range(count))
    post = _node("Post", "httpRequest", url="https://a.acme-data.io", method="POST", body=body)
    return _flow([_node("Box", "gmail", operation="getAll"), post], [("Box", "Post")])


def _endpoints(count: int) -> bytes:
    hooks = [_node(f"Hook {each}", "webhook", path=f"p{each}", responseMode="lastNode") for each in range(count)]
    reads = [_node(f"Read {each}", "postgres", operation="select", table="patients") for each in range(count)]
    wires = [(f"Hook {each}", "Read 0") for each in range(count)]
    return _flow([*hooks, *reads], [*wires, *((f"Read {each}", f"Read {each + 1}") for each in range(count - 1))])


def _analysed(data: bytes) -> LeakReport:
    graph = read_definitions(data, "large.json")[0].graph
    begin = time.process_time()
    report = analyse(graph, BOUNDARY)
    assert time.process_time() - begin < SECONDS
    return report


@pytest.mark.parametrize(
    "data",
    [_hub(800), _decisions(2_000), _many_fields(20_000), _endpoints(1_500)],
    ids=["a hub", "decisions", "many fields", "endpoints"],
)
def test_a_large_flow_is_followed_in_time(data: bytes) -> None:
    _analysed(data)


def test_what_was_left_out_is_said() -> None:
    report = _analysed(_hub(200))
    assert report.cut
    assert len(report.leaks) <= 2_000
    findings = check_file(_hub(200), "large.json", BOUNDARY).findings
    said = next(each for each in findings if each.rule == "check-failed")
    assert said.severity == "block"
    assert said.evidence == {"check": "leak", "limit": True}
    assert "too large" in said.text


def test_nothing_is_left_out_of_a_flow_that_somebody_would_draw() -> None:
    report = _analysed(_hub(30))
    assert not report.cut
    assert len(report.leaks) == 900
    assert all(each.cut for each in report.leaks)


def test_the_cut_of_few_leaks_is_still_where_most_of_them_end() -> None:
    report = _analysed(_hub(4))
    assert {each.cut.step for each in report.leaks if each.cut} == {"Hub"}
    assert {each.cut.ends for each in report.leaks if each.cut} == {16}
