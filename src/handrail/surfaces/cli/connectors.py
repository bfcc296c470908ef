"""Connectors: list, show, apply."""

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.manifests import apply_file
from handrail.surfaces.cli.output import dry_run_option, emit, output_option


@click.group(epilog="Example: handrail connector list")
def connector() -> None:
    """Connectors: approved ways to reach one kind of system."""


@connector.command("list", epilog="Example: handrail connector list -o json")
@output_option
@pass_client
def list_connectors(client: Client, output: str) -> None:
    """List the connectors with their newest versions."""
    emit(
        client.get("/api/v1/connectors"),
        output,
        columns=["name", "version", "title", "operations", "credentialKind", "dataClasses"],
        empty="No connector yet. Apply one with: handrail connector apply FILE",
    )


@connector.command(epilog="Example: handrail connector show slack --version 1.0.0")
@click.argument("name")
@click.option("--version", default="", help="Which version; the newest by default.")
@output_option
@pass_client
def show(client: Client, name: str, version: str, output: str) -> None:
    """Show a version of a connector with its operations and limits."""
    answer = client.get(f"/api/v1/connectors/{segment(name)}", version=version or None)
    if output == "csv":
        answer = answer["operations"]
    emit(answer, output)


@connector.command(epilog="Example: handrail connector apply slack.yaml --dry-run")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@dry_run_option
@output_option
@pass_client
def apply(client: Client, file: str, dry_run: bool, output: str) -> None:
    """Add a version of a connector from its manifest (- for stdin); print what differs from the last one."""
    apply_file(client, "/api/v1/connectors", file, dry_run=dry_run, output=output)
