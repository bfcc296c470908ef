"""The demo's files: connectors, flows and manifests that were written for it."""

import json
from importlib.resources import files
from typing import Any, Final

from handrail.language.manifest import AppManifest, ConnectorManifest, parse_app, parse_connector

CONNECTORS: Final = ("slack", "github", "stripe", "crm", "ledger", "mail")
SANDBOXED: Final = ("slack", "ledger")
# How the flows write the hub's address; it becomes the real one when they are taken in.
WRITTEN_HUB: Final = "http://127.0.0.1:8780"
_ROOT: Final = files("handrail_packs") / "demo"


def connector(name: str) -> ConnectorManifest:
    """Return one of the six connectors."""
    file = f"{name}.yaml"
    return parse_connector((_ROOT / "connectors" / file).read_text(encoding="utf-8"), file)


def flow(app: str, version: int | str, hub_url: str = WRITTEN_HUB) -> bytes:
    """Return a version of an app's flow as its builder exports it, calling through a hub."""
    text = (_ROOT / "apps" / app / f"flow-{version}.json").read_text(encoding="utf-8")
    return text.replace(WRITTEN_HUB, hub_url).encode()


def manifest(app: str, version: int) -> AppManifest:
    """Return what a version of an app declares."""
    file = f"app-{version}.yaml"
    return parse_app((_ROOT / "apps" / app / file).read_text(encoding="utf-8"), file)


def tab_of(document: bytes) -> str | None:
    """Return the id of a Node-RED flow's tab; None for n8n."""
    nodes: Any = json.loads(document)
    return str(nodes[0]["id"]) if isinstance(nodes, list) else None
