"""Which secrets are certain, and which are replaced out of caution only. Every value here is made up."""

from typing import Any

import pytest

from handrail.language.classify import redact, redact_script, redact_text
from handrail.language.classify.secret_shapes import RUN, SHAPES

R = "q7Zk39fJw2Lx81VbN5tYc0RhD4mSgP6e"
H = "9f3c1e7a5b2d8046f1c3e5a7b9d2046c"
LIVE: dict[str, Any] = {
    "openai": f"sk-proj-{R}",
    "anthropic": f"sk-ant-api03-{R}",
    "google": f"AIza{R}Abc",
    "slack": f"xoxb-12345678901-{R}",
    "github": f"ghp_{R}",
    "gitlab": f"glpat-{R[:20]}",
    "aws": "AKIAQ7ZK39FJW2LX81VB",
    "stripe": f"sk_live_{R}",
    "sendgrid": f"SG.{R[:22]}.{R}",
    "telegram": f"7193846205:AA{R}x",
    "telegram in an address": f"https://api.telegram.org/bot7193846205:AA{R}x/sendMessage",
    "discord": f"https://discord.com/api/webhooks/112233445566/{R}",
    "teams": f"https://a.webhook.office.com/webhookb2/1/IncomingWebhook/{H}/{H[:8]}-{H[:4]}-{H[:4]}-{H[:4]}-{H[:12]}",
    "jwt": f"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.{R}",
    "private key": f"-----BEGIN PRIVATE KEY-----\n{R}\n-----END PRIVATE KEY-----",
    "hubspot": f"pat-eu1-{H[:8]}-{H[:4]}-{H[:4]}-{H[:4]}-{H[:12]}",
    "notion": f"ntn_{R}",
    "airtable": f"patQ7Zk39fJw2Lx81.{H}{H}",
    "hugging face": f"hf_{R}",
    "groq": f"gsk_{R}{R}",
    "perplexity": f"pplx-{R}{R}",
    "firecrawl": f"fc-{H}",
    "replicate": f"r8_{R}{R}",
    "mailgun": f"key-{H}",
    "postman": f"PMAK-{H[:24]}-{H}",
    "shopify": f"shpat_{H}",
    "linear": f"lin_api_{R}",
    "supabase": f"sbp_{H}{H[:8]}",
    "entra": "kP4" + "8Q~" + R + "a",
    "entra in an authentication block": {"authentication": {"type": "ActiveDirectoryOAuth", "secret": "kP_48.e" + R}},
    "header": {"name": "x-api-key", "value": H},
    "header with a name of its own": {"name": "x-rapidapi-key", "value": f"{H}msh"},
    "assignment": {"name": "verificationToken", "value": "7dd9d4ef-8412-4add-a0d0-b548ad4564b9"},
    "basic header": {"name": "Authorization", "value": "Basic ZHGbAvAhS6EgHJImT7BfX2O7KcEpC6U9DxKvIFWz"},
    "bearer header": {"name": "Authorization", "value": f"Bearer {R}"},
    "password": {"password": "Sommer2024!kuh"},
    "query": f"https://a.test/x?id=1&appid={H}",
    "query list": {"name": "key", "value": H},
    "header with a scheme of its own": {"name": "Authorization", "value": f"Key {H[:12]}:{R}"},
    "short password in code": "var password = 'V9x-kuh77w'",
    "password in a connection string": "Server=tcp:a.test,1433;User ID=app;Password=V9x-kuh77w;Encrypt=True",
    "field for a connection string": {"connectionString": "Server=a;Uid=b;Pwd=V9x-kuh77w;"},
    "sas": f"https://a.blob.core.windows.net/c?sv=2022&sig={R}%3D",
    "connection string": f"Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey={R}=",
    "address": "postgres://app:V9x-kuh77w@db.corp/x",
    "code": f"const apiKey = '{R}';",
    "json in a body": f'{{"api_key": "{R}"}}',
}
NOT_CERTAIN: dict[str, Any] = {
    "gap": {"apiKey": "YOUR_API_KEY"},
    "gap in brackets": {"apiKey": "<your key>"},
    "gap in a header": {"name": "Authorization", "value": "Bearer YOUR_TOKEN"},
    "put here": "const apiKey = 'PUT_YOUR_KEY1_HERE';",
    "x": {"token": "xxxxxxxxxxxxxxxx"},
    "x after a prefix": "sk-xxxxxxxxxxxxxxxxxxxxxxxx1",
    "toy": {"password": "abc123"},
    "change": {"password": "changeme"},
    "change with a digit": {"password": "ChangeMe123!"},
    "counting": {"apiKey": "1234567890abcdef"},
    "empty": {"secret": ""},
    "dots": {"apiKey": "sk-..."},
    "own name": {"apiKey": "apiKey"},
    "words": {"name": "token", "value": "=gitlabToken"},
    "sample of aws": "AKIAIOSFODNN7EXAMPLE",
    "expression": {"apiKey": "={{ $json.key }}"},
    "environment": "const apiKey = `${process.env.API_KEY1}`",
    "place of a key": {"privatekey": "C:\\Temp\\PRIVATE.key"},
    "address": {"token": "https://a.test/token/99"},
    "page token": {"pageToken": R},
    "next token": {"nextToken": R},
    "csrf": {"csrfToken": R},
    "limit": {"maxTokens": 1000},
    "lock token": {"lockToken": R},
    "workflow id": {"workflowId": R[:16]},
    "webhook id": {"webhookId": "7dd9d4ef-8412-4add-a0d0-b548ad4564b9"},
    "folder": {"folderId": "1a2B3c4D5e6F7g8H9i0JkLmNoP"},
    "key of a record": {"name": "key", "value": "customer-number"},
    "connection string without password": {"connectionString": "Server=a.test;Integrated Security=true"},
    "connection string with a gap": "Server=a.test;User ID=app;Password=<your password>;",
    "tracking cookie": {"name": "Cookie", "value": f"_ga=GA1.2.{H[:9]}; lp=https%3A%2F%2Fa"},
    "user in an address": "https://user:password@a.test/x",
}


