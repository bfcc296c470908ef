"""A server that answers as n8n documents its public REST API: pages by cursor, 401, 404, 429, what runs and what is saved.

n8n itself cannot be installed on the machines that run this. What is played here follows its OpenAPI description
(packages/cli/src/public-api/v1 in its repository) and https://docs.n8n.io/api/pagination/.
"""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

KEY = "canary-n8n-key"


def workflow(identity: str, name: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    """Return a workflow as the API gives it; another text is another version of it."""
    nodes = [
        {
            "id": "a1",
            "name": "Every day",
            "type": "n8n-nodes-base.scheduleTrigger",
            "typeVersion": 1.2,
            "position": [0, 0],
            "parameters": {"rule": {"interval": [{"field": "days"}]}},
        },
        {
            "id": "b2",
            "name": "Tell",
            "type": "n8n-nodes-base.slack",
            "typeVersion": 2.2,
            "position": [220, 0],
            "parameters": {"channel": "general", "text": text},
        },
    ]
    return {
        "id": identity,
        "name": name,
        "active": False,
        "activeVersionId": None,
        "activeVersion": None,
        "createdAt": "2026-01-02T03:04:05.000Z",
        "updatedAt": "2026-02-03T04:05:06.000Z",
        "isArchived": False,
        "versionId": f"saved-{text}",
        "triggerCount": 0,
        "nodes": nodes,
        "connections": {"Every day": {"main": [[{"node": "Tell", "type": "main", "index": 0}]]}},
        "settings": {"executionOrder": "v1"},
        "staticData": None,
        "meta": None,
        "pinData": {},
        "tags": [],
        "shared": [],
        **more,
    }


def published(held: dict[str, Any], version: str, authors: str = "Ada Lovelace") -> dict[str, Any]:
    """Return a workflow whose present nodes are the published version."""
    active = {"versionId": version, "workflowId": held["id"], "authors": authors}
    active |= {"nodes": held["nodes"], "connections": held["connections"]}
    return {**held, "active": True, "activeVersionId": version, "activeVersion": active}


class N8n:
    """One playing n8n.

    Attributes:
        workflows: What it holds.
        asked: Every request's path with its query.
        quiet_s: Answers 429 with this `Retry-After`, if not 0.
        raw: Answers every list with these bytes instead, if not None.
        slow_s: Pause after each byte of `raw`.
        listed: Fields of a workflow that a list leaves out.
    """

    def __init__(self, *workflows: dict[str, Any]) -> None:
        self.workflows = list(workflows)
        self.asked: list[str] = []
        self.quiet_s = 0
        self.raw: bytes | None = None
        self.slow_s = 0.0
        self.left_out: tuple[str, ...] = ()
        rig = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                rig.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        self.asked.append(request.path)
        if request.headers.get("X-N8N-API-KEY") != KEY:
            self._send(request, 401, {"message": "unauthorized"})
        elif self.quiet_s:
            self._send(request, 429, {"message": "Too many requests"}, {"Retry-After": str(self.quiet_s)})
        elif parts.path == "/api/v1/workflows":
            self._list(request, parse_qs(parts.query))
        else:
            name = parts.path.removeprefix("/api/v1/workflows/")
            held = next((each for each in self.workflows if each["id"] == name), None)
            self._send(request, 200 if held else 404, held or {"message": "Not Found"})

    def _list(self, request: BaseHTTPRequestHandler, query: dict[str, list[str]]) -> None:
        if self.raw is not None:
            self._drip(request)
            return
        limit = min(int(query.get("limit", ["100"])[0]), 250)
        offset = 0
        if "cursor" in query:
            cursor = json.loads(base64.b64decode(query["cursor"][0]))
            offset, limit = cursor["offset"], cursor["limit"]
        page = [
            {name: value for name, value in each.items() if name not in self.left_out}
            for each in self.workflows[offset : offset + limit]
        ]
        following = {"limit": limit, "offset": offset + limit, "numberOfTotalRecords": len(self.workflows)}
        more = offset + limit < len(self.workflows)
        token = base64.b64encode(json.dumps(following).encode()).decode() if more else None
        self._send(request, 200, {"data": page, "nextCursor": token})

    def _drip(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-type", "application/json")
        request.end_headers()
        try:
            for start in range(0, len(self.raw or b""), 1 if self.slow_s else 1 << 16):
                request.wfile.write((self.raw or b"")[start : start + (1 if self.slow_s else 1 << 16)])
                time.sleep(self.slow_s)
        except OSError:
            pass

    @staticmethod
    def _send(request: BaseHTTPRequestHandler, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("content-type", "application/json; charset=utf-8")
        request.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)
