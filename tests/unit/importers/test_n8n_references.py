"""Which expression reads what."""

import time

import pytest

from handrail.language.graph import Reference
from handrail.language.importers.n8n_references import Language, read_references

NAMES = {"Get rows", "It's mine", 'Say "hi"', "Config"}


def _said(text: str, language: Language = "expression") -> list[str]:
    return [
        f"{each.kind}:{each.name}:{each.field}" + ("" if each.resolved else "?")
        for each in read_references(text, NAMES, language)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ $json.email }}", ["item::email"]),
        ('{{ $json["first name"].trim() }}', ["item::first name"]),
        ("{{ $json.a?.b?.[0]?.c }}", ["item::a.b.0.c"]),
        ("{{ $json['a']['b'] }} and {{ $json.a.b }}", ["item::a.b"]),
        ("{{ JSON.stringify($json) }}", ["item::"]),
        ("{{ $json.rows.map(row => row.name).join() }}", ["item::rows"]),
        ("{{ $binary.data.fileName }}", ["item::binary.data.fileName"]),
        ("{{ $input.item.json.email }}", ["item::email"]),
        ("{{ $input.first().json.email }}", ["item::email"]),
        ("{{ $input.all()[0].json.email }}", ["item::email"]),
        ("{{ $input.all() }}", ["item::"]),
        ("{{ $input.params.limit }}", []),
        ("{{ $('Get rows').item.json.email }}", ["step:Get rows:email"]),
        ("{{ $('Get rows').first().json['e-mail'] }}", ["step:Get rows:e-mail"]),
        ("{{ $('Get rows').last().json.a.b }}", ["step:Get rows:a.b"]),
        ("{{ $('Get rows').all()[2].json.a }}", ["step:Get rows:a"]),
        ("{{ $('Get rows').all().map(one => one.json.a) }}", ["step:Get rows:"]),
        ("{{ $('Get rows').itemMatching($itemIndex).json.a }}", ["step:Get rows:a"]),
        ("{{ $('Get rows').item.binary.data }}", ["step:Get rows:binary.data"]),
        ("{{ $( `Get rows` ).item.json.a }}", ["step:Get rows:a"]),
        ("{{ $('It\\'s mine').item.json.a }}", ["step:It's mine:a"]),
        ('{{ $("Say \\"hi\\"").item.json.a }}', ['step:Say "hi":a']),
        ("{{ `${$('Get rows').item.json.a} of ${$json.b}` }}", ["step:Get rows:a", "item::b"]),
        ('{{ $node["Get rows"].json["a"]["b"] }}', ["step:Get rows:a.b"]),
        ('{{$node["Get rows"].data["a"]}}', ["step:Get rows:a"]),
        ("{{ $node.Config.json.a }}", ["step:Config:a"]),
        ('{{ $item(0).$node["Get rows"].json["a"] }}', ["item::", "step:Get rows:a"]),
        ('{{ $items("Get rows", 0, 0)[1].json.a }}', ["step:Get rows:a"]),
        ('{{ $items("Get rows") }}', ["step:Get rows:"]),
        ("{{ $items() }}", ["item::"]),
        ("{{ $('Not there').item.json.a }}", ["step:Not there:a?"]),
        ("{{ $('Get rows').isExecuted }}", []),
        ("{{ $('Get rows').params.documentId.value }}", []),
        ('{{ $node["Config"].parameter["values"] }}', []),
        ('{{ $node["Config"].context["noItemsLeft"] }}', []),
        ("{{ $fromAI('who', 'whom to write', 'string') }}", ["model::who"]),
        ("{{ $fromAi() }}", ["model::"]),
        ("{{ $vars.region }}{{ $vars['zone'] }}", ["variable:region:", "variable:zone:"]),
        ('{{ $env.STAGE }}{{ $env["HOST"] }}', ["environment:STAGE:", "environment:HOST:"]),
        ("{{ $workflow.id }} {{ $execution.id }} {{ $now }} {{ $itemIndex }}", []),
        ("{{ DateTime.now() }}", []),
        ("$json.a without braces", []),
        ("costs $5 {{ 1 + 1 }}", []),
        ("{{ items.length }}", []),
        ("{{ _('Get rows').first() }}", []),
        ("{{ $jsonata.x + $(name).item }}", []),
    ],
)
def test_expressions(text: str, expected: list[str]) -> None:
    assert _said(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("javascript", "return $('Get rows').all();", ["step:Get rows:"]),
        ("javascript", "for (const item of items) { item.json.x = 1 }", ["item::"]),
        ("javascript", "const list = data.items;", []),
        ("javascript", "// $('Get rows').all()\n  // $json.a\nreturn [];", []),
        ("javascript", "/* $('Get rows').all() */ return $json.a;", ["item::a"]),
        ("javascript", "const accept = '*/*'; return $json.a; // '*/*'", ["item::a"]),
        ("javascript", "return $json.a; /* never closed $json.b", ["item::a", "item::b"]),
        ("javascript", "const url = 'https://x.example.test/' + $json.id;", ["item::id"]),
        ("function", "item.total = item.price * 2; return item;", ["item::total", "item::price", "item::"]),
        ("function", "return items[0].json.a;", ["item::a"]),
        ("python", "x = _input.first().json.a", ["item::a"]),
        ("python", "x = _json['a']", ["item::a"]),
        ("python", "for one in _items:\n    pass", ["item::"]),
        ("python", "x = _('Get rows').first().json.a  # ok", ["step:Get rows:a"]),
        ("python", "# _('Get rows').first()", []),
        ("python", "y = _node['Get rows'].json['a']", ["step:Get rows:a"]),
    ],
)
def test_code(language: Language, text: str, expected: list[str]) -> None:
    assert _said(text, language) == expected


def test_each_is_told_once_and_in_order() -> None:
    found = read_references("{{ $json.b }}{{ $json.a }}{{ $json.b }}", NAMES)
    assert found == (Reference("item", field="b"), Reference("item", field="a"))


@pytest.mark.parametrize(
    "piece",
    [
        "$json.",
        "$('",
        "$node[",
        "/*",
        "$items(",
        "$fromAI(",
        "$json[",
        "{{",
        "}}",
        "$json.a(",
        " ",
        "$('a').first(",
        "\\",
    ],
)
@pytest.mark.parametrize("language", ["expression", "javascript", "python"])
def test_hostile_text_takes_time_in_proportion(piece: str, language: Language) -> None:
    text = "{{ " + piece * (400_000 // len(piece)) + " }}"
    before = time.process_time()
    read_references(text, NAMES, language)
    assert time.process_time() - before < 3
