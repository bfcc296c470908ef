"""`handrail source`: what watches what really runs."""

import sys
from typing import Any

import click

from handrail.surfaces.cli.client import USAGE, Client, fail, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say

_TOKEN_MAX = 16 * 1024


def _row(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": source["name"],
        "state": source["state"],
        "since": source["since"],
        "last read": source["readAt"],
        "apps": [f"{each['app']} ({each['environment']})" for each in source["bindings"]],
        "url": source["url"],
        "message": source["message"],
    }


def _path(name: str) -> str:
    return f"/api/v1/sources/{segment(name)}"


@click.group(epilog="Example: handrail source list")
def source() -> None:
    """Sources that watch what really runs.

    A source reads a builder's live definition every few seconds. When it differs from what was approved, calls
    are refused until the new version is approved.
    """


@source.command("list", epilog="Examples: handrail source list; handrail source list -o json | jq '.items[].state'")
@output_option
@pass_client
def list_command(client: Client, output: str) -> None:
    """Sources, with how their last look went."""
    found = client.get("/api/v1/sources")
    table = output in {"table", "csv"}
    emit(
        [_row(item) for item in found["items"]] if table else found,
        output,
        empty="No source yet. Watch a Node-RED with: handrail source add NAME --url URL --app APP",
    )


@source.command(epilog="Example: handrail source show shop-floor")
@click.argument("name")
@output_option
@pass_client
def show(client: Client, name: str, output: str) -> None:
    """One source: its state, since when, and each app that it watches."""
    emit(client.get(_path(name)), output)


@source.command(
    epilog="Example: handrail source add shop-floor --url http://127.0.0.1:1880 --network private "
    "--app standup-reminder --token-stdin < token.txt"
)
@click.argument("name")
@click.option("--url", required=True, metavar="URL", help="Where the builder's admin API is.")
@click.option("--platform", default="node-red", show_default=True, metavar="NAME", help="What kind of builder it is.")
@click.option("--app", required=True, metavar="APP", help="The registered app to watch.")
@click.option("--part", default="", metavar="TAB", help="Id or label of the app's tab; everything by default.")
@click.option("--environment", default="production", show_default=True, metavar="NAME", help="Where it runs.")
@click.option(
    "--token-stdin", is_flag=True, help="Read the admin API's bearer token (one that may only read) from stdin."
)
@click.option(
    "--network",
    type=click.Choice(["public", "private"]),
    default="public",
    show_default=True,
    help="private allows this machine and private networks.",
)
@click.option("--region", default="", metavar="NAME", help="Where it stands; the environment's by default.")
@click.option("--owner", default="", metavar="PERSON", help="Who answers for the instance; you by default.")
@click.option(
    "--interval", default=3, show_default=True, type=click.IntRange(1, 3600), help="Seconds between two looks."
)
@dry_run_option
@output_option
@pass_client
def add(
    client: Client,
    name: str,
    url: str,
    platform: str,
    app: str,
    part: str,
    environment: str,
    token_stdin: bool,
    network: str,
    region: str,
    owner: str,
    interval: int,
    dry_run: bool,
    output: str,
) -> None:
    """Watch an app in a builder instance from now on."""
    body: dict[str, Any] = {
        "name": name,
        "url": url,
        "platform": platform,
        "app": app,
        "part": part,
        "environment": environment,
        "network": network,
        "region": region,
        "owner": owner,
        "intervalS": interval,
    }
    if token_stdin:
        token = sys.stdin.read(_TOKEN_MAX).strip()
        if not token:
            fail("stdin held no token.", USAGE, fix="Pipe it in: handrail source add ... --token-stdin < FILE")
        body["token"] = token
    found = client.post("/api/v1/sources", body, dryRun="true" if dry_run else None)
    if dry_run:
        say(f"{name} would be added; nothing was done.")
    emit(found, output)


@source.command(epilog="Example: handrail source bind shop-floor --app stock-alert --part 'Stock alert'")
@click.argument("name")
@click.option("--app", required=True, metavar="APP", help="The registered app to watch.")
@click.option("--part", default="", metavar="TAB", help="Id or label of the app's tab; everything by default.")
@click.option("--environment", default="production", show_default=True, metavar="NAME", help="Where it runs.")
@dry_run_option
@output_option
@pass_client
def bind(client: Client, name: str, app: str, part: str, environment: str, dry_run: bool, output: str) -> None:
    """Watch one more app in an instance that is registered."""
    if dry_run:
        client.get(_path(name))
        say(f"{name} would watch {app} in {environment}; nothing was done.")
        return
    body = {"app": app, "part": part, "environment": environment}
    emit(client.post(f"{_path(name)}/bindings", body), output)


@source.command(epilog="Example: handrail source poll shop-floor")
@click.argument("name")
@output_option
@pass_client
def poll(client: Client, name: str, output: str) -> None:
    """Look at a source now, and say what was found."""
    emit(client.post(f"{_path(name)}/poll"), output)


@source.command(epilog="Example: handrail source remove shop-floor")
@click.argument("name")
@dry_run_option
@pass_client
def remove(client: Client, name: str, dry_run: bool) -> None:
    """Stop watching an instance, and forget its credential."""
    found = client.get(_path(name))
    apps = ", ".join(each["app"] for each in found["bindings"]) or "no app"
    if dry_run:
        say(f"{name} would be removed; it watches {apps}. Nothing was done.")
        return
    client.delete(_path(name))
    say(f"{name} is removed; nobody watches {apps} there now.")
