"""A whole install on free ports: a registry of any size in a real database, `handrail up`, and its calls."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
from tests.rigs.programs import Program

from handrail.governance import lifecycle
from handrail.kernel.secret import Secret
from handrail.language.importers import Artefact, read_artefact
from handrail.language.manifest import parse_app, parse_connection, parse_connector
from handrail.main import open_home
from handrail.platform.database import Database
from handrail.platform.settings import read_settings
from handrail.registry import access, catalog, connectors, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import Binding, Caller, Role
from handrail.registry.vault import Vault

ENVIRONMENT = "production"
UPSTREAM = """
import asyncio, sys
ANSWER = b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: 11\\r\\n\\r\\n{\\"ok\\":true}"
class Quick(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b""
    def data_received(self, data):
        *whole, self.rest = (self.rest + data).split(b"\\r\\n\\r\\n")
        self.transport.write(ANSWER * len(whole))
async def main():
    server = await asyncio.get_running_loop().create_server(Quick, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much a registry holds; every app is approved, runs, and has one client.

    Attributes:
        operations: Of each connection.
        grants: Of each app, on as many connections.
        credentials: Connections with an injected credential. Envoy takes one of the system's inotify instances
            (128 for a user on most systems) for each.
    """

    apps: int = 1
    connections: int = 1
    operations: int = 1
    grants: int = 1
    credentials: int = 1


def app_name(number: int) -> str:
    return f"app-{number:04}"


def granted(size: Size, number: int) -> list[tuple[int, int]]:
    """Return the connection and operation of each of an app's grants; apps spread evenly."""
    found = []
    for turn in range(min(size.grants, size.connections)):
        place = number * size.grants + turn
        found.append((place % size.connections, place // size.connections % size.operations))
    return found


def call_path(size: Size, number: int) -> str:
    """Return the hub's path of an app's first grant."""
    connection, operation = granted(size, number)[0]
    return f"/service-{connection:03}/v1/things-{operation}/42"


def _connector(number: int, size: Size) -> str:
    held = number < size.credentials
    return json.dumps(
        {
            "apiVersion": "handrail.dev/v1",
            "kind": "Connector",
            "metadata": {"name": f"service-{number:03}"},
            "spec": {
                "version": "1.0.0",
                "title": f"Service {number}",
                "dataClasses": ["internal"],
                "credential": {"kind": "bearer" if held else "none"},
                "limits": {"callsPerMinute": 1_000_000, "burst": 1_000_000},
                "timeoutMs": 5000,
                "retries": {"attempts": 1, "on": ["connect-failure"]},
                "operations": [
                    {
                        "name": f"things-{operation}.get",
                        "method": "GET",
                        "path": f"/v1/things-{operation}/{{id}}",
                        "price": {"micros": 100, "currency": "EUR"},
                    }
                    for operation in range(size.operations)
                ],
            },
        }
    )


def _connection(number: int, size: Size, upstream: str) -> str:
    credential = {"credential": f"key-{number:03}"} if number < size.credentials else {}
    return json.dumps(
        {
            "apiVersion": "handrail.dev/v1",
            "kind": "Connection",
            "metadata": {"name": f"service-{number:03}"},
            "spec": {
                "connector": f"service-{number:03}",
                "version": "1.0.0",
                "environment": ENVIRONMENT,
                "upstream": upstream,
                "network": "private",
                **credential,
            },
        }
    )


def _artefact(number: int, size: Size) -> Artefact:
    nodes: list[dict[str, Any]] = [{"id": "tab", "type": "tab", "label": app_name(number)}]
    nodes += [
        {
            "id": f"n{step}",
            "type": "http request",
            "z": "tab",
            "name": f"Fetch {step} for app {number}",
            "method": "GET",
            "url": f"http://hub/service-{connection:03}/v1/things-{operation}/42",
            "wires": [[]],
            "x": 100,
            "y": 40,
        }
        for step, (connection, operation) in enumerate(granted(size, number))
    ]
    return read_artefact(json.dumps(nodes).encode(), "flow.json")


def _manifest(number: int, size: Size) -> str:
    return json.dumps(
        {
            "apiVersion": "handrail.dev/v1",
            "kind": "App",
            "metadata": {"name": app_name(number)},
            "spec": {
                "title": f"App {number}",
                "team": "finance",
                "owner": "ada",
                "deputy": "grace",
                "purpose": "Shows how large a registry may be.",
                "platform": "node-red",
                "dataClasses": ["internal"],
                "connections": [
                    {"connection": f"service-{connection:03}", "operations": [f"things-{operation}.get"]}
                    for connection, operation in granted(size, number)
                ],
            },
        }
    )


@dataclass(frozen=True, slots=True)
class People:
    """Who acts, with an API token each."""

    builder: Caller
    reviewer: Caller
    steward: Caller
    tokens: Mapping[str, str]


def open_registry(home: Path) -> tuple[Database, Vault]:
    """Open a home's database and vault as `handrail up` does."""
    return open_home(read_settings({}, home=str(home)))


def fill(database: Database, vault: Vault, size: Size, upstream: str) -> People:
    """Put a registry of a size into an empty database, through the same services as people use."""
    with database.begin() as work:
        team = identity.add_team(work, SYSTEM, "finance", "Finance")
        callers: dict[str, Caller] = {}
        tokens: dict[str, str] = {}
        for name, role, where in (
            ("ada", Role.BUILDER, team.id),
            ("grace", Role.BUILDER, team.id),
            ("rita", Role.REVIEWER, team.id),
            ("sam", Role.STEWARD, "*"),
        ):
            person = identity.add_person(work, SYSTEM, name, name.title())
            identity.grant_role(work, SYSTEM, person, Binding(role, where))
            callers[name] = identity.caller_of(work, person.id)
            tokens[name] = identity.new_token(work, callers[name], "bench", days=1)[1].reveal()
        people = People(callers["ada"], callers["rita"], callers["sam"], tokens)
        for number in range(size.connections):
            if number < size.credentials:
                secret = Secret(f"upstream-{number}")
                vault.put(work, people.steward.actor, f"key-{number:03}", ENVIRONMENT, {"token": secret})
            connectors.apply_connector(work, people.steward, parse_connector(_connector(number, size), "c.json"))
            connection = parse_connection(_connection(number, size, upstream), "n.json")
            connectors.apply_connection(work, vault, people.steward, connection)
        for number in range(size.apps):
            _add_app(work, people, size, number)
    return people


def _add_app(work: Any, people: People, size: Size, number: int) -> None:
    name, builder = app_name(number), people.builder
    given = {"team": "finance", "owner": "ada", "deputy": "grace", "purpose": "Shows how large a registry may be."}
    catalog.register(work, builder, name, **given)
    manifest = parse_app(_manifest(number, size), "app.json")
    version, _ = catalog.upload(work, builder, name, ENVIRONMENT, _artefact(number, size), manifest=manifest)
    lifecycle.submit(work, builder, name, ENVIRONMENT)
    lifecycle.approve(work, people.reviewer, name, ENVIRONMENT, version.digest)


class Install(Program):
    """A running `handrail up` over a home folder; leaving the `with` block ends it.

    Attributes:
        portal: Address of serve.
        hub: Address of the hub.
        pids: Of each process, by name.
    """

    def __init__(self, home: Path) -> None:
        ready = home / "ready.json"
        ready.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
        environment = {**kept, "HANDRAIL_HTTP": "127.0.0.1:0", "HANDRAIL_HUB": "127.0.0.1:0"}
        command = [sys.executable, "-m", "handrail.main", "up", "--home", str(home), "--ready-file", str(ready)]
        self._http = httpx.Client(timeout=30, trust_env=False)
        super().__init__(command, home / "up.log", environment)
        self.wait_ready("handrail up", ready.exists)
        told = json.loads(ready.read_text())
        self.portal, self.hub, self.pids = str(told["portal"]), str(told["hub"]), dict(told["pids"])
        self._http.base_url = httpx.URL(self.portal)

    def api(self, token: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call the API as a person; return the answer's JSON."""
        headers = {"authorization": f"Bearer {token}"}
        answer = self._http.request(method, f"/api/v1{path}", json=body, headers=headers)
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def token(self, client: str, secret: str) -> str:
        """Return an access token from the token service."""
        given = {"grant_type": "client_credentials"}
        answer = self._http.post("/oauth/token", data=given, auth=(client, secret))
        if not answer.is_success:
            raise RuntimeError(f"no token: {answer.status_code} {answer.text[:500]}")
        return str(answer.json()["access_token"])

    def cpu_s(self, name: str) -> float:
        """Return the CPU seconds that a process has used, user and system, from /proc."""
        fields = Path(f"/proc/{self.pids[name]}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, timeout_s: float = 20) -> None:
        self._http.close()
        super().stop(timeout_s)


def client_of(database: Database, people: People, number: int) -> tuple[str, str]:
    """Give an app a client secret; return its id and the secret."""
    with database.begin() as work:
        made = access.add_secret_client(work, people.builder, app_name(number), ENVIRONMENT)
    assert made.secret is not None
    return made.client.id, made.secret.reveal()


@contextlib.contextmanager
def quick_upstream(folder: Path) -> Iterator[str]:
    """Run an upstream that answers 200 to everything at little cost; yield its address."""
    folder.mkdir(parents=True, exist_ok=True)
    with Program([sys.executable, "-c", UPSTREAM], folder / "upstream.log", dict(os.environ)) as program:
        program.wait_ready("the upstream", lambda: program.output().endswith("\n"))
        yield f"http://127.0.0.1:{program.output().strip()}"


WATCHER = """
import json, socket, sys, time
host, port, path, token, pause = sys.argv[1:]
head = f"GET {path} HTTP/1.1\\r\\nhost: {host}\\r\\nauthorization: Bearer {token}\\r\\n\\r\\n".encode()
wire = rest = None
before, calls = None, 0
while True:
    if wire is None:
        wire, rest = socket.create_connection((host, int(port)), 10), b""
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sent = time.monotonic()
    try:
        wire.sendall(head)
        while b"\\r\\n\\r\\n" not in rest:
            chunk = wire.recv(65536)
            if not chunk:
                raise ConnectionError
            rest += chunk
        lines, _, rest = rest.partition(b"\\r\\n\\r\\n")
        fields = dict(line.lower().split(b":", 1) for line in lines.split(b"\\r\\n")[1:])
        length = int(fields.get(b"content-length", b"0"))
        while len(rest) < length:
            chunk = wire.recv(65536)
            if not chunk:
                raise ConnectionError
            rest += chunk
        seen, body, rest = time.monotonic(), rest[:length], rest[length:]
        found = [int(lines.split()[1]), json.loads(body).get("code", "") if b"problem" in lines else ""]
        if fields.get(b"connection", b"").strip() == b"close":
            wire.close()
            wire = None
    except (ConnectionError, TimeoutError):
        seen, found, wire = time.monotonic(), [0, "connection"], None
    calls += 1
    if found != before:
        print(json.dumps([seen, *found, sent, calls]), flush=True)
        before = found
    if float(pause):
        time.sleep(float(pause))
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer than before.

    Attributes:
        seen_s: When it arrived, on this machine's monotonic clock.
        status: Of the answer; 0 when the connection broke.
        code: Of the problem, if it was one.
        sent_s: When that call was sent.
        calls: How many calls were made until then.
    """

    seen_s: float
    status: int
    code: str
    sent_s: float
    calls: int


class Watcher(Program):
    """A client in a process of its own that calls on one connection and tells when answers change.

    Args:
        folder: Where its output goes.
        hub: The hub's address.
        path: What to call there.
        token: What to call with.
        pause_s: Between calls; none by default, which keeps a processor busy on both sides.
    """

    def __init__(self, folder: Path, hub: str, path: str, token: str, *, pause_s: float = 0) -> None:
        host, port = hub.removeprefix("http://").split(":")
        command = [sys.executable, "-c", WATCHER, host, port, path, token, str(pause_s)]
        super().__init__(command, folder / "watcher.log", dict(os.environ))
        self._read = 0

    def next(self, timeout_s: float = 30) -> Change:
        """Wait for the next change.

        Raises:
            TimeoutError: If none comes.
            RuntimeError: If the client has ended.
        """
        lines: list[str] = []

        def found() -> bool:
            lines[:] = [line for line in self.output().splitlines(keepends=True) if line.endswith("\n")]
            return len(lines) > self._read

        self.wait_ready("another answer", found, timeout_s)
        self._read += 1
        return Change(*json.loads(lines[self._read - 1]))

    def until(self, status: int, code: str = "", timeout_s: float = 30) -> Change:
        """Wait until calls are answered like this; return the first such answer.

        Raises:
            TimeoutError: If that never comes.
        """
        while True:
            change = self.next(timeout_s)
            if (change.status, change.code) == (status, code):
                return change
