"""The whole story by mouse: from the first link of an empty install to an app that was retired.

Everything is done in the portal, but for what happens outside of it: the app calls, and its builder edits the flow in a
tool of their own.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.rigs.hands import Mouse
from tests.rigs.processes import Install
from tests.rigs.programs import wait_for
from tests.rigs.story import APP, CONNECTION, TEAM, Builder, Story, flow, new_story, password

pytestmark = [pytest.mark.xdist_group("portal-story"), pytest.mark.timeout(600)]

FIRST, CHANGED, THIRD = "An entry.", "An entry with its cost centre.", "An entry with its cost centre and month."
# What changes something: people who may not do it are offered none of it.
ACTS = re.compile(
    r"^(Approve|Refuse|Quarantine|Lift|Retire|Propose|Withdraw|Roll back|Say it|Bring|Upload|Add|Apply|New|Set|Seal|"
    r"Invite|Give|Make|Take|Save$|Revoke|Remove|Change|Hand over|Name one|End this|Register|Disable|Watch|Look now)\b"
)


@pytest.fixture(scope="module")
def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with new_story(Install(tmp_path_factory.mktemp("story")), browser, Mouse) as told:
        yield told


def test_from_an_empty_install_to_a_retired_app(story: Story) -> None:
    with story.told("story"):
        first_link = story.install.up()["join"]
        people_join(story, first_link)
        story.connect("mara")
        nobody_approves_their_own(story)
        refused_then_changed(story)
        the_app_calls(story)
        nobody_is_offered_what_is_refused(story)
        rolled_back_in_the_portal(story)
        with Builder("read-only-token", flow(story.install.hub, CHANGED)) as builder:
            drifts_and_is_put_back(story, builder)
        held_and_lifted(story)
        retired(story)
        all_of_it_is_in_the_audit(story)


def people_join(story: Story, first_link: str) -> None:
    mara = story.join(first_link, "mara", "Mara Voss", "Set up Handrail")
    assert mara.page.url.endswith("/start")
    mara.titled(re.compile("^Let.s find out what runs"))
    mara.sees("Invite a second person")
    mara.tab.shot("story-start")

    # The second person begins as somebody who only looks.
    link = story.invited(mara, ("Viewer", "All teams"))
    mara.tab.shot("story-invited")
    jonas = story.join(link, "jonas", "Jonas Weber", "Join Handrail")
    jonas.titled("Nothing needs you")
    # The step ticks itself.
    mara.sees("Somebody else can review what you bring.")

    # A link works once.
    with jonas.tab.expecting("404", "409"):
        again = jonas.page.context.new_page()
        again.goto(link)
        expect(again.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
        again.close()

    story.add_team("mara")
    lena_link = story.invite("mara", ("Builder", TEAM), ("Reviewer", TEAM))
    story.join(lena_link, "lena", "Lena Fuchs", "Join Handrail")
    otto_link = story.invite("mara", ("Auditor", "All teams"))
    story.join(otto_link, "otto", "Otto Brandt", "Join Handrail")
    vera_link = story.invite("mara", ("Viewer", TEAM))
    story.join(vera_link, "vera", "Vera Lang", "Join Handrail")

    # An admin has nothing to give themselves.
    mara.go("People")
    mara.press("button", re.compile("Mara Voss"), mara.main)
    own = mara.dialog("Mara Voss")
    mara.sees("These are your own roles", own)
    expect(own.get_by_role("button", name=re.compile("Make them|Take the role|Disable"))).to_have_count(0)
    mara.press("button", "Close", own)
    story.give_role("mara", "Jonas Weber", "Reviewer", "approve and refuse")

    mara.press("link", "What roles may do")
    decides = mara.find("row", re.compile("^Approve and refuse"))
    expect(decides).to_be_visible()
    mara.tab.shot("story-roles")
    heads = [head.inner_text().split("\n")[0] for head in mara.page.get_by_role("columnheader").all()]
    marks = [cell.inner_text() for cell in decides.get_by_role("cell").all()]
    says = dict(zip(heads[-len(marks) :], marks, strict=True))
    assert {role for role, mark in says.items() if mark == "yes"} == {"Reviewer", "Steward"}, says


def nobody_approves_their_own(story: Story) -> None:
    lena = story.people["lena"]
    story.adopt("lena", flow(story.install.hub, FIRST), "The ledger is filled by hand today.", "Mara Voss")
    lena.press("link", "See the review")
    lena.titled(f"{APP} v1 wants to run in production")
    # She is a reviewer of the team too, which changes nothing.
    lena.sees(re.compile("You are its .*submitter.* Nobody approves their own change"))
    approve = lena.find("button", re.compile("^Approve "))
    expect(approve).to_be_disabled()
    lena.tab.shot("story-own-change")


def refused_then_changed(story: Story) -> None:
    lena, jonas = story.people["lena"], story.people["jonas"]
    lena.go("Home")
    lena.sees("Jonas Weber", lena.page.get_by_role("complementary"))
    jonas.go("Home")
    story.open_review("jonas", 1)
    jonas.sees("The ledger is filled by hand today.")
    jonas.sees("Add an entry")
    jonas.tab.shot("story-review-first")
    reason = "The entry needs its cost centre."
    story.refuse("jonas", 1, reason)
    jonas.tab.shot("story-refused")

    # Said to her at home, without a reload.
    lena.sees(f"Jonas Weber refused it: “{reason}”")
    lena.tab.shot("story-home-refused")
    lena.press("link", f"See what to change: Change {APP} version 1, then propose it again")
    story.upload("lena", 2, flow(story.install.hub, CHANGED))
    story.propose("lena", 2, "With its cost centre now.")
    jonas.go("Home")
    story.open_review("jonas", 2)
    jonas.sees("With its cost centre now.")
    story.approve("jonas", 2)
    jonas.tab.shot("story-in-force")

    lena.open_app(APP)
    expect(lena.main.locator("[aria-current=step]")).to_contain_text("Operating")


def the_app_calls(story: Story) -> None:
    lena = story.people["lena"]
    story.add_client("lena")
    lena.open_app(APP)
    lena.sees(re.compile("we don.t know whether it"))
    assert story.call() == (200, "")
    assert story.upstream.accepted == 1
    # The page shows it by itself.
    calls = lena.find("region", "Calls")
    lena.sees("Answered", calls, timeout_s=90)
    lena.tab.shot("story-calls")


def nobody_is_offered_what_is_refused(story: Story) -> None:
    for name in ("vera", "otto"):
        hands = story.people[name]
        offered: list[str] = []
        for path in (
            "/",
            "/catalog",
            f"/apps/{APP}",
            f"/apps/{APP}/versions",
            f"/apps/{APP}/connections",
            f"/apps/{APP}/settings",
            "/connectors",
            f"/connections/{CONNECTION}",
            "/credentials",
            "/sources",
            "/people",
            "/settings",
        ):
            with hands.tab.expecting("403"):
                hands.tab.go(path)
            buttons = (
                hands.page.get_by_role("main")
                .get_by_role("button")
                .or_(hands.page.get_by_role("main").get_by_role("link"))
            )
            names = [text.strip() for text in buttons.filter(visible=True).all_inner_texts()]
            offered += [f"{path}: {text}" for text in names if ACTS.match(text)]
        assert offered == [], f"{name} is offered {offered}"


def rolled_back_in_the_portal(story: Story) -> None:
    lena, jonas = story.people["lena"], story.people["jonas"]
    story.open_versions("lena")
    story.upload("lena", 3, flow(story.install.hub, THIRD))
    story.propose("lena", 3, "And the month.")
    jonas.go("Home")
    story.open_review("jonas", 3)
    story.approve("jonas", 3)
    story.passes()
    # Approved is not running: she says so, and takes it back.
    story.say_it_runs("lena", 3)
    story.passes()
    story.roll_back("lena", 2, 3)
    lena.tab.shot("story-rolled-back")
    story.passes()


def drifts_and_is_put_back(story: Story, builder: Builder) -> None:
    mara, lena = story.people["mara"], story.people["lena"]
    mara.go("Sources")
    mara.titled("Nothing is watched where it runs")
    mara.press("button", "Add a source")
    dialog = mara.dialog("Add a source")
    mara.write("Name", "office", dialog)
    mara.write("Address", builder.url, dialog)
    mara.write("Token", "read-only-token", dialog)
    mara.write("App", APP, dialog)
    mara.choose("Network", "Private addresses allowed", dialog)
    mara.write("Seconds between looks", "1", dialog)
    mara.press("button", "Check it", dialog)
    mara.sees("This would happen", dialog)
    mara.press("button", "Watch it", dialog)
    mara.titled("One builder is watched")
    mara.tab.shot("story-source")

    lena.open_app(APP)
    lena.sees(re.compile("Read from office"))
    story.passes()
    held = story.token()

    # Somebody edits the flow where it runs.
    builder.steps = flow(story.install.hub, CHANGED, closes=True)
    lena.titled(f"{APP} drifted: what runs was never approved")
    lena.tab.shot("story-drifted")
    before = story.upstream.accepted
    story.is_refused(held, "version_not_approved")
    assert story.upstream.accepted - before <= 3
    lena.press("link", "See what changed")
    lena.sees("New step 'Close the month'")
    lena.sees(f"It may now use connection {CONNECTION}: month.close")
    lena.tab.shot("story-difference")

    # It is put back where it runs, because that is where the truth is.
    lena.sees(re.compile("put it back in office"))
    builder.steps = flow(story.install.hub, CHANGED)
    lena.titled(APP)
    story.passes()


def held_and_lifted(story: Story) -> None:
    mara, lena = story.people["mara"], story.people["lena"]
    lena.open_app(APP)
    held = story.token()
    reason = "The entries of May look doubled."
    story.quarantine("mara", reason)
    mara.tab.shot("story-quarantined")
    story.is_refused(held, "quarantined")
    # Whoever looks at it sees it at once.
    lena.titled(f"{APP} is quarantined")
    lena.sees(f"“{reason}”")
    story.lift("mara", reason)
    lena.titled(APP)
    story.passes()


def retired(story: Story) -> None:
    lena = story.people["lena"]
    held = story.token()
    lena.open_app(APP)
    lena.pick("More actions", "Retire")
    lena.press("button", "Retire")
    dialog = lena.dialog(f"Retire {APP}?")
    lena.sees("client signs in with it", dialog)
    lena.sees(re.compile("calls in the last 24 hours"), dialog)
    lena.tab.shot("story-retire")
    lena.write("Reason", "The ledger does it by itself now.", dialog)
    lena.press("button", "Retire", dialog)
    lena.titled(f"{APP} is retired")
    wait_for("its calls to be refused", lambda: story.call_with(held)[0] in {401, 403}, 30, 0.2)
    lena.sees("“The ledger does it by itself now.”")


def all_of_it_is_in_the_audit(story: Story) -> None:
    otto = story.people["otto"]
    otto.go("Audit")
    otto.titled("Everything that was done, newest first")
    while otto.find("button", "More").count():
        otto.press("button", "More")
        otto.page.wait_for_timeout(300)
    told = otto.page.get_by_role("main").inner_text()
    otto.tab.shot("story-audit")
    for who in ("Mara Voss", "Jonas Weber", "Lena Fuchs"):
        assert who in told
    for reason in (
        "The entry needs its cost centre.",
        "The entries of May look doubled.",
        "The ledger does it by itself now.",
    ):
        assert reason in told, reason
    # Each thing is told in words; an action without any would stand there by its name.
    assert re.findall(r"\b[a-z_]+\.[a-z_]+\b", told) == []
    otto.press("button", "Verify the chain")
    dialog = otto.dialog("Verify the chain")
    otto.press("button", "Verify it", dialog)
    otto.sees(re.compile("rows are intact"), dialog)
    otto.act(otto.find("button", "Leave", dialog).last)
    otto.pick("Otto Brandt", "Sign out")
    otto.page.wait_for_url(re.compile("/sign-in"))
    # Signed out, an address leads to the sign-in, and from there to where it meant.
    with otto.tab.expecting("401"):
        otto.page.goto(f"{story.install.url}/audit")
        otto.page.wait_for_url(re.compile(r"/sign-in\?next=%2Faudit$"))
        otto.write("Name", "otto")
        otto.write("Password", password("otto"))
        otto.press("button", "Sign in")
        otto.titled("Everything that was done, newest first")
