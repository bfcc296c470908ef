"""A hub's machine: its agent with a real Envoy, while the test plays the control plane, the upstream and the DNS."""

import base64
import hashlib
import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from dnslib import QTYPE, RCODE, RR, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from handrail.kernel.clock import SECOND, now_us, rfc3339
from handrail.platform.supervisor import Child, Supervisor
from handrail.runtime import edge
from handrail.runtime.hub.sealing import seal_part

HCM = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
HTTP = "type.googleapis.com/envoy.extensions.filters.http"
RBAC = f"{HTTP}.rbac.v3.RBAC"
CANARY = "canary-7f3a91"

AGENT = """
import logging, signal, sys, threading
from pathlib import Path
import dns_of_the_test
from handrail.kernel.secret import Secret
from handrail.runtime.edge import Address, Options, run
logging.basicConfig(level=logging.INFO)
home, url, token, port, dns = sys.argv[1:]
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
options = Options(wait_s=5, resolve_s=0.5, retry_resolve_s=0.5, resolver=dns_of_the_test.resolver(int(dns)))
run(Path(home), url, Secret(token), Address("127.0.0.1", int(port)), stop, options)
"""
RESOLVER = """
from dnslib import DNSRecord, QTYPE
from handrail.platform.http import HostUnresolved, resolve
def resolver(port):
    def ask(host):
        if not host.endswith(".test"):
            return resolve(host)
        try:
            answer = DNSRecord.parse(DNSRecord.question(host).send("127.0.0.1", port, timeout=1))
        except OSError as error:
            raise HostUnresolved(f"{host}: {error}") from None
        found = tuple(sorted(str(rr.rdata) for rr in answer.rr if rr.rtype == QTYPE.A))
        if not found:
            raise HostUnresolved(f"{host} is unknown")
        return found
    return ask
"""


