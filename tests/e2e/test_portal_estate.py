"""What people built, from the folder on their machine to a registered app: dropped, found, opened, mended, registered.

The same folder again is nothing new; a batch that fails loses nothing; every step works from the keyboard.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.rigs.browser import Tab
from tests.rigs.found_flows import CUT, FOLDER, LEAKING, OPEN, folder
from tests.rigs.processes import Install

pytestmark = [pytest.mark.xdist_group("portal"), pytest.mark.timeout(300)]

SEAT, TEAM = "Platform engineer", "Finance"
DROP = """async ([files, target]) => {
  const held = new DataTransfer();
  for (const [name, text] of files) held.items.add(new File([text], name, {type: 'application/json'}));
  const over = document.querySelector(target);
  for (const kind of ['dragenter', 'dragover', 'drop'])
    over.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: held}));
}"""


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    for path, text in folder().items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root / FOLDER


@pytest.fixture
def tab(demo: Install, browser: Browser) -> Iterator[Tab]:
    opened = Tab(browser, demo.url)
    opened.be(SEAT)
    yield opened
    assert opened.complaints == []
    assert opened.foreign == []
    opened.close()


def give(tab: Tab, files: Path) -> None:
    """Choose a folder at the estate's page, for a team."""
    tab.go("/estate")
    more = tab.page.get_by_role("button", name="Add files")
    if more.count():
        more.click()
    team = tab.page.get_by_role("combobox", name="For the team")
    team.click()
    tab.page.get_by_role("option", name=TEAM, exact=True).click()
    tab.page.get_by_label("Choose a folder").set_input_files(str(files))


def said(tab: Tab, text: str) -> None:
    expect(tab.page.get_by_role("region", name="What is being read")).to_contain_text(text)


def test_a_folder_becomes_an_inventory_and_a_found_flow_an_app(tab: Tab, on_disk: Path, tmp_path: Path) -> None:
    page = tab.page
    give(tab, on_disk)
    said(tab, "2 definitions found")
    said(tab, "1 file could not be read")
    said(tab, CUT)
    said(tab, "Left out: 1 file of other kinds (.txt)")
    give(tab, on_disk)
    said(tab, "Nothing new: every file is as it was.")

    # The inventory: filters stand in the address, rows are walked by keyboard.
    page.get_by_role("link", name="Inventory", exact=True).click()
    tab.settle()
    page.get_by_role("checkbox", name=re.compile("Leaks data")).click()
    expect(page).to_have_url(re.compile("risk=leak"))
    page.get_by_label("Search the inventory").fill(LEAKING)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 definition fits")
    page.get_by_label("Search the inventory").press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/estate/definitions/.+"))
    tab.settle()
    leak_is_lit(tab)

    tab.go("/estate/definitions")
    page.get_by_label("Search the inventory").fill(OPEN)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 definition fits")
    page.get_by_role("link", name=OPEN).first.click()
    page.wait_for_url(re.compile("/estate/definitions/.+"))
    tab.settle()
    mended = preview(tab, tmp_path)
    assert mended["name"] == OPEN
    register(tab)


def leak_is_lit(tab: Tab) -> None:
    """The way is lit in the drawing, told as a list, and each finding chooses its step; all by keyboard."""
    page = tab.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("lets data out in one way")
    chosen = page.locator("[data-finding][aria-expanded=true]")
    expect(chosen).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("New mail.* enters|enters.*New mail"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("leaves.*Tell the chat"))).to_be_visible()
    way = page.locator("ol", has=page.get_by_role("button", name="Shorten", exact=True)).last
    expect(way.get_by_role("listitem")).to_have_count(3)
    way.get_by_role("button", name="Shorten", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__node[aria-pressed=true]")).to_contain_text("Shorten")
    chosen.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-finding]").nth(1)).to_have_attribute("aria-expanded", "true")
    # The same without a drawing.
    page.get_by_role("radiogroup", name="How the flow is shown").get_by_text("Steps", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="Tell the chat").first).to_contain_text("leaves")
    page.get_by_role("radiogroup", name="How the flow is shown").get_by_text("Drawing", exact=True).click()


def preview(tab: Tab, folder: Path) -> dict[str, object]:
    page = tab.page
    page.get_by_role("button", name=re.compile("^Preview (the fix|all)")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile("It ends \\d+ findings?"))
    expect(dialog.get_by_role("region", name="The change of the file")).to_contain_text("+")
    assert tab.axe() == []
    tab.shot("estate-fix", whole=False)
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download the mended file").click()
    target = folder / "mended.json"
    download.value.save_as(target)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    mended: dict[str, object] = json.loads(target.read_text())
    return mended


def register(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Register", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("open-endpoint")
    dialog.get_by_role("button", name="Register open-endpoint").click()
    expect(dialog.get_by_text("Say in a sentence what it is for.")).to_be_visible()
    dialog.get_by_label("Purpose").fill("Writes each order down.")
    assert tab.axe() == []
    dialog.get_by_role("button", name="Register open-endpoint").click()
    page.wait_for_url(re.compile("/apps/open-endpoint"))
    tab.go(f"/estate/definitions?q={OPEN}&registered=true")
    expect(page.get_by_role("link", name="open-endpoint", exact=True)).to_be_visible()


def test_a_batch_that_fails_waits_and_loses_nothing(tab: Tab, on_disk: Path) -> None:
    page = tab.page
    page.route("**/api/v1/estate/files", lambda route: route.abort())
    changed = on_disk / "open.json"
    changed.write_text(changed.read_text().replace("Write it down", "Write it elsewhere"))
    with tab.expecting("Failed to load resource", "ERR_FAILED"):
        give(tab, on_disk)
        said(tab, "Stopped. Nothing is lost")
        page.unroute("**/api/v1/estate/files")
        page.get_by_role("button", name="Try again").click()
        said(tab, "1 definition found")


def test_files_dropped_on_the_page_wait_for_a_team(tab: Tab) -> None:
    page = tab.page
    tab.go("/estate")
    page.evaluate(DROP, [[["dropped.json", '{"nodes": [']], "main h2"])
    expect(page.get_by_text("Choose the team first, then drop.")).to_be_visible()
    page.get_by_role("combobox", name="For the team").click()
    page.get_by_role("option", name=TEAM, exact=True).click()
    said(tab, "1 file could not be read")
    said(tab, "dropped.json")
