"""What expressions of Microsoft's workflow language read."""

import pytest

from handrail.language.importers.microsoft.expressions import code_reads, holed, reads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no expression, me@example.com", []),
        ("@@body('X')", []),
        ("a @@{body('X')} b", []),
        ("a @@@{body('X')} b", [("action", "X", "body")]),
        ("@body('X')", [("action", "X", "body")]),
        ("@BODY('X')?['value']", [("action", "X", "body.value")]),
        ("@body('X')?['value'][0]?['a']?.b", [("action", "X", "body.value.a.b")]),
        ("@outputs('Get_a_row')?['body/statuscode']", [("action", "Get_a_row", "body.statuscode")]),
        ("@outputs('Compose')", [("action", "Compose", "")]),
        ("@actions('X')['outputs']['headers']['Location']", [("action", "X", "headers.Location")]),
        ("@actionBody('X')", [("action", "X", "body")]),
        ("@items('Apply to each')?['Mail']", [("action", "Apply to each", "Mail")]),
        ("@item()?['name']", [("item", "", "name")]),
        ("@triggerBody()?['text']", [("trigger", "", "body.text")]),
        ("@triggerOutputs()?['headers/x-user']", [("trigger", "", "headers.x-user")]),
        ("@trigger().outputs.body.id", [("trigger", "", "body.id")]),
        ("@triggerBody().members", [("trigger", "", "body.members")]),
        ("@triggerFormDataValue('file')", [("trigger", "", "body.file")]),
        ("@formDataValue('Http', 'key')", [("action", "Http", "body.key")]),
        ("@variables('Next Link')", [("variable", "Next Link", "")]),
        ("@parameters('Site (new_Site)')", [("parameter", "Site (new_Site)", "")]),
        ("@result('Try')", [("result", "Try", "")]),
        ("@appsetting('KEY')", [("environment", "KEY", "")]),
        ("@workflow()['run']['name']", [("flow", "", "run.name")]),
        ("@body('it''s')['a']", [("action", "it's", "body.a")]),
        ("@concat('body(''not me'')', body('X'))", [("action", "X", "body")]),
        (
            "Hi @{triggerBody()?['name']}, @{toUpper(body('X')?['y'])}!",
            [("trigger", "", "body.name"), ("action", "X", "body.y")],
        ),
        ("@{'}'}@{outputs('after a brace')}", [("action", "after a brace", "")]),
        (
            "@body('X')[variables('i')]['deep']",
            [("action", "X", "body"), ("variable", "i", "")],
        ),
        ("@if(equals(item()['a'], 'x'), body('A'), body('A'))", [("item", "", "a"), ("action", "A", "body")]),
        ("@x.body('Y')", []),
        ("@{outputs('X')", [("action", "X", "")]),
        ("@{", []),
        ("@", []),
    ],
)
def test_an_expression_reads_exactly_this(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(read.kind, read.name, read.field) for read in reads(text)] == expected
    assert all(read.literal for read in reads(text))


def test_a_name_that_is_never_closed_is_none() -> None:
    assert [(read.name, read.literal) for read in reads("@outputs('never closed")] == [("", False)]


def test_a_computed_name_is_known_to_be_unknown() -> None:
    found = reads("@outputs(concat('Get_', variables('which')))")
    assert [(read.kind, read.literal) for read in found] == [("action", False), ("variable", True)]


def test_a_script_reads_through_its_context() -> None:
    code = 'const a = workflowContext.actions["Get it"].outputs.body; return workflowContext.trigger.outputs.body.id'
    assert [(read.kind, read.name, read.field) for read in code_reads(code)] == [
        ("action", "Get it", "body"),
        ("trigger", "", "body.id"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/tables/@{encodeURIComponent(encodeURIComponent('a b/c'))}/items", "/tables/a b%2Fc/items"),
        ("/tables/@{encodeURIComponent(body('X'))}/items", "/tables/{}/items"),
        ("@concat('https://x.example/', variables('v'))", "https://x.example/{}"),
        ("@parameters('url')", "{}"),
        ("https://x.example/@{parameters('p')}", "https://x.example/{}"),
        ("me@@example.com", "me@example.com"),
    ],
)
def test_constants_are_told_from_what_is_decided_later(text: str, expected: str) -> None:
    assert holed(text, "{}") == expected
