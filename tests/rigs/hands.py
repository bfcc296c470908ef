"""How a person works a page: by mouse or by keyboard alone, finding everything by role and label."""

import re
from abc import ABC, abstractmethod
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect
from tests.rigs.browser import Tab

Name = str | re.Pattern[str]

# More presses than a page has places to stop at.
_FAR = 250
# What is longer is pasted, as a person would.
_TYPED = 120
_FIELDS = "input, textarea, select"

# Where the focus is, seen from an element: here, before it or after it.
_WHERE = """element => {
  const active = document.activeElement;
  if (active === element) return 'here';
  if (!active || active === document.body) return 'before';
  return active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING ? 'after' : 'before';
}"""
# Why a person could not tell that an element has the focus; empty when they can.
_UNSEEN = """element => {
  let ring = false;
  for (let each = element, up = 0; each && up < 3; each = each.parentElement, up += 1) {
    const style = getComputedStyle(each);
    ring ||= style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && each.matches(':focus-within');
  }
  if (!ring) return 'has no ring';
  const box = element.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right <= left || bottom <= top) return 'is outside of the window';
  for (const x of [0.5, 0.1, 0.9]) for (const y of [0.5, 0.1, 0.9]) {
    const top_most = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    if (top_most && (element.contains(top_most) || top_most.contains(element))) return '';
  }
  return 'is covered';
}"""
_DESCRIBED = "() => document.activeElement?.outerHTML.slice(0, 160) ?? ''"


class Hands(ABC):
    """One person at one tab."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    @property
    def page(self) -> Page:
        return self.tab.page

    @property
    def main(self) -> Locator:
        """The page without the side that all pages share."""
        return self.page.get_by_role("main")

    # What is there

    def find(self, role: str, name: Name, within: Locator | None = None) -> Locator:
        """Return what has this role and name and can be seen; it must be one."""
        exact = isinstance(name, str)
        return (within or self.page).get_by_role(role, name=name, exact=exact).filter(visible=True)  # type: ignore[arg-type]

    def field(self, label: Name, within: Locator | None = None) -> Locator:
        """Return the field with this label."""
        exact = isinstance(label, str)
        found = (within or self.page).get_by_label(label, exact=exact)
        return found.and_(self.page.locator(_FIELDS)).filter(visible=True)

    def dialog(self, title: Name) -> Locator:
        """Return the open dialog with this title."""
        found = self.find("dialog", title)
        expect(found).to_be_visible()
        return found

    def sees(self, text: Name, within: Locator | None = None, timeout_s: float = 30) -> None:
        """Wait until a text can be read, without doing anything."""
        found = (within or self.page).get_by_text(text).filter(visible=True).first
        expect(found).to_be_visible(timeout=timeout_s * 1000)

    def titled(self, title: Name, timeout_s: float = 30) -> None:
        """Wait until the page has this title, without doing anything."""
        found = self.page.get_by_role("heading", level=1)
        expect(found).to_have_text(title, timeout=timeout_s * 1000)

    # What can be done

    def press(self, role: str, name: Name, within: Locator | None = None) -> None:
        """Press a button, follow a link, tick a box."""
        self.act(self.find(role, name, within))

    @abstractmethod
    def act(self, target: Locator) -> None:
        """Do what a click does."""

    @abstractmethod
    def write(self, label: Name, text: str, within: Locator | None = None) -> None:
        """Write into a field, in place of what stands there."""

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Choose one of a field's options by what it says."""
        self.choose_in(self.field(label, within), option)

    @abstractmethod
    def choose_in(self, field: Locator, option: str) -> None:
        """The same for a field that was found."""

    @abstractmethod
    def pick(self, menu: Name, item: str) -> None:
        """Open a menu by its button and choose what it offers."""

    @abstractmethod
    def give(self, name: str, content: bytes) -> None:
        """Give the page's drop zone a file."""

    @abstractmethod
    def go(self, place: str) -> None:
        """Go to one of the portal's places by its name."""

    @abstractmethod
    def open_app(self, name: str) -> None:
        """Go to an app's page."""

    def _is_native(self, field: Locator) -> bool:
        return field.evaluate("element => element.tagName") == "SELECT"

    def _give(self, opener: Locator, file: FilePayload) -> None:
        with self.page.expect_file_chooser() as chosen:
            self.act(opener)
        chosen.value.set_files(file)


