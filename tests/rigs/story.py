"""From an empty install to an app that calls: what people do in the portal, and what happens outside of it."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2 as httpx
from playwright.sync_api import Browser, expect
from playwright.sync_api import Error as PlaywrightError
from tests.rigs.browser import Tab
from tests.rigs.hands import Hands
from tests.rigs.processes import Counting, Install
from tests.rigs.programs import wait_for

APP, TEAM, CONNECTION = "month-end-entries", "Finance operations", "ledger-production"
PURPOSE = "Adds the entries of the month to the ledger, once a day."
CONNECTOR = """apiVersion: handrail.dev/v1
kind: Connector
metadata:
  name: ledger
spec:
  version: 1.0.0
  title: Ledger
  dataClasses: [internal]
  credential:
    kind: bearer
  limits:
    callsPerMinute: 6000
  operations:
    - name: entries.add
      title: Add an entry
      method: POST
      path: /entries
    - name: month.close
      title: Close the month
      method: POST
      path: /month/close
"""
_REFUSED_WITHIN_S = 30
# Several people, their browsers and an install share the machine with other tests.
_PATIENCE_S = 30

Flow = list[dict[str, Any]]


def flow(hub: str, text: str, *, closes: bool = False) -> Flow:
    """Return a Node-RED flow that adds an entry with a text, and may close the month too."""

    def call(step: str, name: str, path: str, then: list[str], x: int) -> dict[str, Any]:
        made = {"id": step, "type": "http request", "z": "tab1", "name": name, "method": "POST", "x": x, "y": 40}
        return {**made, "url": f"{hub}/{CONNECTION}{path}", "wires": [then]}

    steps: Flow = [
        {"id": "tab1", "type": "tab", "label": "Month end entries"},
        {"id": "in1", "type": "inject", "z": "tab1", "name": "Every morning", "wires": [["text1"]], "x": 100, "y": 40},
        {
            "id": "text1",
            "type": "template",
            "z": "tab1",
            "name": "Write the entry",
            "template": text,
            "wires": [["add1"]],
            "x": 300,
            "y": 40,
        },
        call("add1", "Add the entry", "/entries", ["close1"] if closes else [], 500),
    ]
    if closes:
        steps.append(call("close1", "Close the month", "/month/close", [], 700))
    return steps


def exported(steps: Flow) -> bytes:
    """Return a flow as its builder's file."""
    return json.dumps(steps, indent=1).encode()


