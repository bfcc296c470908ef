"""Flows as they are found: one that lets data out, one that a program can mend, one that nobody can read."""

import base64
import itertools
import json
from typing import Any

LEAKING, OPEN, CUT = "Mails to a chat", "Open endpoint", "cut.json"
FOLDER = "found"


def _n8n(name: str, nodes: list[dict[str, Any]], credentials: bool = False) -> str:
    made = [
        {
            "id": f"n{number}",
            "typeVersion": 2,
            "position": [number * 220, 0],
            **({"credentials": {"gmailOAuth2": {"id": "1", "name": "Gmail of Mara"}}} if credentials else {}),
            **node,
        }
        for number, node in enumerate(nodes)
    ]
    ways = {
        one["name"]: {"main": [[{"node": other["name"], "type": "main", "index": 0}]]}
        for one, other in itertools.pairwise(made)
    }
    return json.dumps({"name": name, "nodes": made, "connections": ways, "settings": {}, "active": True}, indent=2)


def leaking(name: str = LEAKING) -> str:
    """Return a flow that sends each mail to a chat outside the company."""
    nodes = [
        {"name": "New mail", "type": "n8n-nodes-base.gmailTrigger", "parameters": {"simple": False}},
        {
            "name": "Shorten",
            "type": "n8n-nodes-base.set",
            "parameters": {"assignments": {"assignments": [{"name": "body", "value": "={{ $json.text }}"}]}},
        },
        {
            "name": "Tell the chat",
            "type": "n8n-nodes-base.telegram",
            "typeVersion": 1.2,
            "parameters": {"chatId": "-100", "text": "={{ $json.body }}"},
        },
    ]
    return _n8n(name, nodes, credentials=True)


def open_endpoint(name: str = OPEN) -> str:
    """Return a flow that anybody may start, and that calls a plain address: both can be mended by a program."""
    nodes = [
        {"name": "Order", "type": "n8n-nodes-base.webhook", "parameters": {"httpMethod": "POST", "path": "order"}},
        {
            "name": "Write it down",
            "type": "n8n-nodes-base.httpRequest",
            "typeVersion": 4.2,
            "parameters": {"method": "POST", "url": "http://orders.larkspur.example/new"},
        },
    ]
    return _n8n(name, nodes)


def folder() -> dict[str, str]:
    """Return the files of a folder by path."""
    return {
        f"{FOLDER}/mail/leaking.json": leaking(),
        f"{FOLDER}/open.json": open_endpoint(),
        f"{FOLDER}/{CUT}": leaking()[:200],
        f"{FOLDER}/notes.txt": "No flow.",
    }


def batch(team: str, files: dict[str, str], origin: str = FOLDER) -> dict[str, Any]:
    """Return the body of `POST /api/v1/estate/files`."""
    sent = [{"path": path, "content": base64.b64encode(text.encode()).decode()} for path, text in files.items()]
    return {"origin": origin, "team": team, "files": sent}
