"""The person who asks: profile, browser sessions, and an admin's first steps."""

import click

from handrail.surfaces.cli.client import USAGE, Client, fail, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say


@click.group(epilog="Example: handrail profile edit --time-zone Europe/Berlin")
def profile() -> None:
    """What others read of you, and your time zone."""


@profile.command(epilog="Example: handrail profile show -o json")
@output_option
@pass_client
def show(client: Client, output: str) -> None:
    """Show your profile, with your teams."""
    me = client.get("/api/v1/me")
    if output in {"table", "csv"}:
        teams = [team["name"] for team in me["teams"]]
        me = {"name": me["name"], "displayName": me["displayName"], "timeZone": me["timeZone"], "teams": teams}
    emit(me, output)


@profile.command(epilog="Example: handrail profile edit --display-name 'Ada Lovelace' --time-zone Europe/London")
@click.option("--display-name", help="What others read.")
@click.option("--time-zone", help="An IANA name, such as Europe/Berlin; empty for none.")
@dry_run_option
@output_option
@pass_client
def edit(client: Client, display_name: str | None, time_zone: str | None, dry_run: bool, output: str) -> None:
    """Change your display name or your time zone."""
    given = {"displayName": display_name, "timeZone": time_zone}
    body = {field: value for field, value in given.items() if value is not None}
    if not body:
        fail("nothing to change.", USAGE, fix="Use --display-name or --time-zone.")
    if dry_run:
        say("would set " + ", ".join(f"{field} to {value!r}" for field, value in body.items()))
        return
    me = client.patch("/api/v1/me", body)
    if output == "table":
        say(f"{me['name']}: {me['displayName']}, time zone {me['timeZone'] or 'none'}")
    else:
        emit(me, output)


@click.group(epilog="Example: handrail session list")
def session() -> None:
    """Browsers that you are signed in with; command lines use API tokens (handrail token list)."""


@session.command("list", epilog="Example: handrail session list -o json")
@output_option
@pass_client
def list_sessions(client: Client, output: str) -> None:
    """List your browser sessions, the last used first."""
    emit(
        client.get("/api/v1/me/sessions"),
        output,
        columns=["id", "agent", "address", "createdAt", "lastSeenAt", "expiresAt"],
        empty="No browser is signed in as you.",
    )


@session.command(epilog="Example: handrail session end --all")
@click.argument("session_id", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="End every browser session of yours.")
@dry_run_option
@pass_client
def end(client: Client, session_id: str | None, everything: bool, dry_run: bool) -> None:
    """End one browser session, or all of yours, at once."""
    if bool(session_id) is everything:
        fail("which session?", USAGE, fix="Name one from handrail session list, or use --all.")
    if dry_run:
        say("would end every browser session of yours" if everything else f"would end the session {session_id}")
        return
    if session_id:
        client.delete(f"/api/v1/me/sessions/{segment(session_id)}")
        say("the session ended")
    else:
        say(f"sessions ended: {client.delete('/api/v1/me/sessions')['ended']}")


@click.command(epilog="Example: handrail setup -o json")
@output_option
@pass_client
def setup(client: Client, output: str) -> None:
    """Show what a new install still lacks until the first approved call."""
    found = client.get("/api/v1/setup/progress")
    emit(found if output in {"json", "yaml"} else found["steps"], output, columns=["id", "done", "doneAt"])
