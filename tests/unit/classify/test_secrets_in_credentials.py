"""Where n8n names its credentials, whoever edited the file may have written anything."""

import json

import pytest

from handrail.language.classify import redact

SECRET = "wk4CJWrZBTqYWHXPSpy8DZLJN2sJcpxcMWPP"


@pytest.mark.parametrize(
    "held",
    [
        {f"sk-proj-{SECRET}": {"id": "1", "name": "x"}},
        {f"sk-proj-{SECRET}": "name of an old export"},
        {"slackApi": {f"sk-proj-{SECRET}": 1}},
        {"slackApi": {"data": {f"sk-proj-{SECRET}": 1}}},
        {"password": SECRET},
    ],
)
@pytest.mark.parametrize("platform", ["n8n", "node-red"])
def test_no_secret_stays_in_them(held: dict[str, object], platform: str) -> None:
    clean, _ = redact({"credentials": held}, platform)
    assert SECRET not in json.dumps(clean)


def test_names_of_old_exports_stay() -> None:
    node = {"credentials": {"slackApi": "Slack of the office", "githubApiToken": "GitHub of the office"}}
    assert redact(node, "n8n") == (node, ())
