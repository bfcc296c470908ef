"""An install with several people who sit before the portal: two builders, two reviewers, an administrator."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from playwright.sync_api import Browser
from tests.rigs.browser import Tab
from tests.rigs.governed import flow
from tests.rigs.processes import Install

PEOPLE = {"carol": "Carol Adler", "dave": "Dave Brandt", "bob": "Bob Castro", "erin": "Erin Diaz"}
_ROLES = {"carol": "builder", "dave": "builder", "erin": "reviewer"}


def password_of(name: str) -> str:
    return f"correct-horse-of-{name}"


class Portal(Install):
    """An install whose people use the portal; `alice` set it up, `bob` and `erin` review, `carol` and `dave` build."""

    def start(self, upstream: str, credential: str) -> None:
        """Start it and let everybody join."""
        self.upstream = upstream
        self.fill(self.up()["join"], credential)
        alice = self.as_("alice")
        for name, role in _ROLES.items():
            roles = [{"role": role, "team": "finance-ops"}]
            link = alice("POST", "/api/v1/invitations", {"roles": roles})["link"]
            self.tokens[name] = self._join("/api/v1/invitations/redeem", link, name)
        for name, display_name in PEOPLE.items():
            self.as_(name)("PATCH", "/api/v1/me", {"displayName": display_name})

    @contextmanager
    def seat(self, browser: Browser, name: str, path: str = "/", **look: bool) -> Iterator[Tab]:
        """Yield a person's page; it must not complain."""
        tab = Tab(browser, self.url, **look)
        try:
            tab.sign_in(name, password_of(name))
            tab.go(path)
            yield tab
        except BaseException:
            tab.shot("trouble-failed")
            tab.context.close()
            raise
        tab.close()

    def bring(self, app: str, text: str, who: str = "carol") -> dict[str, Any]:
        """Bring another version of an app; return it."""
        body = {"filename": "flows.json", "content": flow(text).decode()}
        version: dict[str, Any] = self.as_(who)("POST", f"/api/v1/apps/{app}/versions", body)
        return version

    def propose(self, app: str, text: str, who: str = "carol") -> dict[str, Any]:
        """Bring a version and propose it; return the review."""
        self.bring(app, text, who)
        body = {"environment": "production"}
        review: dict[str, Any] = self.as_(who)("POST", f"/api/v1/apps/{app}/submit", body)
        return review

    def events(self, action: str, actor: str = "") -> list[dict[str, Any]]:
        """Return what the audit log holds of an action, newest first."""
        asked = {"action": action, **({"actor": actor} if actor else {})}
        items: list[dict[str, Any]] = self.as_("alice")("GET", "/api/v1/audit", limit="200", **asked)["items"]
        return items

    def change(self, statement: str, *values: Any) -> int:
        """Change the database behind everybody's back; return how many rows it was."""
        with closing(sqlite3.connect(self.home / "handrail.db", timeout=20)) as database, database:
            return database.execute(statement, values).rowcount

    def end_sessions(self, name: str) -> None:
        """End somebody's sessions without a word to their open pages."""
        query = "DELETE FROM session WHERE person_id = (SELECT id FROM person WHERE name = ?)"
        assert self.change(query, name) > 0


class Builder:
    """Answers like a Node-RED's admin API; a context manager."""

    def __init__(self, text: str) -> None:
        self.text = text
        builder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps({"flows": json.loads(flow(builder.text)), "rev": builder.text}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
