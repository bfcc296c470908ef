"""A real Chromium, and what every page of the portal must keep: no console error, no foreign request, no axe finding."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.rigs.programs import ROOT

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = Path(os.environ.get("TEST_PICTURES") or ROOT / ".cache" / "pictures")
AXE = ROOT / "portal" / "node_modules" / "axe-core" / "axe.min.js"
WEB = ROOT / "src" / "handrail" / "_web" / "index.html"
WIDE, NARROW = (1440, 900), (390, 844)
# What axe cannot know: a canvas pans by itself, and its region is named.
_AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser; skip where there is none, or where the portal is not built."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    if not WEB.exists() or not AXE.exists():
        pytest.skip("the portal is not built: make web")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """One page, watched.

    Attributes:
        complaints: Console errors, exceptions and refused resources, as far as nobody expected them.
        foreign: Addresses of other origins that the page asked for.
    """

    def __init__(self, browser: Browser, url: str, *, dark: bool = False, narrow: bool = False) -> None:
        self.url = url.rstrip("/")
        self.origin = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        self.dark, self.narrow = dark, narrow
        width, height = NARROW if narrow else WIDE
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=narrow,
            reduced_motion="reduce",
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self._expected: tuple[str, ...] = ()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: Any) -> None:
        said = f"{message.text} {message.location.get('url', '')}"
        if message.type == "error" and not any(words in said for words in self._expected):
            self.complaints.append(said)

    def _on_request(self, request: Any) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.foreign.append(request.url)

    @contextmanager
    def expecting(self, *words: str) -> Iterator[None]:
        """Take console errors with these words as part of the story: browsers report each refused request."""
        before, self._expected = self._expected, (*self._expected, *words)
        try:
            yield
            self.page.wait_for_timeout(100)
        finally:
            self._expected = before

    def go(self, path: str, *, settled: bool = True) -> None:
        """Open an address of the portal and wait until it has read what it shows."""
        self.page.goto(f"{self.url}{path}")
        if settled:
            self.settle()

    def settle(self) -> None:
        """Wait until nothing is loading: no busy part, no skeleton, and the fonts are there."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_function(
            "() => !document.querySelector('[aria-busy=true]') && document.fonts.status === 'loaded'"
        )
        self.page.wait_for_timeout(150)

    def sign_in(self, name: str, password: str) -> None:
        """Sign in at the sign-in page."""
        self.go("/sign-in")
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.settle()

    def be(self, title: str) -> None:
        """Sign in to the demo as one of its people, by the button with this title."""
        self.go("/sign-in")
        self.page.get_by_role("button", name=title).click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.settle()

    def axe(self) -> list[str]:
        """Return what axe-core finds, a line each."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(f"async () => (await axe.run(document, {json.dumps(_AXE_OPTIONS)})).violations")
        return [
            f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:240]})"
            for violation in found
            for node in violation["nodes"]
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def shot(self, name: str, *, folder: Path = PICTURES, whole: bool = True) -> Path:
        """Keep a picture."""
        folder.mkdir(parents=True, exist_ok=True)
        suffix = ("-dark" if self.dark else "") + ("-narrow" if self.narrow else "")
        path = folder / f"{name}{suffix}.png"
        self.page.screenshot(path=str(path), full_page=whole)
        return path

    def close(self) -> None:
        """Close the page, and fail if it complained."""
        self.context.close()
        assert self.complaints == [], self.complaints
        assert self.foreign == [], self.foreign
