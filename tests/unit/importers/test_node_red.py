"""What texts of Node-RED flows read and set, and what nodes work on."""

import json
from pathlib import Path
from typing import Any

import pytest

from handrail.language.importers.node_red_definition import node_red_definition
from handrail.language.importers.node_red_resources import tables
from handrail.language.importers.node_red_text import Uses, in_code, in_jsonata, in_template, typed
from handrail.language.importers.packs import load_pack

_CORE = (
    "inject", "debug", "complete", "catch", "status", "link in", "link out", "link call", "comment", "junction",
    "global-config", "function", "switch", "change", "range", "template", "delay", "trigger", "exec", "rbe",
    "tls-config", "http proxy", "mqtt in", "mqtt out", "mqtt-broker", "http in", "http response", "http request",
    "websocket in", "websocket out", "websocket-listener", "websocket-client", "tcp in", "tcp out", "tcp request",
    "udp in", "udp out", "split", "join", "sort", "batch", "csv", "html", "json", "xml", "yaml", "file", "file in",
    "watch",
)  # fmt: skip


def _told(uses: Uses) -> list[str]:
    return [f"{each.kind}:{each.name}:{each.field}" for each in uses.reads] + [f"set:{each}" for each in uses.sets]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("return msg;", []),
        ("x = msg.payload.a", ["item::payload.a"]),
        ("x = msg['payload'][0].a", ["item::payload.0.a"]),
        ("x = msg.payload?.a", ["item::payload.a"]),
        ("msg.payload.toString()", ["item::payload"]),
        ("msg.payload = 1", []),
        ("if (msg.payload == 1) {}", ["item::payload"]),
        ("f = msg.payload.map(x => x)", ["item::payload"]),
        ("flow.get('a')", ["variable:flow.a:"]),
        ("flow.get('a.b[0].c')", ["variable:flow.a:b.0.c"]),
        ("flow.get(`a`, 'file')", ["variable:flow.a:"]),
        ("global.get(['a', 'b'])", ["variable:global.a:", "variable:global.b:"]),
        ("context.global.get('a')", ["variable:global.a:"]),
        ("flow.get(name)", ["variable:flow.*:"]),
        ("flow.get('a' + name)", ["variable:flow.*:"]),
        ("flow.get('$parent.a')", ["variable:flow.$parent.a:"]),
        ("flow.set('a.b', msg.payload)", ["item::payload", "set:flow.a"]),
        ("context.global.a = 1", ["set:global.a"]),
        ("context.flow.a.b", ["variable:flow.a:b"]),
        ("context.global.a == 1", ["variable:global.a:"]),
        ("env.get('A')", ["environment:A:"]),
        ("// flow.get('a')\n/* flow.get('b') */", []),
        ("u = 'http://x/'; flow.get('a') // b", ["variable:flow.a:"]),
        ("/* open flow.get('a')", []),
    ],
)
def test_code_reads_and_sets(code: str, told: list[str]) -> None:
    assert _told(in_code(code)) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain", []),
        ("{{payload}} {{{payload.a}}} {{&topic}}", ["item::payload", "item::payload.a", "item::topic"]),
        ("{{#payload.rows}}{{name}}{{/payload.rows}}", ["item::payload.rows", "item::name"]),
        ("{{! a comment }}", []),
        ("{{flow.a.b}} {{flow[file].c}} {{global.d}}", ["variable:flow.a:b", "variable:flow.c:", "variable:global.d:"]),
        ("{{env.HOST}}/${PORT}", ["environment:HOST:", "environment:PORT:"]),
        ("{{msg.payload | date}}", ["item::payload"]),
        ("$(HOST)", ["environment:HOST:"]),
        ("a $(HOST)", []),
    ],
)
def test_templates_read(text: str, told: list[str]) -> None:
    assert _told(in_template(text)) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("payload.a + 1", ["item::payload.a"]),
        ('"flow.a" & topic', ["item::topic"]),
        ("$sum(payload.rows.price)", ["item::payload.rows.price"]),
        ("$flowContext('a.b')", ["variable:flow.a:b"]),
        ("$globalContext(name)", ["variable:global.*:", "item::name"]),
        ("$env('A') and true", ["environment:A:"]),
    ],
)
def test_jsonata_reads(text: str, told: list[str]) -> None:
    assert _told(in_jsonata(text)) == told


