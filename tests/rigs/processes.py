"""A real install on free ports: its processes, two people, one approved app that calls a counting upstream.

Everything is made through the API, as the command line does.
"""

import json
import os
import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2 as httpx
import psutil
from tests.rigs.governed import flow
from tests.rigs.programs import Program, free_port, wait_for

APP = "standup"
CHILDREN = ("serve", "worker", "agent", "envoy", "rollup")
_CONNECTOR: dict[str, Any] = {
    "apiVersion": "handrail.dev/v1",
    "kind": "Connector",
    "metadata": {"name": "counter"},
    "spec": {
        "version": "1.0.0",
        "title": "Counter",
        "dataClasses": ["internal"],
        "credential": {"kind": "bearer"},
        "limits": {"callsPerMinute": 1_000_000},
        # A call that is made again would be counted twice upstream and once in the log.
        "retries": {"attempts": 0},
        "circuit": {"consecutiveErrors": 1000},
        "operations": [{"name": "count", "method": "POST", "path": "/count"}],
    },
}


class Counting:
    """An upstream that counts what it is asked before it answers; a context manager."""

    def __init__(self) -> None:
        self.credential = secrets.token_urlsafe(24)
        self.counts: Counter[str] = Counter()
        lock = threading.Lock()
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet, or Nagle costs 40 ms

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                known = self.headers["authorization"] == f"Bearer {upstream.credential}"
                with lock:
                    upstream.counts["accepted" if known else "refused"] += 1
                self.send_response(200 if known else 401)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """Gateways are killed here on purpose."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def accepted(self) -> int:
        """Calls that came with the right credential."""
        return self.counts["accepted"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def settings(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment for a process of Handrail: nothing of the caller's settings, free ports.

    Args:
        folder: Where the command line keeps its sign-ins.
        more: Settings without their prefix, `http="127.0.0.1:0"`.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    named = {f"HANDRAIL_{name.upper()}": value for name, value in more.items()}
    return {**kept, "XDG_CONFIG_HOME": str(folder / "config"), **named}


def handrail(*arguments: str) -> list[str]:
    """Return the command line of a command."""
    return [sys.executable, "-m", "handrail.main", *arguments]


class Api:
    """The API as one person, or as nobody."""

    def __init__(self, url: str, token: str = "") -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Return the answer's JSON; anything but a 2xx fails with what it says."""
        answer = self.http.request(method, path, json=body, params=query)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


