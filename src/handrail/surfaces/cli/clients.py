"""`handrail client` and `handrail key`."""

import json
import os
from pathlib import Path
from typing import Any, Final

import click

from handrail.surfaces.cli.apps import app_path
from handrail.surfaces.cli.client import REFUSED, USAGE, Client, fail, pass_client, segment
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.versions import environment_option

_COLUMNS: Final = ("id", "environment", "kind", "createdBy", "createdAt", "lastUsedAt", "revokedAt")
_KEYS: Final = ("kind", "state", "kid", "createdAt", "activatedAt", "retiredAt")


@click.group()
def client() -> None:
    """What an app signs in with.

    Example: handrail client add invoice-approver
    """


@client.command(
    epilog="Examples: handrail client add invoice-approver --key-file invoice-approver.pem; "
    "handrail client add invoice-approver --secret-file invoice-approver.secret"
)
@click.argument("app")
@click.option(
    "--key-file",
    metavar="FILE",
    help="PEM of the app's private key; made (mode 0600) if the file is missing. Default: APP-ENVIRONMENT.pem",
)
@click.option("--secret", is_flag=True, help="Make a secret, for tools that know nothing else; it is shown once.")
@click.option("--secret-file", metavar="FILE", help="The same, but write it to a new file (mode 0600).")
@environment_option
@dry_run_option
@output_option
@pass_client
def add(
    api: Client,
    app: str,
    key_file: str | None,
    secret: bool,
    secret_file: str | None,
    environment: str,
    dry_run: bool,
    output: str,
) -> None:
    """Let APP sign in: with a key whose private half stays on this machine, or with a secret."""
    if sum(map(bool, (key_file, secret, secret_file))) > 1:
        fail("one client has one key or one secret.", USAGE, fix="Give one of --key-file, --secret, --secret-file.")
    wants_secret = secret or secret_file is not None
    file = Path(secret_file or key_file or f"{app}-{environment}.pem")
    if dry_run:
        kind = "a secret" if wants_secret else f"the key in {file}"
        say(f"{app} would get a client with {kind} in {environment}; nothing was done.")
        return
    body: dict[str, Any] = {"environment": environment}
    if not wants_secret:
        body["publicKey"] = _public_half(file)
    if secret_file:
        # Before the secret is made: there is no second chance to read it.
        _write_private(file, "")
    made = api.post(f"{app_path(app)}/clients", body)
    if secret_file:
        file.write_text(made.pop("secret") + "\n", encoding="ascii")
        say(f"the secret is in {file}")
    elif secret:
        say("the secret is shown now and never again")
    else:
        made.pop("secret")
        say(f"the private key is in {file}; it never left this machine")
    emit({key: value for key, value in made.items() if value is not None}, output)


def _public_half(file: Path) -> dict[str, Any]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey

    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        _write_private(
            file,
            made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode(),
        )
    elif file.stat().st_mode & 0o077:
        fail(f"others may read {file}.", REFUSED, fix=f"chmod 600 {file}")
    try:
        return dict(ECKey.import_key(file.read_text(encoding="ascii")).as_dict(private=False))
    except (OSError, ValueError, JoseError) as error:
        fail(f"{file} holds no EC P-256 key in PEM ({type(error).__name__}).", USAGE, fix="Name a new file.")


def _write_private(file: Path, text: str) -> None:
    try:
        # Created closed: between a write and a chmod others could read it.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(text)
    except OSError as error:
        fail(f"{file} cannot be made ({type(error).__name__}).", USAGE, fix="Name a new file.")


@client.command("list", epilog="Example: handrail client list invoice-approver")
@click.argument("app")
@output_option
@pass_client
def list_command(api: Client, app: str, output: str) -> None:
    """List what APP signs in with; never a secret."""
    empty = f"Nothing yet. Add a key with: handrail client add {app}"
    emit(api.get(f"{app_path(app)}/clients"), output, columns=_COLUMNS, empty=empty)


@client.command(epilog="Example: handrail client revoke invoice-approver 0198f...")
@click.argument("app")
@click.argument("client_id", metavar="CLIENT-ID")
@dry_run_option
@pass_client
def revoke(api: Client, app: str, client_id: str, dry_run: bool) -> None:
    """End a client of APP: it gets no token from now on."""
    if dry_run:
        known = [each["id"] for each in api.get(f"{app_path(app)}/clients")["items"] if not each["revokedAt"]]
        say(f"{client_id} {'would end' if client_id in known else 'is no live client'}; nothing was done.")
        return
    api.delete(f"{app_path(app)}/clients/{segment(client_id)}")
    say(f"{client_id} gets no token from now on; the last one it has ends within five minutes.")


@click.group()
def key() -> None:
    """The keys that sign tokens: list and rotate.

    Example: handrail key rotate production
    """


@key.command("list", epilog="Example: handrail key list")
@output_option
@pass_client
def list_keys(api: Client, output: str) -> None:
    """List the keys that sign tokens, with their state."""
    emit(api.get("/api/v1/signing-keys"), output, columns=_KEYS, empty="The first token makes the first key.")


@key.command(epilog="Example: handrail key rotate production")
@click.argument("kind", type=click.Choice(["sandbox", "production"]))
@dry_run_option
@output_option
@pass_client
def rotate(api: Client, kind: str, dry_run: bool, output: str) -> None:
    """Publish a new key for a kind of environment; it signs as soon as every live hub knows it.

    Again while a rotation is under way: take the next step. The worker takes it by itself, too.
    """
    if dry_run:
        found = [each for each in api.get("/api/v1/signing-keys")["items"] if each["kind"] == kind]
        say(f"{kind} has {len(found)} keys: {json.dumps([each['state'] for each in found])}; nothing was done.")
        return
    made = api.post(f"/api/v1/signing-keys/{kind}/rotate")
    emit(made, output)
