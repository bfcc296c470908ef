"""Joining, signing in and out, and API tokens."""

import sys
from urllib.parse import urlsplit

import click

from handrail.surfaces.cli.client import (
    MISSING,
    SERVER,
    SIGNED_OUT,
    USAGE,
    Client,
    client_of,
    fail,
    pass_client,
    segment,
)
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.session_state import State
from handrail.surfaces.cli.signins import SignIn, SignIns

_SEATS = ("builder", "reviewer", "platform")
_PATHS = {"hs_": "/api/v1/setup", "hi_": "/api/v1/invitations/redeem"}


def _password(from_stdin: bool, *, new: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail("there is no terminal to ask for a password.", USAGE, fix="Use --password-stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=new, err=True))


def _keep(url: str, answer: dict[str, str]) -> None:
    SignIns.load().put(SignIn(url, answer["name"], answer["token"], answer["expiresAt"]))
    say(f"signed in at {url} as {answer['name']} until {answer['expiresAt'][:10]}")


def _enter_demo(url: str, seat: str) -> dict[str, str]:
    """Sign in as the sign-in page does, and make a token of it: the demo gives a session alone."""
    import httpx2 as httpx

    # Without it the demo takes this for another site's doing.
    headers = {"user-agent": "handrail-cli", "origin": url}
    fix = "Start one on this machine with: handrail up --demo"
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as http:
            entered = http.post("/api/v1/demo/sign-in", json={"as": seat})
            made = http.post("/api/v1/tokens", json={"name": "handrail login --demo", "days": 30})
    except httpx.HTTPError as error:
        fail(f"nothing answers at {url} ({type(error).__name__}).", SERVER, fix=fix)
    if not (entered.is_success and made.is_success):
        fail(f"there is no demo at {url}.", MISSING, fix=fix)
    return {**made.json(), "name": entered.json()["name"]}


def _url(state: State) -> str:
    return (state.url or state.settings().url).rstrip("/")


@click.command(
    epilog="Example: handrail join 'http://127.0.0.1:8700/join#hs_...' --name ada",
)
@click.argument("link")
@click.option("--name", help="The name you want to sign in with, such as ada.")
@click.option("--display-name", default="", help="What others read; the name by default.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--look", is_flag=True, help="Only show what the link gives.")
@dry_run_option
@click.pass_obj
def join(
    state: State, link: str, name: str | None, display_name: str, password_stdin: bool, look: bool, dry_run: bool
) -> None:
    """Use a set-up link or an invitation: make your account, and sign in."""
    parts = urlsplit(link)
    path = _PATHS.get(parts.fragment[:3])
    if not parts.netloc or path is None:
        fail(
            "this is no link of Handrail.",
            USAGE,
            fix="Put the whole link in quotes: the part behind # matters.",
            place="LINK",
        )
    url = (state.url or f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix('/join')}").rstrip("/")
    if look:
        found = Client(url, "").post("/api/v1/join/look", {"token": parts.fragment})
        roles = [f"{role['role']}@{role['team']}" for role in found["roles"]]
        emit({"kind": found["kind"], "roles": roles, "expiresAt": found["expiresAt"]})
        return
    if not name:
        fail("an account needs a name.", USAGE, fix="Use --name NAME, such as --name ada.", place="--name")
    if dry_run:
        say(f"would make the account {name} at {url} and sign in")
        return
    body = {
        "token": parts.fragment,
        "name": name,
        "displayName": display_name,
        "password": _password(password_stdin, new=True),
        "kind": "token",
    }
    _keep(url, Client(url, "").post(path, body))
    if url != state.settings().url:
        say(f"Other commands need --url {url} or HANDRAIL_URL={url}.")


@click.command(epilog="Example: handrail login --name ada")
@click.option("--name", help="Your name; asked for when left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--demo", "seat", type=click.Choice(_SEATS), help="Sign in to a demo on this machine, as one of its people."
)
@dry_run_option
@click.pass_obj
def login(state: State, name: str | None, password_stdin: bool, seat: str | None, dry_run: bool) -> None:
    """Sign in and keep an API token of 30 days; several people may be signed in (see handrail --as)."""
    url = _url(state)
    if seat and (name or password_stdin):
        fail("--demo has people of its own, without passwords.", USAGE, fix="Leave --name and --password-stdin out.")
    if seat and not dry_run:
        _keep(url, _enter_demo(url, seat))
        return
    named = name or state.as_name or seat
    if dry_run:
        say(f"would sign in at {url}" + (f" as {named}" if named else ""))
        return
    if not named and not sys.stdin.isatty():
        fail("whose sign-in?", USAGE, fix="Use --name NAME.")
    chosen = named or str(click.prompt("Name", err=True))
    body = {"name": chosen, "password": _password(password_stdin, new=False), "kind": "token"}
    _keep(url, Client(url, "").post("/api/v1/sign-in", body))


@click.command(epilog="Example: handrail --as ada logout")
@dry_run_option
@click.pass_obj
def logout(state: State, dry_run: bool) -> None:
    """Sign out: end the stored token and forget it."""
    url = _url(state)
    stored = SignIns.load()
    found = stored.get(url, state.as_name)
    if found is None:
        fail(f"nobody is signed in at {url}.", SIGNED_OUT, fix="See who is with: handrail whoami --all")
    if dry_run:
        say(f"would sign {found.name} out at {url}")
        return
    # Forgotten first: a server that is away must not keep the token on this disk.
    stored.remove(url, found.name)
    Client(url, found.token).post("/api/v1/sign-out")
    say(f"{found.name} is signed out at {url}")


@click.command(epilog="Example: handrail whoami -o json")
@click.option("--all", "everybody", is_flag=True, help="List everybody who is signed in from here.")
@output_option
@click.pass_obj
def whoami(state: State, everybody: bool, output: str) -> None:
    """Show who is signed in, with which roles."""
    url = _url(state)
    if everybody:
        entries = SignIns.load().at(url)
        rows = [
            {"name": entry.name, "url": entry.url, "expiresAt": entry.expires_at, "default": entry is entries[-1]}
            for entry in entries
        ]
        emit(rows, output, empty="Nobody is signed in. Sign in with: handrail login")
        return
    me = client_of(state).get("/api/v1/me")
    if output == "table":
        roles = [f"{role['role']}@{role['team']}" for role in me["roles"]]
        emit({"name": me["name"], "display name": me["displayName"], "roles": roles, "at": url}, output)
    else:
        emit(me, output)


@click.group(epilog="Example: handrail token new ci --days 90 --scope app:read")
def token() -> None:
    """API tokens: for scripts and CI, in your name and never with more than your rights."""


@token.command("list", epilog="Example: handrail token list -o json")
@output_option
@pass_client
def list_tokens(client: Client, output: str) -> None:
    """List your tokens that still work."""
    emit(
        client.get("/api/v1/tokens"),
        output,
        columns=["id", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt"],
        empty="No token yet. Make one with: handrail token new NAME",
    )


@token.command("new", epilog="Example: handrail token new ci --days 90 --scope app:read --scope version:submit")
@click.argument("name")
@click.option("--days", type=int, default=30, show_default=True, help="How long it lives, 1 to 366.")
@click.option("--scope", "scopes", multiple=True, help="Restrict it to a permission; may be repeated.")
@dry_run_option
@output_option
@pass_client
def new_token(client: Client, name: str, days: int, scopes: tuple[str, ...], dry_run: bool, output: str) -> None:
    """Make a token; it is printed once."""
    if dry_run:
        say(f"would make the API token {name} for {days} days, " + (", ".join(scopes) or "unrestricted"))
        return
    made = client.post("/api/v1/tokens", {"name": name, "days": days, "scopes": list(scopes) or None})
    if output == "table":
        click.echo(made["token"])
        say(f"token {made['id']} lives until {made['expiresAt'][:10]}; it is not shown again")
    else:
        emit(made, output)


@token.command("revoke", epilog="Example: handrail token revoke 8f0c2b1a9d3e4f56")
@click.argument("token_id", metavar="ID")
@dry_run_option
@pass_client
def revoke_token(client: Client, token_id: str, dry_run: bool) -> None:
    """End a token at once."""
    if dry_run:
        say(f"would end the API token {token_id}")
        return
    client.delete(f"/api/v1/tokens/{segment(token_id)}")
    say(f"token {token_id} ended")
