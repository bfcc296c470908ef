"""Every route of the API with a request that would succeed, in a world where it would."""

import base64
import importlib
import io
import json
import pkgutil
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from fastapi.routing import APIRoute
from tests.rigs.governed import World, build_world, connection_manifest, connector_manifest, flow, manifest_text

from handrail.governance import estate
from handrail.kernel.secret import Secret
from handrail.language import leaks
from handrail.platform.database import Database
from handrail.registry import access, catalog, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import Binding, Permission, Role, Team
from handrail.runtime import hub
from handrail.surfaces.http import routes

PASSWORD = "correct horse of everybody"
HOSTED = "/api/openapi.json"
HUB_KEY = base64.urlsafe_b64encode(X25519PrivateKey.generate().public_key().public_bytes_raw()).decode().rstrip("=")


def every_route() -> list[tuple[str, str]]:
    """Return (method, path template) of each route, from the modules themselves and not from what they document."""
    found = [("GET", HOSTED)]
    for module in pkgutil.iter_modules(routes.__path__):
        router = importlib.import_module(f"{routes.__name__}.{module.name}").router
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route}: give it a place in tests/rigs/surface.py"
            found.extend((method, route.path) for method in route.methods)
    return sorted(found, key=lambda route: (route[1], route[0]))


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b.json", content)
    return packed.getvalue()


@dataclass
class Asked:
    """One request; `body` as JSON, `form` as a form, `content` as it is."""

    path: dict[str, str] = field(default_factory=dict)
    body: Any = None
    form: dict[str, str] | None = None
    query: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None

    def url(self, template: str) -> str:
        return template.format(**self.path)


