"""The main job on real programs: from a flow that nobody knew of to an approved one that never sees a credential.

Node-RED is run here; n8n cannot be installed on the machines that run this, so its exports are only read elsewhere.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.rigs.nodered import Flows, NodeRed, example
from tests.rigs.programs import ROOT, wait_for
from tests.rigs.stack import ADMIN, BUILDER, REVIEWER, AppClient, Stack, flow
from tests.rigs.upstreams import Upstreams

sys.path.insert(0, str(ROOT / "examples" / "upstreams"))
from service import Listener, Reply, Request, Upstream

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.nodered]

APP = "stand-up-reminder"
POST, TELL = "POST /api/chat.postMessage", "POST /api/chat.postEphemeral"
NOTICED_WITHIN_S = 10.0


@pytest.fixture(scope="module")
def upstreams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upstreams]:
    with Upstreams(tmp_path_factory.mktemp("upstreams")) as running:
        yield running


def connection(name: str, connector: str, upstream: str, credential: str, environment: str = "production") -> str:
    spec = {"connector": connector, "version": "1.0.0", "environment": environment, "upstream": upstream}
    spec |= {"network": "private", "credential": credential}
    made = {"apiVersion": "handrail.dev/v1", "kind": "Connection", "metadata": {"name": name}, "spec": spec}
    return json.dumps(made)


@pytest.fixture(scope="module")
def slack(hub_stack: Stack, upstreams: Upstreams) -> str:
    """Offer the demo Slack under the name that the example calls it by; return the injected credential."""
    credential = upstreams.credentials["slack"]
    hub_stack.credential("slack-bot", "production", token=credential)
    hub_stack.apply((ROOT / "examples" / "connectors" / "slack.yaml").read_text())
    hub_stack.apply(connection("slack", "slack", upstreams.slack, "slack-bot"))
    return credential


def flows_of(stack: Stack, name: str = "flows.json") -> Flows:
    return example(name, public=stack.url, hub=stack.hub_url)


def running_digest(stack: Stack, app: str = APP) -> str:
    found = stack.api(BUILDER).get(f"/apps/{app}/running")["items"]
    return str(found[0]["digest"]) if found else ""


def post(stack: Stack, token: str, connection: str = "slack") -> httpx2.Response:
    """Call the hub without Node-RED."""
    url = f"{stack.hub_url}/{connection}/api/chat.postMessage"
    headers = {"authorization": f"Bearer {token}"}
    return httpx2.post(url, json={"channel": "#general", "text": "x"}, headers=headers, trust_env=False, timeout=15)


def code_of(answer: httpx2.Response) -> str:
    return str(answer.json().get("code", "")) if answer.status_code >= 400 else ""


def wait_for_code(stack: Stack, token: str, code: str, timeout_s: float = 5, every_s: float = 0.1) -> None:
    # Not more often: the connection has a limit.
    wait_for(f"the hub to answer {code or 'OK'}", lambda: code_of(post(stack, token)) == code, timeout_s, every_s)


def remind(node_red: NodeRed, told: list[httpx2.Response], text: str = "Stand-up now") -> httpx2.Response:
    answer = node_red.trigger("/standup", {"text": text})
    told.append(answer)
    return answer


def approve_in_review(stack: Stack, app: str = APP) -> None:
    """Submit the newest version as its builder, and approve it as the reviewer, by command line."""
    stack.cli(BUILDER, "submit", app)
    stack.cli(REVIEWER, "approve", app, "--wait")


def start_node_red(folder: Path, flows: Flows, client: AppClient) -> NodeRed:
    return NodeRed(folder, flows, {"APP_CLIENT_ID": client.id, "APP_CLIENT_SECRET": client.secret})


def test_from_unknown_to_approved_edited_rolled_back_held_and_lifted(
    hub_stack: Stack, upstreams: Upstreams, slack: str, tmp_path: Path
) -> None:
    stack, told = hub_stack, []
    exported, edited = tmp_path / "flows.json", tmp_path / "flows-edited.json"
    exported.write_text(json.dumps(flows_of(stack)))
    edited.write_text(json.dumps(flows_of(stack, "flows-edited.json")))

    # Adopted: what nobody knew of is registered, with what its file tells.
    purpose = "Reminds the team of the stand-up."
    asked = ["--owner", BUILDER, "--deputy", ADMIN, "--purpose", purpose]
    adopted = stack.cli(BUILDER, "adopt", str(exported), *asked, "-o", "json").json()
    assert (adopted["name"], adopted["version"]) == (APP, 1)
    first = adopted["digest"]
    closure = stack.cli(BUILDER, "version", "show", APP, "1", "-o", "json").json()["closure"]
    assert [entry[:2] for entry in closure["operations"]] == [["slack", "chat.postMessage"]]
    secret_file = tmp_path / "standup.secret"
    made = stack.cli(BUILDER, "client", "add", APP, "--secret-file", str(secret_file), "-o", "json").json()
    client = AppClient(stack.url, made["id"], secret_file.read_text().strip())

    with start_node_red(tmp_path / "node-red", flows_of(stack), client) as node_red:
        # Nobody approved it: not even a token.
        refused = remind(node_red, told)
        assert (refused.status_code, refused.json()["code"]) == (400, "version_not_approved")
        assert upstreams.counts("slack") == {}

        # Submitted; its builder may not approve it, nor may its submitter who is an admin.
        stack.cli(BUILDER, "submit", APP)
        assert "[role_missing]" in stack.cli(BUILDER, "approve", APP, code=1).err
        stack.cli(BUILDER, "withdraw", APP)
        stack.cli(ADMIN, "submit", APP)
        own = stack.cli(ADMIN, "approve", APP, code=1).err
        assert "you are its submitter" in own
        assert "[own_change]" in own
        assert remind(node_red, told).json()["code"] == "version_not_approved"

        # Approved by another: calls succeed.
        assert "in force at every live hub" in stack.cli(REVIEWER, "approve", APP, "--wait").err
        answer = remind(node_red, told, "Grüße, 你好")
        assert (answer.status_code, answer.json()["ok"]) == (200, True)
        seen = upstreams.seen("slack")
        assert [json.loads(call["body"])["text"] for call in seen] == ["Grüße, 你好"]
        assert seen[0]["headers"]["authorization"] == f"Bearer {slack}"

        # A new candidate is uploaded: production keeps calling.
        candidate = stack.cli(BUILDER, "version", "upload", APP, str(edited), "-o", "json").json()
        assert (candidate["number"], candidate["status"]) == (2, "draft")
        assert remind(node_red, told).status_code == 200
        token = client.token()

        # From now on a source says what runs.
        source = ["--url", node_red.url, "--network", "private", "--app", APP, "--token-stdin"]
        stack.cli(ADMIN, "source", "add", "office", *source, stdin=node_red.read_token)
        wait_for("the first look", lambda: stack.api(ADMIN).get("/sources/office")["state"] == "ok", 15)
        assert running_digest(stack) == first
        assert remind(node_red, told).status_code == 200

        # The flow is edited where it runs: noticed, and refused with the difference.
        began = time.monotonic()
        node_red.deploy(flows_of(stack, "flows-edited.json"))
        wait_for_code(stack, token, "version_not_approved", NOTICED_WITHIN_S, 0.25)
        noticed_s = time.monotonic() - began
        assert noticed_s <= NOTICED_WITHIN_S
        assert running_digest(stack) == candidate["digest"]
        sent = upstreams.counts("slack")[POST]
        refused = remind(node_red, told)
        assert refused.status_code == 403
        problem = refused.json()
        assert problem["code"] == "version_not_approved"
        assert "Version 2 of stand-up-reminder is not approved in production" in problem["detail"]
        assert "chat.postEphemeral" in problem["detail"]
        assert "Tell the lead" in problem["detail"]
        assert upstreams.counts("slack")[POST] == sent

        # Submitted and approved, with the same words before the reviewer: works, and may call what it asked for.
        stack.cli(BUILDER, "submit", APP)
        assert "chat.postEphemeral" in stack.cli(REVIEWER, "review", "show", APP).out
        stack.cli(REVIEWER, "approve", APP, "--wait")
        assert remind(node_red, told).status_code == 200
        assert upstreams.counts("slack")[TELL] == 1

        # Rolled back where it runs, because that is where the truth is; its approval still holds.
        assert "[running_observed]" in stack.cli(BUILDER, "rollback", APP, "1", code=1).err
        node_red.deploy(flows_of(stack))
        wait_for("the roll-back to be noticed", lambda: running_digest(stack) == first, NOTICED_WITHIN_S)
        assert remind(node_red, told).status_code == 200
        assert upstreams.counts("slack")[TELL] == 1

        # Held, and let go again.
        token = client.token()
        stack.cli(ADMIN, "quarantine", APP, "--reason", "Looking into it.")
        wait_for_code(stack, token, "quarantined")
        held = remind(node_red, told)
        assert (held.status_code, held.json()["code"]) == (403, "quarantined")
        stack.cli(ADMIN, "unquarantine", APP)
        wait_for_code(stack, token, "")
        assert remind(node_red, told).status_code == 200

        flow_text, node_red_text = json.dumps(node_red.flows()), node_red.output()

    # What it did is known: calls, refusals and p95 by operation.
    calls = upstreams.counts("slack")[POST]
    wait_for("the roll-up", lambda: passed(stack, "chat.postMessage") >= calls, 20, 0.25)
    assert passed(stack, "chat.postMessage") == calls
    found = reported(stack, "chat.postMessage")
    assert found["errors"] == 0
    assert 0 < found["p95Ms"] <= found["maxMs"] < 10_000
    assert reported(stack, "chat.postEphemeral")["calls"] == 1
    refusals = [code for each in report(stack)["items"] for code in each["refusals"]]
    assert {"version_not_approved", "quarantined"} <= set(refusals)
    assert "chat.postMessage" in stack.cli(BUILDER, "calls", APP).out
    assert stack.cli(BUILDER, "app", "show", APP, "-o", "json").json()["calls"]["items"] == report(stack)["items"]
    assert stack.cli(ADMIN, "audit", "verify").code == 0

    # The credential was seen by the upstream alone, and the upstream saw nothing of the app.
    assert {call["headers"]["authorization"] for call in upstreams.seen("slack")} == {f"Bearer {slack}"}
    assert token not in json.dumps(upstreams.seen("slack"))
    answers = [answer.text + str(answer.headers) for answer in told]
    for text in (*answers, flow_text, node_red_text, *stack.logs().values()):
        assert slack not in text
        assert client.secret not in text
    assert stack.files_with(slack) == []
    assert stack.files_with(client.secret) == []
    print(f"an edit was refused {noticed_s:.1f} s after it")


def report(stack: Stack) -> Any:
    return stack.cli(BUILDER, "calls", APP, "-o", "json").json()


def reported(stack: Stack, operation: str) -> dict[str, Any]:
    return next((each for each in report(stack)["items"] if each["operation"] == operation), {})


def passed(stack: Stack, operation: str) -> int:
    found = reported(stack, operation)
    return found["calls"] - found["refused"] - found["limited"] if found else 0


def test_a_declared_app_is_rolled_back_by_command(hub_stack: Stack, upstreams: Upstreams, slack: str) -> None:
    app, grants = "declared-reminder", {"slack": ["chat.postMessage"]}
    client = hub_stack.approve_app(app, grants)
    old = client.token()
    assert post(hub_stack, old).status_code == 200
    content = flow(app, hub_stack.hub_url, grants, "second")
    body = {"environment": "production", "filename": "flow.json", "content": content}
    second = hub_stack.api(BUILDER).post(f"/apps/{app}/versions", body)
    assert running_digest(hub_stack, app) != second["digest"]
    # Said to run before anybody approved it: refused, by token service and gateway.
    hub_stack.cli(BUILDER, "running", "set", app, "2")
    wait_for_code(hub_stack, old, "version_not_approved")
    assert client.ask().json()["code"] == "version_not_approved"
    assert "[not_approved_here]" in hub_stack.cli(BUILDER, "rollback", app, "2", code=1).err
    hub_stack.cli(BUILDER, "rollback", app, "1")
    wait_for_code(hub_stack, old, "")
    hub_stack.approve_version(app, second["digest"])
    hub_stack.cli(BUILDER, "running", "set", app, "2")
    assert post(hub_stack, client.token()).status_code == 200
    hub_stack.cli(BUILDER, "rollback", app, "1")
    assert running_digest(hub_stack, app) != second["digest"]
    assert post(hub_stack, client.token()).status_code == 200


class Placeholder(Upstream):
    """The blog posts that the cookbook's flow reads, behind a credential."""

    name = "placeholder"

    def unauthorised(self) -> Reply:
        return Reply(401, {"message": "Who are you?"})

    def handle(self, request: Request) -> Reply:
        kind, _, number = request.path.strip("/").partition("/")
        if kind != "posts" or not number.isdecimal():
            return Reply(404, {})
        return Reply(200, {"id": int(number), "title": f"Post {number}"})


