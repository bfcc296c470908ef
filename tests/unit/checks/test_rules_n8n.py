"""Each rule on small n8n flows: one where it holds, one where it does not."""

from typing import Any

import pytest
from tests.rigs.flows import LANGCHAIN, found, node, workflow

from handrail.governance.checks import check_file
from handrail.language.leaks import default_boundary

HOOK = node("Hook", "webhook", {"path": "in", "httpMethod": "POST"}, version=2)
KEYED = node("Hook", "webhook", {"path": "in", "authentication": "headerAuth"}, version=2)
CALL = node("Call", "httpRequest", {"url": "https://api.example.org/x"})
SECRET = "9f3kd02mxl48vq71zp5t"


def call(url: str, **more: Any) -> dict[str, Any]:
    return node("Call", "httpRequest", {"url": url, **more})


def header(value: str) -> dict[str, Any]:
    return call(
        "https://api.example.org",
        sendHeaders=True,
        headerParameters={"parameters": [{"name": "X-Api-Key", "value": value}]},
    )


def condition(left: Any, right: Any, operation: str = "equals") -> dict[str, Any]:
    asked = {"leftValue": left, "rightValue": right, "operator": {"type": "string", "operation": operation}}
    return node("If", "if", {"conditions": {"conditions": [asked], "combinator": "and"}}, version=2)


def old_condition(left: Any, right: Any) -> dict[str, Any]:
    return node("If", "if", {"conditions": {"string": [{"value1": left, "value2": right}]}}, version=1)


def tool(operation: str, **more: Any) -> bytes:
    return workflow(
        node("Chat", "telegramTrigger", {"updates": ["message"]}, version=1),
        node("Agent", f"{LANGCHAIN}agent", {"promptType": "define", "text": "={{ $json.message.text }}"}, version=1.7),
        node("Tool", "googleCalendarTool", {"resource": "event", "operation": operation}, version=1.3, **more),
        wires=[("Chat", "Agent"), ("Tool", "Agent", "ai_tool")],
    )


def sql(query: str, **more: Any) -> bytes:
    return workflow(
        HOOK,
        node("Sql", "postgres", {"operation": "executeQuery", "query": query, **more}, version=2.5),
        wires=[("Hook", "Sql")],
    )


def timed(**interval: Any) -> bytes:
    return workflow(
        node("Tick", "scheduleTrigger", {"rule": {"interval": [interval]}}, version=1.2), CALL, wires=[("Tick", "Call")]
    )


