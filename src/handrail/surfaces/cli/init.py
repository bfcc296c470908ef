"""First steps and the schema."""

import click

from handrail.surfaces.cli.output import say
from handrail.surfaces.cli.session_state import State


@click.command(epilog="Example: handrail init --home .handrail")
@click.option("--home", default=None, metavar="DIR", help="The home folder; else HANDRAIL_HOME, else .handrail.")
@click.pass_obj
def init(state: State, home: str | None) -> None:
    """Make the home folder and print a one-time set-up link (refused once there is an administrator)."""
    state.home = home or state.home
    click.echo(state.factories.run["init"](state.settings()))
    say("Valid for an hour, once. Use it with: handrail join LINK --name NAME")


@click.command(epilog="Example: handrail migrate")
@click.pass_obj
def migrate(state: State) -> None:
    """Bring the database to this version's schema (handrail up does it by itself)."""
    say(f"the database has schema {state.factories.run['migrate'](state.settings())}")
