"""What people, flow files and other systems write stays text in a real browser; nothing runs, nothing leads away.

Every page that shows such a text is opened, wide and narrow, with the product's own content security policy in force.
"""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, expect
from tests.rigs.browser import Tab
from tests.rigs.found_flows import batch
from tests.rigs.hostile import BIDI, LONG, MARK, PIECES, WHOLE, n8n, node_red, texts
from tests.rigs.portal import Portal
from tests.rigs.processes import Api, Counting
from tests.rigs.programs import wait_for

pytestmark = [pytest.mark.xdist_group("portal-xss"), pytest.mark.timeout(600)]

APPS = {"marked": node_red(), "long": node_red(long=True), "marked-n8n": n8n(), "long-n8n": n8n(long=True)}
TABS = ("", "/flow", "/versions", "/connections", "/history", "/settings")
# What a page must not hold, whatever was written: only markup that came out of a text makes these.
INJECTED = (
    "[onerror], [onload], [onclick], [onfocus], iframe, object, embed, base, script:not([src]), img[src='x'],"
    " meta[http-equiv], form[action*='evil'], a[href*='evil.example'], img[src*='evil.example']"
)
LOOK = """injected => ({
  pwned: window.__pwned ?? null,
  injected: [...document.querySelectorAll(injected)].map(e => e.outerHTML.slice(0, 200)),
  links: [...document.querySelectorAll('a[href], area[href], form[action], [formaction], use, image, [src]')]
    .flatMap(e => ['href', 'src', 'action', 'formaction'].map(n => e.getAttribute(n) ?? ''))
    .filter(u => /^[\\s\\u0000-\\u001f]*(javascript|data|vbscript):/i.test(u) && !/^data:image\\/(svg|png)/i.test(u)),
  violations: window.__violations,
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  styled: document.querySelectorAll('style').length,
  text: document.body.innerText,
})"""
LISTEN = """window.__violations = [];
document.addEventListener('securitypolicyviolation', e => window.__violations.push(
  `${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));"""


