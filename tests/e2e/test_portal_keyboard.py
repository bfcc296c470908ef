"""The story without a mouse: Tab, arrows, Enter, Space, typing and Ctrl+K; the focus is seen wherever it goes.

Joining, connecting, bringing a flow, its review, a roll-back and a quarantine. Waiting for sources is left to the story
by mouse.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.rigs.hands import Keyboard
from tests.rigs.processes import Install
from tests.rigs.story import APP, TEAM, Story, flow, new_story

pytestmark = [pytest.mark.xdist_group("portal-keyboard"), pytest.mark.timeout(600)]

FIRST, CHANGED, THIRD = "An entry.", "An entry with its cost centre.", "An entry with its cost centre and month."


@pytest.fixture(scope="module")
def story(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with new_story(Install(tmp_path_factory.mktemp("keyboard")), browser, Keyboard) as told:
        yield told


def test_the_story_needs_no_mouse(story: Story) -> None:
    first_link = story.install.up()["join"]
    with story.told("keyboard"):
        people_join(story, first_link)
        story.connect("mara")
        brought_refused_and_changed(story)
        rolled_back(story)
        held_and_lifted(story)


def people_join(story: Story, first_link: str) -> None:
    mara = story.join(first_link, "mara", "Mara Voss", "Set up Handrail")
    link = story.invited(mara, ("Viewer", "All teams"))
    story.join(link, "jonas", "Jonas Weber", "Join Handrail")
    story.add_team("mara")
    story.give_role("mara", "Jonas Weber", "Reviewer", "approve and refuse")
    story.join(story.invite("mara", ("Builder", TEAM)), "lena", "Lena Fuchs", "Join Handrail")


def brought_refused_and_changed(story: Story) -> None:
    lena, jonas = story.people["lena"], story.people["jonas"]
    story.adopt("lena", flow(story.install.hub, FIRST), "The ledger is filled by hand today.", "Mara Voss")
    lena.press("link", "See the review")
    expect(lena.find("button", re.compile("^Approve "))).to_be_disabled()
    lena.go("Home")
    story.open_review("jonas", 1)
    reason = "The entry needs its cost centre."
    story.refuse("jonas", 1, reason)
    lena.sees(f"Jonas Weber refused it: “{reason}”")
    lena.press("link", f"See what to change: Change {APP} version 1, then propose it again")
    story.upload("lena", 2, flow(story.install.hub, CHANGED))
    story.propose("lena", 2, "With its cost centre now.")
    jonas.go("Home")
    story.open_review("jonas", 2)
    story.approve("jonas", 2)
    story.add_client("lena")
    story.passes()


def rolled_back(story: Story) -> None:
    lena, jonas = story.people["lena"], story.people["jonas"]
    story.open_versions("lena")
    story.upload("lena", 3, flow(story.install.hub, THIRD))
    story.propose("lena", 3, "And the month.")
    jonas.go("Home")
    story.open_review("jonas", 3)
    story.approve("jonas", 3)
    story.say_it_runs("lena", 3)
    story.roll_back("lena", 2, 3)
    lena.tab.shot("keyboard-rolled-back")
    story.passes()


def held_and_lifted(story: Story) -> None:
    mara = story.people["mara"]
    held = story.token()
    reason = "The entries of May look doubled."
    story.quarantine("mara", reason)
    mara.tab.shot("keyboard-quarantined")
    story.is_refused(held, "quarantined")
    story.lift("mara", reason)
    story.passes()
    mara.pick("Mara Voss", "Sign out")
    mara.page.wait_for_url(re.compile("/sign-in"))
