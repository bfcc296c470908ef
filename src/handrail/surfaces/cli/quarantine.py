"""`handrail quarantine` and `unquarantine`."""

import click

from handrail.surfaces.cli.apps import app_path
from handrail.surfaces.cli.client import Client, pass_client
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say


@click.command(epilog="Example: handrail quarantine invoice-approver --reason 'It floods the channel.'")
@click.argument("app")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the owner reads it.")
@dry_run_option
@output_option
@pass_client
def quarantine(client: Client, app: str, reason: str, dry_run: bool, output: str) -> None:
    """Hold APP: every call and every token is refused, everywhere, until it is lifted."""
    if dry_run:
        found = client.get(app_path(app))
        say(f"{app} ({found['stage']}) would be held; nothing was done.")
        return
    made = client.post(f"{app_path(app)}/quarantine", {"reason": reason})
    emit({"app": made["app"], **made["quarantine"]}, output)


@click.command(epilog="Example: handrail unquarantine invoice-approver")
@click.argument("app")
@dry_run_option
@pass_client
def unquarantine(client: Client, app: str, dry_run: bool) -> None:
    """Lift the quarantine of APP; what was approved and running before is so again."""
    if dry_run:
        held = client.get(app_path(app))["quarantine"]
        say(f"{app} is {'held' if held else 'not held'}; nothing was done.")
        return
    client.delete(f"{app_path(app)}/quarantine")
    say(f"{app} is no longer held.")
