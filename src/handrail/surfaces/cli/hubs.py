"""Hubs: run one here, list, enrol and remove."""

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.session_state import State


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
