"""Fixes: applied to the file itself, tried by the same checks, and nothing else changes."""

import json
from typing import Any

import pytest
from tests.rigs.flows import ASKING_HOOK, LANGCHAIN, node, node_red, workflow

from handrail.governance.checks import FixNotPossible, check_file, keyed, mend, offer, verified
from handrail.governance.checks.fixes import mending
from handrail.language.leaks import default_boundary

BOUNDARY = default_boundary()
SECRET = "9f3kd02mxl48vq71zp5t"
OTHER = "q8z1mv7c05tyw2ruk64x"


def mended(data: bytes, *rules: str) -> Any:
    """Return the document after the fixes, and what mending says."""
    result = mend(data, "flow.json", BOUNDARY, rules=rules)
    return json.loads(result.data), result


def call(name: str = "Call", **parameters: Any) -> dict[str, Any]:
    return node(name, "httpRequest", {"url": "https://api.example.org/x", **parameters})


def rows(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"parameters": [{"name": name, "value": value} for name, value in pairs]}


def test_a_secret_in_a_header_becomes_a_credential() -> None:
    data = workflow(call(sendHeaders=True, headerParameters=rows(("Accept", "text/plain"), ("X-Api-Key", SECRET))))
    document, result = mended(data, "hardcoded-secret")
    parameters = document["nodes"][0]["parameters"]
    assert parameters["headerParameters"] == rows(("Accept", "text/plain"))
    assert (parameters["authentication"], parameters["genericAuthType"]) == ("genericCredentialType", "httpHeaderAuth")
    assert [key[0] for key, _ in result.resolved] == [0]
    assert SECRET.encode() not in result.data


def test_a_secret_in_a_query_parameter_becomes_a_credential() -> None:
    document, _ = mended(workflow(call(sendQuery=True, queryParameters=rows(("api_key", SECRET)))), "hardcoded-secret")
    assert document["nodes"][0]["parameters"]["genericAuthType"] == "httpQueryAuth"


def test_two_secrets_of_one_step_go_to_variables_and_both_are_gone() -> None:
    data = workflow(call(sendHeaders=True, headerParameters=rows(("X-Api-Key", SECRET), ("X-Auth-Token", OTHER))))
    document, result = mended(data, "hardcoded-secret")
    assert not check_has(result.data, "hardcoded-secret")
    assert document["nodes"][0]["parameters"]["headerParameters"]["parameters"][0]["value"].startswith("={{ $env.")


def test_a_secret_in_code_becomes_a_variable() -> None:
    token = "xoxb-482913750264-9fKd02mXl48vQ71zP5tY"
    data = workflow(node("Work", "code", {"jsCode": f'const a = "{token}";\nreturn [{{json: {{a}}}}];'}))
    document, _ = mended(data, "hardcoded-secret")
    code = document["nodes"][0]["parameters"]["jsCode"]
    assert code == "const a = $env.WORK_SLACK_TOKEN;\nreturn [{json: {a}}];"


def test_another_secret_of_the_file_is_not_touched() -> None:
    data = workflow(
        call(sendHeaders=True, headerParameters=rows(("X-Api-Key", SECRET))),
        node("Keep", "set", {"assignments": {"assignments": [{"name": "password", "value": OTHER, "type": "string"}]}}),
    )
    result = mend(data, "flow.json", BOUNDARY, keys=[key_of(data, "hardcoded-secret", 0)])
    assert OTHER.encode() in result.data
    assert b"[secret: " not in result.data


@pytest.mark.parametrize(
    ("entrance", "kind"),
    [
        (node("In", "webhook", {"path": "x"}, version=2), "headerAuth"),
        (node("In", "formTrigger", version=2.2), "basicAuth"),
        (node("In", f"{LANGCHAIN}mcpTrigger", {"path": "x"}, version=1), "bearerAuth"),
    ],
)
def test_an_entrance_asks(entrance: dict[str, Any], kind: str) -> None:
    document, _ = mended(workflow(entrance), "unauthenticated-endpoint")
    assert document["nodes"][0]["parameters"]["authentication"] == kind


def test_only_what_may_be_repeated_is_repeated() -> None:
    data = workflow(
        ASKING_HOOK, call("Read"), call("Write", method="POST"), wires=[("Hook", "Read"), ("Read", "Write")]
    )
    document, _ = mended(data, "no-error-handling")
    retried = {each["name"]: each.get("retryOnFail") for each in document["nodes"]}
    assert retried == {"Hook": None, "Read": True, "Write": None}
    only = workflow(ASKING_HOOK, call("Write", method="POST"), wires=[("Hook", "Write")])
    assert mend(only, "flow.json", BOUNDARY, rules=["no-error-handling"]).data == only