def until(true: Callable[[], Any], seconds: float = 20.0, what: str = "", pause: float = 0.02) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < deadline, what or "it did not come true"
        time.sleep(pause)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Clients are killed here on purpose."""


class Names(BaseResolver):  # type: ignore[misc] # dnslib has no types
    """A DNS server that says what the test wants."""

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = {}
        self.server = DNSServer(
            self, port=0, address="127.0.0.1", logger=DNSLogger("-request,-reply,-truncated,-error")
        )
        self.server.start_thread()
        self.port = self.server.server.server_address[1]

    def resolve(self, request: Any, _handler: Any) -> Any:
        reply = request.reply()
        found = self.answers.get(str(request.q.qname).rstrip("."), [])
        for address in found:
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=0))
        if not found:
            reply.header.rcode = RCODE.SERVFAIL
        return reply

    def close(self) -> None:
        self.server.stop()
        self.server.server.server_close()


class Upstream:
    """Answers with what it got; `/slow` takes its time."""

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet, or Nagle costs 40 ms

            def do_GET(self) -> None:
                if self.path.startswith("/slow"):
                    time.sleep(1.5)
                body = json.dumps(
                    {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}
                ).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = _QuietServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class ControlPlane:
    """Signs and seals real snapshots, holds long polls, and keeps acknowledgements."""

    def __init__(self, port: int = 0, **state: Any) -> None:
        self.signer: Ed25519PrivateKey = state.get("signer") or Ed25519PrivateKey.generate()
        self.hub = "hub-1"
        self.token = "token-1"
        self.public_key: bytes = state.get("public_key", b"")
        self.documents: dict[str, Any] = {}
        self.epoch = 1
        self.revision = 0
        self.quarantine_revision = 0
        self.life_s = 3600.0
        self.acknowledged: list[dict[str, Any]] = []
        self.sent_parts: list[set[str]] = []
        self.change = threading.Condition()
        self._sealed: dict[tuple[str, int, str], str] = {}
        plane = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet, or Nagle costs 40 ms

            def do_GET(self) -> None:
                split = urlsplit(self.path)
                assert split.path == "/hub/v1/snapshot"
                if self.headers["authorization"] != f"Bearer {plane.token}":
                    return self._answer(401, {})
                query = {name: float(values[0]) for name, values in parse_qs(split.query).items()}
                have = set((self.headers["x-handrail-have"] or "").split(","))
                with plane.change:
                    plane.change.wait_for(lambda: plane._newer(query), timeout=query["wait"])
                    document = plane.snapshot(have) if plane._newer(query) else None
                if document is None:
                    return self._answer(204, None)
                plane.sent_parts.append({name for name, body in document["parts"].items() if body is not None})
                return self._answer(200, document)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.headers["authorization"] != f"Bearer {plane.token}":
                    return self._answer(401, {})
                if self.path == "/hub/v1/enrol":
                    plane.public_key = base64.urlsafe_b64decode(body["public_key"] + "=")
                    key = b64(plane.signer.public_key().public_bytes_raw())
                    return self._answer(200, {"hub": plane.hub, "signing_key": key})
                assert self.path == "/hub/v1/ack"
                plane.acknowledged.append(body)
                return self._answer(204, None)

            def _answer(self, status: int, document: Any) -> None:
                body = b"" if document is None else json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = _QuietServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _newer(self, query: dict[str, float]) -> bool:
        return bool(self.documents) and (
            query["epoch"] != self.epoch
            or query["after"] < self.revision
            or query["quarantine"] < self.quarantine_revision
        )

    def snapshot(self, have: set[str]) -> dict[str, Any]:
        parts = {}
        for name, document in self.documents.items():
            body = json.dumps(document)
            key = (name, self.epoch, body)
            if key not in self._sealed:
                self._sealed[key] = seal_part(self.public_key, name, self.epoch, self.hub, body.encode())
            parts[name] = self._sealed[key]
        digests = {name: "sha256:" + hashlib.sha256(body.encode()).hexdigest() for name, body in parts.items()}
        now = now_us()
        manifest = json.dumps(
            {
                "format": 1,
                "epoch": self.epoch,
                "revision": self.revision,
                "quarantine_revision": self.quarantine_revision,
                "issued_at": rfc3339(now),
                "expires_at": rfc3339(now + int(self.life_s * SECOND)),
                "hub": self.hub,
                "parts": digests,
            }
        )
        return {
            "manifest": manifest,
            "signature": b64(self.signer.sign(manifest.encode())),
            "parts": {name: None if digests[name] in have else body for name, body in parts.items()},
        }

    def publish(self, *, quarantine: bool = False, **documents: Any) -> None:
        """Change parts (`__` stands for `/`, all end in .json) and wake the hub."""
        with self.change:
            for name, document in documents.items():
                self.documents[name.replace("__", "/").replace("_", "-") + ".json"] = document
            self.revision += not quarantine
            self.quarantine_revision += quarantine
            self.change.notify_all()

    def wait_for_ack(self, revision: int | None = None, quarantine: int | None = None) -> dict[str, Any]:
        revision = self.revision if revision is None else revision
        quarantine = self.quarantine_revision if quarantine is None else quarantine

        def found() -> Any:
            return next(
                (
                    ack
                    for ack in reversed(self.acknowledged)
                    if (ack["epoch"], ack["revision"], ack["quarantine_revision"]) == (self.epoch, revision, quarantine)
                ),
                None,
            )

        return until(found, what=f"not acknowledged: {self.acknowledged[-3:]}")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def file_of(name: str) -> dict[str, Any]:
    return {"path_config_source": {"path": name}, "resource_api_version": "V3"}


def quarantine(*apps: str) -> dict[str, Any]:
    policies = {}
    if apps:
        ids = [{"header": {"name": "x-app", "string_match": {"exact": app}}} for app in apps]
        policies["held"] = {"permissions": [{"any": True}], "principals": [{"or_ids": {"ids": ids}}]}
    return _rbac({"rules": {"action": "DENY", "policies": policies}})


def expired() -> dict[str, Any]:
    everybody = {"all": {"permissions": [{"any": True}], "principals": [{"any": True}]}}
    return _rbac({"rules": {"action": "DENY", "policies": everybody}})


def _rbac(body: dict[str, Any]) -> dict[str, Any]:
    config = {"@type": RBAC, **body}
    resource = {
        "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
        "name": "quarantine",
        "typed_config": config,
    }
    return {"version_info": "1", "resources": [resource]}


def listeners() -> dict[str, Any]:
    filters = [
        {
            "name": "quarantine",
            "config_discovery": {"config_source": file_of("@XDS@/quarantine.json"), "type_urls": [RBAC]},
        },
        {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{HTTP}.router.v3.Router"}},
    ]
    hcm = {
        "@type": HCM,
        "stat_prefix": "hub",
        "rds": {"route_config_name": "routes", "config_source": file_of("@XDS@/routes.json")},
        "http_filters": filters,
    }
    listener = {
        "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
        "name": "hub",
        "address": {"socket_address": {"address": "@HUB_HOST@", "port_value": "@HUB_PORT@"}},
        "filter_chains": [{"filters": [{"name": "hcm", "typed_config": hcm}]}],
    }
    return {"version_info": "1", "resources": [listener]}


def routes(*names: str, timeout: Any = "10s") -> dict[str, Any]:
    table = [
        {"match": {"prefix": f"/{name}/"}, "route": {"cluster": name, "prefix_rewrite": "/", "timeout": timeout}}
        for name in names
    ]
    config = {
        "@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
        "name": "routes",
        "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": table}],
    }
    return {"version_info": "1", "resources": [config]}


def cluster(name: str, secret: str = "", **more: Any) -> dict[str, Any]:
    filters = []
    if secret:
        generic = {
            "@type": "type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic",
            "header": "authorization",
            "credential": {"name": secret, "sds_config": file_of(f"@SECRETS@/{secret}.json")},
        }
        injector = {
            "@type": f"{HTTP}.credential_injector.v3.CredentialInjector",
            "overwrite": True,
            "credential": {"name": "generic", "typed_config": generic},
        }
        filters.append({"name": "credential", "typed_config": injector})
    filters.append(
        {"name": "codec", "typed_config": {"@type": f"{HTTP}.upstream_codec.v3.UpstreamCodec"}},
    )
    protocol = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    options = {
        "@type": f"type.googleapis.com/{protocol}",
        "explicit_http_config": {"http_protocol_options": {}},
        "http_filters": filters,
    }
    return {
        "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
        "name": name,
        "connect_timeout": "1s",
        "typed_extension_protocol_options": {protocol: options},
        **more,
    }


class Rig:
    """One hub: agent and Envoy under a supervisor, as `handrail up` runs them."""

    def __init__(self, home: Path, plane_url: str, dns_port: int) -> None:
        self.home = home
        self.port = free_port()
        scripts = home.parent / "scripts"
        scripts.mkdir(exist_ok=True)
        (scripts / "dns_of_the_test.py").write_text(RESOLVER)
        argv = (sys.executable, "-c", AGENT, str(home), plane_url, "token-1", str(self.port), str(dns_port))
        self.children = [
            Child(
                "agent",
                argv,
                env={**os.environ, "PYTHONPATH": str(scripts)},
                ready=lambda: edge.prepared(home),
                ready_s=30,
            ),
            Child("envoy", edge.command(home, 1), ready=lambda: edge.envoy_ready(home), after=("agent",), ready_s=30),
        ]
        self.supervisor: Supervisor | None = None
        self.thread: threading.Thread | None = None

    def start(self, *, wait: bool = True) -> None:
        supervisor = self.supervisor = Supervisor(self.children, self.home / "log")
        # A thread of its own: children end with the thread that started them.
        self.thread = threading.Thread(target=supervisor.run)
        self.thread.start()
        if wait:
            until(lambda: edge.ready(self.home), 30, "the hub did not get ready")

    def stop(self) -> None:
        if self.supervisor is not None and self.thread is not None:
            self.supervisor.request_stop()
            self.thread.join()
            self.supervisor = None

    def kill(self) -> None:
        """End everything as a power cut would."""
        assert self.supervisor is not None
        pids = self.supervisor.pids()
        self.supervisor.request_stop()
        for pid in pids.values():
            os.kill(pid, signal.SIGKILL)
        self.stop()
        edge.clear(self.home)

    def pid(self, name: str) -> int:
        assert self.supervisor is not None
        return self.supervisor.pids()[name]

    def call(self, path: str = "/echo/x", app: str = "") -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"x-app": app})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(body) if answer.status == 200 else body.decode()

    def status(self) -> int:
        try:
            return self.call()[0]
        except OSError:
            return 0
