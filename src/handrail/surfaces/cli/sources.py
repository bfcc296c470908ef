"""`handrail source`: what watches what really runs."""

import sys
from pathlib import Path
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
        "lag (s)": source["lagS"],
        "next": source["nextAt"],
        "found": source["found"],
        "unregistered": source["unregistered"],
        "vanished": source["vanished"],
        "apps": [f"{each['app']} ({each['environment']})" for each in source["bindings"]],
        "url": source["url"],
        "message": source["message"],
    }


def _path(name: str) -> str:
    return f"/api/v1/sources/{segment(name)}"


def _rules(file: str) -> dict[str, Any]:
    import yaml

    try:
        held = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        fail(f"{file} cannot be read ({type(error).__name__}).", USAGE, fix="Write onDrift: warn, for example.")
    if not isinstance(held, dict):
        fail(f"{file} holds no rules.", USAGE, fix="Write onDrift: warn, for example.")
    return held


@click.group(epilog="Example: handrail source list")
def source() -> None:
    """Sources that watch what really runs.

    A source reads a builder's live definitions again and again. When one differs from what was approved, calls are
    refused until the new version is approved, or, by the instance's rules, flagged until a deadline.
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
@click.option(
    "--url", required=True, metavar="URL", help="Where its API is; a repository's address (#branch) or a folder's path."
)
@click.option(
    "--platform",
    default="node-red",
    show_default=True,
    metavar="NAME",
    help="What kind of instance it is: node-red, n8n, git or folder.",
)
@click.option("--app", default="", metavar="APP", help="A registered app to watch in it; without, it is only listed.")
@click.option("--team", default="", metavar="TEAM", help="Whose instance it is; the app's team by default.")
@click.option(
    "--part",
    default="",
    metavar="PART",
    help="Which definition is the app: id or label of a tab, id or name of a workflow, a path.",
)
@click.option("--environment", default="production", show_default=True, metavar="NAME", help="Where it runs.")
@click.option("--token-stdin", is_flag=True, help="Read its token or API key (one that may only read) from stdin.")
@click.option("--rules", type=click.Path(), metavar="FILE", help="Its standing rules, as YAML or JSON.")
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
    "--interval", type=click.IntRange(1, 3600), help="Seconds between two looks; by default what suits the platform."
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
    team: str,
    part: str,
    environment: str,
    token_stdin: bool,
    rules: str | None,
    network: str,
    region: str,
    owner: str,
    interval: int | None,
    dry_run: bool,
    output: str,
) -> None:
    """Register a builder instance, and watch an app in it from now on."""
    body: dict[str, Any] = {
        "name": name,
        "url": url,
        "platform": platform,
        "app": app,
        "team": team,
        "part": part,
        "environment": environment,
        "network": network,
        "region": region,
        "owner": owner,
        "intervalS": interval,
    }
    if rules:
        body["rules"] = _rules(rules)
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
@click.option("--part", default="", metavar="PART", help="Which definition is the app; see: handrail source found.")
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


@source.command(
    epilog="Examples: handrail source found shop-floor; handrail source found shop-floor --findings -o json"
)
@click.argument("name")
@click.option("--findings", is_flag=True, help="Only what belongs to no app, and apps that are no longer there.")
@output_option
@pass_client
def found(client: Client, name: str, findings: bool, output: str) -> None:
    """Every definition that an instance holds, and which of them nobody registered."""
    answer = client.get(f"{_path(name)}/found", findings="true" if findings else None)
    table = output in {"table", "csv"}
    rows = [
        {
            "part": each["part"],
            "name": each["name"],
            "sight": each["sight"],
            "since": each["since"],
            "active": each["active"],
            "changed": each["updatedAt"],
            "by": each["author"] or "unknown",
            "apps": each["apps"],
            "finding": each["finding"],
            "suggested name": (each["registration"] or {}).get("name", ""),
            "problem": each["problem"],
        }
        for each in answer["items"]
    ]
    emit(rows if table else answer, output, empty="Nothing is in it, or it has not been looked at yet.")


@source.command(epilog="Example: handrail source change shop-floor --rules rules.yaml --interval 10")
@click.argument("name")
@click.option("--rules", type=click.Path(), metavar="FILE", help="Its standing rules, as YAML or JSON.")
@click.option("--interval", type=click.IntRange(1, 3600), help="Seconds between two looks.")
@output_option
@pass_client
def change(client: Client, name: str, rules: str | None, interval: int | None, output: str) -> None:
    """Give an instance other standing rules, or another interval."""
    body: dict[str, Any] = {} if interval is None else {"intervalS": interval}
    if rules:
        body["rules"] = _rules(rules)
    if not body:
        fail("Nothing is to be changed.", USAGE, fix="Give --rules FILE or --interval SECONDS.")
    emit(client.request("PATCH", _path(name), json=body), output)


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