class Elsewhere:
    """Another origin: it answers anything, remembers what was asked, and frames what it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.frames = ""
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                elsewhere.asked.append(self.path)
                body = (f"<iframe src='{elsewhere.frames}'></iframe>" if self.path == "/frame" else WHOLE).encode()
                self.send_response(200 if self.path == "/frame" else 418)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the name that the base class calls

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    yield made
    made.close()


def written(field: str, send: Callable[[str], Any], longest: int, *, long: bool = False) -> str:
    """Write the worst text that a field accepts; return it."""
    refused = []
    for text in texts(longest, long=long):
        try:
            send(text)
        except AssertionError as error:
            refused.append(str(error)[:300])
            continue
        return text
    raise AssertionError(f"{field} accepts none of them: {refused[-1]}")


@pytest.fixture(scope="module")
def portal(browser: Browser, elsewhere: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Counting() as upstream, Portal(tmp_path_factory.mktemp("xss")) as install:
        install.start(upstream.url, upstream.credential)
        fill(install, elsewhere)
        yield install


def fill(portal: Portal, elsewhere: Elsewhere) -> None:
    """Write into every field that anybody may write into."""
    alice, bob, carol = (portal.as_(name) for name in ("alice", "bob", "carol"))
    written("team title", lambda t: alice("PATCH", "/api/v1/teams/finance-ops", {"title": t}), 200)
    for name, long in (("alice", False), ("carol", False), ("bob", True), ("dave", True)):
        written("name", lambda t, who=name: portal.as_(who)("PATCH", "/api/v1/me", {"displayName": t}), 200, long=long)
    for app, content in APPS.items():
        adopt(portal, app, content, long=app.startswith("long"))
    catalog_of(portal)
    for app, long in (("marked", False), ("long", True)):
        at = f"/api/v1/apps/{app}"
        written("title", lambda t, at=at: carol("PATCH", at, {"title": t}), 200, long=long)
        written("purpose", lambda t, at=at: carol("PATCH", at, {"purpose": t}), 2000, long=long)
        # Refused once, and waiting again.
        written("note", lambda t, at=at: carol("POST", f"{at}/submit", {"note": t}), 4000, long=long)
        digest = alice("GET", f"{at}/versions")["items"][0]["digest"]
        body = {"environment": "production", "digest": digest}
        written("refusal", lambda t, at=at, b=body: bob("POST", f"{at}/refuse", {**b, "reason": t}), 4000, long=long)
        written("note", lambda t, at=at: carol("POST", f"{at}/submit", {"note": t}), 4000, long=long)
        written("hold", lambda t, at=at: alice("POST", f"{at}/quarantine", {"reason": t}), 4000, long=long)
    for app, content in APPS.items():
        found = {f"{MARK}/{app}.json": content, f"{PIECES[2]}/{app}-cut.json": content[:-40]}
        written("origin", lambda t, f=found: alice("POST", "/api/v1/estate/files", batch("finance-ops", f, t)), 60)
    for who in (alice, carol):
        written("view", lambda t, w=who: w("PUT", f"/api/v1/views/{quote(t, safe='')}", {"query": f"q={quote(t)}"}), 60)
    written("token", lambda t: carol("POST", "/api/v1/tokens", {"name": t, "days": 3}), 100)
    source = {"name": "odd", "app": "standup", "network": "private", "token": "any", "intervalS": 1}
    alice("POST", "/api/v1/sources", {**source, "url": elsewhere.url})
    wait_for("the source to fail", lambda: bool(alice("GET", "/api/v1/sources/odd")["message"]))
    # A browser that calls itself this, twice: it fails to sign in, and does.
    for password in ("wrong", "correct-horse-of-alice"):
        agent = {"user-agent": "Mozilla/5.0 " + MARK, "sec-fetch-site": "same-origin"}
        body = {"name": "alice" if password != "wrong" else MARK, "password": password}
        httpx.post(f"{portal.url}/api/v1/sign-in", json=body, headers=agent, trust_env=False)
    # Calls that are refused are shown with what they asked for.
    token = portal.token()
    for path in (f"/counter/{quote(MARK)}", f"/{quote(MARK)}", f"/counter/count?q={quote(MARK)}"):
        httpx.get(f"{portal.hub}{path}", headers={"authorization": f"Bearer {token}"}, trust_env=False)
        httpx.get(f"{portal.hub}{path}", headers={"user-agent": MARK}, trust_env=False)
    portal.call(token)


def adopt(portal: Portal, app: str, content: str, *, long: bool) -> None:
    bad = LONG[:1000] if long else WHOLE
    manifest = {
        "apiVersion": "handrail.dev/v1",
        "kind": "App",
        "metadata": {"name": app},
        "spec": {
            "title": bad[:100],
            "team": "finance-ops",
            "owner": "carol",
            "deputy": "dave",
            "purpose": bad[:900],
            "platform": "n8n" if app.endswith("n8n") else "node-red",
            "dataClasses": ["internal"],
            "constants": {"text": bad},
        },
    }
    body = {"filename": f"{bad[:60]}.json", "content": content, "manifest": json.dumps(manifest)}
    portal.as_("carol")("POST", "/api/v1/adoptions", {**body, "author": bad[:100]})


def catalog_of(portal: Portal) -> None:
    """Apply a connector and a connection that say it wherever a manifest may."""
    alice = portal.as_("alice")

    def connector(text: str) -> Any:
        made = {
            "apiVersion": "handrail.dev/v1",
            "kind": "Connector",
            "metadata": {"name": "odd"},
            "spec": {
                "version": "1.0.0",
                "title": text[:100],
                "dataClasses": ["internal"],
                "credential": {"kind": "bearer"},
                "operations": [
                    {
                        "name": "odd",
                        "method": "POST",
                        "path": "/odd",
                        "title": text[:100],
                        "requestSchema": {"type": "object", "description": text, "properties": {text: {"title": text}}},
                    }
                ],
            },
        }
        return alice("POST", "/api/v1/connectors", {"manifest": json.dumps(made)})

    written("connector", connector, 600)


def pages(api: Api) -> dict[str, str]:
    """Return every address that shows what was written, by name."""
    reviews = [item["id"] for item in api("GET", "/api/v1/reviews")["items"]]
    decided = [item["id"] for item in api("GET", "/api/v1/reviews", status="decided")["items"]]
    mark = quote(MARK, safe="")
    found = {
        "home": "/",
        "catalog": "/catalog",
        "found": f"/catalog?q={mark}",
        "facet": f"/catalog?team={mark}&owner={quote(PIECES[2])}",
        "reviews": "/reviews",
        "reviews-open": "/reviews?show=open",
        "reviews-decided": "/reviews?show=decided",
        "connectors": "/connectors",
        "connector": "/connectors/odd",
        "connection": "/connections/counter",
        "credentials": "/credentials",
        "sources": "/sources",
        "hubs": "/hubs",
        "tail": "/hubs/local",
        "audit": "/audit",
        "audit-found": f"/audit?words={mark}&q={mark}",
        "people": "/people",
        "settings": "/settings",
        "profile": "/profile",
        "start": "/start",
        "new": "/new",
        "estate": "/estate",
        "estate-found": f"/estate/definitions?q={mark}&origin={mark}&risk={mark}",
        "estate-definitions": "/estate/definitions",
        "estate-leaks": f"/estate/leaks?skip={mark}",
        "estate-duplicates": "/estate/duplicates",
        "estate-unreadable": "/estate/unreadable",
        "no-definition": f"/estate/definitions/{mark}?leak={mark}",
        "nowhere": f"/{mark}",
        "no-app": f"/apps/{mark}",
        "no-tab": f"/apps/marked/{mark}#{mark}",
        "no-review": f"/reviews/{mark}",
    }
    found |= {f"review-{number}": f"/reviews/{review}" for number, review in enumerate((*reviews, *decided))}
    definitions = api("GET", "/api/v1/estate/definitions")["items"]
    found |= {f"definition-{number}": f"/estate/definitions/{each['id']}" for number, each in enumerate(definitions)}
    for app in (*APPS, "standup"):
        found |= {f"{app}{tab}": f"/apps/{app}{tab}" for tab in TABS}
    return found


class Watch:
    """A tab in which nothing may run that was written."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.dialogs: list[str] = []
        self.wrong: dict[str, list[str]] = {}
        tab.context.add_init_script(LISTEN)
        tab.page.on("dialog", self._on_dialog)

    def _on_dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def look(self, name: str) -> str:
        """Note what is wrong with the page as it stands; return its text."""
        seen = self.tab.page.evaluate(LOOK, INJECTED)
        wrong = [f"{part}: {seen[part]}" for part in ("injected", "links", "violations") if seen[part]]
        if seen["pwned"] is not None:
            wrong.append("it ran")
        if seen["wider"] > 0:
            wrong.append(f"{seen['wider']} px wider than the window")
        if not self.tab.page.url.startswith(self.tab.url):
            wrong.append(f"it went to {self.tab.page.url}")
        wrong += [*self.dialogs, *self.tab.complaints, *self.tab.foreign]
        for kept in (self.dialogs, self.tab.complaints, self.tab.foreign):
            kept.clear()
        if wrong:
            self.wrong[name] = wrong
            self.tab.shot(f"xss-{name.replace('/', '-')}", whole=False)
        return str(seen["text"])


