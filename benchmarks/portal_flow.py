"""What dragging a step costs: the portal's drawing of a large flow beside a bare React Flow with the same boxes.

The flow is adopted through the API of a real install and opened as its builder would. The bare page is React Flow's
quick start: the same boxes, arrows, size and part in view. A step is dragged in a circle in real Chromium, in turn on
both pages; what is counted is the main thread's CPU time (`TaskDuration` in thread ticks: script, style, layout and
paint) for each move of the pointer. `drag_ratio` is the median of the rounds' ratios.
"""

import argparse
import functools
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page
from tests.rigs.browser import chromium
from tests.rigs.processes import Install

ROOT = Path(__file__).parents[1]
GOAL = 1.5
_APP = "large-flow"
_MOVES = 40
_RADIUS = 40
_VIEW = """() => {
  const frame = document.querySelector('.react-flow').getBoundingClientRect()
  const matrix = new DOMMatrixReadOnly(getComputedStyle(document.querySelector('.react-flow__viewport')).transform)
  return {width: frame.width, height: frame.height, view: {x: matrix.e, y: matrix.f, zoom: matrix.a}}
}"""
_POST = """async ([path, body]) => {
  const answer = await fetch(path, {method: 'POST', headers: {'content-type': 'application/json'},
    body: JSON.stringify(body)})
  return [answer.status, await answer.text()]
}"""
_GET = "async path => (await fetch(path)).json()"


def made_up(nodes: int) -> str:
    """Return an n8n workflow: lanes of steps that leave a switch, each with a branch that joins again."""
    found: list[dict[str, Any]] = []
    wires: dict[str, dict[str, list[list[dict[str, Any]]]]] = {}

    def add(name: str, kind: str) -> str:
        found.append({"id": name, "name": name, "type": kind, "typeVersion": 1, "position": [0, 0], "parameters": {}})
        return name

    def wire(source: str, target: str, port: int = 0) -> None:
        ports = wires.setdefault(source, {"main": []})["main"]
        ports.extend([] for _ in range(port + 1 - len(ports)))
        ports[port].append({"node": target, "type": "main", "index": 0})

    add("Every morning", "n8n-nodes-base.scheduleTrigger")
    add("Which kind?", "n8n-nodes-base.switch")
    wire("Every morning", "Which kind?")
    lane = 0
    while len(found) < nodes:
        before, port = "Which kind?", lane
        for number in range(4):
            if len(found) + 4 > nodes:
                break
            ask = add(f"Is it open? {lane}.{number}", "n8n-nodes-base.if")
            wire(before, ask, port)
            yes = add(f"Tell the team {lane}.{number}", "n8n-nodes-base.slack")
            no = add(f"Note it {lane}.{number}", "n8n-nodes-base.set")
            join = add(f"Both ways {lane}.{number}", "n8n-nodes-base.merge")
            wire(ask, yes)
            wire(ask, no, 1)
            wire(yes, join)
            wire(no, join)
            before, port = join, 0
        if len(found) + 4 > nodes:
            while len(found) < nodes:
                last = add(f"Write it down {len(found)}", "n8n-nodes-base.noOp")
                wire(before, last, port)
                before, port = last, 0
        lane += 1
    return json.dumps({"name": _APP, "nodes": found, "connections": wires, "settings": {}})


@contextmanager
def _bare(flow: dict[str, Any], folder: Path) -> Iterator[str]:
    """Build the bare page with a flow and serve it; yields its address."""
    config = ROOT / "benchmarks" / "bare_flow" / "vite.config.mjs"
    vite = ROOT / "portal" / "node_modules" / "vite" / "bin" / "vite.js"
    node = Path(sys.executable).parent / "node"
    subprocess.run(
        [str(node), str(vite), "build", "--config", str(config), "--outDir", str(folder)],
        check=True,
        env={**os.environ, "NODE_ENV": "production"},
        stdout=subprocess.DEVNULL,
    )
    (folder / "flow.json").write_text(json.dumps(flow))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Dragging:
    """One page and the step that is dragged there."""

    def __init__(self, page: Page, step: str) -> None:
        self.page = page
        self.step = step
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def _busy_ms(self) -> float:
        metrics = {each["name"]: each["value"] for each in self.session.send("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"]) * 1000

    def round(self) -> float:
        """Drag the step in a circle; return the main thread's milliseconds for each move."""
        page = self.page
        page.bring_to_front()
        box = page.locator(f'.react-flow__node[data-id="{self.step}"]').bounding_box()
        assert box is not None, f"{self.step} is not drawn"
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for number in range(4):
            page.mouse.move(x + _RADIUS * number / 3, y)
        page.wait_for_timeout(200)
        before = self._busy_ms()
        for number in range(1, _MOVES + 1):
            turned = 2 * math.pi * number / _MOVES
            page.mouse.move(x + _RADIUS * math.cos(turned), y + _RADIUS * math.sin(turned))
            # Each move has its frame: the browser would take several as one.
            page.wait_for_timeout(25)
        spent = self._busy_ms() - before
        page.mouse.move(x, y)
        page.mouse.up()
        # The move is stored and told, which is no part of dragging.
        page.wait_for_timeout(1500)
        return spent / _MOVES


