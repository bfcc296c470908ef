import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from handrail.platform.http import (
    AddressForbidden,
    AnswerTooLarge,
    HostUnresolved,
    guarded_client,
    refusal,
    resolve,
)

FORBIDDEN_EVERYWHERE = [
    "169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "0.0.0.0",  # noqa: S104 - what is refused
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "240.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2002:a9fe:a9fe::1",
    "2001::1",
    "192.0.0.192",
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "fd20:ce::254",
    "not-an-address",
    "::7f00:1",
]
PRIVATE_ONLY = [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "fd12::1",
    "127.0.0.1",
    "127.9.9.9",
    "::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "172.15.0.1", "172.32.0.1"]


@pytest.mark.parametrize("address", FORBIDDEN_EVERYWHERE)
def test_addresses_that_reach_a_machines_own_identity_are_refused_on_every_network(address: str) -> None:
    assert refusal(address, "public")
    assert refusal(address, "private")
    assert refusal(address, "loopback")


@pytest.mark.parametrize("address", PRIVATE_ONLY)
def test_private_addresses_need_a_private_network(address: str) -> None:
    assert refusal(address, "public")
    assert not refusal(address, "private")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert not refusal(address, "public")
    assert not refusal(address, "private")
    assert refusal(address, "loopback")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "\uff11\uff12\uff17.0.0.1", "localhost"])
def test_odd_spellings_of_this_machine_are_refused_after_they_are_resolved(host: str) -> None:
    assert all(refusal(address, "public") for address in resolve(host))


def test_a_name_without_address_is_unresolved() -> None:
    with pytest.raises(HostUnresolved):
        resolve("no-such-name.invalid")


class _Upstream(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("location", "/")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        body = b"x" * (2000 if self.path.startswith("/big") else 5) + (self.headers["host"] or "").encode()
        self.send_response(200)
        if self.path == "/packed":
            self.send_header("content-encoding", "gzip")
        if self.path != "/big-unsized":
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_it_calls_the_checked_address_with_the_hosts_own_name(port: int) -> None:
    with guarded_client("loopback", resolver=lambda _: ("127.0.0.1",)) as client:
        answer = client.get(f"http://api.example.test:{port}/")
    assert answer.text == f"xxxxxapi.example.test:{port}"


def test_it_follows_no_redirect(port: int) -> None:
    with guarded_client("loopback") as client:
        assert client.get(f"http://127.0.0.1:{port}/moved").status_code == 302


@pytest.mark.parametrize("path", ["/big", "/big-unsized", "/packed"])
def test_an_answer_above_the_limit_is_refused(port: int, path: str) -> None:
    with guarded_client("loopback", max_body=1000) as client, pytest.raises(AnswerTooLarge):
        client.get(f"http://127.0.0.1:{port}{path}")


def test_a_forbidden_address_is_never_connected(port: int) -> None:
    with guarded_client("public") as client, pytest.raises(AddressForbidden, match="this machine"):
        client.get(f"http://127.0.0.1:{port}/")


def test_a_name_that_turns_to_a_forbidden_address_is_refused_on_the_next_call(port: int) -> None:
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])
    with guarded_client("private", resolver=lambda _: next(answers)) as client:
        assert client.get(f"http://rebinding.test:{port}/").status_code == 200
        with pytest.raises(AddressForbidden, match="link-local"):
            client.get(f"http://rebinding.test:{port}/")


def test_an_address_that_does_not_answer_is_passed_over(port: int) -> None:
    with guarded_client("loopback", resolver=lambda _: ("127.0.0.2", "127.0.0.1")) as client:
        assert client.get(f"http://two.test:{port}/").status_code == 200


def test_nothing_listening_is_a_connect_error() -> None:
    with guarded_client("loopback") as client, pytest.raises(httpx2.ConnectError):
        client.get("http://127.0.0.1:1/")
