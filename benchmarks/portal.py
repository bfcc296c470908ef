"""What the portal weighs, and how soon home can be used: bytes by the built manifest, time in a real Chromium.

Nothing here is compared with anything but its goal; the figures of drawing a flow, beside a bare React Flow, come from
`portal_flow.py` and are in the same last line.
"""

import argparse
import gzip
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page
from tests.rigs.browser import WEB, chromium
from tests.rigs.processes import Install

GOALS = {"shell_gz_kb": 150, "largest_route_gz_kb": 300}
_ENTRY = "index.html"
_READY = """() => /needs? you/.test(document.querySelector('main h1')?.textContent ?? '')
  && !document.querySelector('[aria-busy=true]') && document.fonts.status === 'loaded'"""


def _packed_kb(names: set[str]) -> float:
    return sum(len(gzip.compress((WEB.parent / name).read_bytes(), 9)) for name in names) / 1024


def _files(manifest: dict[str, Any], key: str) -> set[str]:
    """Return the scripts and styles that an entry needs before it runs: its own and what they import."""
    found: set[str] = set()
    waiting, seen = [key], set()
    while waiting:
        chunk = manifest[waiting.pop()]
        found |= {chunk["file"], *chunk.get("css", [])}
        waiting += [each for each in chunk.get("imports", []) if each not in seen]
        seen.update(chunk.get("imports", []))
    return {name for name in found if name.endswith((".js", ".css"))}


def _shell_kb(manifest: dict[str, Any]) -> float:
    # The frame around every page comes with the entry; what it loads afterwards (palette, menus) is not waited for.
    return _packed_kb(_files(manifest, _ENTRY))


def _largest_route_kb(manifest: dict[str, Any]) -> float:
    """Return the shell with the largest page, as compressed; a flow's drawing counts to the pages that open with it."""
    shell = _files(manifest, _ENTRY)
    pages = {key for key, chunk in manifest.items() if chunk.get("isDynamicEntry") and key.endswith("Page.tsx")}
    drawn = _files(manifest, "src/features/flow/Drawing.tsx")
    sizes = {
        key: _packed_kb(shell | _files(manifest, key) | (drawn if key.endswith("ReviewPage.tsx") else set()))
        for key in pages
    }
    for key, size in sorted(sizes.items(), key=lambda item: -item[1])[:5]:
        print(f"{size:7.1f} kB  {key}, with the shell, before it shows")
    return max(sizes.values())


def _sent_kb(page: Page, url: str) -> float:
    """Return what a cold visit is sent for scripts and styles: headers, and what comes late (menus), included."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(url)
    page.wait_for_selector("h1")
    page.wait_for_timeout(1500)
    session.detach()
    return sum(size for key, size in sizes.items() if kinds.get(key) in {"Script", "Stylesheet"}) / 1024


def _home_ms(page: Page, url: str) -> float:
    page.goto(f"{url}/")
    page.wait_for_function(_READY, polling="raf")
    return float(page.evaluate("() => performance.now()"))


def _routes(page: Page) -> list[str]:
    """Return the addresses that are visited; some are named by what the demo holds."""

    def first(path: str) -> Any:
        return page.evaluate("async path => (await (await fetch(path)).json()).items[0]", path)

    app = first("/api/v1/catalog?limit=1")["name"]
    review = first("/api/v1/reviews")["id"]
    hub = first("/api/v1/hubs")["name"]
    connection = first("/api/v1/connections")
    tabs = ("flow", "versions", "connections", "history", "settings")
    return [
        "/",
        "/catalog",
        f"/apps/{app}",
        *(f"/apps/{app}/{tab}" for tab in tabs),
        "/adopt",
        "/new",
        "/reviews",
        f"/reviews/{review}",
        "/connectors",
        f"/connectors/{connection['connector']}",
        f"/connections/{connection['name']}",
        "/credentials",
        "/sources",
        f"/hubs/{hub}",
        "/audit",
        "/people",
        "/settings",
        "/profile",
        "/start",
    ]


def measure(browser: Browser, install: Install, rounds: int) -> dict[str, float]:
    """Return the figures of a running demo."""
    manifest = json.loads((WEB.parent / ".vite" / "manifest.json").read_text())
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{install.url}/sign-in")
    page.evaluate(
        """async () => { await fetch('/api/v1/demo/sign-in', {method: 'POST',
          headers: {'content-type': 'application/json'}, body: JSON.stringify({as: 'platform'})}) }"""
    )
    routes = {route: _sent_kb(page, f"{install.url}{route}") for route in _routes(page)}
    for route, size in sorted(routes.items(), key=lambda item: -item[1]):
        print(f"{size:7.1f} kB  {route}, all that a cold visit is sent")
    times = [_home_ms(page, install.url) for _ in range(rounds)]
    print(f"home: {', '.join(f'{each:.0f}' for each in times)} ms")
    context.close()
    return {
        "shell_gz_kb": round(_shell_kb(manifest), 1),
        "largest_route_gz_kb": round(_largest_route_kb(manifest), 1),
        "home_ready_ms": round(statistics.median(times)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="handrail-portal-") as folder,
        chromium() as browser,
        Install(Path(folder)) as install,
    ):
        install.up("--demo")
        found = measure(browser, install, arguments.rounds)
    print(json.dumps(found))
    return int(any(found[name] > goal for name, goal in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main())
