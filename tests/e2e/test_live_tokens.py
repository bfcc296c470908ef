"""Tokens against a running hub: keys change under traffic, and a sandbox takes candidates by version."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from tests.rigs.programs import ROOT, wait_for
from tests.rigs.stack import ADMIN, BUILDER, AppClient, Stack, flow
from tests.rigs.upstreams import Upstreams

pytestmark = pytest.mark.xdist_group("stack")

CALLERS = 3
CALLS_A_TOKEN = 8
PAUSE_S = 0.04


@pytest.fixture(scope="module")
def upstreams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upstreams]:
    with Upstreams(tmp_path_factory.mktemp("upstreams")) as running:
        yield running


def kid_of(token: str) -> str:
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def signing_kid(stack: Stack, kind: str) -> str:
    keys = stack.api(ADMIN).get("/signing-keys")["items"]
    return next(str(key["kid"]) for key in keys if (key["kind"], key["state"]) == (kind, "active"))


def offer(stack: Stack, name: str, upstream: str, credential: str, *, calls_per_minute: int) -> None:
    """Offer the demo Stripe under a name and with a limit of its own."""
    stack.credential(name, "production", token=credential)
    stack.apply((ROOT / "examples" / "connectors" / "stripe.yaml").read_text())
    spec = {"connector": "stripe", "version": "1.0.0", "environment": "production", "upstream": upstream}
    spec |= {"network": "private", "credential": name, "limits": {"callsPerMinute": calls_per_minute}}
    made = {"apiVersion": "handrail.dev/v1", "kind": "Connection", "metadata": {"name": name}, "spec": spec}
    stack.apply(json.dumps(made))


def test_keys_change_under_traffic_without_a_failed_call(hub_stack: Stack, upstreams: Upstreams) -> None:
    name = "payments-rotated"
    offer(hub_stack, name, upstreams.stripe, upstreams.credentials["stripe"], calls_per_minute=100_000)
    clients = [hub_stack.approve_app(f"{name}-{number}", {name: ["customers.list"]}) for number in range(CALLERS)]
    stop = threading.Event()
    first = clients[0].token()
    before = signing_kid(hub_stack, "production")
    assert kid_of(first) == before

    def call(client: AppClient) -> list[tuple[str, int]]:
        found = []
        with httpx2.Client(trust_env=False, timeout=15) as http:
            while not stop.is_set():
                token = client.token()
                for _ in range(CALLS_A_TOKEN):
                    headers = {"authorization": f"Bearer {token}"}
                    answer = http.get(f"{hub_stack.hub_url}/{name}/v1/customers", headers=headers)
                    found.append((kid_of(token), answer.status_code))
                    time.sleep(PAUSE_S)
        return found

    with ThreadPoolExecutor(CALLERS) as pool:
        running = [pool.submit(call, client) for client in clients]
        try:
            for _ in range(2):
                signed = signing_kid(hub_stack, "production")
                hub_stack.cli(ADMIN, "key", "rotate", "production")
                wait_for("the new key to sign", lambda old=signed: signing_kid(hub_stack, "production") != old, 20, 0.1)
                time.sleep(0.5)
        finally:
            stop.set()
        calls = [each for future in running for each in future.result(30)]
    assert len(calls) > 40
    assert {status for _, status in calls} == {200}
    assert len({kid for kid, _ in calls}) == 3
    # What was signed before the first change still holds, for as long as it says.
    headers = {"authorization": f"Bearer {first}"}
    assert httpx2.get(f"{hub_stack.hub_url}/{name}/v1/customers", headers=headers, trust_env=False).status_code == 200
    states = [key["state"] for key in hub_stack.api(ADMIN).get("/signing-keys")["items"] if key["kind"] == "production"]
    assert sorted(states) == ["active", "retired", "retired"]


def test_a_sandbox_runs_each_approved_candidate_by_its_version(hub_stack: Stack, upstreams: Upstreams) -> None:
    app, connection, operations = "sandboxed-reminder", "slack-sandbox", ["chat.postMessage"]
    hub_stack.credential("slack-bot", "sandbox", token=upstreams.credentials["slack"])
    hub_stack.apply((ROOT / "examples" / "connectors" / "slack.yaml").read_text())
    manifest = (ROOT / "examples" / "connections" / f"{connection}.yaml").read_text()
    hub_stack.apply(manifest.replace("http://127.0.0.1:8791", upstreams.slack))
    client = hub_stack.approve_app(app, {connection: operations}, "sandbox")

    def upload(note: str) -> str:
        content = flow(app, hub_stack.hub_url, {connection: operations}, note)
        body = {"environment": "sandbox", "filename": "flow.json", "content": content}
        return str(hub_stack.api(BUILDER).post(f"/apps/{app}/versions", body)["digest"])

    def post(token: str, at: str = connection) -> httpx2.Response:
        url, headers = f"{hub_stack.hub_url}/{at}/api/chat.postMessage", {"authorization": f"Bearer {token}"}
        return httpx2.post(url, json={"channel": "#general", "text": "x"}, headers=headers, trust_env=False)

    second = upload("second")
    hub_stack.approve_version(app, second, "sandbox")
    third = upload("third")
    for which in ("1", "2", second):
        answer = post(client.token(version=which))
        assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert upstreams.counts("slack")["accepted"] == 3
    # A candidate that nobody approved runs nowhere, and the refusal says why.
    refused = client.ask(version="3")
    assert (refused.status_code, refused.json()["code"]) == (400, "version_not_approved")
    assert "Version 3 of sandboxed-reminder is not approved in sandbox" in refused.json()["detail"]
    assert client.ask(version=third).json()["code"] == "version_not_approved"
    assert client.ask(version="9").json()["code"] == "candidate_invalid"
    # A sandbox's token reaches nothing of production, where nobody may choose a version either.
    live = "slack-beside-sandbox"
    hub_stack.credential(live, "production", token=upstreams.credentials["slack"])
    spec = {"connector": "slack", "version": "1.0.0", "environment": "production", "upstream": upstreams.slack}
    spec |= {"network": "private", "credential": live}
    made = {"apiVersion": "handrail.dev/v1", "kind": "Connection", "metadata": {"name": live}, "spec": spec}
    hub_stack.apply(json.dumps(made))
    producer = hub_stack.approve_app(f"{app}-live", {live: operations})
    assert post(producer.token(), live).status_code == 200
    for token, at in ((client.token(version="1"), live), (producer.token(), connection)):
        refused = post(token, at)
        assert (refused.status_code, refused.json()["code"]) == (403, "environment_mismatch")
    assert producer.ask(version="1").json()["code"] == "candidate_invalid"
    assert upstreams.counts("slack")["all"] == 4
