"""A whole Handrail as people use it: `handrail up`, three people who joined by link, and everything by API and CLI."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import psutil
import yaml

from .programs import Program, wait_for
from .upstreams import certificates

HUB_HOST = "hub.test"
TEAM = "finance"
BUILDER, REVIEWER, ADMIN = "carol", "bob", "alice"
COMMAND = [sys.executable, "-m", "handrail.main"]


class ApiProblem(Exception):
    """An answer that is no success, with its problem document."""

    def __init__(self, call: str, answer: httpx.Response) -> None:
        super().__init__(f"{call}: {answer.status_code} {answer.text[:2000]}")
        self.status = answer.status_code
        self.problem: dict[str, Any] = answer.json() if "json" in answer.headers.get("content-type", "") else {}


class Api:
    """The API as one person; every answer that is no success raises `ApiProblem`."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False)

    def request(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self._http.request(method, path, json=body, params=query)
        if not answer.is_success:
            raise ApiProblem(f"{method} {path}", answer)
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self.request("GET", path, **query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.request("POST", path, {} if body is None else body)

    def put(self, path: str, body: Any) -> Any:
        return self.request("PUT", path, body)

    def delete(self, path: str, **query: Any) -> Any:
        return self.request("DELETE", path, **query)

    def close(self) -> None:
        self._http.close()


@dataclass(frozen=True)
class AppClient:
    """What an app signs in with."""

    url: str
    id: str
    secret: str = field(repr=False)

    def ask(self, **more: str) -> httpx.Response:
        """Ask the token service, and return whatever it answers."""
        form = {"grant_type": "client_credentials", **more}
        return httpx.post(
            f"{self.url}/oauth/token", data=form, auth=(self.id, self.secret), timeout=15, trust_env=False
        )

    def token(self, **more: str) -> str:
        """Return an access token; `version` asks for a candidate of a sandbox."""
        answer = self.ask(**more)
        if not answer.is_success:
            raise ApiProblem("POST /oauth/token", answer)
        return str(answer.json()["access_token"])


@dataclass(frozen=True)
class Told:
    """What a command of the command line ended with."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


class Stack(Program):
    """A running `handrail up` on free ports over its own home; leaving the `with` block ends it.

    Attributes:
        home: Its home folder.
        url: Address of the API and of the token service.
        hub_url: Address of the hub; a connection's path is `<hub_url>/<connection>`.
        ca_file: PEM of the authority of the hub's TLS certificate.
        clients: What `approve_app` made, by app and environment.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.home = folder / "home"
        self._config = folder / "config"
        self._ready = folder / "ready.json"
        made = certificates(folder / "tls", HUB_HOST, f"*.{HUB_HOST}")
        self.ca_file = made.ca_file
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")},
            "XDG_CONFIG_HOME": str(self._config),
            "HANDRAIL_HTTP": "127.0.0.1:0",
            "HANDRAIL_HUB": "127.0.0.1:0",
            "HANDRAIL_HUB_TLS": "127.0.0.1:0",
            "HANDRAIL_HUB_TLS_CERT": str(made.cert_file),
            "HANDRAIL_HUB_TLS_KEY": str(made.key_file),
            **settings,
        }
        command = [*COMMAND, "up", "--home", str(self.home), "--ready-file", str(self._ready)]
        super().__init__(command, folder / "up.log", self.environment)
        self._apis: dict[str, Api] = {}
        self.clients: dict[tuple[str, str], AppClient] = {}
        try:
            self.wait_ready("handrail up", self._ready.exists, 120)
            told = json.loads(self._ready.read_text(encoding="utf-8"))
            self.url, self.hub_url = str(told["portal"]), str(told["hub"])
            self._tls_port = int(json.loads((self.home / "ports.json").read_text())["tls"])
            self._let_people_in(str(told["join"]))
        except BaseException:
            # Nobody else would end it: the `with` block has not begun.
            self.stop()
            raise

    def _let_people_in(self, link: str) -> None:
        self._join(link, ADMIN)
        self.cli(ADMIN, "team", "add", TEAM, "--title", "Finance")
        for person, role in ((REVIEWER, "reviewer"), (BUILDER, "builder")):
            self.invite(person, f"{role}@{TEAM}")

    def invite(self, person: str, *roles: str) -> None:
        """Let one more person in, with roles such as `builder@finance`."""
        options = [word for role in roles for word in ("--role", role)]
        made = self.cli(ADMIN, "people", "invite", *options, "-o", "json").json()
        self._join(made["link"], person)

    def _join(self, link: str, person: str) -> None:
        self.cli("", "join", link, "--name", person, "--password-stdin", stdin=f"correct-horse-{person}\n")

    @property
    def log_folder(self) -> Path:
        """Where each process's output is; the hub's call log is `hub/log` of its home."""
        return self.home / "log"

    def cli(self, person: str, *arguments: str, stdin: str = "", code: int | None = 0) -> Told:
        """Run `handrail --as PERSON ...`; fail unless it ends with `code` (None: whatever it is)."""
        who = ["--as", person] if person else []
        done = subprocess.run(
            [*COMMAND, *who, "--url", self.url, "--home", str(self.home), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            env={name: value for name, value in self.environment.items() if not name.startswith("HANDRAIL_")},
        )
        told = Told(done.returncode, done.stdout, done.stderr)
        assert code is None or told.code == code, f"handrail {' '.join(arguments)}: {told}"
        return told

    def api(self, person: str) -> Api:
        """Return the API as a person who joined."""
        if person not in self._apis:
            held = json.loads((self._config / "handrail" / "sign-ins.json").read_text())["signIns"]
            token = next(entry["token"] for entry in held if entry["name"] == person)
            self._apis[person] = Api(self.url, token)
        return self._apis[person]

    def hub_tls_url(self, connection: str) -> str:
        """Return a connection's own host name at the hub; `*.hub.test` is in no DNS, it means 127.0.0.1."""
        return f"https://{connection}.{HUB_HOST}:{self._tls_port}"

    @property
    def hub_authority(self) -> str:
        """Return the hub's address as flows write it: `127.0.0.1:port`."""
        return urlsplit(self.hub_url).netloc

    def apply(self, manifest: str) -> Any:
        """Apply a connector's or a connection's manifest."""
        kind = str(yaml.safe_load(manifest)["kind"]).lower()
        return self.api(ADMIN).post(f"/{kind}s", {"manifest": manifest, "file": f"{kind}.yaml", "dryRun": False})

    def credential(self, name: str, environment: str, **fields: str) -> None:
        """Set a credential that the hub injects."""
        self.api(ADMIN).put(f"/credentials/{environment}/{name}", {"fields": fields})

    def approve_app(
        self, name: str, grants: Mapping[str, list[str]], environment: str = "production", note: str = "first"
    ) -> AppClient:
        """Register an app of carol's with operations of connections, have bob approve it, and let it sign in.

        Returns when every live hub enforces the approval.
        """
        made = self.api(BUILDER).post(
            "/adoptions",
            {
                "environment": environment,
                "filename": f"{name}.json",
                "content": flow(name, self.hub_url, grants, note),
                "manifest": app_manifest(name, grants),
            },
        )
        self.approve_version(name, made["version"]["digest"], environment)
        return self.add_client(name, environment)

    def approve_version(self, app: str, digest: str, environment: str = "production") -> Any:
        """Submit a version as carol, approve it as bob, and wait until the hub enforces it."""
        self.api(BUILDER).post(f"/apps/{app}/submit", {"environment": environment, "digest": digest})
        made = self.api(REVIEWER).post(f"/apps/{app}/approve", {"environment": environment, "digest": digest})
        path = f"/apps/{app}/approvals/{made['id']}"
        wait_for("the approval to be in force", lambda: self.api(REVIEWER).get(path)["inForce"], every_s=0.02)
        return made

    def add_client(self, app: str, environment: str = "production") -> AppClient:
        """Give an app a client secret."""
        made = self.api(BUILDER).post(f"/apps/{app}/clients", {"environment": environment})
        self.clients[app, environment] = client = AppClient(self.url, made["id"], made["secret"])
        return client

    def token(self, app: str, environment: str = "production", **more: str) -> str:
        """Return a token of an app that `approve_app` made."""
        return self.clients[app, environment].token(**more)

    def pids(self) -> dict[str, int]:
        """Return the processes that run now, by name: serve, worker, agent, envoy, rollup."""
        found = {}
        for child in psutil.Process(self.pid).children():
            command = child.cmdline()
            found["envoy" if "handrail.main" not in command else command[-1]] = child.pid
        return found

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal to exactly one of its processes; return the pid it had."""
        pid = self.pids()[name]
        os.kill(pid, number)
        return pid

    def logs(self) -> dict[str, str]:
        """Return everything that its processes wrote, by file."""
        folders = self.log_folder, self.home / "hub" / "log"
        files = [self.log, *sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())]
        return {path.name: path.read_text(errors="replace") for path in files}

    def files_with(self, text: str) -> list[str]:
        """Return the files under its home that hold a text: logs, database, snapshots, everything at rest."""
        found = (path for path in self.home.rglob("*") if path.is_file())
        return [str(path) for path in found if text.encode() in path.read_bytes()]

    def stop(self, timeout_s: float = 30) -> None:
        for api in self._apis.values():
            api.close()
        self._apis.clear()
        super().stop(timeout_s)


def flow(name: str, hub_url: str, grants: Mapping[str, list[str]], note: str = "") -> str:
    """Return a Node-RED flow with a step for each operation; another note is another version."""
    nodes: list[dict[str, Any]] = [{"id": "tab", "type": "tab", "label": name, "info": note}]
    for number, (connection, operation) in enumerate((c, o) for c, each in grants.items() for o in each):
        nodes.append(
            {
                "id": f"call{number}",
                "type": "http request",
                "z": "tab",
                "name": f"{operation} of {connection} {note}".strip(),
                "method": "use",
                "url": f"{hub_url}/{connection}/",
                "wires": [[]],
                "x": 100,
                "y": 40 * number,
            }
        )
    return json.dumps(nodes)


def app_manifest(name: str, grants: Mapping[str, list[str]]) -> str:
    """Return the manifest of an app of carol's, with alice as deputy."""
    return json.dumps(
        {
            "apiVersion": "handrail.dev/v1",
            "kind": "App",
            "metadata": {"name": name},
            "spec": {
                "title": name,
                "team": TEAM,
                "owner": BUILDER,
                "deputy": ADMIN,
                "purpose": "Calls what the test says.",
                "platform": "node-red",
                "dataClasses": ["public"],
                "connections": [
                    {"connection": connection, "operations": operations} for connection, operations in grants.items()
                ],
            },
        }
    )