@pytest.fixture(params=["wide", "narrow"])
def watch(request: pytest.FixtureRequest, portal: Portal, browser: Browser) -> Iterator[Watch]:
    with portal.seat(browser, "alice", narrow=request.param == "narrow") as tab:
        watch = Watch(tab)
        with tab.expecting("404 (Not Found)", "403 (Forbidden)", "422"):
            yield watch


# Where a text must be seen as it was written.
SHOWN = {
    *("home", "catalog", "marked", "marked/flow", "marked/history", "marked/settings", "marked/versions"),
    *("connector", "people", "profile", "review-0", "audit"),
}


def test_on_every_page_what_was_written_is_text(watch: Watch, portal: Portal) -> None:
    shown: dict[str, str] = {}
    for name, path in pages(portal.as_("alice")).items():
        watch.tab.go(path)
        shown[name] = watch.look(name)
    assert watch.wrong == {}, json.dumps(watch.wrong, indent=1, ensure_ascii=False)
    assert {name for name in SHOWN if "<img src=x" not in shown[name]} == set()


@pytest.mark.parametrize("app", APPS)
def test_every_step_and_its_details_are_text(watch: Watch, app: str) -> None:
    page = watch.tab.page
    watch.tab.go(f"/apps/{app}/flow")
    watch.look("drawing")
    page.get_by_role("radiogroup", name="How the flow is shown").get_by_text("Steps", exact=True).click()
    steps = page.locator("main li button, main ol button")
    expect(steps.first).to_be_visible()
    for number in range(min(steps.count(), 24)):
        steps.nth(number).click()
        watch.look(f"step {number}")
    assert watch.wrong == {}, json.dumps(watch.wrong, indent=1, ensure_ascii=False)


