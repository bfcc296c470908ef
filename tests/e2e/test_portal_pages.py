"""Every page of the portal as it is seen: light, dark and on a phone, by each of the demo's people.

Nothing may complain on the console, come from elsewhere, be wider than the window, or be found by axe. A picture of each
is kept in `.cache/pictures` (or `TEST_PICTURES`), for people to look at; those of the README are written anew by
`make pictures`.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.rigs.browser import Tab
from tests.rigs.found_flows import batch, folder, leaking
from tests.rigs.processes import Install
from tests.rigs.programs import ROOT

pytestmark = pytest.mark.xdist_group("portal")

SEATS = {"builder": "Builder in finance", "reviewer": "Security reviewer", "platform": "Platform engineer"}
LOOKS = {"light": {}, "dark": {"dark": True}, "narrow": {"narrow": True}, "narrow-dark": {"narrow": True, "dark": True}}
# Who may do most sees every look; what others see less of, they see in two that have nothing in common.
SEEN = [f"platform {look}" for look in LOOKS] + [
    f"{seat} {look}" for seat in ("builder", "reviewer") for look in ("light", "narrow-dark")
]
# What is opened, by name; the demo's own apps, in each of the states that it holds.
PAGES = {
    "home": "/",
    "start": "/start",
    "catalog": "/catalog",
    "catalog-search": "/catalog?q=invoice",
    "catalog-nothing": "/catalog?q=zzzzzzzz",
    "app": "/apps/refund-triage",
    "app-observed": "/apps/dunning-reminders",
    "app-held": "/apps/commission-sheet",
    "app-left": "/apps/old-lead-sync",
    "app-idea": "/apps/cash-forecast",
    "app-retired": "/apps/win-loss-notes",
    "app-flow": "/apps/invoice-approver/flow",
    "app-versions": "/apps/invoice-approver/versions",
    "app-connections": "/apps/invoice-approver/connections",
    "app-history": "/apps/invoice-approver/history",
    "app-settings": "/apps/invoice-approver/settings",
    "adopt": "/adopt",
    "new": "/new",
    "reviews": "/reviews",
    "review": "{review}",
    "estate": "/estate",
    "estate-definitions": "/estate/definitions",
    "estate-nothing": "/estate/definitions?q=zzzzzzzz&risk=leak",
    "estate-definition": "{definition}",
    "estate-leaks": "/estate/leaks",
    "estate-duplicates": "/estate/duplicates",
    "estate-unreadable": "/estate/unreadable",
    "connectors": "/connectors",
    "connector": "/connectors/slack",
    "connection": "{connection}",
    "credentials": "/credentials",
    "sources": "/sources",
    "hub": "/hubs/local",
    "audit": "/audit",
    "people": "/people",
    "settings": "/settings",
    "profile": "/profile",
    "missing": "/no/such/page",
    "missing-app": "/apps/no-such-app",
}
# Who has no business there sees why, which the other looks show already.
ONLY_PLATFORM = {"start", "hub", "audit", "people"}
OF_THE_README = {"app": "platform", "home": "builder", "review": "reviewer", "catalog": "platform", "hub": "platform"}


@pytest.fixture(scope="module")
def places(demo: Install, browser: Browser) -> dict[str, str]:
    """Return the address of each page; some are named by what the demo holds."""
    tab = Tab(browser, demo.url)
    tab.be(SEATS["platform"])
    ask = "async path => (await fetch(path)).json()"
    reviews = tab.page.evaluate(ask, "/api/v1/reviews")["items"]
    connections = tab.page.evaluate(ask, "/api/v1/connections")["items"]
    found = tab.page.evaluate(
        """async body => (await (await fetch('/api/v1/estate/files', {
          method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body),
        })).json()).items""",
        batch("finance", {**folder(), "found/twin.json": leaking("The same again")}),
    )
    definition = next(kept["id"] for file in found for kept in file["definitions"] if kept["leaks"])
    tab.close()
    named = {"{definition}": f"/estate/definitions/{definition}"} | {
        "{review}": f"/reviews/{reviews[0]['id']}",
        "{connection}": f"/connections/{connections[0]['name']}",
    }
    return {name: named.get(path, path) for name, path in PAGES.items()}


@pytest.fixture(params=SEEN)
def tab(request: pytest.FixtureRequest, demo: Install, browser: Browser) -> Iterator[tuple[str, Tab]]:
    """Yield one person with one look."""
    seat, look = str(request.param).split()
    opened = Tab(browser, demo.url, **LOOKS[look])
    opened.be(SEATS[seat])
    # A page for others asks for what it may not read, and says so.
    with opened.expecting("404 (Not Found)", "403 (Forbidden)"):
        yield seat, opened
    opened.close()


@pytest.mark.timeout(600)
def test_every_page_is_whole(tab: tuple[str, Tab], places: dict[str, str]) -> None:
    seat, opened = tab
    found: dict[str, list[str]] = {}
    for name, path in places.items():
        if seat != "platform" and name in ONLY_PLATFORM and not opened.narrow:
            continue
        opened.go(path)
        wrong = opened.axe()
        if opened.overflow() > 0:
            wrong.append(f"{opened.overflow()} px wider than the window")
        if opened.complaints or opened.foreign:
            wrong += [*opened.complaints, *opened.foreign]
            opened.complaints.clear()
            opened.foreign.clear()
        if wrong:
            found[f"{name} ({path})"] = wrong
        opened.shot(f"{seat}-{name}")
    assert found == {}, json.dumps(found, indent=1)


@pytest.mark.timeout(300)
def test_no_link_of_a_page_leads_nowhere(demo: Install, browser: Browser, places: dict[str, str]) -> None:
    opened = Tab(browser, demo.url)
    opened.be(SEATS["platform"])
    links: dict[str, str] = {}
    for path in places.values():
        if "no-such" in path or "/no/" in path:
            continue
        opened.go(path)
        for link in opened.page.evaluate(
            "() => [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
        ):
            links.setdefault(link.split("#")[0].split("?")[0], path)
    dead = []
    # Three of each kind tell as much as all: seventeen apps have the same tabs.
    kinds: dict[str, list[str]] = {}
    for link in sorted(links):
        parts = link.split("/")
        kinds.setdefault("/".join([*parts[:2], *("*" for _ in parts[2:3]), *parts[3:]]), []).append(link)
    wanted = {link for found in kinds.values() for link in found[:3]}
    for link, origin in sorted((link, origin) for link, origin in links.items() if link in wanted):
        # The drawing library's licence asks for its mark.
        if not link or link.startswith(("/api/", "https://reactflow.dev")):
            continue
        assert link.startswith("/"), f"{origin} links to {link}"
        with opened.expecting("404 (Not Found)"):
            opened.go(link)
        if opened.page.get_by_role("heading", level=1).inner_text() == "There is no such page":
            dead.append(f"{link} (from {origin})")
    opened.close()
    assert dead == []


@pytest.mark.parametrize("name", OF_THE_README)
def test_the_readmes_picture_can_be_made(name: str, demo: Install, browser: Browser, places: dict[str, str]) -> None:
    opened = Tab(browser, demo.url)
    opened.be(SEATS[OF_THE_README[name]])
    opened.go(places[name])
    if name == "app":
        # The demo's builder changes it half a minute after its first calls; the page says so by itself.
        opened.page.get_by_role("heading", level=1, name="drifted").wait_for(timeout=180_000)
    wanted: Any = os.environ.get("TEST_README_PICTURES")
    folder = (
        ROOT / "docs" / "pictures" if wanted else Path(os.environ.get("TEST_PICTURES") or ROOT / ".cache" / "pictures")
    )
    made = opened.shot(name if wanted else f"readme-{name}", folder=folder, whole=False)
    opened.close()
    assert made.stat().st_size > 10_000


def test_every_picture_of_the_readme_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    for name in OF_THE_README:
        assert f"docs/pictures/{name}.png" in text
        assert (ROOT / "docs" / "pictures" / f"{name}.png").exists()