def _found(value: Any, platform: str = "n8n") -> list[bool]:
    return [each.certain for each in redact(value, platform)[1]]


@pytest.mark.parametrize("name", list(LIVE))
def test_a_live_secret_is_found_and_replaced(name: str) -> None:
    clean, found = redact(LIVE[name], "n8n")
    assert any(each.certain for each in found)
    text = repr(clean)
    assert not any(piece in text for piece in (R, H, "kuh", "ZHGb", "7dd9", "AKIAQ"))


@pytest.mark.parametrize("name", list(NOT_CERTAIN))
def test_what_stands_in_for_a_secret_raises_no_alarm(name: str) -> None:
    assert not any(_found(NOT_CERTAIN[name]))


@pytest.mark.parametrize("text", ["@parameters('key')", "@{variables('t')}", "[parameters('key')]"])
def test_expressions_of_microsoft_stay(text: str) -> None:
    for platform in ("power-automate", "logic-apps"):
        assert redact({"secret": text}, platform) == ({"secret": text}, ())


def test_pointers_lead_into_the_redacted_value() -> None:
    value = {"a/b": [{"c~d": {"password": "Sommer2024!kuh"}}, f"sk-proj-{R}"]}
    assert [each.pointer for each in redact(value, "n8n")[1]] == ["/a~1b/0/c~0d/password", "/a~1b/1"]


def test_what_holds_no_secret_is_shared() -> None:
    value = {"nodes": [{"a": "b" * 20}], "x": {"password": f"{R}"}}
    clean, _found = redact(value, "n8n")
    assert clean["nodes"] is value["nodes"]
    assert value["x"] == {"password": R}


def test_a_script_tells_lines() -> None:
    text = f"import requests\n\nkey = 'x'\napi_key = '{R}'\nh = {{'Authorization': 'Bearer {R}'}}\n"
    clean, found = redact_script(text)
    assert R not in clean
    assert clean.count("\n") == text.count("\n")
    assert [(each.line, each.certain) for each in found] == [(4, True), (5, True)]


def test_a_quick_look_at_the_whole_misses_nothing() -> None:
    for value in LIVE.values():
        if isinstance(value, str):
            lowered = value.lower()
            runs = "\0".join(RUN.findall(lowered))
            for shape in SHAPES:
                if shape.pattern.search(value):
                    assert shape.may_stand_in(runs if shape.solid else lowered), shape.kind
            assert redact(value, "n8n")[0] == redact_text(value)
