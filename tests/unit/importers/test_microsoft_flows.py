"""The traps of Power Automate and Logic Apps definitions."""

import json
from typing import Any

import pytest

from handrail.language.importers import ArtefactInvalid, ArtefactPartUnknown, parts, read_artefact
from handrail.language.importers.definitions import definition_of_source, read_definitions
from handrail.language.importers.model import Definition

AFTER = ["Succeeded"]


def _flow(actions: dict[str, Any], **more: Any) -> Definition:
    trigger = {"manual": {"type": "Request", "kind": "Http", "inputs": {}}}
    definition = {"triggers": trigger, "actions": actions, **more}
    return read_definitions(json.dumps({"definition": definition, "kind": "Stateful"}).encode(), "f/workflow.json")[0]


def _set(value: Any, after: str = "", name: str = "v") -> dict[str, Any]:
    waits = {after: AFTER} if after else {}
    return {"type": "SetVariable", "inputs": {"name": name, "value": value}, "runAfter": waits}


def _init(value: Any = None, after: str = "") -> dict[str, Any]:
    variable = {"name": "v", "type": "string"} | ({"value": value} if value is not None else {})
    waits = {after: AFTER} if after else {}
    return {"type": "InitializeVariable", "inputs": {"variables": [variable]}, "runAfter": waits}


def _use(after: str = "") -> dict[str, Any]:
    return {"type": "Compose", "inputs": "@variables('V')", "runAfter": {after: AFTER} if after else {}}


def _sources(flow: Definition, target: str) -> list[str]:
    return sorted(each.source for each in flow.graph.data if each.target == target)


def test_steps_lie_at_every_depth_and_case_does_not_count() -> None:
    flow = _flow(
        {
            "Ask": {
                "type": "If",
                "expression": {},
                "actions": {"Yes": {"type": "Compose", "inputs": 1}},
                "else": {"actions": {"No": {"type": "compose", "inputs": 2, "runAfter": {}}}},
            },
            "Choose": {
                "type": "Switch",
                "expression": "@body('x')",
                "cases": {"A/B": {"case": "a", "actions": {"In_A": {"type": "Compose", "inputs": "@items('EACH')"}}}},
                "default": {"actions": {"Each": {"type": "foreach", "foreach": "@outputs('yes')", "actions": {}}}},
                "runAfter": {"ask": ["SUCCEEDED", "failed"]},
            },
        }
    )
    steps = {step.id: step for step in flow.graph.steps}
    assert [step.type for step in flow.graph.steps] == [
        "Request",
        "If",
        "Compose",
        "compose",
        "Switch",
        "Compose",
        "foreach",
    ]
    assert steps["No"].parent == "Ask"
    assert steps["In_A"].pointer == "/definition/actions/Choose/cases/A~1B/actions/In_A"
    assert {(each.source, each.target, each.port, each.kind) for each in flow.graph.edges} == {
        ("manual", "Ask", "0", "start"),
        ("Ask", "Yes", "true", "scope"),
        ("Ask", "No", "false", "scope"),
        ("Choose", "In_A", "A/B", "scope"),
        ("Choose", "Each", "default", "scope"),
        ("Ask", "Choose", "succeeded+failed", "run_after"),
    }
    assert steps["Ask"].error_policy == "continue"
    assert [(each.source, each.target) for each in flow.graph.data] == [("Each", "In_A"), ("Yes", "Each")]


def test_a_handler_and_a_retry_are_policies() -> None:
    flow = _flow(
        {
            "Try": {
                "type": "Scope",
                "actions": {
                    "Get": {"type": "Http", "inputs": {"uri": "https://a.example", "retryPolicy": {"type": "none"}}}
                },
            },
            "Catch": {"type": "Compose", "inputs": "@result('Try')", "runAfter": {"Try": ["Failed", "TimedOut"]}},
        }
    )
    steps = {step.id: step for step in flow.graph.steps}
    assert steps["Try"].error_policy == "handler"
    assert steps["Get"].error_policy == "retry:none"
    assert next(each.port for each in flow.graph.edges if each.kind == "run_after") == "failed+timed-out"
    assert {(each.source, each.target, each.via) for each in flow.graph.data} == {
        ("Try", "Catch", "expression"),
        ("Get", "Try", "result"),
    }


def test_a_value_that_is_surely_replaced_does_not_reach_a_use() -> None:
    flow = _flow({"I": _init("a"), "S": _set("b", "I"), "U": _use("S"), "Late": _set("c", "U")})
    assert _sources(flow, "U") == ["S"]


