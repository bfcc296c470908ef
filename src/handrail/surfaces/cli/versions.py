"""`handrail version`, `running` and `rollback`."""

from typing import Any, Final

import click

from handrail.surfaces.cli.apps import age, app_path, read_export, read_manifest, short
from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say

_COLUMNS: Final = ("environment", "number", "status", "digest", "author", "createdAt")
_RUNNING: Final = ("environment", "number", "digest", "source", "setBy", "seen")
environment_option = click.option(
    "--environment", default="production", show_default=True, metavar="NAME", help="Where it runs."
)


@click.group()
def version() -> None:
    """Versions: list, show, upload, diff, layout.

    Example: handrail version diff invoice-approver 3
    """


@version.command("list", epilog="Example: handrail version list invoice-approver")
@click.argument("app")
@click.option("--environment", default="", metavar="NAME", help="Only of this environment.")
@output_option
@pass_client
def list_command(client: Client, app: str, environment: str, output: str) -> None:
    """List the versions of APP, newest first."""
    found = client.get(f"{app_path(app)}/versions", environment=environment)
    empty = f"No version yet. Upload one with: handrail version upload {app} FILE"
    emit(found, output, columns=_COLUMNS, empty=empty)


@version.command(epilog="Example: handrail version show invoice-approver 3 -o json | jq .closure")
@click.argument("app")
@click.argument("which", metavar="VERSION")
@environment_option
@output_option
@pass_client
def show(client: Client, app: str, which: str, environment: str, output: str) -> None:
    """Show VERSION of APP: a number, a digest, or the beginning of one."""
    found = client.get(f"{app_path(app)}/versions/{segment(which)}", environment=environment)
    emit(_facts(found) if output == "table" else found, output)


def _facts(found: dict[str, Any]) -> dict[str, Any]:
    closure = found["closure"]
    names = ("number", "environment", "status", "digest", "platform", "author", "createdAt")
    return {
        **{name: found[name] for name in names},
        "operations": [f"{connection}: {operation}" for connection, operation, _ in closure["operations"]],
        "egress": closure["egress"],
        "data classes": closure["dataClasses"],
        "unknown": closure["unknown"],
        "steps": [f"{step['name']} ({step['type']})" for step in found["graph"]["steps"]],
    }


@version.command(epilog="Example: handrail version upload invoice-approver flows.json --manifest app.yaml")
@click.argument("app")
@click.argument("file", metavar="FILE")
@click.option("--manifest", metavar="FILE", help="What it needs (YAML); by default as the version before.")
@click.option("--part", metavar="ID", help="Which flow of a file that holds several.")
@click.option("--author", default="", metavar="PERSON", help="Who built it, if not you.")
@environment_option
@dry_run_option
@output_option
@pass_client
def upload(
    client: Client,
    app: str,
    file: str,
    manifest: str | None,
    part: str | None,
    author: str,
    environment: str,
    dry_run: bool,
    output: str,
) -> None:
    """Take in a version of APP from an exported FILE; nothing that runs changes."""
    export = {**read_export(file), "environment": environment, "part": part}
    declared = read_manifest(manifest) if manifest else {}
    if dry_run:
        draft = client.post("/api/v1/drafts", export)
        say(f"{file}: {draft['summary']}. It would become a version of {app}; nothing was done.")
        return
    made = client.post(f"{app_path(app)}/versions", {**export, **declared, "author": author})
    emit({name: made[name] for name in (*_COLUMNS, "isNew")} if output == "table" else made, output)
    for finding in made["findings"]:
        say(f"note: {finding['text']}")
    if made["isNew"]:
        say(f"next: handrail submit {app} --environment {environment}")
    else:
        say(f"this is version {made['number']}, which was there already ({made['status']})")


@version.command(epilog="Example: handrail version diff invoice-approver 3 --against 2")
@click.argument("app")
@click.argument("which", metavar="VERSION")
@click.option("--against", default="", metavar="VERSION", help="Compare with this one; the approved one by default.")
@environment_option
@output_option
@pass_client
def diff(client: Client, app: str, which: str, against: str, environment: str, output: str) -> None:
    """Say in words how VERSION of APP differs from what is approved."""
    found = client.get(f"{app_path(app)}/versions/{segment(which)}/diff", environment=environment, against=against)
    base = f"version {found['fromNumber']}" if found["fromNumber"] else "nothing"
    say(f"version {found['toNumber']} of {app} against {base}:")
    emit(found, output, columns=("severity", "text"), empty="Nothing differs.")


