"""Run the demo upstreams: small services in the shape of Slack, Stripe and GitHub. They need only Python.

Each wants its own credential, so that a call that works proves that somebody injected it, and tells at
`/_seen` what it received. Example: `python examples/upstreams/serve.py`
"""

import argparse
import json
import os
import signal
import ssl
from pathlib import Path
from queue import SimpleQueue

from github_like import GithubLike
from service import Listener, Upstream
from slack_like import SlackLike
from stripe_like import StripeLike

KINDS: tuple[type[Upstream], ...] = (SlackLike, StripeLike, GithubLike)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8791, help="port of the first; the others follow (0: any free ports)"
    )
    parser.add_argument("--ready-file", type=Path, help="write the addresses here, as JSON, when all answer")
    parser.add_argument("--tls-cert", help="PEM chain: serve HTTPS")
    parser.add_argument("--tls-key", help="PEM key of the chain")
    return parser.parse_args()


def _credential(name: str) -> str:
    return os.environ.get(f"DEMO_{name.upper()}_CREDENTIAL") or f"demo-{name}-credential"


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments()
    tls = None
    if given.tls_cert:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(given.tls_cert, given.tls_key)
    ended: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: ended.put(number))
    stops = []
    ready: dict[str, object] = {"pid": os.getpid()}
    for index, kind in enumerate(KINDS):
        upstream = kind(_credential(kind.name))
        listener = Listener(upstream, given.host, given.port and given.port + index, tls)
        stops.append(listener.start())
        ready[upstream.name] = upstream.origin
        print(f"{upstream.name:8} {upstream.origin}", flush=True)
    if given.ready_file:
        draft = given.ready_file.with_name(given.ready_file.name + ".part")
        draft.write_text(json.dumps(ready), encoding="utf-8")
        draft.replace(given.ready_file)
    ended.get()
    for stop in stops:
        stop()


if __name__ == "__main__":
    main()
