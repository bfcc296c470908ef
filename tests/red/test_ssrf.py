"""No connection makes a hub call what it may not: this machine, its network, a metadata service.

A real install, and beside it a second hub whose names come from a DNS server of the test. What the manifests' own
checks refuse is written straight into the database: the hub must not depend on them.
"""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from dnslib import AAAA, QTYPE, RCODE, RR, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer
from sqlalchemy import text
from tests.rigs.governed import flow
from tests.rigs.processes import Install
from tests.rigs.programs import free_port, wait_for

from handrail.platform.database import Database, revisions
from handrail.platform.supervisor import Child, Supervisor
from handrail.runtime import edge

pytestmark = pytest.mark.xdist_group("ssrf")
SECRET = "canary-ssrf-5b20c4"
APP = "prober"
AGENT = """
import logging, signal, sys, threading
from pathlib import Path
from dnslib import DNSRecord, QTYPE
from handrail.kernel.secret import Secret
from handrail.platform.http import HostUnresolved, resolve
from handrail.runtime.edge import Address, Options, run
logging.basicConfig(level=logging.INFO)
home, url, token, port, dns = sys.argv[1:]
def ask(host):
    if not host.endswith(".test"):
        return resolve(host)
    found = []
    for kind in ("A", "AAAA"):
        try:
            answer = DNSRecord.parse(DNSRecord.question(host, kind).send("127.0.0.1", int(dns), timeout=1))
        except OSError as error:
            raise HostUnresolved(f"{host}: {error}") from None
        found += [str(rr.rdata) for rr in answer.rr if rr.rtype in (QTYPE.A, QTYPE.AAAA)]
    if not found:
        raise HostUnresolved(f"{host} is unknown")
    return tuple(sorted(found))
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
options = Options(wait_s=5, resolve_s=0.3, retry_resolve_s=0.3, resolver=ask)
run(Path(home), url, Secret(token), Address("127.0.0.1", int(port)), stop, options)
"""
CONNECTOR: dict[str, Any] = {
    "apiVersion": "handrail.dev/v1",
    "kind": "Connector",
    "metadata": {"name": "any"},
    "spec": {
        "version": "1.0.0",
        "title": "Any",
        "dataClasses": ["internal"],
        "credential": {"kind": "bearer"},
        "limits": {"callsPerMinute": 100_000},
        "retries": {"attempts": 0},
        "circuit": {"consecutiveErrors": 1000},
        "timeoutMs": 2000,
        "operations": [{"name": "get", "method": "GET", "path": "/x"}],
    },
}
# Hosts as somebody may write them, with `network: public`; each is this machine or a network that is nobody's business.
PUBLIC: dict[str, str] = {
    "loopback": "127.0.0.1",
    "loopback elsewhere": "127.8.9.10",
    "loopback by name": "localhost",
    "loopback with a dot": "localhost.",
    "decimal": "2130706433",
    "hex": "0x7f000001",
    "hex in parts": "0x7f.1",
    "octal": "0177.0.0.1",
    "short": "127.1",
    "zero": "0",
    "unspecified": "0.0.0.0",  # noqa: S104 - refused
    "full-width": "\uff11\uff12\uff17.0.0.1",
    "circled": "\u2460\u2461\u2466.0.0.1",
    "IPv6": "[::1]",
    "IPv6 unspecified": "[::]",
    "IPv6-mapped": "[::ffff:127.0.0.1]",
    "IPv6-mapped in hex": "[::ffff:7f00:1]",
    "IPv4-compatible": "[::127.0.0.1]",
    "IPv4-translated": "[::ffff:0:127.0.0.1]",
    "NAT64": "[64:ff9b::7f00:1]",
    "local NAT64": "[64:ff9b:1::7f00:1]",
    "6to4": "[2002:7f00:1::1]",
    "Teredo": "[2001:0:7f00:1::1]",
    "private": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.0.1",
    "shared": "100.64.0.1",
    "unique local": "[fd00::1]",
    "link-local": "169.254.1.1",
    "IPv6 link-local": "[fe80::1]",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
}
# With `network: private` this machine is permitted; these never are.
NEVER: dict[str, str] = {
    "metadata": "169.254.169.254",
    "metadata in decimal": "2852039166",
    "metadata in hex": "0xa9fea9fe",
    "metadata of ECS": "169.254.170.2",
    "metadata of Azure": "168.63.129.16",
    "metadata of Alibaba": "100.100.100.200",
    "metadata of Oracle": "192.0.0.192",
    "metadata of AWS": "[fd00:ec2::254]",
    "metadata of Google": "[fd20:ce::254]",
    "metadata mapped": "[::ffff:169.254.169.254]",
    "metadata by NAT64": "[64:ff9b::a9fe:a9fe]",
    "metadata by 6to4": "[2002:a9fe:a9fe::1]",
    "this machine mapped": "[::ffff:127.0.0.1]",
    "unspecified": "0.0.0.0",  # noqa: S104 - refused
}


