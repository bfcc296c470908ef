"""A version that nobody approved gets no token and no grant, by whatever other route somebody tries."""

import ast
import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tests.rigs.governed import World, build_world, connector_manifest, flow, manifest_text

import handrail
from handrail.platform.database import Database
from handrail.registry import access, connectors
from handrail.registry.catalog import App
from handrail.registry.connectors import find_environment

STANDUP = "/api/v1/apps/standup"


@pytest.fixture
def world(http_context, database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.vault = http_context.vault
    made.connect()
    made.connect("sandbox")
    made.register()
    return made


def keys(world: World, environment: str = "production") -> set[str]:
    """Return the keys that hubs let pass."""
    with world.database.read() as work:
        return {allowed.key for allowed in access.allowed_keys(work, find_environment(work, environment))}


class Client:
    """What an app signs in with."""

    def __init__(self, http: Any, world: World, environment: str = "production", app: str = "standup") -> None:
        self.http = http
        made = world.secret_client(app, environment)
        assert made.secret is not None
        self.form = {
            "grant_type": "client_credentials",
            "client_id": made.client.id,
            "client_secret": made.secret.reveal(),
        }

    def ask(self, **more: str) -> Any:
        return self.http.post("/oauth/token", data={**self.form, **more})

    def claims(self, **more: str) -> dict[str, Any]:
        answer = self.ask(**more)
        assert answer.status_code == 200, answer.text
        payload = answer.json()["access_token"].split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
        return found


def test_saying_that_an_unapproved_version_runs_closes_the_app_instead_of_opening_it(
    http, world: World, token_of
) -> None:
    approved = world.approved()
    client = Client(http, world)
    assert client.claims()["key"].endswith(approved.digest)
    draft = world.upload(text="Send it to everybody")
    for caller in (world.ada, world.sam):
        body = {"digest": draft.digest}
        assert http.put(f"{STANDUP}/running", json=body, headers=token_of(caller)).status_code == 200
        assert client.ask().json()["code"] == "version_not_approved"
        assert keys(world) == set()


@pytest.mark.parametrize("named", ["2", "whole", "beginning"])
def test_rolling_forward_to_a_draft_is_refused(http, world: World, token_of, named: str) -> None:
    world.approved()
    draft = world.upload(text="Send it to everybody")
    digest = {"2": "2", "whole": draft.digest, "beginning": draft.digest[:24]}[named]
    before = keys(world)
    answer = http.post(f"{STANDUP}/rollback", json={"digest": digest}, headers=token_of(world.sam))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_approved_here")
    assert keys(world) == before


def test_rolling_back_to_a_revoked_version_is_refused(http, world: World, token_of) -> None:
    old = world.approved()
    world.approved(text="Two")
    body = {"digest": old.digest, "reason": "It leaks."}
    assert http.post(f"{STANDUP}/revoke", json=body, headers=token_of(world.rita)).status_code == 200
    answer = http.post(f"{STANDUP}/rollback", json={"digest": old.digest}, headers=token_of(world.ada))
    assert answer.json()["code"] == "not_approved_here"
    assert not [key for key in keys(world) if key.endswith(old.digest)]


def test_more_clients_do_not_help(http, world: World) -> None:
    world.upload()
    for _ in range(2):
        assert Client(http, world).ask().json()["code"] in {"version_not_approved", "version_unknown", "nothing_runs"}


def test_uploading_again_or_elsewhere_gives_nothing(http, world: World, token_of) -> None:
    world.approved()
    before = keys(world)
    changed = {"filename": "x.json", "content": flow("Send it to everybody").decode()}
    for environment in ("production", "sandbox"):
        body = {**changed, "environment": environment}
        assert http.post(f"{STANDUP}/versions", json=body, headers=token_of(world.ada)).status_code in {201, 422}
    assert keys(world) == before
    assert keys(world, "sandbox") == set()


def test_a_wider_manifest_of_the_same_flow_is_another_version(http, world: World, token_of) -> None:
    approved = world.approved(operations=("chat.postMessage",))
    body = {
        "filename": "x.json",
        "content": flow().decode(),
        "manifest": manifest_text("standup", operations=("chat.postMessage", "users.info")),
    }
    answer = http.post(f"{STANDUP}/versions", json=body, headers=token_of(world.ada))
    assert answer.json()["digest"] != approved.digest
    assert {key.rpartition(":c1:")[2] for key in keys(world)} == {approved.digest.removeprefix("c1:")}


def test_a_connector_of_the_same_version_cannot_be_swapped_after_the_review(http, world: World, token_of) -> None:
    world.approved()
    swapped = connector_manifest("1.0.0", post_path="/admin.users.remove")
    answer = http.post("/api/v1/connectors", json={"manifest": json.dumps(swapped)}, headers=token_of(world.sam))
    assert answer.status_code == 409, answer.text
    with world.database.read() as work:
        version = connectors.find_connection(work, "slack-production").connector_version
    assert [each.path for each in version.operations if each.name == "chat.postMessage"] == ["/chat.postMessage"]


def test_an_approval_of_one_app_is_nothing_to_another(http, world: World, token_of) -> None:
    world.approved()
    world.register("twin")
    twin = world.upload("twin")
    body = {"digest": twin.digest}
    assert http.put("/api/v1/apps/twin/running", json=body, headers=token_of(world.ada)).status_code == 200
    assert Client(http, world, app="twin").ask().json()["code"] == "version_not_approved"
    assert {key.partition(":")[0] for key in keys(world)} == {app_of(http, world, token_of).id}


def app_of(http, world: World, token_of) -> App:
    from handrail.registry import catalog

    with world.database.read() as work:
        return catalog.find_app(work, world.ada, "standup")


def test_a_retired_name_is_never_given_again(http, world: World, token_of) -> None:
    """Nor does its approval wait for whoever takes the name."""
    world.approved()
    headers = token_of(world.ada)
    client = Client(http, world)
    assert http.post(f"{STANDUP}/retire", json={"reason": "Over"}, headers=headers).status_code == 200
    assert client.ask().json()["error"] == "invalid_client"
    body = {"name": "standup", "team": "finance-ops"}
    assert http.post("/api/v1/apps", json=body, headers=headers).status_code == 409
    world.register("lunch")
    renamed = http.patch("/api/v1/apps/lunch", json={"newName": "standup"}, headers=headers)
    assert renamed.status_code == 409
    assert keys(world) == set()


def test_quarantine_follows_the_app_through_a_new_name_and_a_new_team(http, world: World, token_of) -> None:
    world.approved()
    client = Client(http, world)
    body = {"reason": "Odd calls"}
    assert http.post(f"{STANDUP}/quarantine", json=body, headers=token_of(world.sam)).status_code == 201
    renamed = http.patch(STANDUP, json={"newName": "daily"}, headers=token_of(world.ada))
    assert renamed.status_code == 200, renamed.text
    moved = http.patch("/api/v1/apps/daily", json={"team": "logistics"}, headers=token_of(world.sam))
    assert moved.status_code == 200, moved.text
    assert client.ask().json()["code"] == "quarantined"
    assert http.delete("/api/v1/apps/daily/quarantine", headers=token_of(world.ada)).status_code in {403, 404}
    assert client.ask().json()["code"] == "quarantined"


def test_a_sandbox_client_gets_sandbox_tokens_whatever_it_asks_for(http, http_context, world: World) -> None:
    world.approved()
    tried = world.approved(environment="sandbox")
    client = Client(http, world, "sandbox")
    claims = client.claims()
    assert claims["iss"] == f"{http_context.public_url}/sandbox"
    assert claims["aud"] == f"{http_context.hub_url}/sandbox"
    assert claims["key"].split(":")[1] == "sandbox"
    assert claims["key"].endswith(tried.digest)
    for more in (
        {"resource": f"{http_context.hub_url}/production"},
        {"resource": f"{http_context.public_url}/production"},
        {"scope": "production"},
        {"scope": "*"},
    ):
        assert client.ask(**more).status_code == 400, more
    for more in ({"environment": "production"}, {"audience": f"{http_context.hub_url}/production"}):
        # Unknown parameters are ignored, as RFC 6749 wants.
        assert client.claims(**more)["aud"] == f"{http_context.hub_url}/sandbox", more


def test_a_production_client_gets_no_candidate(http, world: World) -> None:
    approved = world.approved()
    world.upload(text="Send it to everybody")
    client = Client(http, world)
    assert client.ask(version="2").status_code == 400
    assert client.claims()["key"].endswith(approved.digest)


def test_a_client_of_one_environment_is_unknown_in_the_keys_of_the_other(http, world: World) -> None:
    """Separate keys: what signs sandbox tokens is not in production's key set."""
    world.approved()
    world.approved(environment="sandbox")
    sets = {
        kind: {key["kid"] for key in http.get(f"/{kind}/.well-known/jwks.json").json()["keys"]}
        for kind in ("sandbox", "production")
    }
    assert sets["sandbox"] and sets["production"]
    assert not sets["sandbox"] & sets["production"]
    header = Client(http, world, "sandbox").ask().json()["access_token"].split(".")[0]
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["kid"] in sets["sandbox"]


def test_only_the_review_writes_approvals() -> None:
    """No surface and no source may call what makes an approval: the rule of four eyes stands in front of it."""
    source = Path(handrail.__file__).parent
    users = set()
    for path in source.rglob("*.py"):
        tree = ast.parse(path.read_text())
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if "add_approval" in names:
            users.add(str(path.relative_to(source)))
    assert users == {"governance/lifecycle/service.py"}
    service = ast.parse((source / "governance/lifecycle/service.py").read_text())
    for function in (node for node in service.body if isinstance(node, ast.FunctionDef)):
        called = [
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in sorted((n for n in ast.walk(function) if isinstance(n, ast.Call)), key=lambda n: n.lineno)
        ]
        if "add_approval" in called:
            assert called.index("require_other") < called.index("add_approval")