def test_plain_http_and_certificates() -> None:
    data = workflow(call(url="=http://api.example.org/{{ $json.id }}", options={"allowUnauthorizedCerts": True}))
    document, _ = mended(data, "plain-http", "tls-not-verified")
    assert document["nodes"][0]["parameters"]["url"] == "=https://api.example.org/{{ $json.id }}"
    assert document["nodes"][0]["parameters"]["options"] == {"allowUnauthorizedCerts": False}


def test_samples_wires_and_loose_steps_go() -> None:
    data = workflow(
        ASKING_HOOK, call(), node("Loose", "set"),
        wires=[("Hook", "Call"), ("Call", "Gone"), ("Call", "Gone too")],
        pinData={"Hook": [{"json": {"mail": "mara@firma-nord.de"}}], "Loose": []},
    )  # fmt: skip
    document, _ = mended(data, "sample-data", "dangling-edge", "unwired-step")
    assert document["pinData"] == {}
    assert document["connections"]["Call"]["main"] == [[]]
    assert [each["name"] for each in document["nodes"]] == ["Hook", "Call"]


def test_notes_are_left_alone_unless_somebody_names_them() -> None:
    data = workflow(ASKING_HOOK, call() | {"retryOnFail": True}, node("Loose", "set"), wires=[("Hook", "Call")])
    assert b'"Loose"' in mend(data, "flow.json", BOUNDARY).data


def test_node_red_gets_a_catch_with_new_ids() -> None:
    data = node_red({"id": "a", "type": "inject", "wires": [["h"]]}, {"id": "h", "type": "http request", "url": "http://x.example.org"})  # fmt: skip
    document, _ = mended(data, "no-error-handling", "plain-http")
    kinds = [each["type"] for each in document]
    assert kinds == ["tab", "inject", "http request", "catch", "debug"]
    assert document[3]["z"] == "t"
    assert document[3]["wires"] == [[document[4]["id"]]]
    assert document[2]["url"] == "https://x.example.org"
    assert len({each["id"] for each in document}) == len(document)
    assert mended(data, "no-error-handling")[0] == mended(data, "no-error-handling")[0]


def test_everything_else_keeps_its_bytes() -> None:
    data = workflow(call(url="http://api.example.org/x", body=1.50)).replace(b"1.5", b"1.500e0") + b"\n\n"
    result = mend(data, "flow.json", BOUNDARY, rules=["plain-http"])
    assert result.data == data.replace(b"http://", b"https://")
    marked = b"\xef\xbb\xbf" + data
    assert mend(marked, "flow.json", BOUNDARY, rules=["plain-http"]).data == b"\xef\xbb\xbf" + result.data


def test_a_fix_that_does_not_help_is_only_words(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workflow(call(url="http://api.example.org/x"))
    useless = mending.Fix("Do nothing.", ({"op": "add", "path": "/meta", "value": {}},))
    monkeypatch.setattr(mending, "offer", lambda *_: useless)
    findings = verified(data, "flow.json", BOUNDARY).findings
    assert all(each.fix and not each.fix.mechanical for each in findings)
    result = mend(data, "flow.json", BOUNDARY, rules=["plain-http"])
    assert result.data == data
    assert "would not end" in result.refused[0][1]


def test_a_fix_that_makes_something_new_block_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workflow(call(url="http://api.example.org/x"))
    worse = mending.Fix(
        "Send elsewhere.", ({"op": "replace", "path": "/nodes/0/parameters/url", "value": "https://webhook.site/x"},)
    )
    monkeypatch.setattr(mending, "offer", lambda *_: worse)
    assert "would block" in mend(data, "flow.json", BOUNDARY, rules=["plain-http"]).refused[0][1]


def test_a_fix_of_another_file_is_refused() -> None:
    report = check_file(workflow(call(url="http://api.example.org/x")), "flow.json", BOUNDARY)
    finding = next(each for each in report.findings if each.rule == "plain-http")
    fix = offer(report.checked[0].definition, finding)
    with pytest.raises(FixNotPossible):
        mending.changed_bytes(b'{"nodes": []}', fix)


def check_has(data: bytes, rule: str) -> bool:
    return any(each.rule == rule for each in check_file(data, "flow.json", BOUNDARY).findings)


def key_of(data: bytes, rule: str, number: int) -> tuple[int, str]:
    checked = check_file(data, "flow.json", BOUNDARY).checked[0]
    own = keyed(checked.findings, checked.definition.graph.steps)
    return 0, [key for key, each in own if each.rule == rule][number]