class Install:
    """One home folder and what was made in it.

    Attributes:
        home: The home folder.
        log_home: The home folder of the hub.
        url: Of serve.
        hub: Of the hub.
        alice: The first administrator, builder of `APP`.
        bob: Who reviews.
        client_id, client_secret: Of `APP` in production.
    """

    def __init__(self, folder: Path, upstream: str = "", **more: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.home = self.log_home = folder / "home"
        self.upstream = upstream
        self.more = more
        self.url = self.hub = self.client_id = self.client_secret = ""
        self.tokens: dict[str, str] = {}
        self.program: Program | None = None
        self.starts = 0

    # Processes

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of this install's processes."""
        given = {"home": str(self.home), "http": "127.0.0.1:0", "hub": "127.0.0.1:0", **self.more, **more}
        return settings(self.folder, **given)

    def up(self, *options: str) -> dict[str, Any]:
        """Start `handrail up` with more options and return what its ready file says."""
        ready = self.folder / f"ready-{self.starts}.json"
        self.starts += 1
        log = self.folder / f"up-{self.starts}.log"
        self.program = Program(handrail("up", *options, "--ready-file", str(ready)), log, self.environment())
        self.program.wait_ready("handrail up", ready.exists)
        told: dict[str, Any] = json.loads(ready.read_text())
        self.url, self.hub = told["portal"], told["hub"]
        return told

    def stop(self) -> None:
        """End `handrail up` politely."""
        if self.program is not None:
            self.program.stop(30)

    def pids(self) -> dict[str, int]:
        """Return the processes that run now, by name."""
        assert self.program is not None
        return children(self.program.pid)

    def states(self) -> dict[str, str]:
        """Return what `handrail up` last said of each process: `starting`, `ready`, `restarting` ..."""
        assert self.program is not None
        words = (line.split() for line in self.program.output().splitlines())
        return {line[1]: line[2] for line in words if len(line) == 3 and line[1] in CHILDREN}

    def ready(self) -> bool:
        """Tell whether serve and the hub answer."""
        try:
            # No token: the hub itself refuses, which shows that it works.
            return (
                _answers(f"{self.url}/readyz")
                and httpx.post(f"{self.hub}/counter/count", timeout=2, trust_env=False).status_code == 401
            )
        except httpx.HTTPError:
            return False

    def run(self, *arguments: str, **more: str) -> str:
        """Run a command on this home and return what it prints; it must succeed."""
        log = self.folder / "command.log"
        with Program(handrail(*arguments), log, self.environment(**more)) as program:
            program.process.wait(60)
        assert program.process.returncode == 0, program.output()
        return program.output()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # What is in it

    def as_(self, name: str) -> Api:
        """Return the API as one of the people."""
        return Api(self.url, self.tokens[name])

    def fill(self, setup_link: str, credential: str) -> None:
        """Make the people, the team, the connection and the approved app.

        Args:
            setup_link: The one that a new install prints.
            credential: What the upstream accepts.
        """
        self.tokens["alice"] = self._join("/api/v1/setup", setup_link, "alice")
        alice = self.as_("alice")
        alice("POST", "/api/v1/teams", {"name": "finance-ops", "title": "Finance operations"})
        roles = [{"role": "reviewer", "team": "finance-ops"}]
        link = alice("POST", "/api/v1/invitations", {"roles": roles})["link"]
        self.tokens["bob"] = self._join("/api/v1/invitations/redeem", link, "bob")
        alice("POST", "/api/v1/connectors", {"manifest": json.dumps(_CONNECTOR)})
        alice("PUT", "/api/v1/credentials/production/counter", {"fields": {"token": credential}})
        connection = {
            "apiVersion": "handrail.dev/v1",
            "kind": "Connection",
            "metadata": {"name": "counter"},
            "spec": {
                "connector": "counter",
                "version": "1.0.0",
                "environment": "production",
                "upstream": self.upstream,
                "network": "private",
                "credential": "counter",
            },
        }
        alice("POST", "/api/v1/connections", {"manifest": json.dumps(connection)})
        self.approve(APP)
        self.client_id, self.client_secret = self.client(APP)

    def client(self, app: str) -> tuple[str, str]:
        """Make a client of an app; return its id and secret."""
        made = self.as_("alice")("POST", f"/api/v1/apps/{app}/clients", {"environment": "production"})
        return made["id"], made["secret"]

    def approve(self, app: str) -> None:
        """Adopt a flow as an app of alice and have bob approve it."""
        alice, bob = self.as_("alice"), self.as_("bob")
        manifest = {
            "apiVersion": "handrail.dev/v1",
            "kind": "App",
            "metadata": {"name": app},
            "spec": {
                "title": app.title(),
                "team": "finance-ops",
                "owner": "alice",
                "deputy": "bob",
                "purpose": "Counts.",
                "platform": "node-red",
                "dataClasses": ["internal"],
                "connections": [{"connection": "counter", "operations": ["count"]}],
            },
        }
        adoption = {"filename": "flows.json", "content": flow().decode(), "manifest": json.dumps(manifest)}
        version = alice("POST", "/api/v1/adoptions", adoption)["version"]
        alice("POST", f"/api/v1/apps/{app}/submit", {"environment": "production"})
        decided = {"environment": "production", "digest": version["digest"]}
        bob("POST", f"/api/v1/apps/{app}/approve", decided)

    def _join(self, path: str, link: str, name: str) -> str:
        token = urlsplit(link).fragment
        body = {"token": token, "name": name, "password": f"correct-horse-of-{name}", "kind": "token"}
        return str(Api(self.url)("POST", path, body)["token"])

    # Calls

    def token(self, client: tuple[str, str] | None = None) -> str:
        """Ask the token service for a token of `APP`, or of another client (id, secret)."""
        answer = httpx.post(
            f"{self.url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=client or (self.client_id, self.client_secret),
            timeout=10,
            trust_env=False,
        )
        assert answer.is_success, answer.text
        return str(answer.json()["access_token"])

    def call(self, token: str) -> int:
        """Call the upstream once through the hub; return the status, 0 when nobody answered."""
        try:
            answer = httpx.post(
                f"{self.hub}/counter/count",
                headers={"authorization": f"Bearer {token}"},
                json={},
                timeout=10,
                trust_env=False,
            )
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def wait_for_calls(self, what: str = "calls to pass") -> str:
        """Wait until a call passes; return the token it passed with."""
        token = self.token()
        wait_for(what, lambda: self.call(token) == 200)
        return token

    def report(self, since: str = "1h") -> dict[str, Any]:
        """Return what is known about the calls of `APP`."""
        found: dict[str, Any] = self.as_("alice")("GET", f"/api/v1/apps/{APP}/calls", since=since)
        return found

    def logged(self) -> list[dict[str, Any]]:
        """Return the lines of the call log that are whole, oldest first."""
        folder = self.log_home / "hub" / "log"
        lines: list[dict[str, Any]] = []
        for path in [*sorted(folder.glob("calls.jsonl.*")), folder / "calls.jsonl"]:
            lines.extend(_whole(path.read_bytes().splitlines()))
        return lines


def _whole(lines: Iterable[bytes]) -> Iterable[dict[str, Any]]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue


class Split(Install):
    """The same on "many" machines: a control plane with its worker in one home, a hub in another.

    Attributes:
        hub_home: The hub's home folder.
        running: The processes by name: `serve`, `worker`, `hub`.
    """

    def __init__(self, folder: Path, upstream: str = "", **more: str) -> None:
        http, hub = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        super().__init__(folder, upstream, http=http, hub=hub, hub_url=f"http://{hub}", **more)
        self.url, self.hub = f"http://{http}", f"http://{hub}"
        self.hub_home = folder / "hub-home"
        self.log_home = self.hub_home
        self.hub_token = ""
        self.running: dict[str, Program] = {}

    def start_control(self) -> None:
        """Start serve and a worker."""
        for name in ("serve", "worker"):
            self._start(name, handrail(name), self.environment())
        self.running["serve"].wait_ready("serve", lambda: _answers(f"{self.url}/readyz"))

    def start_hub(self, *, wait: bool = True) -> None:
        """Start the hub, which may find no control plane."""
        environment = settings(
            self.folder,
            home=str(self.hub_home),
            hub=self.more["hub"],
            hub_url=self.hub,
            url=self.url,
            hub_token=self.hub_token,
        )
        program = self._start("hub", handrail("hub"), environment)
        if wait:
            program.wait_ready("handrail hub", lambda: "The hub is ready" in program.output())

    def begin(self, credential: str) -> None:
        """Start everything for the first time and fill it."""
        link = self.run("init").split()[0]
        self.start_control()
        self.fill(link, credential)
        self.hub_token = self.as_("alice")("POST", "/api/v1/hubs", {"name": "frankfurt"})["token"]
        self.start_hub()

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> Program:
        self.starts += 1
        self.running[name] = Program(command, self.folder / f"{name}-{self.starts}.log", environment)
        return self.running[name]

    def kill(self, *names: str) -> None:
        """End processes by SIGKILL; a hub's children end with it."""
        for name in names:
            program = self.running.pop(name)
            below = children(program.pid).values()
            program.process.kill()
            program.process.wait()
            for pid in below:
                wait_for("a child to end", lambda: not runs(pid), 10)  # noqa: B023 - called at once

    def end(self, *names: str) -> None:
        """End processes politely."""
        for name in names:
            self.running.pop(name).stop(30)

    def stop(self) -> None:
        """End everything politely."""
        self.end(*[name for name in ("hub", "worker", "serve") if name in self.running])


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def children(pid: int) -> dict[str, int]:
    """Return the processes that a supervisor runs now, by name."""
    found: dict[str, int] = {}
    for process in psutil.Process(pid).children():
        try:
            command = process.cmdline()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        if command:
            found["envoy" if "-c" in command else command[-1]] = process.pid
    return found


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(pid: int) -> bool:
    """End a process by SIGKILL; False when it was gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def until(true: Any, what: str, seconds: float = 30) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return found


__all__ = [
    "APP",
    "CHILDREN",
    "Api",
    "Counting",
    "Install",
    "Split",
    "children",
    "free_port",
    "handrail",
    "kill",
    "runs",
    "settings",
    "until",
]
