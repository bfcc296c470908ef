"""`handrail connect`: the loopback sidecar."""

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.surfaces.cli.client import REFUSED, SERVER, USAGE, fail
from handrail.surfaces.cli.output import say

if TYPE_CHECKING:
    from handrail.kernel.secret import Secret
    from handrail.surfaces.cli.session_state import State
    from handrail.surfaces.cli.token_keeper import Credentials

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SECRETS_MAX = 64 * 1024


@click.command(epilog="Example: handrail connect --client-id 0198f... --secret-file secret.txt --listen 127.0.0.1:8790")
@click.option("--client-id", required=True, metavar="ID", help="The app's client id (handrail client add).")
@click.option("--private-key", metavar="FILE", help="PEM of the app's private key (the better way).")
@click.option("--secret-file", metavar="FILE", help="File that holds the client secret.")
@click.option("--secret-env", metavar="NAME", help="Environment variable that holds the client secret.")
@click.option("--secret-stdin", is_flag=True, help="Read the client secret from stdin.")
@click.option("--version", "candidate", metavar="VERSION", help="In a sandbox: the version to try out.")
@click.option(
    "--listen",
    default="127.0.0.1:0",
    show_default=True,
    metavar="HOST:PORT",
    help="Loopback only; port 0 is any.",
)
@click.option(
    "--local-key-file",
    metavar="FILE",
    help="The static key that tools send here; made (mode 0600) if the file is missing. "
    "Default: connect-<client id>.key in the home folder.",
)
@click.option("--hub-url", metavar="URL", help="Where the hub is; else HANDRAIL_HUB_URL, else the default.")
@click.option("--ca-file", metavar="FILE", help="PEM of the authority that signed the hub's certificate.")
@click.option("--ready-file", metavar="FILE", help="Write the address and the key's file here when ready.")
@click.pass_obj
def connect(
    state: "State",
    client_id: str,
    private_key: str | None,
    secret_file: str | None,
    secret_env: str | None,
    secret_stdin: bool,
    candidate: str | None,
    listen: str,
    local_key_file: str | None,
    hub_url: str | None,
    ca_file: str | None,
    ready_file: str | None,
) -> None:
    """Keep a fresh token for a tool that can only hold a static key.

    The tool calls http://127.0.0.1:PORT/<connection>/<path> with the local key as its API key
    (Authorization: Bearer or token); the call goes on to the hub with the app's own short-lived token.
    """
    import ssl

    import httpx2

    from handrail.platform.supervisor import stop_on_signals
    from handrail.surfaces.cli.sidecar import Sidecar, serve
    from handrail.surfaces.cli.token_keeper import TokenKeeper, TokenRefused, TokenServiceSilent

    settings = state.settings()
    credentials = _credentials(client_id, private_key, secret_file, secret_env, secret_stdin, candidate or "")
    host, port = _listen(listen)
    key_file = Path(local_key_file or settings.home / f"connect-{client_id}.key")
    key = _local_key(key_file)
    trusted = ssl.create_default_context(cafile=ca_file)
    public_url = (state.url or settings.url).rstrip("/")
    timeout = httpx2.Timeout(30.0, read=300.0, pool=None)
    with (
        httpx2.Client(trust_env=False, verify=trusted, timeout=30) as asking,
        httpx2.Client(trust_env=False, verify=trusted, timeout=timeout) as calling,
    ):
        keeper = TokenKeeper(f"{public_url}/oauth/token", credentials, asking)
        try:
            keeper.token()
        except TokenRefused as error:
            # Not the end: it may be approved while this runs, and every call tells the reason.
            say(f"no token yet: {error.message}" + (f" {error.fix}" if error.fix else ""))
        except TokenServiceSilent as error:
            fail(error.message, SERVER, fix=error.fix)
        hub = hub_url or settings.hub_url or f"http://{settings.hub}"
        try:
            sidecar = Sidecar(host, port, hub, key, keeper, calling)
        except OSError as error:
            fail(f"cannot listen on {listen}: {error.strerror}.", REFUSED, fix="Choose another port, or 0.")
        stop = stop_on_signals()
        _tell(sidecar.url, key_file, ready_file)
        serve(sidecar, stop)


def _tell(url: str, key_file: Path, ready_file: str | None) -> None:
    import json

    click.echo(url)
    say(f"The local key is in {key_file}. Use it as the tool's API key. Ctrl-C ends this.")
    if ready_file:
        target = Path(ready_file)
        draft = target.with_name(f"{target.name}.part")
        draft.write_text(json.dumps({"url": url, "localKeyFile": str(key_file), "pid": os.getpid()}))
        draft.replace(target)


def _credentials(
    client_id: str,
    private_key: str | None,
    secret_file: str | None,
    secret_env: str | None,
    secret_stdin: bool,
    candidate: str,
) -> "Credentials":
    from handrail.kernel.secret import Secret
    from handrail.surfaces.cli.token_keeper import Credentials

    given = [option for option in (private_key, secret_file, secret_env, secret_stdin) if option]
    if len(given) != 1:
        fail(
            "an app signs in with exactly one secret or key.",
            USAGE,
            fix="Give one of --private-key, --secret-file, --secret-env, --secret-stdin.",
        )
    if private_key:
        return Credentials(client_id, None, _read(private_key, private=True), candidate)
    if secret_file:
        return Credentials(client_id, _read(secret_file, private=True), None, candidate)
    if secret_env:
        found = os.environ.get(secret_env, "")
        if not found:
            fail(f"the environment variable {secret_env} is not set.", USAGE)
        return Credentials(client_id, Secret(found), None, candidate)
    return Credentials(client_id, Secret(sys.stdin.read(_SECRETS_MAX).strip()), None, candidate)


def _read(name: str, *, private: bool) -> "Secret":
    from handrail.kernel.secret import Secret

    try:
        with Path(name).open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode & 0o777
            text = opened.read(_SECRETS_MAX).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{name} cannot be read ({type(error).__name__}).", USAGE)
    if private and mode & 0o077:
        fail(f"others may read {name}.", REFUSED, fix=f"chmod 600 {name}")
    if not text:
        fail(f"{name} is empty.", USAGE)
    return Secret(text)


def _local_key(path: Path) -> "Secret":
    if path.exists():
        return _read(str(path), private=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Created closed: between a write and a chmod others could read it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(32) + "\n")
    return _read(str(path), private=True)


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if host not in _LOOPBACK or not port.isdecimal() or int(port) > 65535:
        fail(
            f"{text} is no loopback address.",
            USAGE,
            fix="Use --listen 127.0.0.1:PORT: whoever reaches this address could use the app's rights.",
        )
    return ("127.0.0.1" if host == "localhost" else host), int(port)
