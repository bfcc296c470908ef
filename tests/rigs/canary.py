"""One story in which every secret is a text that exists nowhere else, and the search for them."""

import base64
import gzip
import json
import re
import secrets
import socket
import sqlite3
import threading
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2 as httpx
from joserfc import jwk
from tests.rigs.processes import Install
from tests.rigs.programs import wait_for
from tests.rigs.surface import every_route

APP = "standup"


def made(name: str) -> str:
    """Return a text that exists nowhere else and that no encoding changes."""
    return f"canary{name}{secrets.token_hex(12)}"


# What people and programs hand over.
GIVEN = {
    name: made(name)
    for name in (
        "bearer", "header", "basicuser", "basicpassword", "password", "newpassword", "wrongpassword", "source", "flow",
        "nosecret", "query", "path", "body", "cookie", "sent", "malformed", "url",
    )
}  # fmt: skip
KEY = jwk.ECKey.generate_key("P-256")


class Upstream:
    """Does to the gateway what upstreams do: answers, fails, breaks off, and says back what it was sent."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                upstream.seen.append(str(self.headers))
                if self.path.startswith("/breaks"):
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status = 500 if self.path.startswith("/fails") else 401 if self.path.startswith("/refuses") else 200
                body = str(self.headers).encode() if self.path.startswith("/echoes") else b"{}"
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer  # noqa: N815 - its names

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """Connections are broken here on purpose."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


OPERATIONS = ("works", "echoes", "fails", "breaks", "refuses")
KINDS = {
    "bearer": {"token": GIVEN["bearer"]},
    "header": {"value": GIVEN["header"]},
    "basic": {"username": GIVEN["basicuser"], "password": GIVEN["basicpassword"]},
}


