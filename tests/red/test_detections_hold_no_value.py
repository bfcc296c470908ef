"""What detectors say names kinds and places, never the value: not in a detection, an account, a redacted value."""

import json

import pytest

from handrail.language.classify import accounts_in, classify_field, classify_text, redact, redact_script, redact_values

CANARY = "q7Zk39fJw2Lx81VbN5tYc0RhD4mSgP6e"
PERSON = "quintessa.farnsworth"
VALUES = [
    f"sk-proj-{CANARY}",
    f"https://api.telegram.org/bot7193846205:AA{CANARY}x/send",
    f"https://a.test/?key={CANARY}",
    f"postgres://app:{CANARY}@db/x",
    f"const apiKey = '{CANARY}'; // {PERSON}@gmail.com",
    f"Bearer {CANARY}",
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("platform", ["n8n", "node-red", "power-automate", "logic-apps"])
def test_no_value_stands_in_what_is_said(value: str, platform: str) -> None:
    node = {
        "parameters": {"sendTo": f"{PERSON}@gmail.com", "url": value, "x-custom-token": CANARY},
        "credentials": {"a": {"name": f"Mail {PERSON}@gmail.com"}},
        value.partition(" //")[0]: value,
    }
    clean, found = redact(node, platform)
    script, in_script = redact_script(value)
    said = [repr(found), repr(in_script), repr(classify_text(value)), repr(accounts_in(node, platform))]
    assert any(each.certain for each in found)
    assert CANARY not in json.dumps(clean) + script + "".join(said)
    assert PERSON not in "".join(said)
    assert PERSON not in json.dumps(redact_values(node))
    assert CANARY not in json.dumps(redact_values(node))
    assert CANARY not in repr(classify_field(value[:40]))