class Surface:
    """A world in which each route has something to work on, all of it of one team.

    Attributes:
        hub_token: Of an enrolled hub.
        samples: Route to the request that succeeds for who may do it.
    """

    def __init__(self, database: Database, file: Path, world: World) -> None:
        self.database = database
        self.file = file
        self.world = world
        self.hashed = identity.prepare_password(Secret(PASSWORD), "nobody")
        self._fill()
        self.samples = self._samples()
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self.keep()

    def person(
        self,
        make_person: Callable[..., Any],
        name: str,
        *bindings: tuple[str, str],
        scopes: tuple[Permission, ...] | None = None,
    ) -> dict[str, str]:
        """Make somebody with a password; return the headers of an API token of theirs."""
        caller = make_person(name, *bindings)
        with self.database.begin() as work:
            identity.change_password(work, caller, self.hashed)
            _, token = identity.new_token(work, caller, "matrix", days=1, scopes=scopes)
            if caller.may(Permission.APP_READ):
                # Views are everybody's own, so each has one to remove.
                catalog.save_view(work, caller, "kept", "owner=me")
        return {"authorization": f"Bearer {token.reveal()}"}

    def keep(self) -> None:
        """Remember the state of the database."""
        with sqlite3.connect(self.file) as live:
            live.backup(self._kept)
        live.close()

    def restore(self) -> None:
        """Bring back the state that was remembered."""
        with sqlite3.connect(self.file, timeout=10) as live:
            self._kept.backup(live)
        live.close()

    def _fill(self) -> None:
        world = self.world
        world.connect("sandbox")
        world.register("standup")
        self.approved = world.approved("standup")
        self.in_review = world.upload("standup", "Good evening")
        self.review = world.submit("standup")
        self.client = world.secret_client("standup").client
        world.register("lunch")
        self.draft = world.upload("lunch", "Lunch")
        world.register("rolled")
        self.older = world.approved("rolled", "One")
        world.approved("rolled", "Two")
        world.register("held")
        with self.database.begin() as work:
            access.quarantine(work, world.sam, "held", "Looking into it")
            identity.add_person(work, SYSTEM, "vic", "Vic")
            gone = identity.add_person(work, SYSTEM, "gone", "Gone")
            identity.grant_role(work, SYSTEM, identity.find_person(work, "vic"), Binding(Role.VIEWER, world.team.id))
            identity.grant_role(work, SYSTEM, gone, Binding(Role.VIEWER, world.team.id))
            root = identity.add_person(work, SYSTEM, "root", "Root")
            for role in (Role.ADMIN, Role.STEWARD):
                identity.grant_role(work, SYSTEM, root, Binding(role, "*"))
            admin = identity.caller_of(work, root.id)
            identity.disable_person(work, admin, "gone")
            self.invitation, self.link = identity.invite(work, admin, [Binding(Role.VIEWER, world.team.id)])
            identity.open_session(work, identity.find_person(work, "vic"))
            (self.vics_session,) = identity.sessions_of(
                work, identity.caller_of(work, identity.find_person(work, "vic").id)
            )
            self.vics_token, _ = identity.new_token(
                work, identity.caller_of(work, identity.find_person(work, "vic").id), "mine", days=1
            )
            made, token = hub.enrol_hub(work, admin, "edge-1", "local")
            hub.bind_key(work, made, HUB_KEY)
            hub.enrol_hub(work, admin, "edge-2", "local")
            self.hub_token = token.reveal()
            hub.ensure_signing_key(work, world.vault)
            access.ensure_signing_keys(work, world.vault)
            from handrail.runtime import sources

            sources.add(
                work,
                admin,
                world.vault,
                sources.NewSource(
                    app="lunch",
                    environment="production",
                    part="",
                    name="shop-floor",
                    platform="node-red",
                    url="http://127.0.0.1:9",
                    network="private",
                    region="",
                    owner="",
                    interval_s=60,
                ),
                None,
            )
        with self.database.read() as work:
            self.approval = access.approvals(work, self.approved.app_id)[0]
        read = estate.read_files([estate.FileIn("a.json", flow("Found"))], leaks.default_boundary())
        with self.database.begin() as work:
            origin = estate.ensure_origin(work, world.ada, "exports", team=world.team.name)
            self.definition = estate.take_in(work, world.ada.actor, origin, read)[0].definitions[0].id

    def _samples(self) -> dict[tuple[str, str], Asked]:
        file = {"filename": "standup.json", "content": flow("Another").decode()}
        found = {"definition_id": self.definition}
        standup, vic = {"name": "standup"}, {"name": "vic"}
        version = {"name": "standup", "which": "1"}
        connector = {"manifest": json.dumps(connector_manifest("1.1.0"))}
        spare = connection_manifest("sandbox")
        spare["metadata"]["name"] = "spare"
        join = {"token": "A" * 43, "name": "new-one", "password": PASSWORD, "kind": "token"}
        ack = {"epoch": 1, "revision": 0, "quarantine_revision": 0}
        kind = {"kind": "production"}
        return {
            ("GET", HOSTED): Asked(),
            ("GET", "/healthz"): Asked(),
            ("GET", "/readyz"): Asked(),
            ("GET", "/api/v1/apps"): Asked(),
            ("POST", "/api/v1/apps"): Asked(body={"name": "another", "team": self.world.team.name}),
            ("POST", "/api/v1/drafts"): Asked(body=file),
            ("POST", "/api/v1/drafts/parts"): Asked(body=file),
            ("POST", "/api/v1/adoptions"): Asked(
                body={**file, "manifest": manifest_text("adopted", owner="ada", deputy="grace", team="finance-ops")}
            ),
            ("GET", "/api/v1/apps/{name}"): Asked(standup),
            ("PATCH", "/api/v1/apps/{name}"): Asked(standup, {"title": "Stand-up"}),
            ("POST", "/api/v1/apps/{name}/retire"): Asked(standup, {"reason": "Over"}),
            ("GET", "/api/v1/apps/{name}/versions"): Asked(standup),
            ("POST", "/api/v1/apps/{name}/versions"): Asked({"name": "lunch"}, file),
            ("GET", "/api/v1/apps/{name}/versions/{which}"): Asked(version),
            ("GET", "/api/v1/apps/{name}/versions/{which}/diff"): Asked(version),
            ("GET", "/api/v1/apps/{name}/versions/{which}/layout"): Asked(version),
            ("PUT", "/api/v1/apps/{name}/versions/{which}/layout"): Asked(
                version, {"positions": {"say1": {"x": 300, "y": 40}}}
            ),
            ("DELETE", "/api/v1/apps/{name}/versions/{which}/layout"): Asked(version),
            ("GET", "/api/v1/apps/{name}/running"): Asked(standup),
            ("PUT", "/api/v1/apps/{name}/running"): Asked({"name": "rolled"}, {"digest": self.older.digest}),
            ("POST", "/api/v1/apps/{name}/rollback"): Asked({"name": "rolled"}, {"digest": self.older.digest}),
            ("POST", "/api/v1/apps/{name}/submit"): Asked({"name": "lunch"}, {}),
            ("POST", "/api/v1/apps/{name}/withdraw"): Asked(standup, {}),
            ("POST", "/api/v1/apps/{name}/approve"): Asked(standup, {"digest": self.in_review.digest}),
            ("POST", "/api/v1/apps/{name}/refuse"): Asked(standup, {"reason": "No."}),
            ("POST", "/api/v1/apps/{name}/revoke"): Asked(
                standup, {"digest": self.approved.digest, "reason": "No longer."}
            ),
            ("GET", "/api/v1/apps/{name}/approvals/{approval_id}"): Asked({**standup, "approval_id": self.approval.id}),
            ("GET", "/api/v1/apps/{name}/calls"): Asked(standup),
            ("GET", "/api/v1/apps/{name}/calls/series"): Asked(standup),
            ("GET", "/api/v1/calls/by-app"): Asked(query={"name": "standup"}),
            ("GET", "/api/v1/connections/calls"): Asked(),
            ("GET", "/api/v1/apps/{name}/clients"): Asked(standup),
            ("POST", "/api/v1/apps/{name}/clients"): Asked(standup, {}),
            ("DELETE", "/api/v1/apps/{name}/clients/{client_id}"): Asked({**standup, "client_id": self.client.id}),
            ("POST", "/api/v1/apps/{name}/quarantine"): Asked(standup, {"reason": "Odd calls"}),
            ("DELETE", "/api/v1/apps/{name}/quarantine"): Asked({"name": "held"}),
            ("GET", "/api/v1/reviews"): Asked(query={"app": "standup"}),
            ("GET", "/api/v1/reviews/{review_id}"): Asked({"review_id": self.review.id}),
            ("GET", "/api/v1/audit"): Asked(),
            ("GET", "/api/v1/audit/verify"): Asked(),
            ("GET", "/api/v1/audit/actions"): Asked(),
            ("GET", "/api/v1/audit/export"): Asked(query={"q": "standup"}),
            ("GET", "/api/v1/apps/{name}/history"): Asked(standup),
            ("GET", "/api/v1/apps/{name}/impact"): Asked(standup),
            ("GET", "/api/v1/home"): Asked(),
            ("GET", "/api/v1/doctor"): Asked(),
            ("GET", "/api/v1/signing-keys"): Asked(),
            ("POST", "/api/v1/signing-keys/{kind}/rotate"): Asked(kind),
            ("GET", "/api/v1/catalog"): Asked(query={"q": "stand", "stage": "operating"}),
            ("GET", "/api/v1/views"): Asked(),
            ("PUT", "/api/v1/views/{name}"): Asked({"name": "mine"}, {"query": "owner=me&flag=drifted"}),
            ("DELETE", "/api/v1/views/{name}"): Asked({"name": "kept"}),
            ("GET", "/api/v1/environments"): Asked(),
            ("GET", "/api/v1/connectors"): Asked(),
            ("POST", "/api/v1/connectors"): Asked(body=connector),
            ("GET", "/api/v1/connectors/{name}"): Asked({"name": "slack"}),
            ("GET", "/api/v1/connections"): Asked(),
            ("POST", "/api/v1/connections"): Asked(body={"manifest": json.dumps(spare)}),
            ("GET", "/api/v1/connections/{name}"): Asked({"name": "slack-production"}),
            ("DELETE", "/api/v1/connections/{name}"): Asked({"name": "slack-sandbox"}),
            ("GET", "/api/v1/credentials"): Asked(),
            ("PUT", "/api/v1/credentials/{environment}/{name}"): Asked(
                {"environment": "sandbox", "name": "slack"}, {"fields": {"token": "t"}}
            ),
            ("GET", "/api/v1/hubs"): Asked(),
            ("POST", "/api/v1/hubs"): Asked(body={"name": "edge-3"}),
            ("GET", "/api/v1/hubs/{name}"): Asked({"name": "edge-1"}),
            ("DELETE", "/api/v1/hubs/{name}"): Asked({"name": "edge-2"}),
            ("GET", "/api/v1/hubs/{name}/calls"): Asked({"name": "edge-1"}),
            ("GET", "/api/v1/hubs/{name}/tail"): Asked({"name": "edge-1"}),
            ("GET", "/api/v1/people"): Asked(),
            ("GET", "/api/v1/people/{name}"): Asked(vic),
            ("POST", "/api/v1/people/{name}/disable"): Asked(vic),
            ("POST", "/api/v1/people/{name}/enable"): Asked({"name": "gone"}),
            ("POST", "/api/v1/people/{name}/roles"): Asked(vic, {"role": "builder", "team": "finance-ops"}),
            ("DELETE", "/api/v1/people/{name}/roles/{role}"): Asked(
                {**vic, "role": "viewer"}, query={"team": "finance-ops"}
            ),
            ("GET", "/api/v1/roles"): Asked(),
            ("GET", "/api/v1/teams"): Asked(),
            ("POST", "/api/v1/teams"): Asked(body={"name": "another-team"}),
            ("PATCH", "/api/v1/teams/{name}"): Asked({"name": self.world.team.name}, {"title": "Money matters"}),
            ("GET", "/api/v1/invitations"): Asked(),
            ("POST", "/api/v1/invitations"): Asked(body={"roles": [{"role": "viewer", "team": "finance-ops"}]}),
            ("DELETE", "/api/v1/invitations/{invitation_id}"): Asked({"invitation_id": self.invitation.id}),
            ("POST", "/api/v1/invitations/redeem"): Asked(body=join),
            ("POST", "/api/v1/setup"): Asked(body=join),
            ("POST", "/api/v1/sign-in"): Asked(body={"name": "vic", "password": "wrong", "kind": "token"}),
            ("POST", "/api/v1/demo/sign-in"): Asked(body={"as": "builder"}),
            ("POST", "/api/v1/sign-out"): Asked(),
            ("GET", "/api/v1/live"): Asked(query={"seconds": "0.01"}),
            ("GET", "/api/v1/me"): Asked(),
            ("PATCH", "/api/v1/me"): Asked(body={"displayName": "Somebody", "timeZone": "Europe/Berlin"}),
            ("POST", "/api/v1/me/confirm"): Asked(body={"password": PASSWORD}),
            ("GET", "/api/v1/me/sessions"): Asked(),
            ("DELETE", "/api/v1/me/sessions"): Asked(),
            ("DELETE", "/api/v1/me/sessions/{session_id}"): Asked({"session_id": self.vics_session.id}),
            ("GET", "/api/v1/directory"): Asked(),
            ("GET", "/api/v1/sign-in/options"): Asked(),
            ("POST", "/api/v1/join/look"): Asked(body={"token": self.link.reveal()}),
            ("GET", "/api/v1/setup/progress"): Asked(),
            ("PUT", "/api/v1/me/password"): Asked(body={"old": PASSWORD, "new": "another horse, correct too"}),
            ("GET", "/api/v1/tokens"): Asked(),
            ("POST", "/api/v1/tokens"): Asked(body={"name": "ci", "days": 1}),
            ("DELETE", "/api/v1/tokens/{token_id}"): Asked({"token_id": self.vics_token.id}),
            ("POST", "/api/v1/checks"): Asked(body=file),
            ("GET", "/api/v1/estate"): Asked(),
            ("POST", "/api/v1/estate/known"): Asked(
                body={"origin": "exports", "files": [{"path": "a.json", "digest": "sha256:" + "0" * 64}]}
            ),
            ("POST", "/api/v1/estate/files"): Asked(
                body={
                    "origin": "exports",
                    "team": self.world.team.name,
                    "files": [{"path": "b.json", "content": base64.b64encode(flow("Hello")).decode()}],
                }
            ),
            ("POST", "/api/v1/estate/archives"): Asked(
                content=_zipped(flow("Hello")), query={"origin": "exports", "team": self.world.team.name}
            ),
            ("POST", "/api/v1/estate/finish"): Asked(body={"origin": "exports", "paths": ["a.json"]}),
            ("GET", "/api/v1/estate/definitions"): Asked(query={"platform": "node-red"}),
            ("GET", "/api/v1/estate/definitions/{definition_id}"): Asked(found),
            ("POST", "/api/v1/estate/definitions/{definition_id}/fixes"): Asked(found, {"keys": []}),
            ("POST", "/api/v1/estate/definitions/{definition_id}/registration"): Asked(found, {"name": "found-app"}),
            ("GET", "/api/v1/estate/leaks"): Asked(),
            ("GET", "/api/v1/estate/duplicates"): Asked(),
            ("GET", "/api/v1/estate/files"): Asked(query={"unreadable": "true"}),
            ("GET", "/api/v1/sources"): Asked(),
            ("POST", "/api/v1/sources"): Asked(
                body={"name": "floor-2", "url": "http://127.0.0.1:10", "app": "rolled", "network": "private"}
            ),
            ("GET", "/api/v1/sources/{name}"): Asked({"name": "shop-floor"}),
            ("PATCH", "/api/v1/sources/{name}"): Asked({"name": "shop-floor"}, {"rules": {"onDrift": "warn"}}),
            ("GET", "/api/v1/sources/{name}/found"): Asked({"name": "shop-floor"}),
            ("DELETE", "/api/v1/sources/{name}"): Asked({"name": "shop-floor"}),
            ("POST", "/api/v1/sources/{name}/bindings"): Asked(
                {"name": "shop-floor"}, {"app": "rolled", "part": "tab2"}
            ),
            ("POST", "/api/v1/sources/{name}/poll"): Asked({"name": "shop-floor"}),
            ("POST", "/oauth/token"): Asked(form={"grant_type": "client_credentials"}),
            ("GET", "/{kind}/.well-known/jwks.json"): Asked(kind),
            ("GET", "/{kind}/.well-known/oauth-authorization-server"): Asked(kind),
            ("POST", "/hub/v1/enrol"): Asked(body={"public_key": HUB_KEY}),
            ("GET", "/hub/v1/snapshot"): Asked(),
            ("POST", "/hub/v1/ack"): Asked(body=ack),
            ("GET", "/hub/v1/rollups"): Asked(),
            ("POST", "/hub/v1/rollups"): Asked(body={}),
            ("POST", "/hub/v1/gaps"): Asked(body={}),
        }


def ask(http: Any, route: tuple[str, str], asked: Asked, headers: dict[str, str] | None = None) -> Any:
    """Send a sample."""
    method, template = route
    content = {} if asked.form is None else {"data": asked.form}
    if asked.body is not None:
        content = {"json": asked.body}
    if asked.content is not None:
        content = {"content": asked.content}
    return http.request(method, asked.url(template), params=asked.query, headers=headers or {}, **content)


__all__ = ["HOSTED", "PASSWORD", "Asked", "Surface", "ask", "every_route"]


def build_surface(http_context: Any, database: Database, folder: Path, make_person: Any, team: Team) -> Surface:
    """Return a surface over the database of `http_context`, in `folder`."""
    world = build_world(database, folder, make_person, team)
    world.vault = http_context.vault
    world.connect()
    return Surface(database, folder / "handrail.db", world)