@version.command(epilog="Example: handrail version layout invoice-approver 3 --tidy")
@click.argument("app")
@click.argument("which", metavar="VERSION")
@click.option("--tidy", is_flag=True, help="Put every step back to where it is computed to be.")
@click.option(
    "--move", "moves", type=(str, int, int), multiple=True, metavar="STEP X Y", help="Move a step; may be repeated."
)
@environment_option
@dry_run_option
@output_option
@pass_client
def layout(
    client: Client,
    app: str,
    which: str,
    tidy: bool,
    moves: tuple[tuple[str, int, int], ...],
    environment: str,
    dry_run: bool,
    output: str,
) -> None:
    """Show where the steps of VERSION of APP are drawn, or move them; nothing else of the version changes."""
    if tidy and moves:
        raise click.UsageError("--tidy moves every step. Leave out --move.")
    path = f"{app_path(app)}/versions/{segment(which)}/layout"
    query = {"environment": environment}
    found = client.get(path, **query)
    if dry_run and (tidy or moves):
        what = "every step would go back to where it is computed to be" if tidy else f"{len(moves)} would move"
        say(f"{len(found['positions'])} steps, {what}; nothing was done.")
        return
    if tidy:
        found = client.delete(path, **query)
    elif moves:
        body = {"positions": {step: {"x": x, "y": y} for step, x, y in moves}}
        found = client.request("PUT", path, json=body, query=query)
    rows = [{"step": step, **place} for step, place in found["positions"].items()]
    emit(rows if output in {"table", "csv", "jsonl"} else found, output, empty="This version has no steps.")
    if found["movedBy"]:
        say(f"{found['movedBy']} moved steps at {found['movedAt']}")


@click.group()
def running() -> None:
    """What runs, and how sure we are.

    Example: handrail running show invoice-approver
    """


def _running_row(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "digest": short(found["digest"]), "seen": f"{age(found['ageS'])} ago"}


@running.command("show", epilog="Example: handrail running show invoice-approver")
@click.argument("app")
@output_option
@pass_client
def show_running(client: Client, app: str, output: str) -> None:
    """Say what runs of APP in each environment, who said so, and when that was last confirmed."""
    found = client.get(f"{app_path(app)}/running")
    rows = [_running_row(each) for each in found["items"]] if output == "table" else found
    emit(rows, output, columns=_RUNNING, empty=f"Nobody knows what runs of {app}.")


@running.command("set", epilog="Example: handrail running set invoice-approver 3 --environment production")
@click.argument("app")
@click.argument("which", metavar="VERSION")
@environment_option
@dry_run_option
@output_option
@pass_client
def set_command(client: Client, app: str, which: str, environment: str, dry_run: bool, output: str) -> None:
    """Say that VERSION of APP is what runs, for an app that no source watches."""
    _switch(client, "PUT", app, "running", which, environment, output, dry_run=dry_run)


@click.command(epilog="Example: handrail rollback invoice-approver 2 --environment production")
@click.argument("app")
@click.argument("which", metavar="VERSION")
@environment_option
@dry_run_option
@output_option
@pass_client
def rollback(client: Client, app: str, which: str, environment: str, dry_run: bool, output: str) -> None:
    """Make an older VERSION of APP, whose approval still holds, the running one."""
    _switch(client, "POST", app, "rollback", which, environment, output, dry_run=dry_run)


def _switch(
    client: Client, method: str, app: str, act: str, which: str, environment: str, output: str, *, dry_run: bool
) -> None:
    found = client.get(f"{app_path(app)}/versions/{segment(which)}", environment=environment)
    if dry_run:
        say(f"version {found['number']} of {app} ({found['status']}) would run in {environment}; nothing was done.")
        return
    body = {"environment": environment, "digest": found["digest"]}
    made = client.request(method, f"{app_path(app)}/{act}", json=body)
    emit(_running_row(made) if output == "table" else made, output)
