"""The portal when something is wrong: two people at once, a server that goes, a session that ends, no network.

What somebody typed is never lost, nothing is done twice, and the page says what it does not know.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.rigs.browser import Tab
from tests.rigs.portal import Builder, Portal, password_of
from tests.rigs.processes import Counting, runs
from tests.rigs.programs import wait_for

pytestmark = [pytest.mark.xdist_group("portal-trouble"), pytest.mark.timeout(300)]

# What one does shows in another's open page within this time.
LIVE_MS = 5_000
# The machine may be busy.
PATIENT_MS = 45_000
# Browsers report refused and broken requests on the console.
AWAY = ("net::ERR", "Failed to load resource", "Failed to fetch")
NOT_ANSWERING = "Handrail does not answer."


@pytest.fixture(scope="module")
def portal(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Counting() as upstream, Portal(tmp_path_factory.mktemp("trouble")) as install:
        install.start(upstream.url, upstream.credential)
        yield install


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a list that can be searched."""
    page.get_by_label(label, exact=True).first.click()
    page.get_by_role("option", name=option).click()


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def said(page: Page, text: str | re.Pattern[str], ms: float = PATIENT_MS) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=ms)


# Two people at once


def test_two_people_edit_an_app_and_the_second_sees_both_sides_and_chooses(portal: Portal, browser: Browser) -> None:
    portal.approve("twice")
    at = "/apps/twice/settings"
    with portal.seat(browser, "carol", at) as carol, portal.seat(browser, "dave", at) as dave:
        dave.page.get_by_label("Title").fill("Daves title")
        choose(dave.page, "Deputy", "Dave Brandt")
        carol.page.get_by_label("Title").fill("Carols title")
        carol.page.get_by_label("Purpose").fill("Carols purpose.")
        button(carol.page, "Save").click()
        said(carol.page, "Saved")
        with dave.expecting("412"):
            button(dave.page, "Save").click()
            said(dave.page, "Carol Adler changed it while you were editing")
        alert = dave.page.get_by_role("alert").filter(has_text="Carol Adler")
        expect(alert).to_contain_text(re.compile(r"Today|\d\d:\d\d"))
        titles = dave.page.get_by_role("group", name="Title")
        expect(titles.get_by_label("Mine: Daves title")).to_be_checked()
        expect(titles.get_by_label("Theirs: Carols title")).not_to_be_checked()
        expect(dave.page.get_by_role("group", name="Purpose")).to_contain_text("Theirs: Carols purpose.")
        expect(dave.page.get_by_role("group", name="Deputy").get_by_label("Mine: Dave Brandt")).to_be_checked()
        assert dave.axe() == []
        dave.shot("trouble-two-edits")
        titles.get_by_label("Theirs: Carols title").check()
        button(dave.page, "Save what I chose").click()
        said(dave.page, "Saved")
        expect(dave.page.get_by_label("Title")).to_have_value("Carols title")
        found = portal.as_("alice")("GET", "/api/v1/apps/twice")
        assert (found["title"], found["purpose"], found["deputy"]) == ("Carols title", "Carols purpose.", "dave")
    # One edit each: nothing was written over.
    assert [event["actor"] for event in portal.events("app.edited")[:2]] == ["dave", "carol"]


def test_taking_all_of_theirs_and_a_third_edit_meanwhile(portal: Portal, browser: Browser) -> None:
    portal.approve("thrice")
    with portal.seat(browser, "dave", "/apps/thrice/settings") as dave:
        carol = portal.as_("carol")
        dave.page.get_by_label("Title").fill("Daves title")
        carol("PATCH", "/api/v1/apps/thrice", {"title": "First"})
        with dave.expecting("412"):
            button(dave.page, "Save").click()
            said(dave.page, "Theirs: First")
            # While he still reads, it changes once more: he is shown that too, and nothing is written over.
            carol("PATCH", "/api/v1/apps/thrice", {"title": "Second"})
            button(dave.page, "Save what I chose").click()
            said(dave.page, "Theirs: Second")
        expect(dave.page.get_by_label("Mine: Daves title")).to_be_checked()
        button(dave.page, "Take all of theirs").click()
        expect(dave.page.get_by_label("Title")).to_have_value("Second", timeout=PATIENT_MS)
    assert portal.as_("alice")("GET", "/api/v1/apps/thrice")["title"] == "Second"


