"""People, their roles, invitations and teams."""

from typing import Any

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say

_ROLES = click.Choice(["viewer", "builder", "reviewer", "finance", "auditor", "steward", "admin"])


def _named(roles: list[dict[str, Any]]) -> list[str]:
    return [
        f"{role['role']}@{role['team']}" + (f" until {role['expiresAt'][:10]}" if role["expiresAt"] else "")
        for role in roles
    ]


def _show(person: dict[str, Any], output: str) -> None:
    if output == "table":
        roles = ", ".join(_named(person["roles"])) or "no roles"
        say(f"{person['name']} ({person['status']}): {roles}")
    else:
        emit(person, output)


@click.group(epilog="Example: handrail people invite --role builder@finance-ops")
def people() -> None:
    """People: list, invite, disable, and their roles."""


@people.command("list", epilog="Example: handrail people list -o json")
@output_option
@pass_client
def list_people(client: Client, output: str) -> None:
    """List everybody with their roles (role@team; * is all teams)."""
    found = client.get("/api/v1/people")
    if output in {"table", "csv"}:
        found = [{**person, "roles": _named(person["roles"])} for person in found["items"]]
    emit(found, output, columns=["name", "displayName", "status", "roles"])


@people.command(epilog="Example: handrail people directory -o csv")
@output_option
@pass_client
def directory(client: Client, output: str) -> None:
    """List everybody's names; anybody who is signed in may."""
    emit(client.get("/api/v1/directory"), output, columns=["name", "displayName", "active"])


@people.command(epilog="Example: handrail people invite --role builder@finance-ops --role viewer")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE[@TEAM]",
    help="A role that the new person gets, for a team or for all; may be repeated.",
)
@dry_run_option
@output_option
@pass_client
def invite(client: Client, roles: tuple[str, ...], dry_run: bool, output: str) -> None:
    """Print a link for one new person: 24 hours, one use."""
    wanted = []
    for text in roles:
        role, at, team = text.partition("@")
        wanted.append({"role": role, "team": team if at else "*"})
    if dry_run:
        say("would invite one person as " + ", ".join(roles))
        return
    made = client.post("/api/v1/invitations", {"roles": wanted})
    if output == "table":
        click.echo(made["link"])
        say("Valid for 24 hours, once. They use it with: handrail join LINK --name NAME")
    else:
        emit(made, output)


@people.command(epilog="Example: handrail people invitations")
@output_option
@pass_client
def invitations(client: Client, output: str) -> None:
    """List invitations, newest first."""
    found = client.get("/api/v1/invitations")
    if output in {"table", "csv"}:
        found = [{**entry, "roles": _named(entry["roles"])} for entry in found["items"]]
    emit(found, output, columns=["id", "kind", "status", "roles", "expiresAt"])


@people.command(epilog="Example: handrail people uninvite 0190a5b2-7c1e-7d3a-9a51-2f6f0d8b1c11")
@click.argument("invitation_id", metavar="ID")
@dry_run_option
@pass_client
def uninvite(client: Client, invitation_id: str, dry_run: bool) -> None:
    """End an invitation that nobody used yet."""
    if dry_run:
        say(f"would end the invitation {invitation_id}")
        return
    client.delete(f"/api/v1/invitations/{segment(invitation_id)}")
    say("the invitation ended")


@people.command(epilog="Example: handrail people disable bob")
@click.argument("name")
@dry_run_option
@output_option
@pass_client
def disable(client: Client, name: str, dry_run: bool, output: str) -> None:
    """Disable a person: their sessions and API tokens end at once, what they did stays."""
    if dry_run:
        say(f"would disable {name}")
        return
    _show(client.post(f"/api/v1/people/{segment(name)}/disable"), output)


@people.command(epilog="Example: handrail people enable bob")
@click.argument("name")
@dry_run_option
@output_option
@pass_client
def enable(client: Client, name: str, dry_run: bool, output: str) -> None:
    """Let a disabled person sign in again."""
    if dry_run:
        say(f"would enable {name}")
        return
    _show(client.post(f"/api/v1/people/{segment(name)}/enable"), output)


@people.command(epilog="Example: handrail people grant bob auditor --expires 2026-12-31T00:00:00Z")
@click.argument("name")
@click.argument("role", type=_ROLES)
@click.option("--team", default="*", show_default=True, help="For one team only.")
@click.option("--expires", metavar="TIME", help="When it ends by itself, as 2026-12-31T00:00:00Z.")
@dry_run_option
@output_option
@pass_client
def grant(client: Client, name: str, role: str, team: str, expires: str | None, dry_run: bool, output: str) -> None:
    """Give somebody else a role."""
    if dry_run:
        say(f"would give {name} the role {role}@{team}" + (f" until {expires}" if expires else ""))
        return
    body = {"role": role, "team": team, "expiresAt": expires}
    _show(client.post(f"/api/v1/people/{segment(name)}/roles", body), output)


@people.command(epilog="Example: handrail people revoke bob builder --team finance-ops")
@click.argument("name")
@click.argument("role", type=_ROLES)
@click.option("--team", default="*", show_default=True, help="The team it is for.")
@dry_run_option
@output_option
@pass_client
def revoke(client: Client, name: str, role: str, team: str, dry_run: bool, output: str) -> None:
    """Take a role from somebody else."""
    if dry_run:
        say(f"would take the role {role}@{team} from {name}")
        return
    _show(client.delete(f"/api/v1/people/{segment(name)}/roles/{role}", team=team), output)


@click.group(epilog="Example: handrail team add finance-ops --title 'Finance operations'")
def team() -> None:
    """Teams: people who own apps together."""


@team.command("list", epilog="Example: handrail team list")
@output_option
@pass_client
def list_teams(client: Client, output: str) -> None:
    """List the teams that you may see."""
    emit(
        client.get("/api/v1/teams"),
        output,
        columns=["name", "title", "people"],
        empty="No team yet. An admin adds one with: handrail team add NAME",
    )


@team.command(epilog="Example: handrail team add finance-ops --title 'Finance operations'")
@click.argument("name")
@click.option("--title", default="", help="What people read; the name by default.")
@dry_run_option
@output_option
@pass_client
def add(client: Client, name: str, title: str, dry_run: bool, output: str) -> None:
    """Add a team."""
    if dry_run:
        say(f"would add the team {name}")
        return
    emit(client.post("/api/v1/teams", {"name": name, "title": title}), output)


@team.command(epilog="Example: handrail team edit finance-ops --title 'Finance and operations'")
@click.argument("name")
@click.option("--title", required=True, help="What people read.")
@dry_run_option
@output_option
@pass_client
def edit(client: Client, name: str, title: str, dry_run: bool, output: str) -> None:
    """Change a team's title; its name stays."""
    if dry_run:
        say(f"would call the team {name}: {title}")
        return
    emit(client.patch(f"/api/v1/teams/{segment(name)}", {"title": title}), output)
