"""What `handrail up --demo` does more than `handrail up`."""

import contextlib
import json
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import httpx2 as httpx

from handrail.demo.builders import Builders
from handrail.demo.calendar import Calendar
from handrail.demo.company import COMPANY, SEATS
from handrail.demo.errors import DemoNotLocal, DemoPortTaken
from handrail.demo.keys import has_keys, read_keys
from handrail.demo.seeding import Place, seed
from handrail.demo.story import MOVED_IN
from handrail.demo.traffic import Traffic
from handrail.demo.upstreams import Played, Server
from handrail.kernel.clock import Clock, now_us
from handrail.platform.database import Database, Work
from handrail.platform.settings import Settings
from handrail.platform.supervisor import Child, stop_on_signals
from handrail.registry.vault import Vault

HOST: Final = "127.0.0.1"
# Programs and arguments of a process, by its name.
Command = Callable[[str], tuple[str, ...]]


def require_local(settings: Settings) -> None:
    """Return if nobody but this machine can reach serve.

    Raises:
        DemoNotLocal: The demo lets anybody in.
    """
    if settings.http.is_loopback:
        return
    raise DemoNotLocal(
        f"The demo lets anybody in, so it runs only where nobody else can come: not on {settings.http}.",
        fix="Set HANDRAIL_HTTP=127.0.0.1:8700, or start without the demo (handrail up; no HANDRAIL_DEMO).",
        place="HANDRAIL_HTTP",
    )


def settled_port(home: Path) -> int:
    """Return the port of the played systems; connections lead to it, so it stays what it became.

    Raises:
        DemoPortTaken: Another process listens there.
    """
    remembered = home / "ports.json"
    known: dict[str, int] = {}
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(remembered.read_text())
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, known.get("demo", 0)))
        except OSError as error:
            raise DemoPortTaken(
                f"The demo's connections lead to port {known['demo']} of this machine, where another process listens.",
                fix="Stop that process, or start a new demo in another folder: handrail up --demo --home DIR",
                place=str(remembered),
            ) from error
        port = int(probe.getsockname()[1])
    remembered.write_text(json.dumps({**known, "demo": port}))
    return port


def clock_of(home: Path) -> Clock:
    """Return the clock to open a home with: its keys are as old as the company, if it has not moved in yet."""
    if has_keys(home):
        return now_us
    return lambda: Calendar(now_us()).at(MOVED_IN, "07:40")


def fill(database: Database, vault: Vault, home: Path, hub_url: str, port: int, enrol: Callable[[Work], None]) -> None:
    """Fill an empty install, and say so.

    Raises:
        DemoHomeTaken: If somebody works in it.
    """
    began = time.monotonic()
    if seed(database, vault, Place(home, hub_url, f"http://{HOST}:{port}", enrol)):
        took = time.monotonic() - began
        sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {COMPANY} moved in: made up, all of it, in {took:.1f} s\n")


def children(command: Command, environment: Mapping[str, str], port: int) -> list[Child]:
    """Return the demo's own processes: what plays the systems, and what makes the calls."""
    played = (*command("demo"), "--port", str(port))
    return [
        Child("demo", played, environment, ready=lambda: _healthy(port)),
        Child("traffic", command("traffic"), environment, after=("demo", "envoy", "rollup")),
    ]


def _healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://{HOST}:{port}/healthz", timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def greet(public_url: str, hub_url: str) -> None:
    """Say what is where, and who may sign in."""
    lines = [
        "",
        f"  {COMPANY} is a made-up company: its people, its apps and their calls until now.",
        "  What they stand on is the real thing, and calls go on through the real hub.",
        "",
        f"  Portal   {public_url}",
        f"  Hub      {hub_url}",
        "",
        "  Sign in at the portal, without a password, as",
        *(f"    {seat.title:<20} {seat.note}" for seat in SEATS),
        "",
        "  Within a minute somebody changes a flow that was approved.",
        "  Ctrl-C ends everything; the next start goes on from there.",
        "",
    ]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def run_played(settings: Settings, hub_url: str, port: int) -> int:
    """Play the systems and builders until SIGTERM."""
    stop = stop_on_signals()
    end = Server(port, Played(read_keys(settings.home), Builders(settings.home, hub_url))).start()
    stop.wait()
    end()
    return 0


def run_traffic(settings: Settings, public_url: str, hub_url: str) -> int:
    """Make the apps' calls until SIGTERM."""
    Traffic(public_url, hub_url, read_keys(settings.home).clients).run(stop_on_signals())
    return 0