def test_two_people_move_steps_and_the_second_is_shown_the_first_ones(portal: Portal, browser: Browser) -> None:
    portal.approve("moved")
    at = "/apps/moved/flow"
    with portal.seat(browser, "carol", at) as carol, portal.seat(browser, "dave", at) as dave:
        for tab in (carol, dave):
            expect(tab.page.locator(".react-flow__node").first).to_be_visible(timeout=PATIENT_MS)
        carol.page.locator('[data-id="say1"]').focus()
        carol.page.keyboard.press("Shift+ArrowDown")
        said(carol.page, "“Post to Slack” is moved, for everybody")
        layout = "/api/v1/apps/moved/versions/1/layout"
        stored = portal.as_("alice")("GET", layout)
        assert stored["movedBy"] == "carol"
        with dave.expecting("412"):
            dave.page.locator('[data-id="text1"]').focus()
            dave.page.keyboard.press("Shift+ArrowUp")
            said(dave.page, "Carol Adler moved steps meanwhile. You see theirs now")
        dave.shot("trouble-two-moves")
        assert portal.as_("alice")("GET", layout) == stored
        places = '() => [...document.querySelectorAll(".react-flow__node")].map(n => [n.dataset.id, n.style.transform])'
        assert sorted(dave.page.evaluate(places)) == sorted(carol.page.evaluate(places))
        # What he sees now is what he moves from here on.
        dave.page.locator('[data-id="text1"]').focus()
        dave.page.keyboard.press("Shift+ArrowUp")
        said(dave.page, "“Text” is moved, for everybody")
    assert portal.as_("alice")("GET", layout)["movedBy"] == "dave"


REASON = "Please name the channel\nit posts to."


