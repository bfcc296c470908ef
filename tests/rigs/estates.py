"""Made-up flows of an estate: n8n workflows that share sheets, leak, and do the same as others."""

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from handrail.governance import estate
from handrail.governance.checks import Lookup
from handrail.governance.estate import FileIn, Origin, Taken
from handrail.language import leaks
from handrail.platform.database import Database
from handrail.registry.identity import Caller

SHEET = "1QuarterPayouts"


def node(name: str, kind: str, **parameters: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "type": kind if "." in kind else f"n8n-nodes-base.{kind}",
        "typeVersion": 1,
        "position": [0, 0],
        "parameters": parameters,
    }


def workflow(name: str, *nodes: dict[str, Any], flow_id: str = "", credentials: dict[str, str] | None = None) -> bytes:
    """Return an n8n workflow whose steps follow each other."""
    for each in nodes:
        if credentials and each["name"] in credentials:
            each["credentials"] = {"httpHeaderAuth": {"id": "1", "name": credentials[each["name"]]}}
    wires = {
        one["name"]: {"main": [[{"node": other["name"], "type": "main", "index": 0}]]} for one, other in pairwise(nodes)
    }
    document = {"name": name, "nodes": list(nodes), "connections": wires} | ({"id": flow_id} if flow_id else {})
    return json.dumps(document).encode()


def sheet(name: str, operation: str, sheet_id: str = SHEET, **more: Any) -> dict[str, Any]:
    place = {"documentId": {"__rl": True, "mode": "id", "value": sheet_id}}
    place |= {"sheetName": {"__rl": True, "mode": "name", "value": "Q4"}}
    made = node(name, "googleSheets", operation=operation, **place, **more)
    made["typeVersion"] = 4
    return made


def payout_export() -> bytes:
    """Writes what a CRM says of people into a sheet."""
    return workflow(
        "payout-export",
        node("Every night", "scheduleTrigger"),
        node("Read contacts", "hubspot", resource="contact", operation="getAll"),
        sheet("Write sheet", "append"),
    )


def sheet_to_slack(name: str = "sheet-to-slack", host: str = "hooks.example-partner.net") -> bytes:
    """Sends what stands in that sheet to somebody outside."""
    return workflow(
        name,
        node("Every day", "scheduleTrigger"),
        sheet("Read sheet", "read"),
        node("Tell partner", "httpRequest", method="POST", url=f"https://{host}/in", sendBody=True,
             bodyParameters={"parameters": [{"name": "text", "value": "={{ $json.email }}"}]}),
    )  # fmt: skip


def plain(number: int) -> bytes:
    """Return a small flow of its own kind."""
    return workflow(
        f"flow-{number:05}",
        node("Start", "manualTrigger"),
        node("Ask", "httpRequest", method="GET", url=f"https://api.number-{number}.example.org/v1/things"),
    )


def secretive() -> bytes:
    """Holds a made-up key."""
    return workflow(
        "secretive",
        node("Start", "manualTrigger"),
        node("Ask", "httpRequest", method="POST", url="http://api.example-shop.net/v1", sendHeaders=True,
             headerParameters={"parameters": [{"name": "Authorization", "value": "Bearer sk-Zq81mVx0PpT4nLw7cRy2Kd9Hs3Jf6Ub5"}]}),
    )  # fmt: skip


def adopt(
    database: Database,
    caller: Caller,
    team: str,
    files: Iterable[tuple[str, bytes]],
    origin: str = "exports",
    lookup: Lookup | None = None,
) -> list[Taken]:
    """Read files into the inventory, as a batch does."""
    reads = estate.read_files([FileIn(path, content) for path, content in files], leaks.default_boundary(), lookup)
    with database.begin() as work:
        into = estate.ensure_origin(work, caller, origin, team=team, kind="folder")
        return estate.take_in(work, caller.actor, into, reads)


def finish(database: Database, caller: Caller, origin: str, paths: Iterable[str]) -> tuple[str, ...]:
    with database.begin() as work:
        found: Origin = estate.find_origin(work, caller, origin)
        return estate.finish(work, caller.actor, found, paths=paths)


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for path, content in files:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
