"""Connections and environments."""

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.manifests import apply_file
from handrail.surfaces.cli.output import dry_run_option, emit, if_match_option, output_option, say


@click.group(epilog="Example: handrail connection list --environment production")
def connection() -> None:
    """Connections: connectors' configured targets."""


@connection.command("list", epilog="Example: handrail connection list --environment production")
@click.option("--environment", default="", help="Only those of this environment.")
@output_option
@pass_client
def list_connections(client: Client, environment: str, output: str) -> None:
    """List the connections."""
    emit(
        client.get("/api/v1/connections", environment=environment or None),
        output,
        columns=["name", "environment", "connector", "version", "upstream", "credential", "callsPerMinute"],
        empty="No connection yet. Apply one with: handrail connection apply FILE",
    )


@connection.command(epilog="Example: handrail connection show slack-production")
@click.argument("name")
@output_option
@pass_client
def show(client: Client, name: str, output: str) -> None:
    """Show a connection: its address at the hub, its upstream and the operations that it offers."""
    answer = client.get(f"/api/v1/connections/{segment(name)}")
    if output == "csv":
        answer = answer["operations"]
    emit(answer, output)


@connection.command(epilog="Example: handrail connection calls --since 7d --step 1d")
@click.option("--since", default="24h", show_default=True, metavar="WHEN", help="How long ago (30m, 1h, 7d) or a time.")
@click.option("--until", default="", metavar="WHEN", help="The same for the end; now by default.")
@click.option(
    "--step",
    type=click.Choice(["1m", "5m", "15m", "1h", "6h", "1d"]),
    default="1h",
    show_default=True,
    help="How long each step of the series is (in -o json), in UTC.",
)
@output_option
@pass_client
def calls(client: Client, since: str, until: str, step: str, output: str) -> None:
    """Calls on each connection, of the apps that you may see.

    A dash means that nothing was measured or that there was no call.
    """
    found = client.get("/api/v1/connections/calls", since=since, until=until or None, step=step)
    emit(
        found,
        output,
        columns=[
            "connection",
            "environment",
            "calls",
            "answered",
            "refused",
            "limited",
            "errors",
            "p95Ms",
            "lastAt",
        ],
        empty="No connection yet. Apply one with: handrail connection apply FILE",
    )
    if output in ("table", "csv"):
        say(f"as of {found['asOf']}" if found["asOf"] else "no hub has reported yet")


@connection.command(epilog="Example: handrail connection apply slack-production.yaml --dry-run")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@if_match_option
@dry_run_option
@output_option
@pass_client
def apply(client: Client, file: str, if_match: str | None, dry_run: bool, output: str) -> None:
    """Add or change a connection from its manifest (- for stdin); print what changes."""
    apply_file(client, "/api/v1/connections", file, dry_run=dry_run, output=output, etag=if_match)


@connection.command(epilog="Example: handrail connection remove slack-trial")
@click.argument("name")
@dry_run_option
@pass_client
def remove(client: Client, name: str, dry_run: bool) -> None:
    """Remove a connection that no app has a grant on; its name is never given again."""
    if dry_run:
        found = client.get(f"/api/v1/connections/{segment(name)}")
        say(f"would remove connection {name} of {found['environment']} if no app has a grant on it")
        return
    client.delete(f"/api/v1/connections/{segment(name)}")
    say(f"connection {name} removed")


@click.group(epilog="Example: handrail environment list")
def environment() -> None:
    """Environments: where apps run."""


@environment.command("list", epilog="Example: handrail environment list -o json")
@output_option
@pass_client
def list_environments(client: Client, output: str) -> None:
    """List the environments."""
    emit(client.get("/api/v1/environments"), output, columns=["name", "kind", "region"])