HOLDS: list[tuple[str, bytes]] = [
    ("hardcoded-secret", workflow(header(SECRET))),
    ("no-error-handling", workflow(KEYED, CALL, wires=[("Hook", "Call")])),
    ("unauthenticated-endpoint", workflow(HOOK)),
    ("unauthenticated-endpoint", workflow(node("F", "formTrigger"))),
    ("unauthenticated-endpoint", workflow(node("C", f"{LANGCHAIN}chatTrigger", {"public": True}))),
    ("unauthenticated-endpoint", workflow(node("M", f"{LANGCHAIN}mcpTrigger", {"path": "x"}))),
    ("plain-http", workflow(call("http://api.example.org/x"))),
    ("plain-http", workflow(call("=http://api.example.org/{{ $json.id }}"))),
    ("tls-not-verified", workflow(call("https://a.example.org", options={"allowUnauthorizedCerts": True}))),
    ("tls-not-verified", workflow(node("C", "code", {"jsCode": "const agent = new Agent({ rejectUnauthorized: false })"}))),
    ("injection", sql("=SELECT * FROM t WHERE id = {{ $json.body.id }}")),
    ("injection", workflow(HOOK, node("Run", "executeCommand", {"command": "=cat {{ $json.body.name }}"}, version=1), wires=[("Hook", "Run")])),
    ("injection", workflow(HOOK, node("Set", "set"), node("Run", "executeCommand", {"command": "=cat {{ $('Hook').item.json.body.name }}"}, version=1), wires=[("Hook", "Set"), ("Set", "Run")])),
    ("prompt-injection", tool("create")),
    ("destructive-tool", tool("delete")),
    ("public-request-bin", workflow(call("https://webhook.site/8d1c"))),
    ("public-request-bin", workflow(call("https://ab12.ngrok-free.app/hook"))),
    ("open-destination", workflow(HOOK, call("=https://{{ $json.body.domain }}/rest"), wires=[("Hook", "Call")])),
    ("open-destination", workflow(HOOK, call("={{ $json.body.url }}"), wires=[("Hook", "Call")])),
    ("sample-data", workflow(HOOK, pinData={"Hook": [{"json": {"from": "mara.lind@firma-nord.de"}}]})),
    ("secret-in-sample-data", workflow(HOOK, pinData={"Hook": [{"json": {"token": SECRET}}]})),
    ("personal-store", workflow(node("D", "googleDrive", {"driveId": {"__rl": True, "mode": "list", "value": "My Drive"}}, version=3))),
    ("weak-comparison", workflow(condition("1", "1"))),
    ("weak-comparison", workflow(old_condition("1", "1"))),
    ("unwired-step", workflow(HOOK, CALL, node("Left", "set"), wires=[("Hook", "Call")])),
    ("disabled-step", workflow(HOOK, {**CALL, "disabled": True}, wires=[("Hook", "Call")])),
    ("dangling-edge", workflow(HOOK, CALL, wires=[("Hook", "Call"), ("Call", "Gone")])),
    ("community-node", workflow(node("X", "n8n-nodes-somebody.thing"))),
    ("code-step", workflow(node("C", "code", {"jsCode": "return []"}))),
    ("unknown-step-type", workflow(node("X", "somethingNew"))),
    ("fast-polling", timed(field="minutes", minutesInterval=1)),
    ("fast-polling", timed(field="seconds")),
    ("fast-polling", timed(field="cronExpression", expression="*/1 8-16 * * 1-5")),
]  # fmt: skip
HOLDS_NOT: list[tuple[str, bytes]] = [
    ("hardcoded-secret", workflow(header("YOUR_API_KEY"))),
    ("hardcoded-secret", workflow(header("={{ $vars.KEY }}"))),
    ("no-error-handling", workflow(KEYED, {**CALL, "retryOnFail": True}, wires=[("Hook", "Call")])),
    ("no-error-handling", workflow(KEYED, {**CALL, "onError": "continueRegularOutput"}, wires=[("Hook", "Call")])),
    ("no-error-handling", workflow(KEYED, CALL, node("E", "errorTrigger"), wires=[("Hook", "Call")])),
    ("no-error-handling", workflow(KEYED, CALL, wires=[("Hook", "Call")], settings={"errorWorkflow": "42"})),
    ("unauthenticated-endpoint", workflow(KEYED)),
    ("unauthenticated-endpoint", workflow(node("C", f"{LANGCHAIN}chatTrigger", {"options": {}}))),
    ("plain-http", workflow(call("http://localhost:5678/x"))),
    ("plain-http", workflow(call("http://10.0.0.7/x"))),
    ("plain-http", workflow(call("http://billing.svc/x"))),
    ("plain-http", workflow(call("https://api.example.org/?next=http://x.example.org"))),
    ("tls-not-verified", workflow(call("https://a.example.org", options={"allowUnauthorizedCerts": False}))),
    ("injection", sql("SELECT * FROM t WHERE id = $1", options={"queryReplacement": "={{ $json.body.id }}"})),
    ("injection", workflow(node("Tick", "scheduleTrigger"), node("Sql", "postgres", {"query": "=SELECT {{ $json.id }}"}), wires=[("Tick", "Sql")])),
    ("prompt-injection", tool("getAll")),
    ("destructive-tool", tool("getAll")),
    ("destructive-tool", tool("delete", disabled=True)),
    ("public-request-bin", workflow(call("https://notwebhook.site/8d1c"))),
    ("open-destination", workflow(HOOK, call("=https://api.example.org/{{ $json.body.id }}"), wires=[("Hook", "Call")])),
    ("open-destination", workflow(HOOK, CALL, call("={{ $json.next }}") | {"name": "Next"}, wires=[("Hook", "Call"), ("Call", "Next")])),
    ("sample-data", workflow(HOOK, pinData={"Hook": [{"json": {"from": "a@example.com"}}]})),
    ("weak-comparison", workflow(condition("={{ $json.token }}", "1"))),
    ("weak-comparison", workflow(condition("1", "", "exists"))),
    ("weak-comparison", workflow(condition("", ""))),
    ("unwired-step", workflow(CALL)),
    ("dangling-edge", workflow(HOOK, CALL, wires=[("Hook", "Call")])),
    ("community-node", workflow(node("X", f"{LANGCHAIN}agent"))),
    ("unknown-step-type", workflow(node("X", f"{LANGCHAIN}agent"), node("Y", "set"), HOOK)),
    ("fast-polling", timed(field="minutes", minutesInterval=30)),
    ("fast-polling", timed(field="cronExpression", expression="0 8 * * *")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "data"), HOLDS, ids=[each[0] for each in HOLDS])
def test_it_is_found(rule: str, data: bytes) -> None:
    findings = found(data, rule)
    assert findings
    for finding in findings:
        assert finding.text.endswith(".")
        assert SECRET not in str(finding)
        assert finding.fix is not None
        assert finding.fix.text


@pytest.mark.parametrize(("rule", "data"), HOLDS_NOT, ids=[each[0] for each in HOLDS_NOT])
def test_it_is_not_found(rule: str, data: bytes) -> None:
    assert found(data, rule) == []


def test_a_finding_points_at_the_exact_place() -> None:
    finding = found(workflow(HOOK, header(SECRET)), "hardcoded-secret")[0]
    assert finding.pointer == "/nodes/1/parameters/headerParameters/parameters/0/value"
    assert finding.step == "Call"
    assert found(workflow(call("http://a.example.org")), "plain-http")[0].pointer == "/nodes/0/parameters/url"


def test_each_workflow_of_a_list_has_its_own_findings() -> None:
    listed = b"[" + workflow(HOOK) + b"," + workflow(KEYED) + b"]"
    report = check_file(listed, "flows.json", default_boundary())
    rules = [{each.rule for each in checked.findings} for checked in report.checked]
    assert "unauthenticated-endpoint" in rules[0]
    assert "unauthenticated-endpoint" not in rules[1]
    asked = next(each for each in report.checked[0].findings if each.rule == "unauthenticated-endpoint")
    assert asked.pointer == "/0/nodes/0"


def test_the_worst_comes_first() -> None:
    report = check_file(
        workflow(HOOK, header(SECRET), node("C", "code", {"jsCode": "1"})), "f.json", default_boundary()
    )
    severities = [each.severity for each in report.findings]
    assert severities == sorted(severities, key=["block", "warn", "note"].index)