class Mouse(Hands):
    """Clicks."""

    def act(self, target: Locator) -> None:
        target.click()

    def write(self, label: Name, text: str, within: Locator | None = None) -> None:
        field = self.field(label, within)
        field.click()
        field.fill(text)

    def choose_in(self, field: Locator, option: str) -> None:
        if self._is_native(field):
            field.select_option(label=option)
            return
        field.click()
        self.find("option", re.compile(f"^{re.escape(option)}")).click()

    def pick(self, menu: Name, item: str) -> None:
        self.press("button", menu)
        self.press("menuitem", item)

    def give(self, name: str, content: bytes) -> None:
        file = self.page.evaluate_handle(
            """([name, text]) => {
              const data = new DataTransfer();
              data.items.add(new File([text], name, { type: 'application/json' }));
              return data;
            }""",
            [name, content.decode()],
        )
        zone = self.page.get_by_text(re.compile("^Drop the .*file here$"))
        zone.dispatch_event("dragover", {"dataTransfer": file})
        zone.dispatch_event("drop", {"dataTransfer": file})

    def go(self, place: str) -> None:
        side = self.page.get_by_role("navigation", name="Main", exact=True)
        side.get_by_role("link", name=place, exact=True).click()
        self.tab.settle()

    def open_app(self, name: str) -> None:
        self.go("Catalog")
        self.page.get_by_role("link", name=name, exact=True).filter(visible=True).first.click()
        self.page.wait_for_url(re.compile(f"/apps/{name}$"))
        self.tab.settle()


class Keyboard(Hands):
    """Tab and its way back, arrows, Enter, Space, typing and Ctrl+K; whatever has the focus must show it."""

    def reach(self, target: Locator) -> None:
        """Move the focus to an element, a place at a time, and see that it is there."""
        expect(target).to_be_visible()
        expect(target).to_be_enabled()
        way: list[str] = []
        for _ in range(_FAR):
            where = target.evaluate(_WHERE)
            if where == "here":
                unseen = target.evaluate(_UNSEEN)
                assert unseen == "", f"the focus on {target} {unseen}"
                return
            self.page.keyboard.press("Shift+Tab" if where == "after" else "Tab")
            way.append(self.page.evaluate(_DESCRIBED))
        raise AssertionError(f"the focus never reaches {target}; it was last on\n" + "\n".join(way[-4:]))

    def act(self, target: Locator) -> None:
        self.reach(target)
        ticked = target.evaluate("element => ['checkbox', 'radio'].includes(element.type)")
        self.page.keyboard.press("Space" if ticked else "Enter")

    def write(self, label: Name, text: str, within: Locator | None = None) -> None:
        self.reach(self.field(label, within))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        if len(text) > _TYPED:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.type(text)

    def choose_in(self, field: Locator, option: str) -> None:
        self.reach(field)
        if self._is_native(field):
            self._choose_native(field, option)
            return
        for _ in range(_FAR):
            self.page.keyboard.press("ArrowDown")
            marked = self.page.locator("[role=option][data-combobox-selected]").filter(visible=True)
            if marked.count() == 1 and marked.inner_text().startswith(option):
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"the arrows never reach {option} of {field}")

    def _choose_native(self, field: Locator, option: str) -> None:
        chosen = "element => element.selectedOptions[0]?.label"
        # What can be chosen may still be on its way.
        expect(field.locator("option").filter(has_text=option)).not_to_have_count(0)
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if field.evaluate(chosen) == option:
                return
            self.page.keyboard.press("ArrowDown")
        assert field.evaluate(chosen) == option, f"the arrows never reach {option} of {field}"

    def pick(self, menu: Name, item: str) -> None:
        self.press("button", menu)
        wanted = self.find("menuitem", item)
        expect(wanted).to_be_visible()
        for _ in range(_FAR):
            self.page.keyboard.press("ArrowDown")
            if wanted.evaluate(_WHERE) == "here":
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"the arrows never reach {item}")

    def give(self, name: str, content: bytes) -> None:
        self._give(
            self.find("button", "Choose a file"),
            {"name": Path(name).name, "mimeType": "application/json", "buffer": content},
        )

    def go(self, place: str) -> None:
        self._by_palette(place, place)
        self.tab.settle()

    def open_app(self, name: str) -> None:
        self._by_palette(name, name)
        self.page.wait_for_url(re.compile(f"/apps/{name}$"))
        self.tab.settle()

    def _by_palette(self, text: str, label: str) -> None:
        self.page.keyboard.press("Control+K")
        palette = self.find("dialog", "Find and go")
        # It takes the focus a moment after it is there.
        expect(palette.get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(text)
        wanted = palette.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(label)}")).first
        expect(wanted).to_be_visible()
        for _ in range(_FAR):
            if wanted.get_attribute("aria-selected") == "true":
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(palette).to_be_hidden()
