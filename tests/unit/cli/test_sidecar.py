import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from handrail.kernel.secret import Secret
from handrail.surfaces.cli.sidecar import Sidecar, serve
from handrail.surfaces.cli.token_keeper import Credentials, TokenKeeper

KEY = "local-key-of-this-test"


class Service(ThreadingHTTPServer):
    """A real server whose answer a test writes; it keeps what it received."""

    daemon_threads = True

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.received: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def _serve(self) -> None:
        if "chunked" in self.headers.get("transfer-encoding", ""):
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((self.command, self.path, headers, body))
        self.server.answer(self, body)

    do_GET = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815 - the base class names them so

    def log_message(self, *_: object) -> None:
        pass


def reply(handler: BaseHTTPRequestHandler, status: int, body: Any, **headers: str) -> None:
    document = json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"content-length": str(len(document)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(document)


class Rig:
    """A token service, a hub and the sidecar between a tool and them."""

    def __init__(self, stack: ExitStack, life_s: float = 300.0) -> None:
        self.tokens = 0
        self.life_s = life_s
        self.refusal: dict[str, Any] | None = None
        self.hub_answer: Callable[[BaseHTTPRequestHandler, bytes], None] = lambda handler, body: reply(
            handler, 200, {"length": len(body)}
        )
        self.service = Service(self._token)
        self.hub = Service(lambda handler, body: self.hub_answer(handler, body))  # noqa: PLW0108 - tests change it
        client = stack.enter_context(httpx2.Client(trust_env=False, timeout=10))
        self.keeper = TokenKeeper(
            f"{self.service.url}/oauth/token", Credentials("client-1", Secret("s3cret"), None), client
        )
        self.sidecar = Sidecar("127.0.0.1", 0, self.hub.url, Secret(KEY), self.keeper, client)
        stop = threading.Event()
        thread = threading.Thread(target=serve, args=(self.sidecar, stop))
        thread.start()
        stack.callback(thread.join, 10)
        stack.callback(stop.set)
        stack.callback(self.service.close)
        stack.callback(self.hub.close)
        self.tool = stack.enter_context(
            httpx2.Client(
                base_url=self.sidecar.url,
                headers={"authorization": f"Bearer {KEY}"},
                trust_env=False,
                timeout=10,
            )
        )

    def _token(self, handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        if self.refusal is not None:
            reply(handler, int(self.refusal["status"]), self.refusal)
            return
        self.tokens += 1
        reply(handler, 200, {"access_token": f"token-{self.tokens}", "expires_in": self.life_s})


@pytest.fixture
def rig() -> Iterator[Rig]:
    with ExitStack() as stack:
        yield Rig(stack)


def test_the_static_key_becomes_a_token_and_the_call_arrives_as_it_was_sent(rig: Rig) -> None:
    answer = rig.tool.post("/slack/api/chat.postMessage?a=%2F", content=b"x" * 200_000, headers={"x-mine": "1"})
    assert answer.json() == {"length": 200_000}
    method, path, headers, _ = rig.hub.received[-1]
    assert (method, path) == ("POST", "/slack/api/chat.postMessage?a=%2F")
    assert headers["authorization"] == "Bearer token-1"
    assert headers["x-mine"] == "1"
    assert headers["host"] == rig.hub.url.removeprefix("http://")
    assert KEY not in str(rig.hub.received)


@pytest.mark.parametrize("path", ["/slack/../stripe", "/slack/%2e%2e/x", "/slack//a", "/slack/a;b?c=d%00"])
def test_a_path_is_never_rewritten_on_the_way(rig: Rig, path: str) -> None:
    with socket.create_connection(("127.0.0.1", rig.sidecar.server_address[1]), 10) as raw:
        host = rig.sidecar.url.removeprefix("http://")
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode())
        raw.recv(4096)
    assert rig.hub.received[-1][1] == path


def test_a_body_without_length_streams_through(rig: Rig) -> None:
    answer = rig.tool.post("/httpbin/post", content=iter([b"one", b"two"]))
    assert answer.json() == {"length": 6}
    assert rig.hub.received[-1][3] == b"onetwo"


def test_an_answer_arrives_piece_by_piece(rig: Rig) -> None:
    go_on = threading.Event()

    def slowly(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nfirst\r\n")
        handler.wfile.flush()
        go_on.wait(10)
        handler.wfile.write(b"6\r\nsecond\r\n0\r\n\r\n")

    rig.hub_answer = slowly
    with rig.tool.stream("GET", "/llm/stream") as answer:
        pieces = answer.iter_bytes()
        assert next(pieces) == b"first"
        go_on.set()
        assert b"".join(pieces) == b"second"


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Basic bG9jYWw=", f"Bearer {KEY}x", KEY])
def test_a_call_without_the_local_key_is_refused_and_never_leaves(rig: Rig, given: str) -> None:
    answer = rig.tool.get("/slack/x", headers={"authorization": given})
    assert answer.status_code == 401
    assert answer.json()["code"] == "local_key_wrong"
    assert rig.hub.received == []


def test_the_scheme_token_is_accepted_too(rig: Rig) -> None:
    assert rig.tool.get("/github/user", headers={"authorization": f"token {KEY}"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1"])
def test_a_foreign_host_name_is_refused(rig: Rig, host: str) -> None:
    answer = rig.tool.get("/slack/x", headers={"host": host})
    assert answer.status_code == 421
    assert rig.hub.received == []


def test_a_callers_own_identity_headers_do_not_go_on(rig: Rig) -> None:
    rig.tool.get("/a", headers={"x-handrail-token": "mine", "connection": "x-hop, keep-alive", "x-hop": "1"})
    headers = rig.hub.received[-1][2]
    assert "x-handrail-token" not in headers
    assert "x-hop" not in headers


def test_a_token_is_renewed_before_it_ends_without_a_call() -> None:
    with ExitStack() as stack:
        rig = Rig(stack, life_s=0.5)
        time.sleep(1.2)
        assert rig.tokens >= 2
        rig.tool.get("/a")
        assert rig.hub.received[-1][2]["authorization"] != "Bearer token-1"


def test_one_token_serves_many_calls(rig: Rig) -> None:
    threads = [threading.Thread(target=rig.tool.get, args=("/a",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(rig.hub.received) == 12
    assert rig.tokens == 1


def test_a_refusal_of_the_token_service_reaches_the_tool_in_its_own_words(rig: Rig) -> None:
    rig.keeper._renew_at = 0
    rig.refusal = {"status": 403, "code": "version_not_approved", "detail": "step 'Post' now also calls x"}
    answer = rig.tool.get("/slack/x")
    assert answer.status_code == 403
    assert answer.json()["code"] == "version_not_approved"
    assert rig.hub.received == []
    rig.refusal = None
    assert rig.tool.get("/slack/x").status_code == 200


def test_links_to_the_hub_lead_back_to_the_local_address(rig: Rig) -> None:
    link = f'<{rig.hub.url}/github/issues?page=2>; rel="next"'
    rig.hub_answer = lambda handler, _: reply(handler, 302, {}, link=link, location=f"{rig.hub.url}/github/new")
    answer = rig.tool.get("/github/issues")
    assert answer.headers["location"] == f"{rig.sidecar.url}/github/new"
    assert answer.headers["link"] == f'<{rig.sidecar.url}/github/issues?page=2>; rel="next"'


def test_cookies_of_one_call_are_not_sent_with_the_next(rig: Rig) -> None:
    rig.hub_answer = lambda handler, _: reply(handler, 200, {}, set_cookie="session=1")
    assert rig.tool.get("/a").headers["set-cookie"] == "session=1"
    rig.tool.cookies.clear()
    rig.tool.get("/a")
    assert "cookie" not in rig.hub.received[-1][2]


def test_a_silent_hub_is_named(rig: Rig) -> None:
    rig.hub.close()
    answer = rig.tool.get("/a")
    assert answer.status_code == 502
    assert answer.json()["code"] == "hub_silent"


def test_a_silent_token_service_does_not_stop_a_token_that_still_holds() -> None:
    with ExitStack() as stack:
        rig = Rig(stack, life_s=3.0)
        assert rig.tool.get("/a").status_code == 200
        rig.refusal = {"status": 503}
        # Past the time of renewal, before the end.
        rig.keeper._renew_at = 0
        assert rig.tool.get("/a").status_code == 200
        time.sleep(3.0)
        assert rig.tool.get("/a").status_code == 503