def test_a_value_that_may_be_replaced_reaches_a_use_both_ways() -> None:
    choice = {"type": "If", "expression": {}, "actions": {"S": _set("b")}, "runAfter": {"I": AFTER}}
    flow = _flow({"I": _init("a"), "If": choice, "U": _use("If")})
    assert _sources(flow, "U") == ["I", "S"]


def test_the_other_branch_gives_nothing() -> None:
    choice = {
        "type": "If",
        "expression": {},
        "actions": {"S": _set("b")},
        "else": {"actions": {"U": _use()}},
        "runAfter": {"I": AFTER},
    }
    assert _sources(_flow({"I": _init("a"), "If": choice}), "U") == ["I"]


def test_in_a_loop_a_later_step_gives_its_value_to_the_next_round() -> None:
    loop = {
        "type": "Until",
        "expression": "@equals(variables('v'), 'b')",
        "actions": {"U": _use(), "S": _set("b", "U")},
        "runAfter": {"I": AFTER},
    }
    flow = _flow({"I": _init("a"), "Loop": loop})
    assert _sources(flow, "U") == ["I", "S"]
    assert "S" in _sources(flow, "Loop")


def test_a_choice_does_not_read_what_its_own_branch_sets() -> None:
    choice = {
        "type": "If",
        "expression": "@equals(variables('v'), 'b')",
        "actions": {"S": _set("b")},
        "runAfter": {"I": AFTER},
    }
    assert _sources(_flow({"I": _init("a"), "If": choice}), "If") == ["I"]


def test_a_doubled_name_means_the_nearest() -> None:
    def scope(value: str, after: str = "") -> dict[str, Any]:
        inner = {
            "Get": {"type": "Compose", "inputs": value},
            f"Use_{value}": {"type": "Compose", "inputs": "@outputs('Get')", "runAfter": {"Get": AFTER}},
        }
        return {"type": "Scope", "actions": inner, "runAfter": {after: AFTER} if after else {}}

    flow = _flow({"One": scope("a"), "Two": scope("b", "One")})
    assert [step.id for step in flow.graph.steps if step.name == "Get"] == ["Get", "Get#2"]
    assert {(each.source, each.target) for each in flow.graph.data} == {("Get", "Use_a"), ("Get#2", "Use_b")}
    assert ("Get#2", "Use_b") in {(each.source, each.target) for each in flow.graph.edges if each.kind == "run_after"}


def test_a_step_that_waits_for_nobody_is_a_finding() -> None:
    flow = _flow({"A": {"type": "Compose", "inputs": 1, "runAfter": {"Gone": AFTER}}})
    assert [(each.rule, each.pointer) for each in flow.findings] == [
        ("dangling_edge", "/definition/actions/A/runAfter/Gone")
    ]


def test_an_address_in_a_parameter_stays_unknown_even_with_a_default() -> None:
    flow = _flow(
        {"A": {"type": "Http", "inputs": {"uri": "@parameters('url')", "method": "post"}}},
        parameters={"url": {"type": "String", "defaultValue": "https://api.example"}},
    )
    step = flow.graph.steps[1]
    assert (step.kind, step.hosts, step.method, step.operation) == ("http", (), "POST", "POST")
    assert flow.graph.unknown == ("step 'A': its address comes from the parameter 'url'",)


def _connected(inputs: dict[str, Any], references: dict[str, Any], kind: str = "ApiConnection") -> Any:
    definition = {"triggers": {}, "actions": {"A": {"type": kind, "inputs": inputs}}}
    document = {"properties": {"definition": definition, "connectionReferences": references}}
    return read_definitions(json.dumps(document).encode(), "x.json")[0]


