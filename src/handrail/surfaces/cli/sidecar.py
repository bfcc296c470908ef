"""A loopback address for tools that can only hold a static key: swaps the key for a fresh token, and streams."""

import http.client
import json
import secrets
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from handrail.kernel.errors import HandrailError
from handrail.kernel.secret import Secret
from handrail.surfaces.cli.token_keeper import TokenKeeper, TokenRefused

PIECE: Final = 64 * 1024
_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# The caller's own identity never leaves this machine; the hub would refuse a second one.
_OURS: Final = frozenset({"host", "authorization", "x-handrail-token", "content-length", "expect"})
_LINKS: Final = frozenset({"location", "link", "content-location"})
_NO_BODY: Final = frozenset({204, 304})


class Sidecar(ThreadingHTTPServer):
    """Listens on loopback and forwards to the hub.

    Attributes:
        url: Its own address; a tool's base URL is this and the connection's name.
        hub_url: Where calls go.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, host: str, port: int, hub_url: str, key: Secret, keeper: TokenKeeper, client: httpx2.Client
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.server_address[1]}"
        self.hub_url = hub_url.rstrip("/")
        self.key = key
        self.keeper = keeper
        self.client = client
        self.names = {f"{name}:{self.server_address[1]}" for name in (shown, "localhost", "127.0.0.1", "[::1]")}

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the base class, which may ask a name server."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that goes away in the middle is no news."""


class _Refused(Exception):
    def __init__(self, status: int, code: str, detail: str, fix: str) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"status": status, "code": code, "title": "Refused", "detail": detail, "fix": fix}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "handrail-connect"
    sys_version = ""
    timeout = 300
    server: Sidecar

    def _serve(self) -> None:
        try:
            self._check()
            token = self.server.keeper.token()
        except _Refused as refused:
            self._problem(refused.status, refused.body)
            return
        except TokenRefused as refused:
            # The token service's own words: the reason and the difference.
            self._problem(int(refused.details["status"]), dict(refused.details["problem"]))
            return
        except HandrailError as error:
            body = {"status": 503, "code": error.code, "detail": error.message, "fix": error.fix}
            self._problem(503, body)
            return
        self._forward(token)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - base class

    def _check(self) -> None:
        # A page in a browser can make a foreign name point here (DNS rebinding); its Host gives it away.
        if self.headers.get("host", "").lower() not in self.server.names:
            raise _Refused(421, "host_refused", "This address answers to its own name only.", f"Call {self.server.url}")
        if not self.path.startswith("/") or self.path.startswith("//"):
            raise _Refused(400, "path_refused", "This is no path.", "Call /<connection>/<path>.")
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in {"bearer", "token"}:
            given = ""
        if not secrets.compare_digest(given.strip().encode(), self.server.key.reveal().encode()):
            raise _Refused(
                401,
                "local_key_wrong",
                "The local key is missing or wrong.",
                "Send Authorization: Bearer <the key that handrail connect printed>.",
            )
        if "content-length" in self.headers and "transfer-encoding" in self.headers:
            raise _Refused(400, "length_ambiguous", "This call has two lengths.", "Send one of them.")

    def _forward(self, token: Secret) -> None:
        headers = self._forwarded_headers()
        headers.append(("authorization", f"Bearer {token.reveal()}"))
        length = self.headers.get("content-length")
        content: Iterator[bytes] | None = None
        if length is not None and length.isdecimal():
            headers.append(("content-length", length))
            content = self._exactly(int(length))
        elif "chunked" in self.headers.get("transfer-encoding", "").lower():
            content = self._chunks()
        elif length is not None:
            self._problem(400, {"status": 400, "code": "length_ambiguous", "detail": "This is no length."})
            return
        # As it was sent: what a path means is for the hub to decide, not for us. Built by hand: the client's own
        # default headers and cookies are none of the caller's.
        base = urlsplit(self.server.hub_url).path
        request = httpx2.Request(
            self.command,
            f"{self.server.hub_url}/",
            headers=headers,
            content=content,
            extensions={
                "target": f"{base}{self.path}".encode("latin-1"),
                "timeout": self.server.client.timeout.as_dict(),
            },
        )
        try:
            answer = self.server.client.send(request, stream=True, follow_redirects=False)
        except httpx2.HTTPError as error:
            self.close_connection = True
            detail = f"The hub at {self.server.hub_url} does not answer ({type(error).__name__})."
            fix = "Check that the hub runs, and its address (--hub-url)."
            self._problem(502, {"status": 502, "code": "hub_silent", "detail": detail, "fix": fix})
            return
        try:
            self._pass_on(answer)
        except httpx2.HTTPError:
            # Half an answer is out already; ending the connection is the only honest way to say so.
            self.close_connection = True
        finally:
            answer.close()

    def _forwarded_headers(self) -> list[tuple[str, str]]:
        named = {name.strip().lower() for name in self.headers.get("connection", "").split(",") if name.strip()}
        dropped = _HOP | _OURS | named
        return [(name, value) for name, value in self.headers.items() if name.lower() not in dropped]

    def _exactly(self, length: int) -> Iterator[bytes]:
        while length > 0:
            piece = self.rfile.read1(min(PIECE, length))
            if not piece:
                raise httpx2.WriteError("the caller went away")
            length -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while True:
            try:
                size = int(self.rfile.readline(1024).split(b";")[0], 16)
            except ValueError:
                raise httpx2.WriteError("the caller sent no chunk") from None
            if size == 0:
                break
            yield from self._exactly(size)
            self.rfile.readline(1024)
        while self.rfile.readline(8192).strip():
            pass

    def _pass_on(self, answer: httpx2.Response) -> None:
        self.send_response(answer.status_code)
        named = {name.strip().lower() for name in answer.headers.get("connection", "").split(",")}
        for name, value in answer.headers.multi_items():
            if name.lower() in _HOP | named:
                continue
            # The hub's links name the hub, where the local key means nothing.
            linked = value.replace(self.server.hub_url, self.server.url) if name.lower() in _LINKS else value
            self.send_header(name, linked)
        bodyless = self.command == "HEAD" or answer.status_code in _NO_BODY
        chunked = not bodyless and "content-length" not in answer.headers
        if chunked and self.request_version == "HTTP/1.0":
            chunked, self.close_connection = False, True
        if chunked:
            self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if bodyless:
            return
        for piece in answer.iter_raw():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _problem(self, status: int, body: dict[str, Any]) -> None:
        # A body that was not read would be taken for the next call.
        self.close_connection = True
        document = json.dumps(body).encode()
        self.send_response(status, http.client.responses.get(status, "Refused"))
        self.send_header("content-type", "application/problem+json")
        self.send_header("content-length", str(len(document)))
        self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(document)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Write no access log: the hub has one, and paths may hold data."""


def serve(sidecar: Sidecar, stop: threading.Event) -> None:
    """Serve until `stop` is set."""
    threads = [
        threading.Thread(target=sidecar.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True),
        threading.Thread(target=sidecar.keeper.keep_fresh, args=(stop,), daemon=True),
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    sidecar.shutdown()
    sidecar.server_close()