class Trap:
    """Listens on all loopback addresses and remembers whoever connects; answers 200."""

    def __init__(self) -> None:
        self.port = free_port()
        self.heard: list[bytes] = []
        self.redirect = ""
        self._sockets = []
        v4, v6 = socket.AF_INET, socket.AF_INET6
        for family, host in ((v4, "127.0.0.1"), (v4, "127.8.9.10"), (v6, "::1")):
            listening = socket.socket(family)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, self.port))
            listening.listen(64)
            self._sockets.append(listening)
            threading.Thread(target=self._listen, args=(listening,), daemon=True).start()

    def _listen(self, listening: socket.socket) -> None:
        while True:
            try:
                wire, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(wire,), daemon=True).start()

    def _answer(self, wire: socket.socket) -> None:
        with wire:
            wire.settimeout(5)
            try:
                self.heard.append(wire.recv(65536))
                head = f"302 Found\r\nlocation: {self.redirect}" if self.redirect else "200 OK"
                wire.sendall(f"HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
            except OSError:
                self.heard.append(b"gone")

    def close(self) -> None:
        for listening in self._sockets:
            listening.close()


class Names(BaseResolver):  # type: ignore[misc] # dnslib has no types
    """A DNS server that may say something else each time it is asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[str] | Callable[[int], list[str]]] = {}
        self.asked: dict[str, int] = {}
        quiet = DNSLogger("-request,-reply,-truncated,-error")
        self.server = DNSServer(self, port=0, address="127.0.0.1", logger=quiet)
        self.server.start_thread()
        self.port = int(self.server.server.server_address[1])

    def resolve(self, request: Any, _handler: Any) -> Any:
        reply = request.reply()
        name, kind = str(request.q.qname).rstrip("."), QTYPE[request.q.qtype]
        found = self.answers.get(name, [])
        if callable(found):
            # A and AAAA of one look-up belong together.
            self.asked[name] = self.asked.get(name, 0) + (kind == "A")
            found = found(self.asked[name])
        for address in found:
            if (":" in address) == (kind == "AAAA"):
                data = AAAA(address) if ":" in address else A(address)
                reply.add_answer(RR(request.q.qname, getattr(QTYPE, kind), rdata=data, ttl=0))
        if not found:
            reply.header.rcode = RCODE.SERVFAIL
        return reply

    def close(self) -> None:
        self.server.stop()
        self.server.server.server_close()


class Rig:
    """An install with one app that may call each of many connections, and a second hub with names of ours."""

    def __init__(self, folder: Path) -> None:
        self.trap, self.names = Trap(), Names()
        self.install = Install(folder / "first")
        told = self.install.up()
        self.install.tokens["alice"] = self.install._join("/api/v1/setup", told["join"], "alice")
        self.alice = self.install.as_("alice")
        self.database = Database(f"sqlite:///{self.install.home}/handrail.db")
        # A hub tells twenty problems at most.
        self.many = [f"c{number}" for number in range(16)]
        self.named = ("rebind", "flip", "mixed", "six", "good")
        self._fill()
        made = self.alice("POST", "/api/v1/hubs", {"name": "second"})
        self.second = free_port()
        self.home = folder / "second"
        script = (sys.executable, "-c", AGENT, str(self.home), self.install.url, made["token"])
        agent = (*script, str(self.second), str(self.names.port))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
        self.supervisor = Supervisor(
            [
                Child("agent", agent, env=environment, ready=lambda: edge.prepared(self.home), ready_s=60),
                Child(
                    "envoy",
                    edge.command(self.home, 1),
                    ready=lambda: edge.envoy_ready(self.home),
                    after=("agent",),
                    ready_s=60,
                ),
            ],
            self.home / "log",
        )
        self.thread = threading.Thread(target=self.supervisor.run)
        self.thread.start()
        self.settled()
        self.token = self.install.token()

    def _fill(self) -> None:
        alice, bob = self.alice, None
        alice("POST", "/api/v1/teams", {"name": "finance-ops", "title": "Finance operations"})
        roles = [{"role": "reviewer", "team": "finance-ops"}]
        link = alice("POST", "/api/v1/invitations", {"roles": roles})["link"]
        self.install.tokens["bob"] = self.install._join("/api/v1/invitations/redeem", link, "bob")
        bob = self.install.as_("bob")
        alice("POST", "/api/v1/connectors", {"manifest": json.dumps(CONNECTOR)})
        alice("PUT", "/api/v1/credentials/production/any", {"fields": {"token": SECRET}})
        every = [*self.many, *self.named]
        here = f"http://127.0.0.1:{self.trap.port}"
        for name in every:
            alice("POST", "/api/v1/connections", {"manifest": self.manifest(name, here, "private")})
        manifest = {
            "apiVersion": "handrail.dev/v1",
            "kind": "App",
            "metadata": {"name": APP},
            "spec": {
                "title": "Prober",
                "team": "finance-ops",
                "owner": "alice",
                "deputy": "bob",
                "purpose": "Tries everything.",
                "platform": "node-red",
                "dataClasses": ["internal"],
                "connections": [{"connection": name, "operations": ["get"]} for name in every],
            },
        }
        adoption = {"filename": "flows.json", "content": flow().decode(), "manifest": json.dumps(manifest)}
        version = alice("POST", "/api/v1/adoptions", adoption)["version"]
        alice("POST", f"/api/v1/apps/{APP}/submit", {})
        bob("POST", f"/api/v1/apps/{APP}/approve", {"digest": version["digest"]})
        made = alice("POST", f"/api/v1/apps/{APP}/clients", {})
        self.install.client_id, self.install.client_secret = made["id"], made["secret"]

    def manifest(self, name: str, upstream: str, network: str) -> str:
        return json.dumps(
            {
                "apiVersion": "handrail.dev/v1",
                "kind": "Connection",
                "metadata": {"name": name},
                "spec": {
                    "connector": "any",
                    "version": "1.0.0",
                    "environment": "production",
                    "upstream": upstream,
                    "network": network,
                    "credential": "any",
                },
            }
        )

    def force(self, targets: dict[str, tuple[str, str]]) -> None:
        """Write upstreams past every check, as a mistake or somebody in the database would."""
        with self.database.begin() as work:
            for name, (host, network) in targets.items():
                work.run(
                    text("UPDATE connection SET upstream = :upstream, network = :network WHERE name = :name"),
                    upstream=f"http://{host}:{self.trap.port}",
                    network=network,
                    name=name,
                )
            revisions.bump(work, "hub")
        self.settled()

    def settled(self) -> None:
        """Wait until both hubs enforce what is declared."""

        def both() -> bool:
            hubs = self.alice("GET", "/api/v1/hubs")["items"]
            return len(hubs) == 2 and all(hub["inForce"] for hub in hubs)

        wait_for("both hubs to enforce the newest state", both, 60)

    def problems(self, hub: str) -> list[str]:
        hubs = self.alice("GET", "/api/v1/hubs")["items"]
        return next(each["problems"] for each in hubs if (each["name"] == "second") == (hub == "second"))

    def call(self, connection: str, hub: str = "second") -> httpx.Response:
        base = f"http://127.0.0.1:{self.second}" if hub == "second" else self.install.hub
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.get(f"{base}/{connection}/x", headers=headers, timeout=10, trust_env=False)

    def refused(self, connection: str, hub: str = "second") -> None:
        answer = self.call(connection, hub)
        assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable"), (connection, answer.text)

    def clusters(self) -> str:
        """Return what the second hub's Envoy would connect to."""
        transport = httpx.HTTPTransport(uds=str(edge.places_of(self.home).admin_socket))
        with httpx.Client(transport=transport) as admin:
            return admin.get("http://envoy/clusters").text

    def close(self) -> None:
        self.supervisor.request_stop()
        self.thread.join()
        edge.clear(self.home)
        self.install.stop()
        self.names.close()
        self.trap.close()
        self.database.close()


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    made = Rig(tmp_path_factory.mktemp("ssrf"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def silent(rig: Rig) -> Iterator[None]:
    """Each test starts with nothing heard."""
    rig.trap.heard.clear()
    rig.trap.redirect = ""
    yield


def test_the_hub_does_call_what_it_may(rig: Rig) -> None:
    """Without this the refusals below would prove nothing."""
    rig.names.answers["good.test"] = ["127.0.0.1"]
    rig.force({"good": ("good.test", "private")})
    assert rig.call("good").status_code == 200
    assert SECRET.encode() in rig.trap.heard[-1]


def batches(rig: Rig, hosts: dict[str, str], network: str) -> Iterator[dict[str, str]]:
    """Yield connections and their hosts, as many as fit; both hubs enforce them."""
    left = list(hosts.values())
    while left:
        chosen = dict(zip(rig.many, left, strict=False))
        left = left[len(chosen) :]
        rig.force(
            {name: (chosen.get(name, "127.0.0.1"), network if name in chosen else "private") for name in rig.many}
        )
        yield chosen
        rig.force(dict.fromkeys(rig.many, ("127.0.0.1", "private")))


def refused_by_both(rig: Rig, chosen: dict[str, str]) -> None:
    for hub in ("first", "second"):
        for name in chosen:
            rig.refused(name, hub)
        told = rig.problems(hub)
        for host in chosen.values():
            # Some notations are no address to this machine's resolver at all: then it says that.
            assert any(f"{host.strip('[]')} " in line for line in told), (hub, host, told)
    assert rig.trap.heard == []


def test_a_public_connection_reaches_nothing_of_ours_however_it_is_written(rig: Rig) -> None:
    for chosen in batches(rig, PUBLIC, "public"):
        refused_by_both(rig, chosen)


def test_a_metadata_service_is_never_called_not_even_as_private(rig: Rig) -> None:
    for chosen in batches(rig, NEVER, "private"):
        refused_by_both(rig, chosen)


def test_the_manifest_refuses_what_can_be_seen_without_a_name_server(rig: Rig) -> None:
    accepted = []
    for what, host in PUBLIC.items():
        manifest = rig.manifest("good", f"http://{host}:{rig.trap.port}", "public")
        body = {"manifest": manifest, "dryRun": True}
        answer = rig.alice.http.post("/api/v1/connections", json=body)
        if answer.is_success:
            accepted.append(what)
        else:
            assert answer.status_code == 422, (what, answer.text)
    assert accepted == []


TURNED = (
    ["169.254.169.254"],
    ["::ffff:a9fe:a9fe"],
    ["::ffff:7f00:1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::1"],
    ["fd00:ec2::254"],
    ["0.0.0.0", "::"],  # noqa: S104 - refused
)


def test_a_name_that_turns_to_a_forbidden_address_loses_what_it_had(rig: Rig) -> None:
    rig.names.answers["rebind.test"] = ["127.0.0.1"]
    rig.force({"rebind": ("rebind.test", "private")})
    for turned in TURNED:
        rig.names.answers["rebind.test"] = ["127.0.0.1"]
        wait_for("the permitted address", lambda: rig.call("rebind").status_code == 200)
        rig.names.answers["rebind.test"] = turned
        wait_for("the name to be refused", lambda: rig.call("rebind").status_code == 503)
        told = f"rebind.test may not be called: {turned[0]} is"
        wait_for(told, lambda told=told: any(told in each for each in rig.problems("second")))
        clusters = [line for line in rig.clusters().splitlines() if line.startswith("rebind")]
        assert not [line for line in clusters if f":{rig.trap.port}::" in line], "it has an endpoint left"


def test_a_name_that_says_another_address_each_time_gets_no_call_through_a_gap(rig: Rig) -> None:
    """Checked and called are one address: Envoy is given addresses, never names."""
    rig.names.answers["flip.test"] = lambda count: ["127.0.0.1"] if count % 2 else ["169.254.169.254"]
    rig.force({"flip": ("flip.test", "private")})
    end, seen = time.monotonic() + 3, set()
    while time.monotonic() < end:
        seen.add(rig.call("flip").status_code)
        assert "169.254" not in rig.clusters()
    assert seen == {200, 503}, "it did not flip"


def test_a_public_name_that_turns_to_this_machine_gets_no_call(rig: Rig) -> None:
    # No route leads to the first address from a test machine that must not call out: it is never called here.
    rig.names.answers["six.test"] = lambda count: ["127.0.0.1"] if count > 1 else ["169.254.169.254"]
    rig.force({"six": ("six.test", "public")})
    for _ in range(10):
        rig.refused("six")
        time.sleep(0.1)
    rig.names.answers["six.test"] = ["::1", "127.0.0.1", "10.1.2.3", "::ffff:a01:203"]
    wait_for("all four to be refused", lambda: any("10.1.2.3 is a private" in each for each in rig.problems("second")))
    rig.refused("six")
    assert rig.trap.heard == []


def test_a_forbidden_address_among_permitted_ones_is_left_out(rig: Rig) -> None:
    rig.names.answers["mixed.test"] = ["169.254.169.254", "127.0.0.1", "fe80::1", "::1", "64:ff9b::a9fe:a9fe"]
    rig.force({"mixed": ("mixed.test", "private")})
    wait_for("the permitted ones", lambda: rig.call("mixed").status_code == 200)
    for _ in range(20):
        assert rig.call("mixed").status_code == 200
    clusters = [line for line in rig.clusters().splitlines() if line.startswith("mixed::")]
    assert any("127.0.0.1" in line for line in clusters)
    assert not [line for line in clusters for bad in ("169.254", "fe80", "64:ff9b") if bad in line]


def test_a_redirect_of_the_upstream_is_not_followed(rig: Rig) -> None:
    rig.names.answers["good.test"] = ["127.0.0.1"]
    rig.force({"good": ("good.test", "private")})
    wait_for("calls to pass", lambda: rig.call("good").status_code == 200)
    inner = Trap()
    try:
        rig.trap.redirect = f"http://127.0.0.1:{inner.port}/latest/meta-data"
        answer = rig.call("good")
        assert (answer.status_code, answer.headers["location"]) == (302, rig.trap.redirect)
        assert inner.heard == []
    finally:
        inner.close()


@pytest.mark.parametrize(
    "request_line",
    [
        "GET http://127.0.0.1:{port}/x HTTP/1.1",
        "GET http://169.254.169.254/latest/meta-data HTTP/1.1",
        "CONNECT 127.0.0.1:{port} HTTP/1.1",
        "GET //127.0.0.1:{port}/x HTTP/1.1",
        "GET /good@127.0.0.1:{port}/x HTTP/1.1",
        "GET /http://127.0.0.1:{port}/x HTTP/1.1",
    ],
)
def test_the_hub_is_no_open_proxy(rig: Rig, request_line: str) -> None:
    inner = Trap()
    try:
        lines = [
            request_line.format(port=inner.port),
            f"host: 127.0.0.1:{inner.port}",
            f"x-forwarded-host: 127.0.0.1:{inner.port}",
            f"x-envoy-original-dst-host: 127.0.0.1:{inner.port}",
            f"authorization: Bearer {rig.token}",
            "connection: close",
        ]
        with socket.create_connection(("127.0.0.1", rig.second), 5) as wire:
            wire.sendall("\r\n".join([*lines, "", ""]).encode())
            answer = wire.recv(65536)
        assert answer.split()[1] in {b"400", b"403", b"404", b"405"}, answer
        assert inner.heard == []
        assert rig.trap.heard == []
    finally:
        inner.close()
