"""Texts that try to become markup, script or another address, in every field that somebody may write."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

MARK = "<img src=x onerror=window.__pwned=1>"
PIECES = (
    MARK,
    '"><script>window.__pwned=1</script>',
    "javascript:window.__pwned=1",
    "'-alert(1)-'",
    "<svg/onload=window.__pwned=1>",
    '<a href="javascript:window.__pwned=1">x</a>',
    '</title></textarea></style><iframe srcdoc="<script>parent.__pwned=1</script>">',
    "<style>*{display:none}</style>",
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "<base href=https://evil.example/>",
    "![x](https://evil.example/p.png) [x](javascript:window.__pwned=1)",
    '{{constructor.constructor("window.__pwned=1")()}}',
    "${window.__pwned=1}",
)
WHOLE = " ".join(PIECES)
# Turns the rest of a line around, hides, joins.
BIDI = "\u202etxet \u2066desrever\u200b\u200d\ufeff"
LONG = "W" * 10_000
LINKS = (
    "javascript:window.__pwned=1",
    "data:text/html,<script>window.__pwned=1</script>",
    "vbscript:x",
    "//evil.example",
)


def texts(longest: int, *, long: bool = False) -> Iterator[str]:
    """Yield the worst texts for a field first, then milder ones that may be accepted where those are not."""
    if long:
        yield (BIDI + LONG)[:longest]
        yield LONG[:longest]
    yield WHOLE[:longest]
    for piece in PIECES:
        yield piece[:longest]


def node_red(long: bool = False) -> str:
    """Return a Node-RED file that says it wherever one may write."""
    bad = BIDI + LONG if long else WHOLE
    step: dict[str, Any] = {"z": "tab", "x": 100, "y": 40, "wires": [[]]}
    nodes: list[dict[str, Any]] = [
        {"id": "tab", "type": "tab", "label": bad, "info": bad, "env": [{"name": bad, "value": bad, "type": "str"}]},
        {**step, "id": "in", "type": "inject", "name": bad, "wires": [["fn", "link", "web", "sw"]], "crontab": bad},
        {**step, "id": "fn", "type": "function", "name": bad, "func": bad, "outputs": 2, "wires": [["web"], ["sw"]]},
        {**step, "id": "sw", "type": "switch", "name": bad, "rules": [{"t": "eq", "v": bad}], "wires": [["tpl"]]},
        {**step, "id": "tpl", "type": "template", "name": bad, "template": bad},
        {**step, "id": "note", "type": "comment", "name": bad, "info": bad},
        {**step, "id": "link", "type": "link call", "name": bad, "links": [bad]},
        {**step, "id": "odd", "type": "x" + bad, "name": bad},
        {**step, "id": "sub", "type": "subflow:flow", "name": bad},
        {"id": "flow", "type": "subflow", "name": bad, "info": bad, "in": [], "out": []},
        {"id": "tls", "type": "tls-config", "name": bad, "servername": bad},
        {**step, "id": "http-in", "type": "http in", "name": bad, "url": bad, "method": "get", "wires": [["back"]]},
        {**step, "id": "back", "type": "http response", "name": bad, "statusCode": bad},
        {**step, "id": "web", "type": "http request", "name": bad, "method": "GET", "url": f"https://{bad}/"},
    ]
    for number, url in enumerate((*LINKS, bad)):
        nodes.append({**step, "id": f"url{number}", "type": "http request", "name": url, "method": "GET", "url": url})
    return json.dumps(nodes)


def n8n(long: bool = False) -> str:
    """Return the same for n8n, whose steps are named by what people call them."""
    bad = BIDI + LONG if long else WHOLE

    def node(number: int, kind: str, **more: Any) -> dict[str, Any]:
        name = f"{bad} {number}"
        return {"id": f"n{number}", "name": name, "type": kind, "typeVersion": 1, "position": [number * 200, 0], **more}

    nodes = [
        node(0, "n8n-nodes-base.scheduleTrigger", parameters={"rule": bad}),
        node(1, "n8n-nodes-base.if", parameters={"conditions": bad}, notes=bad, notesInFlow=True),
        node(2, "n8n-nodes-base.code", parameters={"jsCode": bad}),
        node(3, "n8n-nodes-base.slack", parameters={"text": bad}, credentials={"slackApi": {"id": bad, "name": bad}}),
        node(4, "n8n-nodes-base.stickyNote", parameters={"content": bad}),
        node(5, "n8n-nodes-base.executeWorkflow", parameters={"workflowId": {"value": bad, "cachedResultName": bad}}),
        node(6, f"n8n-nodes-{bad}.odd", parameters={}),
        node(7, "n8n-nodes-base.switch", parameters={"rules": {"values": [{"outputKey": bad, "renameOutput": True}]}}),
        *[
            node(10 + number, "n8n-nodes-base.httpRequest", parameters={"url": url})
            for number, url in enumerate((*LINKS, bad, f"https://{bad}/"))
        ],
    ]
    names = [str(made["name"]) for made in nodes]
    ways = {
        name: {"main": [[{"node": after, "type": "main", "index": 0}]]} for name, after in itertools.pairwise(names)
    }
    tags = [{"id": "t1", "name": bad}]
    return json.dumps({"name": bad, "nodes": nodes, "connections": ways, "settings": {}, "active": True, "tags": tags})