def test_a_field_reads_what_the_type_beside_it_says() -> None:
    assert _told(typed("msg", "payload['a']")) == ["item::payload.a"]
    assert _told(typed("flow", "#:(file)::a[0].b")) == ["variable:flow.a:0.b"]
    assert _told(typed("env", "A")) == ["environment:A:"]
    assert _told(typed("str", "msg.payload")) == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT * FROM [dbo].[Orders] o JOIN customers c ON 1=1", ("customers", "orders")),
        ("insert into `shop`.`orders` values (1)", ("shop.orders",)),
        ("UPDATE orders SET a = 'from nowhere'", ("orders",)),
        ("-- from nowhere\nSELECT 1", ()),
        ("orders", ("orders",)),
        ("DELETE FROM ONLY orders", ("orders",)),
    ],
)
def test_tables_of_a_query(query: str, named: tuple[str, ...]) -> None:
    assert tables(query) == named


def test_every_core_node_has_a_row_that_says_what_it_does() -> None:
    known = {name: rows[0] for name, rows in load_pack("node-red").rows.items()}
    assert [each for each in _CORE if each not in known] == []
    silent = [each for each, row in known.items() if not row.operation and row.kind not in {"config", "comment"}]
    assert silent == ["unknown"]


def _node(key: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "type": kind, "z": "t", "x": 1, "y": 1, "wires": [], **fields}


def _red(*nodes: dict[str, Any], wrapped: bool = False) -> Any:
    return node_red_definition({"flows": list(nodes)} if wrapped else list(nodes), "folder/x.json")


def test_pointers_lead_into_the_file_as_it_was_exported() -> None:
    nodes = (_node("a", "inject"), _node("b", "function", func="return flow.get('x')"))
    assert [each.pointer for each in _red(*nodes).graph.steps] == ["/0", "/1"]
    assert [each.pointer for each in _red(*nodes, wrapped=True).graph.steps] == ["/flows/0", "/flows/1"]
    one = {"id": "t", "label": "Tab", "nodes": [nodes[0]], "configs": [{"id": "c", "type": "mqtt-broker"}],
           "subflows": [{"id": "s", "type": "subflow", "nodes": [nodes[1]], "configs": []}]}  # fmt: skip
    definition = node_red_definition(one, "x.json")
    assert definition.name == "Tab"
    assert [each.pointer for each in definition.graph.steps] == ["/nodes/0", "/configs/0", "/subflows/0/nodes/0"]


def test_the_admin_api_s_global_flow_is_a_definition_of_its_configuration() -> None:
    answer = {"id": "global", "configs": [{"id": "c", "type": "mqtt-broker", "broker": "mqtt.example.test"}]}
    graph = node_red_definition(answer, "x.json").graph
    assert [(each.kind, each.hosts, each.pointer) for each in graph.steps] == [
        ("config", ("mqtt.example.test",), "/configs/0")
    ]


def test_flow_context_stays_in_its_tab_and_global_context_does_not() -> None:
    code = "flow.set('a', 1); global.set('b', 2)"
    reads = "flow.get('a') + global.get('b')"
    setter, same, other = (
        _node("1", "function", func=code, z="t1"),
        _node("2", "function", func=reads, z="t1"),
        _node("3", "function", func=reads, z="t2"),
    )
    graph = _red(setter, same, other).graph
    assert [(each.source, each.target, each.via) for each in graph.data] == [
        ("1", "2", "context:flow.a"),
        ("1", "2", "context:global.b"),
        ("1", "3", "context:global.b"),
    ]
    assert [each.resolved for each in graph.steps[2].inputs[0].references] == [False, True]


def test_an_inject_that_repeats_is_a_schedule() -> None:
    graph = _red(_node("a", "inject", repeat="60"), _node("b", "inject", repeat="")).graph
    assert [each.connector for each in graph.steps] == ["schedule", "manual"]


def test_the_one_chat_that_is_named_before_a_sender_is_its_resource() -> None:
    sender = _node("s", "telegram sender", bot="b")
    one = _node("f", "function", func="msg.payload = {chatId: -100123, type: 'message'}", wires=[["s"]])
    assert _red(one, sender).graph.steps[1].resource == "telegram-chat:-100123"
    two = _node("g", "function", func="msg.payload.chatId = 777", wires=[["s"]])
    assert _red(one, two, sender).graph.steps[2].resource is None


def test_an_unknown_node_is_read_and_named() -> None:
    definition = _red(_node("a", "frobnicate out", topic="x"))
    assert [(each.rule, each.pointer) for each in definition.findings] == [("unknown_step_type", "/0")]
    assert definition.graph.steps[0].connector == "frobnicate"


@pytest.mark.shared
def test_the_context_references_of_real_flows_are_resolved(shared_data: Path) -> None:
    total = resolved = 0
    for path in sorted((shared_data / "flows" / "nodered").glob("*.json")):
        for step in node_red_definition(json.loads(path.read_text()), path.name).graph.working():
            assert step.operation or step.type == "unknown"
            variables = [ref for field in step.inputs for ref in field.references if ref.kind == "variable"]
            total += len(variables)
            resolved += sum(each.resolved for each in variables)
    assert total >= 20
    assert resolved / total >= 0.98