class Story:
    """An install to which everything has happened.

    Attributes:
        known: Every secret there is, by name.
        told: What was asked, and the answer, for each call of the API but those that give a secret once.
    """

    def __init__(self, folder: Path) -> None:
        self.upstream = Upstream()
        self.install = Install(folder)
        self.known = dict(GIVEN)
        self.told: list[tuple[str, str]] = []
        self.hub_told: list[tuple[str, str]] = []
        for part in ("d",):
            self.known[f"key {part}"] = str(KEY.as_dict(private=True)[part])
        join = self.install.up()["join"]
        self.known["setup link"] = urlsplit(join).fragment
        self._people(join)
        self._connections()
        self._app()
        self._calls()
        self._mistakes()

    # Asking

    def ask(
        self, method: str, path: str, body: Any = None, *, once: bool = False, who: str = "alice", **more: Any
    ) -> Any:
        """Call the API; remember the answer, unless it is the one that gives a secret once."""
        headers = {"authorization": f"Bearer {self.known[f'token of {who}']}"} if who else {}
        headers |= more.pop("headers", {})
        content = {"json": body} if body is not None else {}
        answer = httpx.request(
            method, f"{self.install.url}{path}", headers=headers, timeout=30, trust_env=False, **{**content, **more}
        )
        if not once:
            self.told.append((f"{method} {path}: {answer.status_code}", f"{answer.headers}\n{answer.text}"))
        return answer

    def must(self, method: str, path: str, body: Any = None, *, once: bool = False, who: str = "alice") -> Any:
        answer = self.ask(method, path, body, once=once, who=who)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    def call(self, connection: str, path: str, token: str = "", method: str = "GET", **more: Any) -> httpx.Response:
        """Call an upstream through the hub, with things that are nobody else's business."""
        headers = {
            "authorization": f"Bearer {token or self.known['access token']}",
            "cookie": f"session={GIVEN['cookie']}",
            "x-api-secret": GIVEN["sent"],
            **more.pop("headers", {}),
        }
        return httpx.request(
            method,
            f"{self.install.hub}/{connection}/{path}",
            headers=headers,
            params={"api_key": GIVEN["query"]},
            timeout=15,
            trust_env=False,
            **more,
        )

    # The story

    def _people(self, join: str) -> None:
        body = {"token": urlsplit(join).fragment, "name": "alice", "password": GIVEN["password"], "kind": "token"}
        self.known["token of alice"] = self.ask("POST", "/api/v1/setup", body, once=True, who="").json()["token"]
        self.must("POST", "/api/v1/teams", {"name": "finance-ops"})
        roles = [{"role": "reviewer", "team": "finance-ops"}]
        link = urlsplit(self.must("POST", "/api/v1/invitations", {"roles": roles}, once=True)["link"]).fragment
        self.known["invitation"] = link
        unused = self.must("POST", "/api/v1/invitations", {"roles": roles}, once=True)["link"]
        self.known["unused invitation"] = urlsplit(unused).fragment
        body = {"token": link, "name": "bob", "password": f"{GIVEN['password']}-bob", "kind": "token"}
        answer = self.ask("POST", "/api/v1/invitations/redeem", body, once=True, who="")
        self.known["token of bob"] = answer.json()["token"]
        self.known["api token"] = self.must("POST", "/api/v1/tokens", {"name": "ci", "days": 3}, once=True)["token"]
        signed = self.ask(
            "POST", "/api/v1/sign-in", {"name": "bob", "password": f"{GIVEN['password']}-bob"}, once=True, who=""
        )
        self.known["session"] = re.search(r"handrail=([^;]+)", signed.headers["set-cookie"])[1]  # type: ignore[index] # it is there
        changed = {"old": f"{GIVEN['password']}-bob", "new": GIVEN["newpassword"]}
        assert self.ask("PUT", "/api/v1/me/password", changed, who="bob").status_code == 204
        body = {"name": "bob", "password": GIVEN["newpassword"], "kind": "token"}
        self.known["token of bob"] = self.ask("POST", "/api/v1/sign-in", body, once=True, who="").json()["token"]

    def _connections(self) -> None:
        for kind, fields in KINDS.items():
            connector = {
                "apiVersion": "handrail.dev/v1",
                "kind": "Connector",
                "metadata": {"name": kind},
                "spec": {
                    "version": "1.0.0",
                    "title": kind,
                    "dataClasses": ["internal"],
                    "credential": {"kind": kind, **({"header": "x-upstream-key"} if kind == "header" else {})},
                    "limits": {"callsPerMinute": 100_000},
                    "retries": {"attempts": 1},
                    "operations": [
                        {"name": name, "method": "GET", "path": f"/{name}"} for name in (*OPERATIONS, "denied")
                    ],
                },
            }
            self.must("POST", "/api/v1/connectors", {"manifest": json.dumps(connector)})
            self.must("PUT", f"/api/v1/credentials/production/{kind}", {"fields": fields})
            # The version before stays in the vault.
            self.must("PUT", f"/api/v1/credentials/production/{kind}", {"fields": fields})
            self.must("POST", "/api/v1/connections", {"manifest": self.connection(kind)})

    def connection(self, kind: str, **more: str) -> str:
        spec = {
            "connector": kind,
            "version": "1.0.0",
            "environment": "production",
            "upstream": self.upstream.url,
            "network": "private",
            "credential": kind,
            **more,
        }
        return json.dumps(
            {"apiVersion": "handrail.dev/v1", "kind": "Connection", "metadata": {"name": kind}, "spec": spec}
        )

    def _app(self) -> None:
        nodes = [
            {"id": "t", "type": "tab", "label": "Standup", "info": "Says good morning"},
            {
                "id": "call",
                "type": "http request",
                "z": "t",
                "name": "Post",
                "url": f"{self.install.hub}/bearer/works",
                "headers": [
                    {"keyType": "other", "keyValue": "X-Api-Key", "valueType": "other", "valueValue": GIVEN["flow"]}
                ],
                "wires": [[]],
            },
            {
                "id": "code",
                "type": "function",
                "z": "t",
                "name": "Sign",
                "func": f"const password = '{GIVEN['flow']}';\nreturn msg;",
                "wires": [[]],
            },
        ]
        manifest = {
            "apiVersion": "handrail.dev/v1",
            "kind": "App",
            "metadata": {"name": APP},
            "spec": {
                "title": "Standup",
                "team": "finance-ops",
                "owner": "alice",
                "deputy": "bob",
                "purpose": "Says good morning.",
                "platform": "node-red",
                "dataClasses": ["internal"],
                "connections": [{"connection": kind, "operations": list(OPERATIONS)} for kind in KINDS],
            },
        }
        adoption = {"filename": "flows.json", "content": json.dumps(nodes), "manifest": json.dumps(manifest)}
        self.must("POST", "/api/v1/drafts", {key: adoption[key] for key in ("filename", "content")})
        version = self.must("POST", "/api/v1/adoptions", adoption)["version"]
        found = {"path": "flows.json", "content": base64.b64encode(adoption["content"].encode()).decode()}
        self.must(
            "POST", "/api/v1/estate/files", {"origin": "exports", "team": manifest["spec"]["team"], "files": [found]}
        )
        self.must("POST", f"/api/v1/apps/{APP}/submit", {})
        self.must("POST", f"/api/v1/apps/{APP}/approve", {"digest": version["digest"]}, who="bob")
        client = self.must("POST", f"/api/v1/apps/{APP}/clients", {}, once=True)
        self.client, self.known["client secret"] = client["id"], client["secret"]
        self.must("POST", f"/api/v1/apps/{APP}/clients", {"publicKey": KEY.as_dict(private=False)})
        self.known["hub token"] = self.must("POST", "/api/v1/hubs", {"name": "edge-9"}, once=True)["token"]
        source = {
            "name": "floor",
            "platform": "node-red",
            "url": self.upstream.url,
            "network": "private",
            "app": APP,
            "token": GIVEN["source"],
        }
        self.must("POST", "/api/v1/sources", source)
        self.must("POST", "/api/v1/sources/floor/poll")
        # What somebody types where it does not belong: only those who may read the app see a purpose.

    def token(self, **more: str) -> httpx.Response:
        form = {"grant_type": "client_credentials", **more}
        return httpx.post(
            f"{self.install.url}/oauth/token",
            data=form,
            auth=(self.client, self.known["client secret"]),
            timeout=10,
            trust_env=False,
        )

    def _calls(self) -> None:
        self.known["access token"] = self.token().json()["access_token"]
        for kind in KINDS:
            wait_for(f"{kind} to be in force", lambda kind=kind: self.call(kind, "works").status_code == 200)
        self.echoed = {kind: self.call(kind, "echoes").text for kind in KINDS}
        for kind in KINDS:
            for path in ("works", "fails", "breaks", "refuses", "denied", f"{GIVEN['path']}/x", "../works"):
                answer = self.call(kind, path, content=GIVEN["body"], method="GET")
                self.hub_told.append((f"{kind}/{path}: {answer.status_code}", f"{answer.headers}\n{answer.text}"))
        foreign = self.known["access token"][:-8] + "AAAAAAAA"
        for token in (foreign, GIVEN["malformed"], self.known["token of alice"], GIVEN["bearer"]):
            answer = self.call("bearer", "works", token)
            self.hub_told.append((f"token: {answer.status_code}", f"{answer.headers}\n{answer.text}"))
        answer = self.call(GIVEN["path"], "x")
        self.hub_told.append((f"no connection: {answer.status_code}", answer.text.replace(GIVEN["path"], "its path")))
        self.must("POST", f"/api/v1/apps/{APP}/quarantine", {"reason": "Looking into it"})
        wait_for("the quarantine", lambda: self.call("bearer", "works").status_code == 403)
        self.told.append(("token in quarantine", self.token().text))
        self.must("DELETE", f"/api/v1/apps/{APP}/quarantine")
        wait_for("the end of it", lambda: self.call("bearer", "works").status_code == 200)

    def _mistakes(self) -> None:
        bad, wrong = GIVEN["malformed"], GIVEN["wrongpassword"]
        sign_in, credential = "/api/v1/sign-in", "/api/v1/credentials/production/bearer"
        for body in (
            {"name": "alice", "password": wrong},
            {"name": wrong, "password": wrong},
            {"name": "alice", "password": wrong, "token": wrong},
            {"name": "alice", "password": [wrong]},
            {"name": ["alice"], "password": {wrong: wrong}},
            {"name": "alice", "password": wrong * 20},
        ):
            assert self.ask("POST", sign_in, body, who="").status_code in {401, 422}
        joining = {"token": bad, "name": "carl", "password": wrong}
        self.ask("POST", "/api/v1/setup", joining, who="")
        self.ask("POST", "/api/v1/invitations/redeem", {**joining, "token": [bad]}, who="")
        self.ask("PUT", "/api/v1/me/password", {"old": wrong, "new": GIVEN["nosecret"]})
        for body in (
            {"fields": {"token": [bad]}},
            {"fields": {"token": {"value": bad}}},
            {"fields": bad},
            {"fields": {"value": bad}},
            {"fields": {"token": bad, "other": bad}},
            {"fields": {"token": bad + "\r\nx-injected: 1"}},
            {"fields": {"token": "\u20ac" + bad}},
            {"field": {"token": bad}},
            {"token": bad},
            [bad],
            bad,
        ):
            answer = self.ask("PUT", credential, body)
            assert answer.status_code == 422, (body, answer.text)
        json_type = {"content-type": "application/json"}
        for raw in (f'{{"fields": {{"token": "{bad}"', f'{{"fields": {{"token": {bad}}}}}', f"token={bad}"):
            assert self.ask("PUT", credential, content=raw, headers=json_type).status_code == 422
        self.ask(
            "PUT", credential, content=f"token={bad}", headers={"content-type": "application/x-www-form-urlencoded"}
        )
        for more in (
            {"upstream": f"https://someone:{GIVEN['url']}@127.0.0.1/"},
            {"upstream": f"https://127.0.0.1/?key={GIVEN['url']}"},
            {"upstream": GIVEN["url"]},
            {"token": bad},
        ):
            answer = self.ask("POST", "/api/v1/connections", {"manifest": self.connection("bearer", **more)})
            assert answer.status_code == 422, (more, answer.text)
        private = KEY.as_dict(private=True)
        clients = f"/api/v1/apps/{APP}/clients"
        assert self.ask("POST", clients, {"publicKey": private}).status_code == 422
        assert self.ask("POST", clients, {"publicKey": KEY.as_pem(private=True).decode()}).status_code == 422
        for form in (
            {"client_secret": bad},
            {"client_id": self.client, "client_secret": bad, "extra": bad},
            {"client_assertion": f"{bad}.{bad}.{bad}"},
            {"version": "1"},
        ):
            self.ask("POST", "/oauth/token", who="", data={"grant_type": "client_credentials", **form})
        for header in (f"Basic {bad}", f"Bearer {bad}", "Basic " + base64.b64encode(bad.encode()).decode()):
            data = {"grant_type": "client_credentials"}
            self.ask("POST", "/oauth/token", who="", data=data, headers={"authorization": header})
            self.ask("GET", "/api/v1/apps", who="", headers={"authorization": header})
            self.ask("GET", "/hub/v1/snapshot", who="", headers={"authorization": header})
        self.ask("GET", "/api/v1/apps", who="", headers={"cookie": f"handrail={bad}"})

    # Afterwards

    def every_answer(self) -> Iterator[tuple[str, str]]:
        """Yield the answer of every route that reads, to somebody who may read everything."""
        app = self.must("GET", f"/api/v1/apps/{APP}")
        names = {
            "/api/v1/connectors/{name}": {"name": "bearer"},
            "/api/v1/connections/{name}": {"name": "bearer"},
            "/api/v1/people/{name}": {"name": "alice"},
            **{f"/api/v1/sources/{{name}}{part}": {"name": "floor"} for part in ("", "/found")},
            **{f"/api/v1/hubs/{{name}}{part}": {"name": "local"} for part in ("", "/calls", "/tail")},
        }
        queries = {"/api/v1/calls/by-app": {"name": APP}, "/api/v1/live": {"seconds": "1"}}
        reviews = self.must("GET", f"/api/v1/reviews?app={APP}&closed=true")["items"]
        given = {
            "name": APP,
            "which": "1",
            "approval_id": app["approvals"][0]["id"],
            "review_id": reviews[0]["id"],
            "kind": "production",
            "definition_id": self.must("GET", "/api/v1/estate/definitions")["items"][0]["id"],
        }
        for method, template in every_route():
            if method != "GET" or template.startswith("/hub/"):
                continue
            path = template.format(**(given | names.get(template, {})))
            answer = self.ask("GET", path, params=queries.get(template))
            assert answer.is_success, (path, answer.text)
            yield path, f"{answer.headers}\n{answer.text}"

    def close(self) -> None:
        self.install.stop()
        self.upstream.close()


