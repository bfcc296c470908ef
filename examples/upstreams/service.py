"""What the demo upstreams share: a server that wants its credential and remembers what it received."""

import json
import secrets
import ssl
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

REMEMBERED: Final = 500
BODY_MAX: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """One call as the upstream received it; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def parameters(self) -> dict[str, str]:
        """Return query, form and JSON members together, as most of these APIs read them."""
        found = dict(self.query)
        kind = self.headers.get("content-type", "")
        if self.body and "json" in kind:
            members = json.loads(self.body)
            found.update({str(name): value for name, value in members.items()})
        elif self.body:
            found.update({name: values[-1] for name, values in parse_qs(self.body.decode()).items()})
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `body` is written as JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Upstream:
    """One API in the shape of a well-known one.

    Attributes:
        name: Key in the ready file.
        credential: The only credential that it accepts.
        origin: Its own address; absolute links name it whatever `Host` a caller sent, as the real ones do.
    """

    name = "upstream"

    def __init__(self, credential: str) -> None:
        self.credential = credential
        self.origin = ""
        self._lock = threading.Lock()
        self._seen: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._counts: Counter[str] = Counter()
        self._faults: list[dict[str, Any]] = []

    def handle(self, request: Request) -> Reply:
        """Answer one call that held the credential."""
        raise NotImplementedError

    def unauthorised(self) -> Reply:
        """Refuse a call without the credential, in the API's own words."""
        raise NotImplementedError

    def accepts(self, request: Request) -> bool:
        """Tell whether the call held the credential."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() in {"bearer", "token"} and secrets.compare_digest(token, self.credential)

    def answer(self, request: Request) -> Reply:
        """Answer the demo's own questions (`/_seen`, `/_reset`, `/_fault`, `/_health`) or the API's."""
        own = {
            "/_seen": self._tell,
            "/_reset": self._forget,
            "/_fault": self._plan_fault,
            "/_health": lambda _: Reply(200, {"status": "ok"}),
        }.get(request.path)
        if own is not None:
            return own(request)
        accepted = self.accepts(request)
        self._remember(request, accepted=accepted)
        fault = self._next_fault(request.path)
        if fault is not None:
            time.sleep(fault.get("delay_ms", 0) / 1000)
            if fault.get("status"):
                return Reply(int(fault["status"]), {"message": "planned fault"})
        return self.handle(request) if accepted else self.unauthorised()

    def _remember(self, request: Request, *, accepted: bool) -> None:
        with self._lock:
            self._counts["all"] += 1
            self._counts["accepted" if accepted else "refused"] += 1
            self._counts[f"{request.method} {request.path}"] += 1
            self._seen.append(
                {
                    "method": request.method,
                    "path": request.path,
                    "query": dict(request.query),
                    "headers": dict(request.headers),
                    "body": request.body[:4096].decode(errors="replace"),
                    "accepted": accepted,
                }
            )

    def _tell(self, _request: Request) -> Reply:
        with self._lock:
            return Reply(200, {"counts": dict(self._counts), "requests": list(self._seen)})

    def _forget(self, _request: Request) -> Reply:
        with self._lock:
            self._counts.clear()
            self._seen.clear()
            self._faults.clear()
        return Reply(200, {"status": "forgotten"})

    def _plan_fault(self, request: Request) -> Reply:
        plan = json.loads(request.body)
        with self._lock:
            self._faults.append({"times": 1, "path": "", **plan})
        return Reply(200, plan)

    def _next_fault(self, path: str) -> dict[str, Any] | None:
        with self._lock:
            for fault in self._faults:
                if fault["times"] > 0 and path.startswith(fault["path"]):
                    fault["times"] -= 1
                    return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "demo-upstream"
    sys_version = ""
    timeout = 120
    server: "Listener"

    def _serve(self) -> None:
        url = urlsplit(self.path)
        try:
            body = self._body()
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = {name: values[-1] for name, values in parse_qs(url.query).items()}
            reply = self.server.upstream.answer(Request(self.command, url.path, query, headers, body))
        except (ValueError, AttributeError) as error:
            reply = Reply(400, {"message": f"cannot be read: {error}"})
        self._write(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815 - the base class names them so

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._chunks()
        length = int(self.headers.get("content-length") or 0)
        if length > BODY_MAX:
            raise ValueError("larger than this demo reads")
        return self.rfile.read(length)

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            if size > BODY_MAX:
                raise ValueError("larger than this demo reads")
            parts.append(self.rfile.read(size))
            self.rfile.readline(64)
        while self.rfile.readline(8192).strip():
            pass
        return b"".join(parts)

    def _write(self, reply: Reply) -> None:
        body = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


class Listener(ThreadingHTTPServer):
    """One upstream on one port; port 0 picks a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream: Upstream, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((host, port), _Handler)
        self.upstream = upstream
        self.tls = tls
        upstream.origin = f"{'https' if tls else 'http'}://{host}:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        # The handshake happens in the connection's own thread: a client that says nothing blocks nobody.
        if self.tls is not None:
            request.settimeout(30)
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

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
