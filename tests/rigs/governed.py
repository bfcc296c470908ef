"""A small governed world: people, a connector with two operations, apps and flows to govern."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rigs.manifests import APP, CONNECTION, CONNECTOR

from handrail.governance import lifecycle
from handrail.kernel.secret import Secret
from handrail.language.importers import Artefact, read_artefact
from handrail.language.manifest import AppManifest, parse_app, parse_connection, parse_connector
from handrail.platform.database import Database
from handrail.registry import access, catalog, connectors
from handrail.registry.access import Addresses, IssuedToken, NewClient, TokenRequest
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.catalog import App, Observation, Version
from handrail.registry.identity import Caller, Team, add_team
from handrail.registry.vault import Vault

ADDRESSES = Addresses("http://127.0.0.1:8700", "http://127.0.0.1:8780")
SOURCE = Actor("system", "source-1", "shop-floor")


def flow(text: str = "Good morning") -> bytes:
    """Return a Node-RED flow file; another text is another version."""
    nodes: list[dict[str, Any]] = [
        {"id": "tab1", "type": "tab", "label": "Standup"},
        {"id": "in1", "type": "inject", "z": "tab1", "name": "Every morning", "wires": [["say1"]], "x": 100, "y": 40},
        {
            "id": "say1",
            "type": "http request",
            "z": "tab1",
            "name": "Post to Slack",
            "method": "POST",
            "url": "http://127.0.0.1:8780/slack-production/chat.postMessage",
            "wires": [["text1"]],
            "x": 300,
            "y": 40,
        },
        {
            "id": "text1",
            "type": "template",
            "z": "tab1",
            "name": "Text",
            "template": text,
            "wires": [[]],
            "x": 500,
            "y": 40,
        },
    ]
    return json.dumps(nodes).encode()


def artefact(text: str = "Good morning") -> Artefact:
    return read_artefact(flow(text), "standup.json")


def connector_manifest(version: str = "1.0.0", *, post_path: str = "/chat.postMessage") -> dict[str, Any]:
    made = copy.deepcopy(CONNECTOR)
    made["spec"]["version"] = version
    made["spec"]["credential"] = {"kind": "none"}
    made["spec"]["dataClasses"] = ["internal", "pii"]
    made["spec"]["operations"][0]["path"] = post_path
    return made


def connection_manifest(environment: str = "production", *, version: str = "1.0.0") -> dict[str, Any]:
    made = copy.deepcopy(CONNECTION)
    made["metadata"]["name"] = f"slack-{environment}"
    made["spec"] |= {"environment": environment, "version": version}
    del made["spec"]["credential"]
    return made


def manifest_text(
    app: str, environment: str = "production", operations: tuple[str, ...] = ("chat.postMessage",), **spec: Any
) -> str:
    made = copy.deepcopy(APP)
    made["metadata"]["name"] = app
    made["spec"] |= {
        "platform": "node-red",
        "dataClasses": ["internal"],
        "egress": [],
        "constants": {},
        "connections": [{"connection": f"slack-{environment}", "operations": list(operations)}] if operations else [],
        **spec,
    }
    return json.dumps(made)


@dataclass
class World:
    """What a test may use; everything goes through the services."""

    database: Database
    vault: Vault
    team: Team
    ada: Caller
    grace: Caller
    rita: Caller
    sam: Caller
    zoe: Caller

    def connect(self, environment: str = "production", version: str = "1.0.0", **more: Any) -> None:
        """Apply the connector and its connection in an environment."""
        connector = parse_connector(json.dumps(connector_manifest(version, **more)), "slack.yaml")
        connection = parse_connection(json.dumps(connection_manifest(environment, version=version)), "c.yaml")
        with self.database.begin() as work:
            connectors.apply_connector(work, self.sam, connector)
            connectors.apply_connection(work, self.vault, self.sam, connection)

    def register(self, name: str = "standup", **more: Any) -> App:
        given = {"team": self.team.name, "owner": "ada", "deputy": "grace", "purpose": "Says good morning."}
        with self.database.begin() as work:
            return catalog.register(work, self.ada, name, **{**given, **more})

    def upload(
        self,
        app: str = "standup",
        text: str = "Good morning",
        *,
        caller: Caller | None = None,
        environment: str = "production",
        operations: tuple[str, ...] = ("chat.postMessage",),
        manifest: AppManifest | None = None,
        author: str = "",
    ) -> Version:
        wanted = manifest or parse_app(manifest_text(app, environment, operations), "app.yaml")
        with self.database.begin() as work:
            version, _ = catalog.upload(
                work,
                caller or self.ada,
                app,
                environment,
                artefact(text),
                manifest=wanted,
                manifest_file="app.yaml",
                author=author,
            )
            return version

    def observe(self, app: str = "standup", text: str = "Good morning", environment: str = "production") -> Observation:
        with self.database.begin() as work:
            found = catalog.find_app(work, self.sam, app)
            there = connectors.find_environment(work, environment)
            catalog.set_assurance(work, SYSTEM, found, catalog.Assurance.OBSERVED)
            return catalog.observe(work, SOURCE, found, there, artefact(text))

    def submit(
        self, app: str = "standup", *, caller: Caller | None = None, environment: str = "production", **more: Any
    ) -> lifecycle.Review:
        with self.database.begin() as work:
            return lifecycle.submit(work, caller or self.ada, app, environment, **more)

    def approve(self, version: Version, app: str = "standup", *, caller: Caller | None = None) -> lifecycle.Decided:
        with self.database.begin() as work:
            return lifecycle.approve(work, caller or self.rita, app, version.environment_name, version.digest)

    def approved(self, app: str = "standup", text: str = "Good morning", **more: Any) -> Version:
        """Upload, submit and approve a version."""
        version = self.upload(app, text, **more)
        self.submit(app, environment=version.environment_name)
        self.approve(version, app)
        with self.database.read() as work:
            return catalog.version_by_id(work, version.id)

    def secret_client(self, app: str = "standup", environment: str = "production") -> NewClient:
        with self.database.begin() as work:
            return access.add_secret_client(work, self.ada, app, environment)

    def token(self, request: TokenRequest) -> IssuedToken:
        """Ask for a token as the HTTP surface does: what a refusal wrote is committed."""
        with self.database.begin() as work:
            try:
                return access.issue_token(work, self.vault, ADDRESSES, request)
            except access.TokenRefusal as error:
                refusal = error
        raise refusal

    def ask(self, client: NewClient, **more: Any) -> IssuedToken:
        assert client.secret is not None
        return self.token(TokenRequest("client_credentials", client.client.id, Secret(client.secret.reveal()), **more))


def build_world(database: Database, folder: Path, make_person: Any, team: Team) -> World:
    """Return a world with its people: ada and grace build, rita reviews, sam is steward, zoe is of another team."""
    with database.begin() as work:
        other = add_team(work, SYSTEM, "logistics", "Logistics").id
    return World(
        database=database,
        vault=Vault.open(folder / "world.key"),
        team=team,
        ada=make_person("ada", ("builder", team.id)),
        grace=make_person("grace", ("builder", team.id)),
        rita=make_person("rita", ("reviewer", team.id)),
        sam=make_person("sam", ("steward", "*")),
        zoe=make_person("zoe", ("builder", other), ("reviewer", other)),
    )