@pytest.fixture
def placeholder() -> Iterator[Placeholder]:
    service = Placeholder("placeholder-credential-5d1c")
    stop = Listener(service, "127.0.0.1", 0).start()
    yield service
    stop()


def posts_connector() -> str:
    operation = {"name": "posts.get", "method": "GET", "path": "/posts/{id}"}
    spec = {"version": "1.0.0", "title": "Posts", "dataClasses": ["public"], "credential": {"kind": "bearer"}}
    made = {"apiVersion": "handrail.dev/v1", "kind": "Connector", "metadata": {"name": "posts"}}
    return json.dumps({**made, "spec": {**spec, "operations": [operation]}})


@pytest.mark.shared
def test_a_published_flow_is_adopted_approved_and_calls_through_the_hub(
    hub_stack: Stack, placeholder: Placeholder, shared_data: Path, tmp_path: Path
) -> None:
    """The Node-RED cookbook's 'set the URL of a request': only the host in its address changes, and a token is given."""
    stack, app = hub_stack, "cookbook-posts"
    stack.credential("posts", "production", token=placeholder.credential)
    stack.apply(posts_connector())
    stack.apply(connection("posts", "posts", placeholder.origin, "posts"))
    file = shared_data / "flows" / "nodered" / "cookbook_http__set-request-url-template-0.json"
    text = file.read_text().replace("https://jsonplaceholder.typicode.com", f"{stack.hub_url}/posts")
    steps: Flows = json.loads(text)
    for step in steps:
        if step["type"] == "http request":
            step["authType"] = "bearer"
    tab = {"id": steps[0]["z"], "type": "tab", "label": "Set the URL of a request"}
    exported = tmp_path / "cookbook.json"
    exported.write_text(json.dumps([tab, *steps]))

    asked = ["--owner", BUILDER, "--deputy", ADMIN, "--purpose", "Reads a post."]
    stack.cli(BUILDER, "adopt", str(exported), "--name", app, *asked)
    closure = stack.cli(BUILDER, "version", "show", app, "1", "-o", "json").json()["closure"]
    assert [entry[:2] for entry in closure["operations"]] == [["posts", "posts.get"]]
    assert closure["egress"] == []
    client = stack.add_client(app)
    assert client.ask().json()["code"] == "version_not_approved"
    approve_in_review(stack, app)

    for step in steps:
        if step["type"] == "http request":
            step["credentials"] = {"password": client.token()}
    button = next(step["id"] for step in steps if step["type"] == "inject")
    with NodeRed(tmp_path / "node-red", []) as node_red:
        node_red.deploy([tab, *steps])
        node_red.inject(button)
        wait_for("the post to be read", lambda: "GET /posts/2" in seen(placeholder))
        assert stack.cli(ADMIN, "quarantine", app, "--reason", "Looking into it.").code == 0
        node_red.inject(button)
        wait_for("the refusal", lambda: calls_of(stack, app).get("refused", 0) == 1, 20, 0.25)
    assert seen(placeholder) == ["GET /posts/2"]
    found = calls_of(stack, app)
    assert (found["operation"], found["calls"], found["errors"]) == ("posts.get", 2, 0)


def seen(placeholder: Placeholder) -> list[str]:
    """Return the calls that it accepted; they held its own credential and no other."""
    told = placeholder.answer(Request("GET", "/_seen", {}, {}, b"")).body["requests"]
    return [f"{call['method']} {call['path']}" for call in told if call["accepted"]]


def calls_of(stack: Stack, app: str) -> dict[str, Any]:
    return next(iter(stack.cli(BUILDER, "calls", app, "-o", "json").json()["items"]), {})
