"""The processes: all on one machine, or one by one."""

from dataclasses import replace

import click

from handrail.platform.settings import Address
from handrail.surfaces.cli.session_state import State


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise click.BadParameter(f"{text!r} is no address; write it as 127.0.0.1:8700.")
    return Address(host, int(port))


@click.command(epilog="Example: handrail up --home .handrail --ready-file ready.json")
@click.option("--demo", is_flag=True, help="Fill an empty install with a made-up company, and bring it to life.")
@click.option("--ready-file", default="", metavar="FILE", help="Write addresses and process ids here.")
@click.option("--home", default=None, metavar="DIR", help="The home folder; else HANDRAIL_HOME, else .handrail.")
@click.pass_obj
def up(state: State, demo: bool, ready_file: str, home: str | None) -> None:
    """Run everything on this machine and print the portal's address when it is ready."""
    state.home = home or state.home
    raise SystemExit(state.factories.run["up"](state.settings(), demo=demo, ready_file=ready_file))


@click.command(epilog="Example: HANDRAIL_DATABASE_URL=postgresql://... handrail serve --http 0.0.0.0:8700")
@click.option("--http", default="", metavar="HOST:PORT", help="Where to listen; else HANDRAIL_HTTP.")
@click.pass_obj
def serve(state: State, http: str) -> None:
    """Run the API, the portal and the token service; any number may run on one database."""
    settings = state.settings()
    if http:
        settings = replace(settings, http=_address(http))
    raise SystemExit(state.factories.run["serve"](settings))


@click.command(epilog="Example: HANDRAIL_DATABASE_URL=postgresql://... handrail worker")
@click.pass_obj
def worker(state: State) -> None:
    """Run the background work: audit sealing, sources, what ends by time; any number may run."""
    raise SystemExit(state.factories.run["worker"](state.settings()))


@click.command(hidden=True, epilog="Example: handrail agent")
@click.pass_obj
def agent(state: State) -> None:
    """Run the agent of this machine's hub; handrail hub and handrail up start it."""
    raise SystemExit(state.factories.run["agent"](state.settings()))


@click.command(hidden=True, epilog="Example: handrail rollup")
@click.pass_obj
def rollup(state: State) -> None:
    """Roll up the call log of this machine's hub; handrail hub and handrail up start it."""
    raise SystemExit(state.factories.run["rollup"](state.settings()))


@click.command(hidden=True, epilog="Example: handrail demo --port 8790")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen on this machine.")
@click.pass_obj
def demo(state: State, port: int) -> None:
    """Play the systems and builders of the demo; handrail up --demo starts it."""
    raise SystemExit(state.factories.run["demo"](state.settings(), port=port))


@click.command(hidden=True, epilog="Example: handrail traffic")
@click.pass_obj
def traffic(state: State) -> None:
    """Make the calls of the demo's apps; handrail up --demo starts it."""
    raise SystemExit(state.factories.run["traffic"](state.settings()))
