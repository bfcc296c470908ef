"""The audit log."""

import sys
from collections.abc import Callable
from typing import IO, Any, TypeVar

import click

from handrail.surfaces.cli.client import REFUSED, Client, pass_client
from handrail.surfaces.cli.output import emit, output_option, say

F = TypeVar("F", bound=Callable[..., Any])


def _filters(command: F) -> F:
    """Add what narrows a list of events."""
    options = (
        click.option("--search", metavar="WORDS", help="Only with these words in actor, action, subject or facts."),
        click.option("--app", metavar="NAME", help="Only about this app."),
        click.option("--subject", help="Only about this, as app:UUID."),
        click.option("--actor", help="Only by this person, app or policy: a name or an id."),
        click.option("--action", help="Only this action (approval.granted) or this family (approval)."),
        click.option("--after", metavar="TIME", help="Only from this time on, as 2026-03-01T09:00:00Z."),
        click.option("--until", metavar="TIME", help="Only before this time."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _asked(filters: dict[str, str | None]) -> dict[str, str | None]:
    return {"q" if name == "search" else name: value for name, value in filters.items()}


@click.group(epilog="Example: handrail audit list --action approval --after 2026-01-01T00:00:00Z")
def audit() -> None:
    """The audit log: who did what, and proof that nobody changed it."""


@audit.command("list", epilog="Example: handrail audit list --actor ada --action approval.granted -o jsonl")
@_filters
@click.option("--before", metavar="ID", help="The next page: only events before this one.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="At most this many.")
@output_option
@pass_client
def list_events(client: Client, before: str | None, limit: int, output: str, **filters: str | None) -> None:
    """List events, newest first."""
    found: dict[str, Any] = client.get("/api/v1/audit", before=before, limit=limit, **_asked(filters))
    emit(found, output, columns=["at", "actor", "action", "subjectName", "subject", "facts"])
    if found["next"] and output in {"table", "csv"}:
        say(f"There are more: --before {found['next']}")


@audit.command(epilog="Example: handrail audit export --after 2026-01-01T00:00:00Z --to audit.jsonl")
@_filters
@click.option("--to", metavar="FILE", type=click.File("wb", lazy=True), default="-", help="Where to; else stdout.")
@pass_client
def export(client: Client, to: IO[bytes], **filters: str | None) -> None:
    """Write every event that is asked for, newest first, as one JSON object a line."""
    # Named inside, because naming `to.write` opens the file: a refusal leaves none behind.
    client.stream("/api/v1/audit/export", lambda part: to.write(part), **_asked(filters))  # noqa: PLW0108 - see above


@audit.command(epilog="Example: handrail audit actions")
@output_option
@pass_client
def actions(client: Client, output: str) -> None:
    """List the actions that were ever recorded."""
    found = client.get("/api/v1/audit/actions")
    emit([{"action": action} for action in found["items"]], output)


@audit.command(epilog="Example: handrail audit verify --head 1042:sha256:9f2c...")
@click.option("--head", metavar="SEQ:HASH", help="What verify printed before: proves that the end was not cut off.")
@output_option
@pass_client
def verify(client: Client, head: str | None, output: str) -> None:
    """Check that no row was changed, removed or moved; exits 1 and names the first bad row otherwise."""
    found = client.get("/api/v1/audit/verify", head=head)
    if output == "table":
        emit({name: found[name] for name in ("intact", "rows", "waiting", "head")}, output)
    else:
        emit(found, output)
    if not found["intact"]:
        say(f"{found['fault']['kind']}: {found['fault']['text']}")
        sys.exit(REFUSED)
    say("Note the head somewhere else and give it to the next verify: --head")
