"""One process that plays every system and builder of Larkspur. Every answer says so: `x-handrail-demo: 1`."""

import base64
import json
import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from handrail.demo.answers import Json, answer, unauthorised
from handrail.demo.builders import Builders
from handrail.demo.content import CONNECTORS, connector
from handrail.demo.keys import Keys, fields_of

_BODY_MAX: Final = 1 << 20
# What each system usually takes, in seconds.
_TAKES_S: Final = {"ledger": 0.12, "stripe": 0.15, "crm": 0.1, "github": 0.07, "slack": 0.05, "mail": 0.04}
# The CRM has a bad minute in every quarter of an hour; the ledger is slow now and then.
_QUARTER_S: Final = 900
_BAD_S: Final = range(420, 450)
_BAD_SHARE: Final = 0.5
_SLOW_SHARE: Final = 0.03
_LIMITED_SHARE: Final = 0.01
_SLOW_S: Final = (1.2, 3.4)


class Played:
    """What the process answers, by the first segment of the path."""

    def __init__(self, keys: Keys, builders: Builders) -> None:
        self._wanted = {name: _header_of(name, keys.upstreams[name]) for name in CONNECTORS}
        self._builder_key = f"Bearer {keys.builders}"
        self._builders = builders
        self._chance = random.Random()  # noqa: S311 - bad luck, not secrets

    def respond(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Json]:
        """Return status and body for one call; header names are lower case."""
        url = urlsplit(target)
        system, _, path = url.path.removeprefix("/").partition("/")
        if system == "healthz":
            return 200, {"status": "ok"}
        if system == "builders":
            return self._builder(path.removesuffix("/flows"), headers)
        if system not in self._wanted:
            return 404, {"error": "not_found"}
        name, value = self._wanted[system]
        if not secrets.compare_digest(headers.get(name, "").encode(), value.encode()):
            return unauthorised(system)
        self._builders.note_call()
        trouble = self._trouble(system)
        if trouble is not None:
            return trouble
        return answer(system, method, f"/{path}", _given(url.query, headers, body))

    def _builder(self, team: str, headers: Mapping[str, str]) -> tuple[int, Json]:
        if not secrets.compare_digest(headers.get("authorization", "").encode(), self._builder_key.encode()):
            return 401, {"error": "unauthorised"}
        found = self._builders.flows(team)
        return (404, {"error": "not_found"}) if found is None else (200, found)

    def _trouble(self, system: str) -> tuple[int, Json] | None:
        """Take the time that the system takes, and fail when it has a bad moment."""
        chance = self._chance.random()
        time.sleep(_TAKES_S[system] * self._chance.lognormvariate(0, 0.3))
        if system == "crm" and int(time.time()) % _QUARTER_S in _BAD_S and chance < _BAD_SHARE:
            return 503, {"error": "maintenance", "demo": True}
        if system == "ledger" and chance < _SLOW_SHARE:
            time.sleep(self._chance.uniform(*_SLOW_S))
        if system == "slack" and chance < _LIMITED_SHARE:
            return 429, {"ok": False, "error": "ratelimited", "demo": True}
        return None


def _header_of(name: str, value: str) -> tuple[str, str]:
    """Return the header in which a system wants its credential, and what it must say."""
    rule = connector(name).credential
    fields = fields_of(rule.kind, value)
    if rule.kind == "basic":
        pair = f"{fields['username'].reveal()}:{fields['password'].reveal()}"
        return "authorization", "Basic " + base64.b64encode(pair.encode()).decode()
    if rule.kind == "header":
        return (rule.header or "").lower(), fields["value"].reveal()
    return "authorization", f"Bearer {fields['token'].reveal()}"


def _given(query: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {name: values[-1] for name, values in parse_qs(query).items()}
    try:
        if body and "json" in headers.get("content-type", ""):
            members = json.loads(body)
            found |= members if isinstance(members, dict) else {}
        elif body:
            found |= {name: values[-1] for name, values in parse_qs(body.decode()).items()}
    except ValueError:
        pass
    return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "handrail-demo"
    sys_version = ""
    timeout = 120
    server: "Server"

    def _serve(self) -> None:
        try:
            length = min(max(int(self.headers.get("content-length") or 0), 0), _BODY_MAX)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = self.server.played.respond(self.command, self.path, headers, self.rfile.read(length))
        except ValueError:
            status, body = 400, {"error": "cannot be read"}
            self.close_connection = True
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("x-handrail-demo", "1")
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - the base class names them so

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: one line a second would fill the log."""


class Server(ThreadingHTTPServer):
    """Listens on loopback; port 0 picks a free one."""

    daemon_threads = True

    def __init__(self, port: int, played: Played) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.played = played

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""

    def start(self) -> Callable[[], None]:
        """Serve in a thread; return the function that stops it."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()

        def stop() -> None:
            self.shutdown()
            self.server_close()
            thread.join(5)

        return stop