@pytest.mark.parametrize(
    ("inputs", "references", "expected"),
    [
        (
            {
                "host": {
                    "apiId": "/providers/Microsoft.PowerApps/apis/shared_sharepointonline",
                    "connectionName": "shared_sharepointonline-1",
                    "operationId": "PostItem",
                },
                "parameters": {"dataset": "https://a.example/sites/x", "table": "T"},
            },
            {"shared_sharepointonline-1": {"connection": {"connectionReferenceLogicalName": "our_sites"}}},
            ("sharepoint", "PostItem", "sharepoint:https://a.example/sites/x/T", "shared_sharepointonline/our_sites"),
        ),
        (
            {
                "host": {"connection": {"name": "@parameters('$connections')['servicebus_2']['connectionId']"}},
                "method": "post",
                "path": "/@{encodeURIComponent(encodeURIComponent('orders'))}/messages",
            },
            {},
            ("azure-service-bus", "SendMessage", "azure-service-bus:orders", "servicebus/servicebus_2"),
        ),
        (
            {"host": {"connection": {"referenceName": "crm"}}, "method": "get", "path": "/leads/@{body('x')}"},
            {"crm": {"api": {"id": "/subscriptions/1/managedApis/crm-5fabcdef12-5f00"}}},
            ("crm", "GET /leads/{}", None, "crm-5fabcdef12-5f00/crm"),
        ),
        (
            {
                "serviceProviderConfiguration": {
                    "serviceProviderId": "/serviceProviders/AzureBlob",
                    "operationId": "uploadBlob",
                    "connectionName": "store",
                },
                "parameters": {"containerName": "reports"},
            },
            {},
            ("azure-blob", "uploadBlob", "azure-blob:reports", "/serviceProviders/AzureBlob/store"),
        ),
    ],
)
def test_a_step_reaches_its_system(inputs: dict[str, Any], references: dict[str, Any], expected: Any) -> None:
    step = _connected(inputs, references).graph.steps[0]
    assert (step.connector, step.operation, step.resource, "".join(step.credential_refs)) == expected


def _template(*names: str) -> bytes:
    def resource(name: str) -> dict[str, Any]:
        action = {"type": "Response", "inputs": {"body": name}}
        definition = {"triggers": {}, "actions": {f"{name}_a": action}}
        return {"type": "Microsoft.Logic/workflows", "name": name, "properties": {"definition": definition}}

    connection = {"type": "Microsoft.Web/connections", "name": "c", "properties": {}}
    document = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "parameters": {"which": {"type": "string", "defaultValue": "second"}},
        "resources": [connection, *map(resource, names)],
    }
    return json.dumps(document).encode()


def test_a_template_holds_several_flows() -> None:
    data = _template("first", "[parameters('which')]")
    found = read_definitions(data, "azuredeploy.json")
    assert [(each.index, each.platform, each.name) for each in found] == [
        (0, "logic-apps", "first"),
        (1, "logic-apps", "second"),
    ]
    assert [each.pointer for each in found] == ["/resources/1/properties", "/resources/2/properties"]
    assert found[1].graph.steps[0].pointer.startswith("/resources/2/properties/definition/actions/")
    assert [each.id for each in parts(data, "t.json")] == ["first", "second"]
    with pytest.raises(ArtefactPartUnknown):
        read_artefact(data, "t.json")
    assert read_artefact(data, "t.json", part="second").part == "second"


def test_a_stored_flow_opens_again_and_keeps_its_digest_without_what_is_volatile() -> None:
    action = {"type": "Compose", "inputs": 1.50, "metadata": {"operationMetadataId": "one", "kept": "x"}}
    holder = {
        "displayName": "Ours",
        "definition": {"triggers": {}, "actions": {"A": action}, "metadata": {"creator": 1}},
    }
    document = {"name": "guid", "type": "Microsoft.Flow/flows", "properties": {**holder, "createdTime": "yesterday"}}
    artefact = read_artefact(json.dumps(document).encode(), "a.json")
    action["metadata"] = {"operationMetadataId": "two", "kept": "x"}
    document["name"] = "another"
    again = read_artefact(json.dumps(document).encode(), "b.json")
    assert (artefact.platform, artefact.name) == ("power-automate", "Ours")
    assert again.source_digest == artefact.source_digest
    assert artefact.source["definition"]["actions"]["A"]["metadata"] == {"kept": "x"}
    opened = definition_of_source("power-automate", "Ours", artefact.source)
    assert opened.graph.steps[0].pointer == "/definition/actions/A"


def test_a_step_that_is_no_object_is_refused_with_its_place() -> None:
    with pytest.raises(ArtefactInvalid) as refused:
        _flow({"A": {"type": "Scope", "actions": {"B": 7}}})
    assert refused.value.place == "f/workflow.json#/definition/actions/A/actions/B"


def test_many_variables_and_uses_stay_within_bounds() -> None:
    actions = {f"S{index}": _set("x") for index in range(1500)}
    actions |= {f"U{index}": _use() for index in range(1500)}
    assert len(_flow(actions).graph.data) < 4000
