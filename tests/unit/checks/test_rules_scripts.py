"""Rules and fixes on Power Automate definitions and on scripts."""

import json
from typing import Any

import pytest
from tests.rigs.flows import found, power_automate

from handrail.governance.checks import mend
from handrail.language.leaks import default_boundary

BOUNDARY = default_boundary()
SECRET = "q8z1Mv7c05TyW2ruK64xPd93"
REQUEST = {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}}
BUTTON = {"manual": {"type": "Request", "kind": "Button", "inputs": {"schema": {}}}}


def http(uri: str = "https://api.example.org/x", **more: Any) -> dict[str, Any]:
    after = more.pop("after", {})
    return {"type": "Http", "inputs": {"method": "GET", "uri": uri, **more}, "runAfter": after}


def variable(after: dict[str, Any]) -> dict[str, Any]:
    return {"type": "SetVariable", "inputs": {"name": "n", "value": "x"}, "runAfter": after}


def test_a_branch_on_data_is_no_handling_and_one_on_a_call_is() -> None:
    paging = power_automate(
        BUTTON, {"Call": http(), "Next": variable({"Call": ["Succeeded"]}), "Stop": variable({"Next": ["Failed"]})}
    )
    assert found(paging, "no-error-handling")
    caught = power_automate(BUTTON, {"Call": http(), "Stop": variable({"Call": ["Failed", "TimedOut"]})})
    assert not found(caught, "no-error-handling")
    scope = {
        "Try": {"type": "Scope", "actions": {"Call": http()}, "runAfter": {}},
        "Catch": variable({"Try": ["FAILED"]}),
    }
    assert not found(power_automate(BUTTON, scope), "no-error-handling")
    ends = {
        "Next": variable({}),
        "End": {"type": "Terminate", "inputs": {"runStatus": "Failed"}, "runAfter": {"Next": ["Failed"]}},
    }
    assert not found(power_automate(BUTTON, ends), "no-error-handling")


@pytest.mark.parametrize(("kind", "holds"), [("exponential", False), ("none", True)])
def test_a_retry_policy_is_handling(kind: str, holds: bool) -> None:
    data = power_automate(BUTTON, {"Call": http(retryPolicy={"type": kind})})
    assert bool(found(data, "no-error-handling")) == holds


def test_who_may_start_it() -> None:
    assert found(power_automate(REQUEST, {"Call": http()}), "unauthenticated-endpoint")
    assert not found(power_automate(BUTTON, {"Call": http()}), "unauthenticated-endpoint")
    asking = {"manual": {**REQUEST["manual"], "inputs": {"triggerAuthenticationType": "Tenant"}}}
    assert not found(power_automate(asking, {"Call": http()}), "unauthenticated-endpoint")


def test_conditions_and_polling() -> None:
    same = {"type": "If", "expression": {"and": [{"equals": ["1", "1"]}]}, "actions": {}, "runAfter": {}}
    assert found(power_automate(BUTTON, {"If": same}), "weak-comparison")
    real = {**same, "expression": {"and": [{"equals": ["@triggerBody()?['token']", "1"]}]}}
    assert not found(power_automate(BUTTON, {"If": real}), "weak-comparison")
    often = {"Tick": {"type": "Recurrence", "recurrence": {"frequency": "Minute", "interval": 1}}}
    assert found(power_automate(often, {"Call": http()}), "fast-polling")


def test_a_secret_becomes_a_secure_parameter_and_the_rest_stays() -> None:
    asked = {"type": "ActiveDirectoryOAuth", "clientId": "x", "secret": SECRET}
    data = power_automate(REQUEST, {"Get users": http(authentication=asked), "Other": http("http://a.example.org")})
    finding = found(data, "hardcoded-secret")[0]
    assert finding.pointer.endswith("/actions/Get users/inputs/authentication/secret")
    result = mend(data, "flow.json", BOUNDARY)
    definition = json.loads(result.data)["properties"]["definition"]
    assert definition["actions"]["Get users"]["inputs"]["authentication"]["secret"] == "@parameters('GET_USERS_SECRET')"
    assert definition["parameters"]["GET_USERS_SECRET"] == {"type": "SecureString"}
    assert definition["actions"]["Get users"]["inputs"]["retryPolicy"]["type"] == "exponential"
    assert definition["actions"]["Other"]["inputs"]["uri"] == "https://a.example.org"
    assert definition["triggers"]["manual"]["inputs"]["triggerAuthenticationType"] == "Tenant"
    assert {fix.checked for _, fix in result.resolved} == {True}


SCRIPT = f"""import requests

TOKEN = "ghp_{SECRET}AbQe7Rt5KmNw"

requests.get(
    "http://api.example.org/x",
    headers={{"Authorization": "Bearer " + TOKEN}},
    timeout=5, verify=False,
)
requests.get("https://a.example.org", verify=False)  # a comment with verify=False
"""


def test_a_script_has_lines() -> None:
    data = SCRIPT.encode()
    assert [each.line for each in found(data, "hardcoded-secret", "work.py")] == [3]
    assert [each.line for each in found(data, "tls-not-verified", "work.py")] == [8, 10]


def test_a_script_is_mended_line_by_line() -> None:
    result = mend(SCRIPT.encode(), "work.py", BOUNDARY)
    text = result.data.decode()
    assert text.startswith('import os\nimport requests\n\nTOKEN = os.environ["TOKEN"]\n')
    assert "    timeout=5,\n" in text
    assert '    "https://api.example.org/x",\n' in text
    assert not [fix for _, fix in result.resolved if not fix.replace]
    assert 'requests.get("https://a.example.org")  # a comment' in text
    assert SECRET not in text
    compile(text, "work.py", "exec")