def _open_flow(page: Page, url: str, nodes: int, path: str) -> tuple[dict[str, Any], str]:
    """Adopt the flow, open its drawing; return what the bare page needs and the step to drag."""
    page.goto(f"{url}/sign-in")
    page.evaluate(_POST, ["/api/v1/demo/sign-in", {"as": "builder"}])
    me = page.evaluate(_GET, "/api/v1/me")
    manifest = {
        "apiVersion": "handrail.dev/v1",
        "kind": "App",
        "metadata": {"name": _APP},
        "spec": {
            "title": "A large flow",
            "team": me["roles"][0]["team"],
            "owner": me["name"],
            "purpose": "Is large, so that drawing it can be measured.",
            "platform": "n8n",
        },
    }
    body = {"filename": "large.n8n.json", "content": made_up(nodes), "manifest": json.dumps(manifest)}
    status, said = page.evaluate(_POST, ["/api/v1/adoptions", body])
    assert status == 201, said
    graph = page.evaluate(_GET, f"/api/v1/apps/{_APP}/versions/1")["graph"]
    places = page.evaluate(_GET, f"/api/v1/apps/{_APP}/versions/1/layout")["positions"]
    assert len(places) == nodes, f"{len(places)} of {nodes} steps are drawn"
    page.goto(f"{url}{path.format(app=_APP)}")
    page.wait_for_selector(".react-flow__node")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(1000)
    drawn = page.locator(".react-flow__node").count()
    assert drawn == nodes, f"{drawn} of {nodes} steps are in view"
    flow = {
        "nodes": [{"id": step["id"], "name": step["name"], **places[step["id"]]} for step in graph["steps"]],
        "edges": [{"source": edge["source"], "target": edge["target"]} for edge in graph["edges"]],
        **page.evaluate(_VIEW),
    }
    middle = sorted(places, key=lambda step: (places[step]["y"], places[step]["x"]))[nodes // 2]
    return flow, middle


def measure(
    browser: Browser, install: Install, *, nodes: int = 200, rounds: int = 9, path: str = "/apps/{app}/flow"
) -> dict[str, float]:
    """Return the figures of a running demo.

    Args:
        browser: A Chromium.
        install: A demo that runs.
        nodes: How many steps the flow has.
        rounds: Drags on each page.
        path: Where the drawing of an app is.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    flow, step = _open_flow(page, install.url, nodes, path)
    other = browser.new_context(viewport={"width": 1440, "height": 900})
    bare_page = other.new_page()
    with tempfile.TemporaryDirectory(prefix="handrail-bare-") as folder, _bare(flow, Path(folder)) as address:
        bare_page.goto(address)
        bare_page.wait_for_selector(".react-flow__edge", state="attached")
        pair = _Dragging(page, step), _Dragging(bare_page, step)
        for each in pair:
            each.round()  # compiles what is hot
        ours, bare = zip(*(tuple(each.round() for each in pair) for _ in range(rounds)), strict=True)
    for name, values in (("portal", ours), ("bare", bare)):
        print(f"{name}: {', '.join(f'{each:.2f}' for each in values)} ms a move", file=sys.stderr)
    context.close()
    other.close()
    return {
        "drag_ratio": round(statistics.median(one / two for one, two in zip(ours, bare, strict=True)), 2),
        "flow_task_ms_per_drag": round(statistics.median(ours), 2),
        "bare_task_ms_per_drag": round(statistics.median(bare), 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="handrail-flow-") as folder,
        chromium() as browser,
        Install(Path(folder)) as install,
    ):
        install.up("--demo")
        found = measure(browser, install, nodes=arguments.nodes, rounds=arguments.rounds)
    print(json.dumps(found))
    return int(found["drag_ratio"] > GOAL)


if __name__ == "__main__":
    sys.exit(main())