def test_every_finding_of_a_found_definition_is_text(watch: Watch, portal: Portal) -> None:
    page = watch.tab.page
    for each in portal.as_("alice")("GET", "/api/v1/estate/definitions")["items"]:
        watch.tab.go(f"/estate/definitions/{each['id']}")
        findings = page.locator("[data-finding]")
        for number in range(min(findings.count(), 12)):
            if findings.nth(number).get_attribute("aria-expanded") == "false":
                findings.nth(number).click()
            watch.look(f"{each['id']} finding {number}")
        for button in ("Preview", "Register"):
            opener = page.get_by_role("button", name=button).first
            if opener.count() and opener.is_visible():
                opener.click()
                page.get_by_role("dialog").wait_for()
                watch.tab.settle()
                watch.look(f"{each['id']} {button}")
                page.keyboard.press("Escape")
                page.get_by_role("dialog").wait_for(state="detached")
    assert watch.wrong == {}, json.dumps(watch.wrong, indent=1, ensure_ascii=False)


def test_an_upload_shows_paths_and_faults_as_text(watch: Watch) -> None:
    page = watch.tab.page
    watch.tab.go("/estate")
    page.get_by_role("button", name="Add files").click()
    files = [
        {
            "name": f"{piece[:60]}.json".replace("/", ":"),
            "mimeType": "application/json",
            "buffer": f"{{{watch.tab.narrow}{piece}".encode(),
        }
        for piece in PIECES
    ]
    team = page.get_by_label("For the team").first
    if team.count():
        team.click()
        page.get_by_role("option").first.click()
    page.locator("input[type=file]").first.set_input_files(files=files)
    expect(page.get_by_text(f"{len(PIECES)} files could not be read")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    watch.look("upload")
    assert watch.wrong == {}, json.dumps(watch.wrong, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("app", APPS)
def test_the_adoption_shows_a_file_as_text_before_anything_is_kept(watch: Watch, app: str) -> None:
    page = watch.tab.page
    watch.tab.go("/adopt")
    file = {"name": f"{MARK}.json", "mimeType": "application/json", "buffer": APPS[app].encode()}
    page.locator("input[type=file]").set_input_files(files=[file])
    expect(page.get_by_label("Purpose", exact=False).first).to_be_visible(timeout=30_000)
    watch.tab.settle()
    watch.look("adopt")
    assert watch.wrong == {}, json.dumps(watch.wrong, indent=1, ensure_ascii=False)


def test_the_palette_shows_what_it_finds_as_text(watch: Watch) -> None:
    page = watch.tab.page
    watch.tab.go("/")
    field = page.get_by_role("combobox").or_(page.get_by_placeholder("An app, a person, a page")).first

    def opens() -> bool:
        # It is loaded after the page's first picture.
        page.keyboard.press("Control+k")
        page.wait_for_timeout(500)
        return field.is_visible()

    wait_for("the palette", opens)
    for text in ("marked", "long", MARK, BIDI, LONG[:2000]):
        field.fill(text)
        page.wait_for_timeout(400)
        watch.look(f"palette {text[:10]}")
    assert watch.wrong == {}, json.dumps(watch.wrong, indent=1, ensure_ascii=False)


# The policy, as the browser sees it


def test_another_site_cannot_frame_a_page(portal: Portal, browser: Browser, elsewhere: Elsewhere) -> None:
    said: list[str] = []
    page = browser.new_context().new_page()
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/sign-in", "/apps/standup/settings"):
        elsewhere.frames = portal.url + path
        page.goto(f"{elsewhere.url}/frame")
        frame = page.frames[-1]
        wait_for("the frame to be refused", lambda f=frame: bool(page.wait_for_timeout(50) or "error" in f.url))
        assert frame.url.startswith("chrome-error://"), path
        assert frame.locator("#root, form, input").count() == 0
    assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in said), said
    page.context.close()


ATTACKS = {
    "script-src-elem": "const s = document.createElement('script'); s.text = 'window.__pwned=1'; document.body.append(s)",
    "script-src": "setTimeout(() => { try { eval('window.__pwned=1') } catch {} })",
    "script-src-attr": "const b = document.createElement('b'); b.setAttribute('onclick', 'window.__pwned=1');"
    " document.body.append(b); b.click()",
    "style-src-elem": "const s = document.createElement('style'); s.textContent = 'h1{}'; document.head.append(s)",
    "style-src-attr": "document.body.setAttribute('style', 'color:red')",
    "img-src": "new Image().src = '{url}/image'",
    "connect-src": "fetch('{url}/fetch').catch(() => 0)",
    "frame-src": "const f = document.createElement('iframe'); f.src = '{url}/frame'; document.body.append(f)",
    "font-src": "const f = new FontFace('x', 'url({url}/font)'); f.load().catch(() => 0)",
    "worker-src": "try { new Worker('data:text/javascript,1') } catch {}",
    "object-src": "const o = document.createElement('object'); o.data = '{url}/object'; document.body.append(o)",
    "media-src": "new Audio('{url}/audio').load()",
    "form-action": "const f = document.createElement('form'); f.action = '{url}/form'; document.body.append(f); f.submit()",
    "base-uri": "const b = document.createElement('base'); b.href = '{url}/'; document.head.append(b)",
}


@pytest.mark.parametrize("directive", ATTACKS)
def test_the_browser_refuses(directive: str, portal: Portal, browser: Browser, elsewhere: Elsewhere) -> None:
    tab = Tab(browser, portal.url)
    tab.context.add_init_script(LISTEN)
    tab.go("/sign-in")
    elsewhere.asked.clear()
    code = ATTACKS[directive].replace("{url}", elsewhere.url)
    tab.page.evaluate(f"() => {{ {code} }}")
    tab.page.wait_for_function("directive => window.__violations.some(v => v.startsWith(directive))", arg=directive)
    assert tab.page.evaluate("() => window.__pwned ?? null") is None
    assert elsewhere.asked == []
    tab.context.close()


def test_without_a_demo_nobody_is_let_in_without_a_password(portal: Portal, browser: Browser) -> None:
    tab = Tab(browser, portal.url)
    tab.go("/sign-in")
    expect(tab.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert tab.page.get_by_text("Look around as").count() == 0
    for seat in ("Builder in finance", "Security reviewer", "Platform engineer"):
        assert tab.page.get_by_role("button", name=seat).count() == 0
    with tab.expecting("404"):
        status = tab.page.evaluate(
            """async () => (await fetch('/api/v1/demo/sign-in', {
              method: 'POST', headers: {'content-type': 'application/json'}, body: '{"as": "platform"}',
            })).status"""
        )
    assert status == 404
    tab.close()
