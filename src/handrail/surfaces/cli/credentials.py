"""Credentials that hubs inject."""

import sys

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say


@click.group(epilog="Example: handrail credential list")
def credential() -> None:
    """Credentials that hubs inject: set and listed, never read."""


@credential.command("list", epilog="Example: handrail credential list --environment production")
@click.option("--environment", default="", help="Only those of this environment.")
@output_option
@pass_client
def list_credentials(client: Client, environment: str, output: str) -> None:
    """List the credentials: versions, when, by whom, used by which connections; never the values."""
    emit(
        client.get("/api/v1/credentials", environment=environment or None),
        output,
        columns=["name", "environment", "version", "fields", "usedBy", "lastUsedAt", "createdAt", "createdBy"],
        empty="No credential yet. Set one with: handrail credential set NAME --environment E --field token=-",
    )


@credential.command(
    "set",
    epilog="Example: handrail credential set slack-bot --environment production --field token=- < token.txt",
)
@click.argument("name")
@click.option("--environment", required=True, help="The environment that it belongs to.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    required=True,
    metavar="FIELD=-",
    help="token, value, or username and password. The values come from stdin, one line for each field in this"
    " order; on a terminal they are asked for. They are never taken from the command line.",
)
@dry_run_option
@output_option
@pass_client
def set_credential(
    client: Client, name: str, environment: str, fields: tuple[str, ...], dry_run: bool, output: str
) -> None:
    """Set a new version of a credential; the hubs use it within seconds."""
    names = [_name_of(field) for field in fields]
    if len(set(names)) != len(names):
        raise click.UsageError("a field is named twice")
    if dry_run:
        say(f"would set {' and '.join(names)} of credential {name} in {environment}")
        return
    path = f"/api/v1/credentials/{segment(environment)}/{segment(name)}"
    answer = client.put(path, {"fields": _read(names)})
    if output != "table":
        emit(answer, output)
    say(f"credential {name} of {environment} is now version {answer['version']}")


def _name_of(field: str) -> str:
    name, separator, source = field.partition("=")
    if not separator or source != "-" or not name:
        # What stands behind = may be the secret, and is not repeated.
        raise click.UsageError(
            "--field takes NAME=- and reads the value from stdin: other users of this machine could read the"
            " command line, and the shell keeps it. Example: --field token=- < token.txt"
        )
    return name


def _read(names: list[str]) -> dict[str, str]:
    if sys.stdin.isatty():
        return {name: click.prompt(name, hide_input=True, err=True) for name in names}
    lines = sys.stdin.read().replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) != len(names):
        raise click.UsageError(f"stdin has {len(lines)} lines; one is needed for each field: {', '.join(names)}")
    return dict(zip(names, lines, strict=True))