def forms(text: str) -> set[bytes]:
    """Return how a text may look in a file: as it is, in hex, and inside base64 at any offset."""
    data = text.encode()
    found = {data, data.hex().encode(), quote(text, safe="").encode()}
    for offset in range(3):
        inside = base64.b64encode(b"\0" * offset + data)[(4 if offset else 0) : -4]
        found |= {inside, inside.replace(b"+", b"-").replace(b"/", b"_")}
    return {each for each in found if len(each) >= 16}


def leaks(story: Story, data: str | bytes, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return the names of the secrets that some data holds."""
    raw = data.encode(errors="surrogateescape") if isinstance(data, str) else data
    return [name for name, text in story.known.items() if name not in but and any(each in raw for each in forms(text))]


def unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a file's bytes, what is packed in it, and what is packed in its database."""
    data = path.read_bytes()
    yield str(path), data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path}!{name}", archive.read(name)
                if archive.read(name)[:15] == b"SQLite format 3":
                    inner = path.with_suffix(".inner.db")
                    inner.write_bytes(archive.read(name))
                    yield from rows(inner)
                    inner.unlink()
    elif data[:15] == b"SQLite format 3":
        yield from rows(path)


def rows(path: Path) -> Iterator[tuple[str, bytes]]:
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names out of the database itself
            for value in row:
                if isinstance(value, bytes):
                    for unpack in (zlib.decompress, gzip.decompress, lambda data: zlib.decompress(data, -15)):
                        try:
                            yield f"{path}!{table}", unpack(value)
                        except (OSError, zlib.error, EOFError):
                            continue
    database.close()