class Builder:
    """A builder's own tool: tells what it runs as Node-RED's admin API does; a context manager."""

    def __init__(self, token: str, steps: Flow) -> None:
        self.steps = steps
        self.looks = 0
        builder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.headers["authorization"] == f"Bearer {token}" and self.path == "/flows"
                builder.looks += known
                body = json.dumps({"flows": builder.steps, "rev": str(builder.looks)}).encode()
                self.send_response(200 if known else 401)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body) if known else 0))
                self.end_headers()
                if known:
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Story:
    """One install, its people with a browser each, and the app that they argue about.

    Attributes:
        kind: How everybody works their pages.
        people: By the name they sign in with.
        client: Id and secret of the app.
    """

    install: Install
    upstream: Counting
    browser: Browser
    kind: type[Hands]
    people: dict[str, Hands] = field(default_factory=dict)
    client: tuple[str, str] = ("", "")

    # People

    def join(self, link: str, name: str, called: str, title: str) -> Hands:
        """Use a one-time link in a browser of one's own."""
        hands = self.kind(Tab(self.browser, self.install.url))
        hands.page.set_default_timeout(_PATIENCE_S * 1000)
        self.people[name] = hands
        split = urlsplit(link)
        hands.tab.go(f"{split.path}#{split.fragment}")
        hands.titled(title)
        assert split.fragment not in hands.page.url
        hands.write("Name to sign in with", name)
        hands.write("How you are called", called)
        hands.write("Password", password(name))
        hands.press("button", "Make my account")
        hands.page.wait_for_url(lambda url: "/join" not in url)
        hands.tab.settle()
        return hands

    def invited(self, hands: Hands, *roles: tuple[str, str]) -> str:
        """Fill in the form of an invitation that is in view; return its link."""
        form = hands.page.locator("form").filter(has=hands.page.get_by_role("button", name="Make the link"))
        for at, (role, where) in enumerate(roles):
            if at > 0:
                hands.press("button", "One more role", form)
            hands.choose_in(hands.field("Role", form).nth(at), role)
            hands.choose_in(hands.field("Where", form).nth(at), where)
        hands.press("button", "Make the link", form)
        link = hands.find("group", "Invitation link")
        expect(link).to_be_visible()
        return link.inner_text().strip()

    def invite(self, by: str, *roles: tuple[str, str]) -> str:
        """Invite somebody from the page of people; return the link."""
        hands = self.people[by]
        hands.go("People")
        hands.press("button", "Invite somebody")
        dialog = hands.dialog("Invite somebody")
        link = self.invited(hands, *roles)
        hands.press("button", "Done", dialog)
        expect(dialog).to_be_hidden()
        return link

    def add_team(self, by: str) -> None:
        hands = self.people[by]
        hands.go("People")
        hands.press("link", re.compile("^Teams"))
        hands.press("button", "Add a team")
        dialog = hands.dialog("Add a team")
        hands.write("Name", "finance-ops", dialog)
        hands.write("Title", TEAM, dialog)
        hands.press("button", "Add a team", dialog)
        hands.sees(f"The team {TEAM} is there")

    def give_role(self, by: str, called: str, role: str, gains: str) -> None:
        """Give somebody a role in the team; it is said beforehand what they gain."""
        hands = self.people[by]
        hands.go("People")
        hands.press("button", re.compile(called), hands.main)
        dialog = hands.dialog(called)
        hands.choose("Role", role, dialog)
        hands.choose("Where", TEAM, dialog)
        hands.sees(re.compile(f"As {role} in {TEAM}, {called} gets this on top: .*{gains}"), dialog)
        hands.press("button", f"Make them {role}", dialog)
        hands.sees(f"{called} is {role} now")
        hands.press("button", "Close", dialog)
        expect(dialog).to_be_hidden()

    # The hub

    def connect(self, by: str) -> None:
        """Add a connector by its manifest, a credential, and the connection of both to the upstream."""
        hands = self.people[by]
        hands.go("Connectors")
        hands.titled("Nothing can be reached yet")
        hands.press("button", "Add a connector")
        dialog = hands.dialog(re.compile("^Apply a connector.s manifest"))
        hands.write("Manifest", CONNECTOR.replace("path: /entries", "path: entries"), dialog)
        with hands.tab.expecting("422"):
            hands.press("button", "Check it", dialog)
            hands.sees("One thing is wrong", dialog)
        hands.write("Manifest", CONNECTOR, dialog)
        hands.press("button", "Check it", dialog)
        hands.sees(re.compile("ledger.* would be new"), dialog)
        hands.press("button", re.compile("^Apply "), dialog)
        expect(dialog).to_be_hidden()

        hands.go("Credentials")
        hands.press("button", "Set a credential")
        dialog = hands.dialog("Set a credential")
        hands.write("Name", "ledger-bot", dialog)
        hands.choose("Environment", "production", dialog)
        hands.choose("Kind", "Bearer token", dialog)
        hands.write("Token", self.upstream.credential, dialog)
        hands.press("button", "Seal it", dialog)
        hands.sees("ledger-bot is set")
        assert self.upstream.credential not in hands.page.content()

        hands.go("Connectors")
        hands.press("button", "New connection")
        dialog = hands.dialog("New connection")
        hands.choose("Connector", "Ledger", dialog)
        hands.choose("Environment", "production", dialog)
        hands.write("Name", CONNECTION, dialog)
        hands.write("Upstream", self.upstream.url, dialog)
        hands.choose("Network", "Private addresses allowed", dialog)
        expect(hands.field("Credential", dialog)).to_have_value("ledger-bot")
        hands.press("button", "Check it", dialog)
        hands.sees("This would happen", dialog)
        hands.press("button", f"Add {CONNECTION}", dialog)
        hands.page.wait_for_url(re.compile(f"/connections/{CONNECTION}$"))
        hands.titled(f"{CONNECTION} is silent: no call in 24 hours")

    # Versions

    def adopt(self, by: str, steps: Flow, note: str, deputy: str) -> None:
        """Bring an existing flow, confirm what no file tells, and propose it with a note."""
        hands = self.people[by]
        hands.go("Home")
        hands.press("link", "Bring an existing flow", hands.page.get_by_role("complementary"))
        hands.titled("Bring a flow that somebody built")
        hands.give("month-end-entries.json", exported(steps))
        hands.sees(re.compile("“Month end entries”, Node-RED, 3 steps"))
        expect(hands.field("Name")).to_have_value(APP)
        expect(hands.find("checkbox", f"Use {CONNECTION}")).to_be_checked()
        hands.press("button", f"Register {APP}")
        hands.sees("Say in a sentence what it is for.")
        hands.write("Purpose", PURPOSE)
        hands.choose("Deputy", deputy)
        hands.press("button", "Internal")
        hands.press("button", f"Register {APP}")
        hands.titled(f"{APP} is registered")
        hands.write("A word to the reviewer", note)
        hands.press("button", "Propose v1")
        hands.sees(f"{APP} is in review")

    def upload(self, by: str, number: int, steps: Flow) -> None:
        """Bring a changed version on the versions page that is open."""
        hands = self.people[by]
        hands.give("month-end-entries.json", exported(steps))
        hands.press("button", "Bring it in")
        hands.sees(re.compile(rf"v{number} is in\."))

    def propose(self, by: str, number: int, note: str) -> None:
        """Propose a version that was just brought."""
        hands = self.people[by]
        found = hands.page.get_by_role("status").filter(has_text=f"v{number} is in")
        hands.press("button", f"Propose v{number}", found)
        dialog = hands.dialog(f"Propose v{number} of {APP}")
        hands.write("Note to the reviewer", note, dialog)
        hands.press("button", f"Propose v{number}", dialog)
        hands.sees(f"v{number} is in review")

    def open_review(self, by: str, number: int) -> Hands:
        """Open a review from what needs one at home, which appears there by itself."""
        hands = self.people[by]
        hands.press("link", f"Review: Decide on {APP} version {number}")
        hands.titled(f"{APP} v{number} wants to run in production")
        return hands

    def refuse(self, by: str, number: int, reason: str) -> None:
        """Refuse, which takes a reason."""
        hands = self.people[by]
        hands.press("button", "Refuse")
        hands.sees(re.compile("A refusal needs a reason"))
        hands.write(re.compile("^Reason"), reason)
        hands.press("button", "Refuse")
        hands.titled(f"{APP} v{number} was refused for production")

    def approve(self, by: str, number: int) -> None:
        """Approve, and see that it comes into force by itself."""
        hands = self.people[by]
        hands.press("button", re.compile("^Approve "))
        hands.titled(f"{APP} v{number} may run in production")
        hands.sees("In force on every hub")

    def say_it_runs(self, by: str, number: int) -> None:
        """Say on the versions page that is open that an approved version runs now."""
        hands = self.people[by]
        hands.press("button", f"Say it runs: v{number}")
        dialog = hands.dialog(f"Does v{number} of {APP} run?")
        hands.press("button", f"v{number} runs", dialog)
        hands.sees(f"v{number} is the running version")

    def roll_back(self, by: str, number: int, before: int) -> None:
        """Make an older version that is approved the running one, on the versions page that is open."""
        hands = self.people[by]
        hands.press("button", f"Roll back to it: v{number}")
        dialog = hands.dialog(f"Roll {APP} back to v{number}?")
        hands.sees(re.compile(f"instead of v{before} within a second"), dialog)
        hands.press("button", f"Roll back to v{number}", dialog)
        hands.sees(f"v{number} is the running version")

    def open_versions(self, by: str) -> None:
        hands = self.people[by]
        hands.open_app(APP)
        hands.press("link", re.compile("^Versions"))
        hands.page.wait_for_url(re.compile("/versions"))
        hands.tab.settle()

    # The app

    def add_client(self, by: str) -> None:
        """Give the app something to sign in with; its secret is shown once."""
        hands = self.people[by]
        hands.open_app(APP)
        hands.press("link", "Connections", hands.page.get_by_role("navigation", name="App", exact=True))
        hands.press("button", "Add a client")
        hands.press("button", "Add it", hands.dialog(f"Add a client for {APP}"))
        dialog = hands.dialog("Copy the secret now")
        told = [each.inner_text().strip() for each in dialog.locator("dd code").all()]
        self.client = (told[0], told[1])
        hands.press("button", "I have it", dialog)
        expect(dialog).to_be_hidden()
        hands.sees(self.client[0])
        assert self.client[1] not in hands.page.content()

    def call(self, path: str = "/entries") -> tuple[int, str]:
        """Sign in as the app and call the upstream through the hub; return the status and the code of a refusal."""
        asked = httpx.post(
            f"{self.install.url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=self.client,
            timeout=10,
            trust_env=False,
        )
        if not asked.is_success:
            return asked.status_code, str(asked.json()["code"])
        return self.call_with(str(asked.json()["access_token"]), path)

    def token(self) -> str:
        """Return a token that the app holds on to."""
        return self.install.token(self.client)

    def call_with(self, token: str, path: str = "/entries") -> tuple[int, str]:
        """Call with a token that the app holds already."""
        answer = httpx.post(
            f"{self.install.hub}/{CONNECTION}{path}",
            headers={"authorization": f"Bearer {token}"},
            json={"amount": 1},
            timeout=10,
            trust_env=False,
        )
        return answer.status_code, "" if answer.is_success else str(answer.json().get("code", ""))

    def passes(self) -> None:
        """Wait until a call of the app passes."""
        wait_for("the app's calls to pass", lambda: self.call() == (200, ""), _REFUSED_WITHIN_S, 0.2)

    def is_refused(self, token: str, code: str) -> None:
        """Wait until a call with a token that the app holds is refused."""
        wait_for(f"calls to be refused as {code}", lambda: self.call_with(token)[1] == code, _REFUSED_WITHIN_S, 0.2)

    # Stopping it

    def quarantine(self, by: str, reason: str) -> None:
        """Put the app on hold; what stops is said first, and a reason is asked for."""
        hands = self.people[by]
        hands.open_app(APP)
        hands.pick("More actions", "Quarantine")
        dialog = hands.dialog(f"Quarantine {APP}?")
        hands.sees("client signs in with it", dialog)
        hands.sees(f"connection is granted to it: {CONNECTION}", dialog)
        expect(hands.find("button", "Keep it running", dialog).last).to_be_focused()
        hands.press("button", "Quarantine", dialog)
        hands.sees(re.compile("Say why"), dialog)
        hands.write("Reason", reason, dialog)
        hands.press("button", "Quarantine", dialog)
        hands.titled(f"{APP} is quarantined")

    def lift(self, by: str, reason: str) -> None:
        hands = self.people[by]
        hands.open_app(APP)
        hands.press("button", "Lift the quarantine")
        dialog = hands.dialog(f"Lift the quarantine of {APP}?")
        hands.sees(f"“{reason}”", dialog)
        hands.press("button", "Lift it", dialog)
        hands.titled(APP)

    @contextmanager
    def told(self, name: str) -> Iterator[None]:
        """Tell the story; then close every browser, which must have had nothing to complain about.

        What each person saw last is kept as a picture when it goes wrong.
        """
        try:
            yield
        except BaseException:
            for person, hands in self.people.items():
                # What failed is what is to be told, whatever becomes of the picture.
                with suppress(PlaywrightError):
                    hands.tab.shot(f"{name}-failed-{person}", whole=False)
            raise
        for hands in self.people.values():
            hands.tab.close()


def password(name: str) -> str:
    return f"correct-horse-of-{name}"


@contextmanager
def new_story(install: Install, browser: Browser, kind: type[Hands]) -> Iterator[Story]:
    """Yield a story on a new, empty install."""
    expect.set_options(timeout=_PATIENCE_S * 1000)
    with Counting() as upstream, install:
        yield Story(install, upstream, browser, kind)