def test_a_reviewers_reason_stays_when_the_builder_takes_the_version_back(portal: Portal, browser: Browser) -> None:
    portal.approve("taken-back")
    review = portal.propose("taken-back", "another text")
    with portal.seat(browser, "bob", f"/reviews/{review['id']}") as bob:
        bob.page.get_by_label("Reason").first.fill(REASON)
        portal.as_("carol")("POST", "/api/v1/apps/taken-back/withdraw", {"environment": "production"})
        said(bob.page, "Carol Adler took back this while you read it.", LIVE_MS)
        expect(bob.page.get_by_role("complementary")).to_contain_text("What you had written")
        expect(bob.page.get_by_role("complementary")).to_contain_text("Please name the channel")
        expect(bob.page.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
        bob.shot("trouble-taken-back")


def test_a_reviewers_reason_stays_when_somebody_else_decides(portal: Portal, browser: Browser) -> None:
    portal.approve("decided")
    review = portal.propose("decided", "another text")
    with portal.seat(browser, "bob", f"/reviews/{review['id']}") as bob:
        bob.page.get_by_label("Reason").first.fill(REASON)
        body = {"environment": "production", "digest": review["digest"], "reason": "Fine."}
        portal.as_("erin")("POST", "/api/v1/apps/decided/approve", body)
        said(bob.page, "Erin Diaz approved this while you read it.", LIVE_MS)
        expect(bob.page.get_by_role("complementary")).to_contain_text("Please name the channel")


def test_what_is_no_longer_in_review_cannot_be_approved_and_that_is_said(portal: Portal, browser: Browser) -> None:
    portal.approve("gone")
    review = portal.propose("gone", "what bob reads")
    with portal.seat(browser, "bob", f"/reviews/{review['id']}") as bob:
        bob.page.get_by_label("Reason").first.fill(REASON)
        # Nobody tells him: he decides about what he has read.
        bob.page.route("**/api/v1/live", lambda route: route.abort())
        bob.context.set_offline(True)
        portal.as_("carol")("POST", "/api/v1/apps/gone/withdraw", {"environment": "production"})
        other = portal.propose("gone", "what bob has not read")
        bob.context.set_offline(False)
        with bob.expecting("409", *AWAY):
            bob.page.get_by_role("button", name=re.compile("^Approve")).first.click()
            said(bob.page, re.compile("What you read is no longer in review|took back this while you read it"))
            said(bob.page, "Please name the channel")
            bob.shot("trouble-gone")
            link = bob.page.get_by_role("link", name="Read the review that is open now").first
            expect(link).to_have_attribute("href", f"/reviews/{other['id']}")
            bob.page.unroute("**/api/v1/live")
    versions = portal.as_("alice")("GET", "/api/v1/apps/gone/versions", environment="production")["items"]
    assert [version["status"] for version in versions if version["number"] > 1] == ["in review", "draft"]


# The server goes


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_an_open_page_outlives_a_restart_of_the_server(portal: Portal, browser: Browser, how: int) -> None:
    app = f"restart-{int(how)}"
    portal.approve(app)
    with portal.seat(browser, "carol", f"/apps/{app}/settings") as carol:
        carol.page.get_by_label("Purpose").fill("Typed before the restart.")
        carol.page.evaluate("() => { window.__here = true }")
        pid = portal.pids()["serve"]
        with carol.expecting(*AWAY, "502", "503"):
            os.kill(pid, how)
            wait_for("serve to end", lambda: not runs(pid))
            said(carol.page, NOT_ANSWERING)
            carol.shot(f"trouble-away-{int(how)}")
            expect(heading(carol.page)).to_have_text(app)
            expect(carol.page.get_by_label("Purpose")).to_have_value("Typed before the restart.")
            # A part that was not read yet waits for the server instead of failing.
            carol.page.get_by_role("link", name="Home", exact=True).hover()
            expect(carol.page.get_by_text(NOT_ANSWERING)).to_have_count(0, timeout=PATIENT_MS)
            wait_for("serve to be back", portal.ready)
        assert carol.page.evaluate("() => window.__here"), "the page was read anew"
        expect(carol.page.get_by_label("Purpose")).to_have_value("Typed before the restart.")
        button(carol.page, "Save").click()
        said(carol.page, "Saved")
        portal.as_("alice")("POST", f"/api/v1/apps/{app}/quarantine", {"reason": "After the restart"})
        expect(heading(carol.page)).to_have_text(f"{app} is quarantined", timeout=LIVE_MS)
    assert portal.as_("alice")("GET", f"/api/v1/apps/{app}")["purpose"] == "Typed before the restart."


# The session ends


def save_in_an_ended_session(portal: Portal, tab: Tab, title: str) -> Any:
    """Type, lose the session, save; return the dialog."""
    tab.page.get_by_label("Title").fill(title)
    tab.page.get_by_label("Purpose").fill(f"Purpose of {title}.")
    # By one key: between press and release of a mouse the page may have noticed by itself, and opened the dialog.
    button(tab.page, "Save").focus()
    portal.end_sessions("dave")
    tab.page.keyboard.press("Enter")
    dialog = tab.page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible(timeout=PATIENT_MS)
    return dialog


def test_what_was_sent_in_an_ended_session_is_sent_once_more_and_only_once(portal: Portal, browser: Browser) -> None:
    portal.approve("ended")
    with portal.seat(browser, "dave", "/apps/ended/settings") as dave, dave.expecting("401"):
        dialog = save_in_an_ended_session(portal, dave, "Typed on")
        expect(dave.page.get_by_label("Title")).to_have_value("Typed on")
        expect(dave.page.get_by_label("Purpose")).to_have_value("Purpose of Typed on.")
        assert dave.axe() == []
        dave.shot("trouble-ended")
        password = dialog.get_by_label("Password of Dave Brandt")
        expect(password).to_be_focused()
        password.fill("not the password")
        button(dialog, "Sign in and go on").click()
        expect(dialog.get_by_role("alert")).to_be_visible(timeout=PATIENT_MS)
        password.fill(password_of("dave"))
        button(dialog, "Sign in and go on").click()
        expect(dialog).to_have_count(0, timeout=PATIENT_MS)
        said(dave.page, "Saved")
        expect(dave.page.get_by_label("Title")).to_have_value("Typed on")
        # "Saved" also stands in what a page says of changes that are not saved yet.
        wait_for(
            "the change to arrive", lambda: portal.as_("alice")("GET", "/api/v1/apps/ended")["title"] == "Typed on"
        )
        found = portal.as_("alice")("GET", "/api/v1/apps/ended")
        assert (found["title"], found["purpose"]) == ("Typed on", "Purpose of Typed on.")
        edits = [event for event in portal.events("app.edited", "dave") if "Typed on" in str(event["facts"])]
        assert len(edits) == 1
        # And the page is told again of what others do.
        portal.as_("alice")("POST", "/api/v1/apps/ended/quarantine", {"reason": "After signing in"})
        expect(heading(dave.page)).to_have_text("ended is quarantined", timeout=LIVE_MS + 2_000)


def test_whoever_does_not_sign_in_again_keeps_what_they_typed(portal: Portal, browser: Browser) -> None:
    portal.approve("not-now")
    with portal.seat(browser, "dave", "/apps/not-now/settings") as dave, dave.expecting("401"):
        dialog = save_in_an_ended_session(portal, dave, "Later")
        dialog.get_by_text("Not now").click()
        expect(dave.page.get_by_label("Title")).to_have_value("Later", timeout=PATIENT_MS)
        assert portal.events("app.edited", "dave")[0]["facts"].get("title", ["", ""])[1] != "Later"
        dialog = dave.page.get_by_role("dialog", name="Your session has ended")
        if dialog.count() == 0:
            button(dave.page, "Save").click()
        expect(dialog).to_be_visible(timeout=PATIENT_MS)
        dialog.get_by_label("Password of Dave Brandt").fill(password_of("dave"))
        button(dialog, "Sign in and go on").click()
        expect(dialog).to_have_count(0, timeout=PATIENT_MS)
        if button(dave.page, "Save").is_enabled():
            button(dave.page, "Save").click()
        said(dave.page, "Saved")
    assert portal.as_("alice")("GET", "/api/v1/apps/not-now")["title"] == "Later"


# No network, and answers that are late or wrong


def test_a_page_without_network_says_what_is_missing_and_recovers(portal: Portal, browser: Browser) -> None:
    portal.approve("offline")
    with portal.seat(browser, "carol", "/apps/offline") as carol, carol.expecting(*AWAY):
        carol.page.evaluate("() => { window.__here = true }")
        carol.context.set_offline(True)
        carol.page.get_by_role("link", name=re.compile("^Reviews")).first.click()
        said(carol.page, NOT_ANSWERING)
        carol.shot("trouble-offline")
        assert carol.page.evaluate("() => window.__here"), "the browser's own page is shown"
        carol.context.set_offline(False)
        expect(heading(carol.page)).to_have_text(re.compile("review|version", re.IGNORECASE), timeout=PATIENT_MS)
        carol.settle()
        expect(carol.page.get_by_text(NOT_ANSWERING)).to_have_count(0, timeout=PATIENT_MS)


def test_a_form_that_is_saved_without_network_loses_nothing(portal: Portal, browser: Browser) -> None:
    portal.approve("offline-form")
    with portal.seat(browser, "carol", "/apps/offline-form/settings") as carol, carol.expecting(*AWAY):
        carol.page.get_by_label("Title").fill("Kept")
        carol.context.set_offline(True)
        button(carol.page, "Save").click()
        expect(carol.page.get_by_role("alert")).to_contain_text(NOT_ANSWERING, timeout=PATIENT_MS)
        expect(carol.page.get_by_label("Title")).to_have_value("Kept")
        carol.context.set_offline(False)
        button(carol.page, "Save").click()
        said(carol.page, "Saved")
    assert portal.as_("alice")("GET", "/api/v1/apps/offline-form")["title"] == "Kept"
    assert len([event for event in portal.events("app.edited", "carol") if "Kept" in str(event["facts"])]) == 1


PROBLEM = (
    '{"type": "about:blank", "title": "Internal Server Error", "status": 500, "code": "internal_error",'
    ' "detail": "Something of ours failed.", "fix": "Try again.", "requestId": "0190abcd-1234-7000-8000-0123456789ab"}'
)
# Remembers when something was loading, and when grey bars were first shown.
WATCH = """() => {
  window.__busy = window.__bars = 0;
  const look = () => {
    if (!window.__busy && document.querySelector('main [aria-busy=true]')) window.__busy = performance.now();
    if (!window.__bars && document.querySelector('main [role=status][aria-busy=true]'))
      window.__bars = performance.now();
    requestAnimationFrame(look);
  };
  look();
}"""


def test_one_part_that_fails_leaves_the_rest_of_the_page_and_can_be_tried_again(
    portal: Portal, browser: Browser
) -> None:
    with portal.seat(browser, "carol", "/catalog") as carol, carol.expecting("500"):
        carol.page.route(
            "**/api/v1/home",
            lambda route: route.fulfill(status=500, content_type="application/problem+json", body=PROBLEM),
        )
        carol.go("/")
        alert = carol.page.get_by_role("alert").first
        expect(alert).to_contain_text("We can\u2019t read", timeout=PATIENT_MS)
        expect(alert).to_contain_text("Something of ours failed.")
        expect(button(alert, "0190abcd-1234")).to_be_visible()
        # The others answer, and are shown.
        expect(carol.page.get_by_text("You own no app")).to_be_visible()
        assert carol.axe() == []
        carol.shot("trouble-500")
        button(alert, "0190abcd-1234").click()
        said(carol.page, "Copied")
        assert carol.page.evaluate("() => navigator.clipboard.readText()") == "0190abcd-1234-7000-8000-0123456789ab"
        carol.page.unroute("**/api/v1/home")
        button(alert, "Try again").click()
        expect(carol.page.get_by_text("We can\u2019t read")).to_have_count(0, timeout=PATIENT_MS)


def test_grey_bars_are_shown_only_for_what_takes_longer_than_300_ms(portal: Portal, browser: Browser) -> None:
    with portal.seat(browser, "carol", "/catalog") as carol:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        carol.page.route("**/api/v1/home", hold)
        carol.page.evaluate(WATCH)
        carol.page.get_by_role("link", name="Home", exact=True).first.click()
        wait_for("the request", lambda: bool(carol.page.wait_for_timeout(20) or held))
        expect(carol.page.get_by_role("status", name="Loading").first).to_be_visible(timeout=PATIENT_MS)
        busy, bars = carol.page.evaluate("() => [window.__busy, window.__bars]")
        assert bars - busy >= 280
        expect(carol.page.get_by_text("You own no app")).to_be_visible()
        carol.shot("trouble-slow")
        for route in held:
            route.continue_()
        carol.settle()
        expect(carol.page.get_by_role("status", name="Loading")).to_have_count(0)


# Live


def test_what_one_does_shows_in_anothers_open_page_by_itself(portal: Portal, browser: Browser) -> None:
    portal.approve("watched")
    alice = portal.as_("alice")
    with Builder("Good morning") as builder, portal.seat(browser, "carol", "/apps/watched") as carol:
        carol.page.evaluate("() => { window.__here = true }")
        took: dict[str, float] = {}

        def shows(what: str, title: str) -> None:
            began = time.monotonic()
            expect(heading(carol.page)).to_have_text(re.compile(title), timeout=PATIENT_MS)
            took[what] = time.monotonic() - began

        alice("POST", "/api/v1/apps/watched/quarantine", {"reason": "Looks odd"})
        shows("hold", "watched is quarantined")
        said(carol.page, "“Looks odd”")
        alice("DELETE", "/api/v1/apps/watched/quarantine")
        shows("lift", "^watched$")
        source = {"name": "shop-floor", "url": builder.url, "app": "watched", "network": "private", "intervalS": 1}
        alice("POST", "/api/v1/sources", {**source, "token": "any"})
        running = "/api/v1/apps/watched/running"
        wait_for("the first look", lambda: bool(alice("GET", running)["items"]))
        builder.text = "Good evening"
        wait_for("the drift to be noticed", lambda: alice("GET", "/api/v1/apps/watched")["versions"][0]["number"] == 2)
        shows("drift", "watched drifted")
        carol.shot("trouble-drift")
        review = portal.as_("carol")("POST", "/api/v1/apps/watched/submit", {"environment": "production"})
        body = {"environment": "production", "digest": review["digest"]}
        portal.as_("bob")("POST", "/api/v1/apps/watched/approve", body)
        shows("approval", "^watched$")
        assert carol.page.evaluate("() => window.__here")
    assert max(took.values()) < LIVE_MS / 1000, took


# Links


def test_a_link_leads_on_after_signing_in(portal: Portal, browser: Browser) -> None:
    tab = Tab(browser, portal.url)
    with tab.expecting("401"):
        tab.go("/apps/standup/versions?environment=production")
        tab.page.wait_for_url("**/sign-in?next=*")
        tab.page.get_by_label("Name", exact=True).fill("carol")
        tab.page.get_by_label("Password", exact=True).fill(password_of("carol"))
        button(tab.page, "Sign in").click()
        tab.page.wait_for_url("**/apps/standup/versions?environment=production")
        tab.settle()
        expect(heading(tab.page)).to_have_text("standup")
    tab.close()


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:window.__pwned=1",
        "data:text/html,x",
        "https:evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "http://127.0.0.1:1/",
    ],
)
def test_no_link_leads_elsewhere_after_signing_in(portal: Portal, browser: Browser, next_: str) -> None:
    from urllib.parse import quote

    tab = Tab(browser, portal.url)
    with tab.expecting("401"):
        tab.go(f"/sign-in?next={quote(next_, safe='')}")
        tab.page.get_by_label("Name", exact=True).fill("carol")
        tab.page.get_by_label("Password", exact=True).fill(password_of("carol"))
        button(tab.page, "Sign in").click()
        tab.page.wait_for_url(lambda url: "/sign-in" not in url)
        tab.settle()
        assert tab.page.url.startswith(f"{portal.url}/")
        assert tab.page.evaluate("() => window.__pwned") is None
    tab.close()
