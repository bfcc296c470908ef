import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from handrail.kernel.secret import Secret
from handrail.runtime.sources import Instance, Unauthorised, Unreachable, Unreadable, read_node_red

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Answer = told(200, {"flows": [], "rev": "1"})
        self.received: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that gives up is what some of these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((self.path, headers))
        self.server.answer(self)

    def log_message(self, *_: object) -> None:
        pass


def told(status: int, body: object, kind: str = "application/json", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content-type": kind, **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(json.dumps(body).encode())

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def instance(server: Server, network: str = "private", path: str = "") -> Instance:
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    return Instance("i", "shop-floor", "node-red", url, network, "local", "t", "p", "", 3)


def test_it_asks_for_version_two_with_the_token_below_the_admin_root(server: Server) -> None:
    reading = read_node_red(instance(server, path="/admin"), Secret("read-token"))
    (file,) = reading.files
    assert json.loads(file.data or b"") == {"flows": [], "rev": "1"}
    ((path, headers),) = server.received
    assert path == "/admin/flows"
    assert headers["authorization"] == "Bearer read-token"
    assert headers["node-red-api-version"] == "v2"
    assert headers["accept-encoding"] == "identity"


def test_without_a_credential_nothing_is_sent(server: Server) -> None:
    read_node_red(instance(server), None)
    assert "authorization" not in server.received[0][1]


@pytest.mark.parametrize(
    ("answer", "error", "word"),
    [
        (told(401, {}), Unauthorised, "401"),
        (told(403, {}), Unauthorised, "403"),
        (told(404, {}), Unreadable, "admin API"),
        (told(503, {}), Unreachable, "503"),
        (told(302, {}, location="http://169.254.169.254/"), Unreadable, "redirect"),
        (told(200, "<html>", kind="text/html"), Unreadable, "page"),
        (told(200, "x" * (9 << 20)), Unreadable, "more than"),
        (told(200, {}, **{"content-encoding": "gzip"}), Unreadable, ""),
    ],
)
def test_what_is_no_definition_is_told_apart(server: Server, answer: Answer, error: type[Exception], word: str) -> None:
    server.answer = answer
    with pytest.raises(error) as failed:
        read_node_red(instance(server), Secret("read-token"))
    assert word in str(failed.value)
    assert "read-token" not in str(failed.value)
    assert len(server.received) == 1


def test_an_answer_that_drips_is_given_up(server: Server) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.end_headers()
        for _ in range(50):
            handler.wfile.write(b" ")
            time.sleep(0.1)

    server.answer = drip
    began = time.monotonic()
    with pytest.raises(Unreachable, match="did not finish"):
        read_node_red(instance(server), None, deadline_s=0.5)
    assert time.monotonic() - began < 3


def test_this_machine_may_be_asked_on_a_private_network_only(server: Server) -> None:
    with pytest.raises(Unreachable, match="--network private"):
        read_node_red(instance(server, network="public"), Secret("read-token"))
    assert server.received == []


def test_nobody_listening_is_unreachable(server: Server) -> None:
    asked = instance(server)
    server.server_close()
    with pytest.raises(Unreachable, match="does not answer"):
        read_node_red(asked, None)
