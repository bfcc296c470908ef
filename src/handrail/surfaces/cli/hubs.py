"""Hubs: run one here, list, show, watch, enrol and remove."""

from typing import Final

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.session_state import State

_TAIL: Final = ["at", "app", "environment", "connection", "operation", "status", "code", "ms", "requestId"]
_FOLLOW_S: Final = 1.0


@click.group(
    invoke_without_command=True,
    epilog="Example: HANDRAIL_HUB_TOKEN=hrh_... handrail hub   (runs a hub on this machine)",
)
@click.pass_context
def hub(ctx: click.Context) -> None:
    """Hubs; without a sub-command, run one on this machine until it is stopped."""
    if ctx.invoked_subcommand is None:
        state: State = ctx.obj
        ctx.exit(state.factories.run["hub"](state.settings()))


@hub.command("list", epilog="Example: handrail hub list -o json")
@output_option
@pass_client
def list_hubs(client: Client, output: str) -> None:
    """List the hubs and how new what they enforce is."""
    emit(
        client.get("/api/v1/hubs"),
        output,
        columns=["name", "region", "inForce", "revision", "seenAt", "problems"],
        empty="No hub yet. handrail up starts one; handrail hub enrol NAME adds another machine's.",
    )


@hub.command(epilog="Example: handrail hub show local --since 7d --step 1h")
@click.argument("name")
@click.option("--since", default="1h", show_default=True, metavar="WHEN", help="Since when its calls are counted.")
@click.option(
    "--step",
    type=click.Choice(["1m", "5m", "15m", "1h", "6h", "1d"]),
    default="5m",
    show_default=True,
    help="They are counted in whole steps of this length, at most 500.",
)
@output_option
@pass_client
def show(client: Client, name: str, since: str, step: str, output: str) -> None:
    """Show a hub: how new what it enforces is, and what it refused and why calls failed."""
    found = client.get(f"/api/v1/hubs/{segment(name)}")
    calls = client.get(f"/api/v1/hubs/{segment(name)}/calls", since=since, step=step)
    sums = {
        count: sum(item[count] for item in calls["items"])
        for count in ("calls", "answered", "refused", "limited", "errors")
    }
    known = {"state": calls["state"], "asOf": calls["asOf"], "since": calls["since"]}
    emit({**found, "calls": {**known, **sums}, "refusals": calls["refusals"], "causes": calls["causes"]}, output)


@hub.command(epilog="Example: handrail hub tail local -f")
@click.argument("name")
@click.option("-f", "--follow", is_flag=True, help="Go on until Ctrl-C.")
@output_option
@pass_client
def tail(client: Client, name: str, follow: bool, output: str) -> None:
    """The newest calls of a hub, oldest first: by name and id, never what was sent.

    A dash stands for an app that is not known, for an answer that was the upstream's own, and for nothing measured.
    """
    path = f"/api/v1/hubs/{segment(name)}/tail"
    if not follow:
        found = client.get(path)
        emit(found["items"][::-1], output, columns=_TAIL, empty=f"No call yet; as of {found['asOf'] or 'never'}.")
        return
    if output not in ("table", "jsonl"):
        raise click.UsageError("-f prints as -o table or -o jsonl")
    try:
        _follow(client, path, output)
    except KeyboardInterrupt:
        say("")


def _follow(client: Client, path: str, output: str) -> None:
    import json
    import time

    after = 0
    if output == "table":
        click.echo("  ".join(_TAIL))
    while True:
        for item in reversed(client.get(path, after=after)["items"]):
            after = item["id"]
            # Columns cannot be as wide as what is yet to come.
            cells = ("-" if item[name] in {None, ""} else str(item[name]) for name in _TAIL)
            click.echo(json.dumps(item, ensure_ascii=False) if output == "jsonl" else "  ".join(cells))
        time.sleep(_FOLLOW_S)


@hub.command(epilog="Example: handrail hub enrol frankfurt --region eu-central")
@click.argument("name")
@click.option("--region", default="local", show_default=True, help="Where it stands.")
@dry_run_option
@output_option
@pass_client
def enrol(client: Client, name: str, region: str, dry_run: bool, output: str) -> None:
    """Enrol another hub; prints its token once."""
    if dry_run:
        say(f"would enrol hub {name} in {region}")
        return
    emit(client.post("/api/v1/hubs", {"name": name, "region": region}), output)
    say("Keep the token: set it as HANDRAIL_HUB_TOKEN on the hub's machine and run handrail hub there.")


@hub.command(epilog="Example: handrail hub remove frankfurt")
@click.argument("name")
@dry_run_option
@pass_client
def remove(client: Client, name: str, dry_run: bool) -> None:
    """Forget a hub: its token ends at once, and approvals no longer wait for it."""
    if dry_run:
        say(f"would remove hub {name}")
        return
    client.delete(f"/api/v1/hubs/{segment(name)}")
    say(f"hub {name} removed")
