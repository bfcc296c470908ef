"""`handrail estate`: what people built, and what is wrong with it."""

from typing import Any

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import emit, output_option, say

_PATH = "/api/v1/estate"


@click.group(epilog="Example: handrail estate show")
def estate() -> None:
    """The estate: what people built, read by handrail adopt DIR and by sources.

    Nothing in it is an app until somebody registers it.
    """


@estate.command(epilog="Examples: handrail estate show; handrail estate show 0198c1de-0000-7000-8000-000000000000")
@click.argument("definition", required=False, metavar="[ID]")
@output_option
@pass_client
def show(client: Client, definition: str | None, output: str) -> None:
    """The estate at a glance; with an ID one definition, its findings and its leaks."""
    if definition is None:
        found = client.get(_PATH)
        emit(_glance(found) if output == "table" else found, output)
        return
    found = client.get(f"{_PATH}/definitions/{segment(definition)}")
    emit(_one(found) if output == "table" else found, output)


def _glance(found: dict[str, Any]) -> dict[str, Any]:
    names = ("found", "new", "registered", "ownKeys", "leaks", "unreadable", "scannedAt")
    return {
        **{name: found[name] for name in names},
        "platforms": [
            {name: each[name] for name in ("platform", "found", "registered", "ownKeys", "restricted", "leaks")}
            for each in found["byPlatform"]
        ]
        or "nothing was read yet: handrail adopt DIR",
        "worst": [{"leak": each["title"], "where": each["definition"]["name"]} for each in found["worst"]] or "none",
        "do first": [{"what": each["title"]} for each in found["doFirst"]] or "nothing",
    }


def _one(found: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "platform", "origin", "path", "team", "app", "owner", "steps", "dataClass", "firstSeen", "goneAt")
    return {
        **{name: found[name] for name in names},
        "connectors": found["connectors"],
        "findings": [
            {
                "severity": each["severity"],
                "rule": each["rule"],
                "text": each["text"],
                "fix": (each["fix"] or {}).get("text", ""),
            }
            for each in found["findings"]
        ]
        or "none",
        "leaks": [
            {"what": each["label"]["what"], "to": each["destination"], "path": " > ".join(each["path"])}
            for each in found["leakPaths"]
        ]
        or "none",
        "depends on": [each["name"] for each in found["upstream"]] or "nothing",
        "dependants": [each["name"] for each in found["dependants"]] or "none",
    }


@estate.command("list", epilog="Example: handrail estate list --platform n8n --risk leak --unregistered -o json")
@click.option("--platform", multiple=True, metavar="NAME", help="Only of this platform; may be repeated.")
@click.option("--connector", multiple=True, metavar="NAME", help="Only what uses this system; may be repeated.")
@click.option("--owner", multiple=True, metavar="PERSON", help="Only apps of this owner; none for nobody's.")
@click.option("--team", multiple=True, metavar="TEAM", help="Only of this team; may be repeated.")
@click.option(
    "--risk",
    multiple=True,
    type=click.Choice(["leak", "block", "warn", "note", "clean", "secret", "personal", "restricted"]),
    metavar="RISK",
    help="Only with this risk: leak, block, warn, note, clean, secret, personal or restricted; may be repeated.",
)
@click.option("--origin", multiple=True, metavar="NAME", help="Only found there; may be repeated.")
@click.option("--registered/--unregistered", default=None, help="Only registered apps, or only what is none.")
@click.option("--gone", is_flag=True, help="Only what is no longer where it was found.")
@click.option("--q", default="", metavar="WORDS", help="Only with this in the name or path.")
@click.option("--cursor", default="", metavar="CURSOR", help="The next page: the cursor that the last one ended with.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="At most this many.")
@output_option
@pass_client
def list_command(client: Client, registered: bool | None, gone: bool, output: str, **given: Any) -> None:
    """Definitions that were found, the worst first."""
    query = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}
    if registered is not None:
        query["registered"] = str(registered).lower()
    found = client.get(f"{_PATH}/definitions", gone=str(gone).lower(), **query)
    columns = ("id", "name", "platform", "app", "leaks", "blocks", "warns", "ownKeys", "dataClass")
    emit(found, output, columns=columns, empty="Nothing was found. Read a folder with: handrail adopt DIR")
    if found["next"] and output in {"table", "csv"}:
        say(f"There are more: --cursor {found['next']}")


@estate.command(epilog="Example: handrail estate leaks -o json | jq '.items[].title'")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True, help="At most this many.")
@output_option
@pass_client
def leaks(client: Client, limit: int, output: str) -> None:
    """Ways of data out of the company, in definitions and across them, the worst first."""
    found = client.get(f"{_PATH}/leaks", limit=limit)
    if output in {"table", "csv"}:
        rows = [
            {
                "leak": each["title"],
                "class": each["dataClass"],
                "certainty": each["certainty"],
                "path": " > ".join(stop["label"] for stop in each["stops"]),
                "cut": each["cut"],
            }
            for each in found["items"]
        ]
        emit(rows, output, empty="No leak was found.")
        return
    emit(found, output)


@estate.command(epilog="Example: handrail estate duplicates")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True, help="At most this many groups.")
@output_option
@pass_client
def duplicates(client: Client, limit: int, output: str) -> None:
    """Definitions that do the same, the largest saving first."""
    found = client.get(f"{_PATH}/duplicates", limit=limit)
    if output in {"table", "csv"}:
        rows = [
            {
                "kind": each["kind"],
                "alike": f"{each['similarity']} %",
                "definitions": [one["name"] for one in each["definitions"]],
                "saving": each["text"],
            }
            for each in found["items"]
        ]
        emit(rows, output, empty="No two definitions do the same.")
        return
    emit(found, output)


@estate.command(epilog="Example: handrail estate files --unreadable")
@click.option("--unreadable", is_flag=True, help="Only files that could not be read.")
@click.option("--origin", default="", metavar="NAME", help="Only found there.")
@click.option("--cursor", default="", metavar="CURSOR", help="The next page: the cursor that the last one ended with.")
@click.option("--limit", type=click.IntRange(1, 500), default=100, show_default=True, help="At most this many.")
@output_option
@pass_client
def files(client: Client, unreadable: bool, origin: str, cursor: str, limit: int, output: str) -> None:
    """Files that were read, and those that could not be, with the place and the fix."""
    found = client.get(f"{_PATH}/files", unreadable=str(unreadable).lower(), origin=origin, cursor=cursor, limit=limit)
    if output in {"table", "csv"}:
        rows = [
            {
                "origin": each["origin"],
                "path": each["path"],
                "state": each["state"],
                "definitions": each["definitions"],
                "why": (each["error"] or {}).get("text", ""),
                "fix": (each["error"] or {}).get("fix", ""),
            }
            for each in found["items"]
        ]
        emit(rows, output, empty="No file was read yet, or all could be." if unreadable else "No file was read yet.")
        return
    emit(found, output)
