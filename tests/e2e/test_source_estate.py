"""A real Node-RED with twenty published flows, watched as one instance: listed, edited, refused, tolerated, unreachable."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.rigs.nodered import Flows, NodeRed
from tests.rigs.programs import ROOT, wait_for
from tests.rigs.stack import ADMIN, BUILDER, TEAM, AppClient, Stack

sys.path.insert(0, str(ROOT / "examples" / "upstreams"))
from service import Listener, Reply, Request, Upstream

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.nodered, pytest.mark.shared]

APP, SOURCE = "posts-of-the-cookbook", "cookbook"
GOVERNED = "cookbook_http__set-request-url-template-0"
NOTICED_WITHIN_S = 10.0
STOPPED_S = 20.0


class Posts(Upstream):
    """The blog posts that the cookbook's flow reads, behind a credential."""

    name = "posts"

    def unauthorised(self) -> Reply:
        return Reply(401, {"message": "Who are you?"})

    def handle(self, request: Request) -> Reply:
        return Reply(200, {"id": request.path.rsplit("/", 1)[-1]})


@pytest.fixture
def posts() -> Iterator[Posts]:
    service = Posts("posts-credential-77aa")
    stop = Listener(service, "127.0.0.1", 0).start()
    yield service
    stop()


def twenty(folder: Path, hub: str) -> Flows:
    """Return twenty published flows, each on a tab of its own; only the governed one's host is changed."""
    flows: Flows = []
    files = sorted(folder.glob("cookbook_http__*.json")) + sorted(folder.glob("cookbook_basic__*.json"))
    for number, file in enumerate(files[:20]):
        text = file.read_text().replace("https://jsonplaceholder.typicode.com", f"{hub}/cookbook-posts")
        nodes = json.loads(text)
        for node in nodes:
            # Published apart, some share ids.
            text = text.replace(f'"{node["id"]}"', f'"n{number}-{node["id"]}"')
        tab = f"tab{number}"
        flows.append({"id": tab, "type": "tab", "label": file.stem, "disabled": False, "info": ""})
        for node in json.loads(text):
            if "z" in node:
                node["z"] = tab
            # What starts by itself would call out.
            flows.append({**node, "once": False} if node["type"] == "inject" else node)
    return flows


def offer(stack: Stack, posts: Posts) -> None:
    operation = {"name": "posts.get", "method": "GET", "path": "/posts/{id}"}
    spec: dict[str, Any] = {"version": "1.0.0", "title": "Posts", "dataClasses": ["public"]}
    spec |= {"credential": {"kind": "bearer"}, "operations": [operation]}
    made = {"apiVersion": "handrail.dev/v1", "kind": "Connector", "metadata": {"name": "cookbook-posts"}}
    stack.credential("cookbook-posts", "production", token=posts.credential)
    stack.apply(json.dumps({**made, "spec": spec}))
    spec = {"connector": "cookbook-posts", "version": "1.0.0", "environment": "production", "upstream": posts.origin}
    spec |= {"network": "private", "credential": "cookbook-posts"}
    stack.apply(json.dumps({**made, "kind": "Connection", "spec": spec}))


