"""`/healthz` and `/readyz` of the agent, on a Unix socket."""

import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, cast

import orjson

from handrail.runtime.edge.admin import ask
from handrail.runtime.edge.places import places_of

Status = Callable[[], dict[str, Any]]


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    status: Status


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._answer(200, {"status": "alive"})
        elif self.path == "/readyz":
            status = cast("_Server", self.server).status()
            self._answer(200 if status["ready"] else 503, status)
        else:
            self._answer(404, {"status": "unknown"})

    def _answer(self, number: int, document: dict[str, Any]) -> None:
        body = orjson.dumps(document)
        self.send_response(number)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: health is asked for every second."""


def serve(path: Path, status: Status) -> Callable[[], None]:
    """Answer on a Unix socket; returns what ends it."""
    path.unlink(missing_ok=True)
    server = _Server(str(path), _Handler)
    path.chmod(0o600)
    server.status = status
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()

    def close() -> None:
        server.shutdown()
        server.server_close()
        path.unlink(missing_ok=True)

    return close


def status(home: Path) -> dict[str, Any] | None:
    """Return what the agent of a home says of itself, or None if it does not answer.

    Keys: `ready`, `prepared`, `expired`, `missing` (words), `warnings` (words), `problems`, `epoch`, `revision`,
    `quarantine_revision`, `confirmed_revision`, `confirmed_quarantine_revision`, `expires_at`, `hub`, `address`.
    """
    try:
        number, body = ask(places_of(home).agent_socket, "/readyz")
        document = orjson.loads(body) if number in {200, 503} else None
    except (OSError, orjson.JSONDecodeError):
        return None
    return document if isinstance(document, dict) else None


def prepared(home: Path) -> bool:
    """Tell whether Envoy may be started: its files are complete and the agent that wrote them runs."""
    found = status(home)
    return found is not None and found["prepared"] is True


def ready(home: Path) -> bool:
    """Tell whether the hub serves: Envoy runs and has taken the last snapshot, which has not expired."""
    found = status(home)
    return found is not None and found["ready"] is True
