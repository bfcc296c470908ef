"""Which texts are secrets and which are not."""

import pytest

from handrail.language.classify import redact, redact_text

CANARY = "q7Zk39fJw2Lx81Vb"


@pytest.mark.parametrize(
    "value",
    [
        {"password": CANARY},
        {"parameters": {"apiKey": CANARY}},
        {"token": 918273645},
        {"password": {"$number": "1e99"}},
        {"name": "Authorization", "value": f"Bearer {CANARY}"},
        {"name": "X-Api-Key", "value": CANARY},
        {"keyType": "Authorization", "keyValue": "", "valueType": "other", "valueValue": CANARY},
        {"t": "set", "p": "headers['x-api-key']", "pt": "msg", "to": CANARY, "tot": "str"},
        {"env": [{"name": "THING", "type": "cred", "value": CANARY}]},
        {"credentials": {"user": CANARY, "nested": [{"deep": CANARY}]}},
        f"https://bob:{CANARY}@a.test/x",
        f"postgres://bob:{CANARY}@db/x",
        f"https://a.test/x?y=1&api_key={CANARY}&z=2",
        f"const password = '{CANARY}';",
        f'{{"apiKey": "{CANARY}"}}',
        f'headers: {{ "Authorization": "Token {CANARY}" }}',
        f"curl -H 'Authorization: Bearer {CANARY}'",
        f"xoxb-123456-{CANARY}",
        f"sk_live_{CANARY}",
        f"ghp_{CANARY}{CANARY}",
        f"github_pat_{CANARY}",
        f"glpat-{CANARY}",
        f"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.{CANARY}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\\n{CANARY}{CANARY}",
        f"https://hooks.slack.com/services/T00000000/B00000000/{CANARY}",
        f"1234567890:{CANARY}{CANARY}",
        f"AccountKey={CANARY}==;",
        f"sk-proj-{CANARY}{CANARY}",
        {f"ghp_{CANARY}{CANARY}": 1},
    ],
)
def test_a_secret_leaves_only_its_kind(value: object) -> None:
    clean, _found = redact(value, "node-red")
    assert CANARY not in str(clean)
    assert "918273645" not in str(clean)
    assert "1e99" not in str(clean)
    assert "[secret: " in str(clean)
    assert redact(clean, "node-red")[0] == clean


@pytest.mark.parametrize(
    "value",
    [
        {"password": ""},
        {"password": None},
        {"sendPassword": True},
        {"password": True},
        {"token": "={{ $json.token }}"},
        {"token": "{{payload.token}}"},
        {"token": "${TOKEN}"},
        {"apiKey": "YOUR_API_KEY"},
        {"apiKey": "<your key>"},
        {"apiKey": "xxxxxxxxxxxx"},
        {"name": "Authorization", "value": "=Bearer {{ $json.token }}"},
        {"name": "Authorization", "value": "Bearer"},
        {"token": "payload.token", "tokenType": "msg"},
        {"t": "set", "p": "password", "pt": "msg", "to": "payload.password", "tot": "msg"},
        {"nextPageToken": "abc123abc123"},
        {"authentication": "genericCredentialType", "nodeCredentialType": "slackOAuth2Api"},
        "Bearer authentication is required",
        "https://a.test/x?key=short",
        "mailto:bob@a.test",
        "the token: 'none'",
        "task-1234 and sk-learn",
    ],
)
def test_what_is_no_secret_stays(value: object) -> None:
    assert redact(value, "node-red") == (value, ())


def test_n8n_keeps_the_name_of_a_credential_and_drops_its_data() -> None:
    node = {"credentials": {"slackApi": {"id": "1", "name": "Shop", "data": {"x": CANARY}}, "old": "Shop"}}
    clean, found = redact(node, "n8n")
    assert clean["credentials"] == {
        "slackApi": {"id": "1", "name": "Shop", "data": {"x": "[secret: credentials]"}},
        "old": "Shop",
    }
    assert [each.pointer for each in found] == ["/credentials/slackApi/data/x"]


def test_text_around_a_secret_stays() -> None:
    assert (
        redact_text(f"see https://a.test/?api_key={CANARY}&page=2")
        == "see https://a.test/?api_key=[secret: query-secret]&page=2"
    )