def call(stack: Stack, token: str) -> str:
    """Call as the app does; return the refusal's code, or OK."""
    answer = httpx2.get(
        f"{stack.hub_url}/cookbook-posts/posts/2",
        headers={"authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=15,
    )
    return "OK" if answer.status_code == 200 else str(answer.json()["code"])


def shown(stack: Stack) -> dict[str, Any]:
    return dict(stack.api(ADMIN).get(f"/sources/{SOURCE}"))


def drift(stack: Stack) -> dict[str, Any] | None:
    found = shown(stack)["bindings"][0]["drift"]
    return dict(found) if found else None


def approved(stack: Stack, flows: Flows, tab: str, folder: Path) -> AppClient:
    exported = folder / "one.json"
    exported.write_text(json.dumps([node for node in flows if tab in {node["id"], node.get("z")}]))
    asked = ["--owner", BUILDER, "--deputy", ADMIN, "--purpose", "Reads a post.", "--name", APP]
    stack.cli(BUILDER, "adopt", str(exported), *asked)
    client = stack.add_client(APP)
    stack.approve_version(APP, stack.cli(BUILDER, "version", "show", APP, "1", "-o", "json").json()["digest"])
    return client


def edited(flows: Flows, tab: str, to: str) -> Flows:
    """Return the flows with the governed one's `change` step setting something else."""
    return [
        {**node, "name": "Which post", "rules": [{**node["rules"][0], "to": to, "tot": "str"}]}
        if node.get("z") == tab and node["type"] == "change"
        else node
        for node in flows
    ]


def test_twenty_flows_are_watched_and_an_edit_of_one_is_refused_or_flagged(
    hub_stack: Stack, posts: Posts, shared_data: Path, tmp_path: Path
) -> None:
    stack = hub_stack
    offer(stack, posts)
    flows = twenty(shared_data / "flows" / "nodered", stack.hub_url)
    tab = next(node["id"] for node in flows if node.get("label") == GOVERNED)
    with NodeRed(tmp_path / "node-red", []) as node_red:
        node_red.deploy(flows)
        client = approved(stack, node_red.flows()[1], tab, tmp_path)
        token = client.token()
        assert call(stack, token) == "OK"

        # One instance: one app is watched in it, the other nineteen are found.
        place = ["--url", node_red.url, "--network", "private", "--interval", "1", "--token-stdin"]
        stack.cli(ADMIN, "source", "add", SOURCE, *place, "--team", TEAM, stdin=node_red.read_token)
        wait_for("the listing", lambda: shown(stack)["unregistered"] == 20, 30)
        stack.cli(ADMIN, "source", "bind", SOURCE, "--app", APP, "--part", GOVERNED)
        wait_for("the app", lambda: shown(stack)["bindings"][0]["state"] == "ok", 30)
        assert drift(stack) is None
        assert (shown(stack)["found"], shown(stack)["unregistered"]) == (20, 19)
        found = stack.cli(ADMIN, "source", "found", SOURCE, "--findings", "-o", "json").json()["items"]
        assert {each["finding"] for each in found} == {"unregistered-app"}
        assert all(each["registration"]["manifest"]["kind"] == "App" for each in found)
        assert call(stack, token) == "OK"

        # Deny: edited through its own admin API, noticed, refused, and the owner reads which step.
        began = time.monotonic()
        node_red.deploy(edited(flows, tab, "3"))
        wait_for("the refusal", lambda: call(stack, token) == "version_not_approved", NOTICED_WITHIN_S, 0.2)
        refused_s = time.monotonic() - began
        wait_for("the words", lambda: drift(stack) is not None, 5)
        told = drift(stack)
        assert told is not None
        assert told["toleratedUntil"] is None
        assert any("Which post" in text for text in told["changes"]), told
        needs = {need["kind"]: need for need in stack.api(BUILDER).get("/home")["needs"] if need["app"] == APP}
        assert needs["drifted"]["details"]["changes"] == told["changes"]
        assert client.ask().json()["code"] == "version_not_approved"

        # Warn: served with what was approved, and flagged until a deadline.
        rules = tmp_path / "rules.yaml"
        rules.write_text("onDrift: warn\ndeadlineHours: 24\n")
        stack.cli(ADMIN, "source", "change", SOURCE, "--rules", str(rules))
        wait_for("the toleration", lambda: (drift(stack) or {}).get("toleratedUntil") is not None, NOTICED_WITHIN_S)
        fresh = client.token()
        wait_for("the hub", lambda: call(stack, fresh) == "OK", NOTICED_WITHIN_S, 0.2)
        needs = {need["kind"]: need for need in stack.api(BUILDER).get("/home")["needs"] if need["app"] == APP}
        assert needs["drifted"]["dueAt"] == drift(stack)["toleratedUntil"]
        began = time.monotonic()
        node_red.deploy(edited(flows, tab, "4"))
        wait_for("the next edit", lambda: "4" in json.dumps((drift(stack) or {})["changes"]), NOTICED_WITHIN_S)
        flagged_s = time.monotonic() - began
        assert call(stack, client.token()) in {"OK", "grant_missing"}
        wait_for("the hub", lambda: call(stack, client.token()) == "OK", NOTICED_WITHIN_S, 0.2)

        # A tab that nobody registered is deleted: gone, once that was seen twice; nothing else is.
        gone = next(node["id"] for node in flows if node["type"] == "tab" and node["id"] != tab)
        node_red.deploy([node for node in edited(flows, tab, "4") if gone not in {node["id"], node.get("z")}])
        wait_for("the tab to be gone", lambda: shown(stack)["found"] == 19, NOTICED_WITHIN_S)

    # Stopped: what runs is unknown, since then; nothing is gone, nothing is retired, nothing is concluded.
    wait_for("the silence", lambda: shown(stack)["state"] == "unreachable", NOTICED_WITHIN_S)
    until = time.monotonic() + STOPPED_S
    while time.monotonic() < until:
        now = shown(stack)
        assert (now["state"], now["found"], now["vanished"]) == ("unreachable", 19, 0)
        assert (now["bindings"][0]["state"], now["bindings"][0]["since"]) == ("unknown", now["since"])
        time.sleep(1)
    assert now["failures"] >= 3
    assert now["nextAt"] > now["polledAt"]
    items = stack.cli(ADMIN, "source", "found", SOURCE, "-o", "json").json()["items"]
    assert {each["sight"] for each in items} == {"unknown"}
    assert not any(each["finding"] == "vanished-app" for each in items)
    assert stack.cli(BUILDER, "app", "show", APP, "-o", "json").json()["stage"] == "operating"
    stack.cli(ADMIN, "source", "remove", SOURCE)
    print(f"an edit was refused {refused_s:.1f} s and, tolerated, flagged {flagged_s:.1f} s after it")
