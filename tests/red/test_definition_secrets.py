"""No secret written into a flow survives reading it: not in the source, the graph, an error or a difference."""

import json
import traceback
from typing import Any

import pytest

from handrail.kernel.errors import HandrailError
from handrail.language.closure import ClosureInput, Snapshot, diff, summarise, take_closure
from handrail.language.graph import to_json
from handrail.language.importers import draft_app, parts, read_artefact

CANARY = "C4n4ryQ7zk39fJw2Lx81Vb"
SHAPED = {
    "slack": f"xoxb-123456-{CANARY}",
    "stripe": f"sk_live_{CANARY}",
    "github": f"ghp_{CANARY}",
    "aws": "AKIAC4N4RYQ7ZK39FJW2",
    "jwt": f"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.{CANARY}",
    "key": f"-----BEGIN EC PRIVATE KEY-----\n{CANARY}\n-----END EC PRIVATE KEY-----",
    "bearer": f"Bearer {CANARY}",
    "url": f"https://bob:{CANARY}@a.test/x",
}


def _n8n(secret: str) -> dict[str, Any]:
    return {
        "name": f"Flow {secret}",
        "nodes": [
            {
                "name": f"Call {secret}",
                "type": "n8n-nodes-base.httpRequest",
                "notes": secret,
                "parameters": {
                    "url": f"https://a.test/{secret}/x?token={CANARY}1234567",
                    "password": CANARY,
                    "headerParameters": {"parameters": [{"name": "X-Api-Key", "value": CANARY}]},
                    secret: 1,
                },
                "credentials": {"httpBasicAuth": {"id": "1", "name": f"Shop {secret}", "data": {"password": CANARY}}},
            },
            {
                "name": "Code",
                "type": "n8n-nodes-base.code",
                "parameters": {"jsCode": f"const s = '{secret}';\nconst apiKey = '{CANARY}';"},
            },
        ],
        "connections": {f"Call {secret}": {"main": [[{"node": f"Gone {secret}", "type": "main", "index": 0}]]}},
        "pinData": {"x": [{"json": {"note": secret}}]},
    }


def _node_red(secret: str) -> list[dict[str, Any]]:
    return [
        {
            "id": "t",
            "type": "tab",
            "label": f"Tab {secret}",
            "env": [{"name": "API_KEY", "value": CANARY, "type": "str"}],
        },
        {
            "id": "a",
            "type": "function",
            "z": "t",
            "x": 1,
            "y": 1,
            "name": f"Do {secret}",
            "func": f"x = '{secret}'",
            "wires": [[secret]],
        },
        {
            "id": "b",
            "type": "http request",
            "z": "t",
            "x": 1,
            "y": 1,
            "url": f"https://bob:{CANARY}@a.test/{secret}",
            "method": "GET",
            "wires": [],
        },
        {
            "id": "c",
            "type": "some-config",
            "name": f"Conf {secret}",
            "credentials": {"user": CANARY, "password": CANARY},
        },
    ]


def _holds_it(text: str) -> bool:
    return CANARY in text or SHAPED["aws"] in text


def _snapshot(document: Any) -> Snapshot:
    artefact = read_artefact(json.dumps(document).encode(), "flow.json")
    closure = take_closure(ClosureInput(artefact.source_digest, constants=artefact.graph.constants))
    return Snapshot(closure.document, artefact.graph, artefact.source)


@pytest.mark.parametrize("make", [_n8n, _node_red])
@pytest.mark.parametrize("shape", list(SHAPED))
def test_no_secret_survives_reading(make: Any, shape: str) -> None:
    data = json.dumps(make(SHAPED[shape])).encode()
    artefact = read_artefact(data, f"{SHAPED['github']}.json")
    everything = [
        repr(artefact),
        json.dumps(artefact.source),
        json.dumps(to_json(artefact.graph)),
        repr(draft_app(artefact)),
    ]
    everything.append(repr(parts(data, "flow.json")))
    assert not any(map(_holds_it, everything))
    assert any(each.rule == "secret_in_source" for each in artefact.findings)


@pytest.mark.parametrize("make", [_n8n, _node_red])
@pytest.mark.parametrize("shape", list(SHAPED))
def test_no_secret_stands_in_a_difference(make: Any, shape: str) -> None:
    old, new = _snapshot(make("nothing")), _snapshot(make(SHAPED[shape]))
    for one, other in ((old, new), (new, old), (None, new)):
        changes = diff(one, other)
        assert changes
        assert not _holds_it(repr(changes) + summarise(changes, 100))


@pytest.mark.parametrize(
    "text",
    [
        '{{"{secret}": 1, "{secret}": 2}}',
        '{{"a": "{secret}" "{secret}"}}',
        '[NaN, "{secret}"]',
        '{{"nodes": [{{"type": "{secret}"}}], "connections": {{}}}}',
        '{{"{secret}": 1}}',
        '"{secret}"',
        '{{"password": "{secret}\n"}}',
        '[{{"id": "t", "type": "tab", "label": "{secret}", "wires": []}}]',
    ],
)
def test_no_secret_stands_in_a_refusal(text: str) -> None:
    data = text.format(secret=SHAPED["github"]).encode()
    with pytest.raises(HandrailError) as refused:
        read_artefact(data, "flow.json", part="other")
    error = refused.value
    written = f"{error.message} {error.fix} {error.place} {error.internal} {error.details}"
    assert not _holds_it(written)
    assert not _holds_it("".join(traceback.format_exception_only(error)))
