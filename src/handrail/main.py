"""The entry point, and the only place where ports meet adapters.

Each `run_*` function is one process; `handrail up` supervises them all on one machine.
"""

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit

from handrail.kernel.clock import Clock, now_us
from handrail.kernel.errors import Conflict, HandrailError, Unavailable
from handrail.platform.settings import Address, Settings

if TYPE_CHECKING:
    from handrail.governance.checks import Weaknesses
    from handrail.language.leaks import Boundary
    from handrail.platform.database import Database, Work
    from handrail.platform.supervisor import Child, State
    from handrail.registry.vault import Vault
    from handrail.surfaces.http import Context

log: Final = logging.getLogger("handrail")
_TEND_EVERY_S: Final = 1.0
_SUM_EVERY_S: Final = 60.0


class AlreadyRunning(Conflict):
    code = "already_running"


class AddressTaken(Unavailable):
    code = "address_taken"


def public_urls(settings: Settings) -> tuple[str, str]:
    """Return how others reach serve and the hub, without trailing slashes."""
    return settings.public_url or f"http://{settings.http}", settings.hub_url or f"http://{settings.hub}"


def open_home(settings: Settings, clock: Clock = now_us) -> "tuple[Database, Vault]":
    """Make the home folder if needed and open its database, on this version's schema, and its vault."""
    from handrail.platform.database import Database, migrate
    from handrail.registry.access import ensure_signing_keys
    from handrail.registry.catalog import ensure_index
    from handrail.registry.vault import Vault
    from handrail.runtime.hub import ensure_signing_key

    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url, clock=clock)
    migrate.upgrade(database)
    vault = Vault.open(settings.key_file)
    with database.begin() as work:
        ensure_signing_keys(work, vault)
        ensure_signing_key(work, vault)
        ensure_index(work)
    return database, vault


def read_boundary(settings: Settings) -> "Boundary":
    """Return what counts as inside the company.

    Raises:
        SettingInvalid: If the file cannot be read.
        BoundaryInvalid: If it is none.
    """
    from handrail.language import leaks
    from handrail.platform.settings.model import SettingInvalid

    if settings.boundary is None:
        return leaks.default_boundary()
    try:
        return leaks.read_boundary(settings.boundary.read_bytes(), settings.boundary.name)
    except OSError as error:
        raise SettingInvalid(
            f"The boundary file cannot be read: {error.strerror}.",
            fix="Name a file that exists, or leave HANDRAIL_BOUNDARY out.",
            place="HANDRAIL_BOUNDARY",
        ) from error


def read_weaknesses(settings: Settings) -> "Weaknesses":
    """Return what `handrail vulnerabilities import` stored; it is opened when the first package is looked up."""
    from handrail.governance.checks import Weaknesses
    from handrail.governance.checks.osv import FILE_NAME

    return Weaknesses(settings.home / FILE_NAME)


def build_context(settings: Settings) -> "Context":
    """Put together what the HTTP surface stands on."""
    from handrail.demo import SEATS
    from handrail.governance.estate import InstanceInventory
    from handrail.runtime.hub import SnapshotSource
    from handrail.runtime.sources import Readers
    from handrail.surfaces.http import Context, DemoPerson
    from handrail.surfaces.http.news import News

    database, vault = open_home(settings)
    public_url, hub_url = public_urls(settings)
    weaknesses = read_weaknesses(settings)
    return Context(
        settings=settings,
        database=database,
        vault=vault,
        public_url=public_url,
        hub_url=hub_url,
        snapshots=SnapshotSource(
            database, vault, public_url=public_url, hub_url=hub_url, hours=settings.snapshot_hours
        ),
        news=News(database),
        boundary=read_boundary(settings),
        reader=Readers(settings.home / "sources", settings.source_folders),
        inventory=InstanceInventory(database, read_boundary(settings), weaknesses),
        weaknesses=weaknesses,
        demo_people=tuple(DemoPerson(as_=seat.as_, title=seat.title, note=seat.note, name=seat.name) for seat in SEATS)
        if settings.demo
        else (),
    )


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # It writes the whole address of every request: one line a second, with whatever a query holds.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


def run_serve(settings: Settings) -> int:
    """Run the API, the token service and the hubs' endpoints until SIGTERM."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from handrail.demo import require_local
    from handrail.surfaces.http import create_app

    if settings.demo:
        require_local(settings)
    _log_to_stderr()
    # The embedded server warns of itself at each start: it is one process, which a killed supervisor cannot orphan.
    logging.getLogger("_granian").setLevel(logging.ERROR)
    context = build_context(settings)
    server = Server(
        create_app(context),
        address=settings.http.host,
        port=settings.http.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_access=False,
        log_enabled=False,
    )

    end_server: Callable[[], None] = server.stop

    def stop() -> None:
        # A hub's long poll would hold back the end.
        context.news.close()
        end_server()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        await server.serve()

    asyncio.run(serve())
    return 0


def run_worker(settings: Settings) -> int:
    """Run the background work until SIGTERM: audit sealing, sources, what ends by time, key rotation."""
    from handrail.governance.estate import InstanceInventory, check_versions_forever
    from handrail.platform.supervisor import stop_on_signals
    from handrail.registry.audit import seal_forever
    from handrail.runtime.sources import Readers, poll_forever

    _log_to_stderr()
    database, vault = open_home(settings)
    boundary = read_boundary(settings)
    stop = stop_on_signals()
    reader = Readers(settings.home / "sources", settings.source_folders)
    hub_hosts = (urlsplit(public_urls(settings)[1]).netloc,)
    weaknesses = read_weaknesses(settings)
    inventory = InstanceInventory(database, boundary, weaknesses)
    jobs: list[Callable[[], None]] = [
        lambda: seal_forever(database, stop),
        lambda: poll_forever(database, vault, stop, reader, hub_hosts=hub_hosts, inventory=inventory),
        lambda: _tend_forever(database, stop),
        lambda: check_versions_forever(database, boundary, stop, weaknesses),
    ]
    threads = [threading.Thread(target=_forever, args=(job, stop), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(timeout=8)
    return 0


def _forever(job: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            job()
        except Exception:
            # One failed job must not end the others; it starts again after a pause.
            log.exception("a background job failed")
            stop.wait(5)


def _tend_forever(database: "Database", stop: threading.Event) -> None:
    from handrail.governance import lifecycle
    from handrail.runtime.signals import downsample

    sums_due = 0.0
    while not stop.wait(_TEND_EVERY_S):
        # Reading first: an idle worker must not take SQLite's one writer every second.
        with database.read() as work:
            due = lifecycle.tending_due(work)
        if due:
            with database.begin() as work:
                lifecycle.tend(work)
        if time.monotonic() < sums_due:
            continue
        sums_due = time.monotonic() + _SUM_EVERY_S
        more = True
        while more and not stop.is_set():
            with database.begin() as work:
                more = downsample(work)


def run_agent(settings: Settings) -> int:
    """Run the agent of this machine's hub until SIGTERM."""
    from handrail.kernel.secret import Secret
    from handrail.platform.supervisor import stop_on_signals
    from handrail.runtime import edge

    _log_to_stderr()
    tls = None
    if settings.hub_tls:
        address = edge.Address(settings.hub_tls.host, settings.hub_tls.port)
        tls = edge.Tls(address, Path(settings.hub_tls_cert), Path(settings.hub_tls_key))
    edge.run(
        settings.home,
        settings.url if settings.hub_token else "",
        Secret(settings.hub_token),
        edge.Address(settings.hub.host, settings.hub.port),
        stop_on_signals(),
        edge.Options(tls=tls),
    )
    return 0


def run_rollup(settings: Settings) -> int:
    """Roll up the call log of this machine's hub until SIGTERM."""
    from handrail.kernel.secret import Secret
    from handrail.platform.supervisor import stop_on_signals
    from handrail.runtime import edge
    from handrail.runtime.edge.rollup import RollUp
    from handrail.runtime.edge.rollup import run as roll_up

    _log_to_stderr()
    stop = stop_on_signals()
    places = edge.places_of(settings.home)
    enrolment = edge.read_enrolment(places)
    while enrolment is None and not stop.wait(0.2):
        enrolment = edge.read_enrolment(places)
    if enrolment is not None:
        url = settings.url if settings.hub_token else enrolment.serve
        token = Secret(settings.hub_token) if settings.hub_token else enrolment.token
        roll_up(RollUp(places.call_log, url, token, admin_socket=places.admin_socket), stop)
    return 0


def _child_environment(settings: Settings) -> dict[str, str]:
    public_url, hub_url = public_urls(settings)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HANDRAIL_")}
    # Children stop when the supervisor says so, and inherit nothing that only the command line needs.
    return environment | {
        "HANDRAIL_HOME": str(settings.home),
        "HANDRAIL_HTTP": str(settings.http),
        "HANDRAIL_HUB": str(settings.hub),
        "HANDRAIL_PUBLIC_URL": public_url,
        "HANDRAIL_HUB_URL": hub_url,
        "HANDRAIL_DATABASE_URL": settings.database_url,
        "HANDRAIL_KEY_FILE": str(settings.key_file),
        "HANDRAIL_SNAPSHOT_HOURS": str(settings.snapshot_hours),
        "HANDRAIL_ORGANISATION": settings.organisation or ("Larkspur" if settings.demo else ""),
        "HANDRAIL_BOUNDARY": str(settings.boundary or ""),
        "HANDRAIL_DEMO": "1" if settings.demo else "",
        "HANDRAIL_SOURCE_FOLDERS": ":".join(str(folder) for folder in settings.source_folders),
        **(
            {
                "HANDRAIL_HUB_TLS": str(settings.hub_tls),
                "HANDRAIL_HUB_TLS_CERT": settings.hub_tls_cert,
                "HANDRAIL_HUB_TLS_KEY": settings.hub_tls_key,
            }
            if settings.hub_tls
            else {}
        ),
    }


def _command(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "handrail.main", name)


def _hub_children(settings: Settings, environment: Mapping[str, str], after: tuple[str, ...]) -> "list[Child]":
    from handrail.platform.supervisor import Child
    from handrail.runtime import edge

    home = settings.home
    # The agent finds Envoy's reasons for a refusal in the log that is named after this child.
    envoy = Child(
        "envoy",
        edge.command(home),
        {"PATH": os.defpath},
        ready=lambda: edge.envoy_ready(home),
        after=("agent",),
        starting=lambda: edge.envoy_starts(home),
        ended=lambda status: edge.envoy_ended(home, status),
    )
    return [
        Child("agent", _command("agent"), environment, ready=lambda: edge.prepared(home), after=after),
        envoy,
        Child("rollup", _command("rollup"), environment, after=("agent",)),
    ]


def _settled(settings: Settings) -> Settings:
    """Replace port 0 by a free port that stays the same from one start to the next."""
    remembered = settings.home / "ports.json"
    known: dict[str, int] = {}
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(remembered.read_text())

    def settle(name: str, address: Address) -> Address:
        port = address.port or known.get(name) or _free_port(address.host)
        known[name] = port
        return Address(address.host, port)

    http, hub = settle("http", settings.http), settle("hub", settings.hub)
    tls = settle("tls", settings.hub_tls) if settings.hub_tls else None
    remembered.write_text(json.dumps(known))
    return replace(settings, http=http, hub=hub, hub_tls=tls)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _free_port(host: str) -> int:
    with socket.socket(_family(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _require_free(settings: Settings, *names: str) -> None:
    wanted = {"HANDRAIL_HTTP": settings.http, "HANDRAIL_HUB": settings.hub, "HANDRAIL_HUB_TLS": settings.hub_tls}
    for name in names:
        address = wanted[name]
        if address:
            _require_free_address(name, address)


def _require_free_address(name: str, address: Address) -> None:
    with socket.socket(_family(address.host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise AddressTaken(
                f"{name}={address} cannot be used: {error.strerror}.",
                fix=f"Stop what listens there, or choose another with {name}=127.0.0.1:0 (0 picks a free port).",
                place=name,
            ) from error


@contextlib.contextmanager
def _alone(home: Path) -> Any:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(
                f"Handrail already runs on {home}.", fix="Stop that one, or use another --home.", place=str(home)
            ) from error
        yield


def _progress(name: str, state: "State") -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')}  {name:<8} {state.value}\n")
    sys.stderr.flush()


def run_up(settings: Settings, *, demo: bool = False, ready_file: str = "") -> int:
    """Run everything on this machine until SIGTERM or SIGINT."""
    from handrail.demo import stage
    from handrail.platform.supervisor import Child, Supervisor
    from handrail.registry import identity
    from handrail.runtime import edge

    settings = replace(settings, demo=demo)
    if demo:
        stage.require_local(settings)
    with _alone(settings.home):
        settings = _settled(settings)
        public_url, hub_url = public_urls(settings)
        _require_free(settings, "HANDRAIL_HTTP", "HANDRAIL_HUB", "HANDRAIL_HUB_TLS")
        demo_port = stage.settled_port(settings.home) if demo else 0
        sys.stderr.write(f"{time.strftime('%H:%M:%S')}  database\n")
        database, vault = open_home(settings, stage.clock_of(settings.home) if demo else now_us)
        link = ""
        if demo:
            database.clock = now_us
            enrol = partial(_enrol_local, vault=vault, settings=settings)
            stage.fill(database, vault, settings.home, hub_url, demo_port, enrol)
        with database.begin() as work:
            _enrol_local(work, vault, settings)
            if not identity.has_admin(work):
                link = identity.join_link(public_url, identity.create_setup_link(work)[1])
            made_up = identity.is_made_up(work)
        database.close()
        environment = _child_environment(settings)
        children = [
            Child("serve", _command("serve"), environment, ready=lambda: _answers(f"http://{settings.http}/readyz")),
            Child("worker", _command("worker"), environment, after=("serve",)),
            *_hub_children(settings, environment, ("serve",)),
            *(stage.children(_command, environment, demo_port) if demo else ()),
        ]
        supervisor = Supervisor(children, settings.home / "log", progress=_progress)

        def on_ready() -> None:
            if made_up and not demo:
                sys.stderr.write("This home holds the demo; its systems are played with: handrail up --demo\n")
            if link:
                sys.stderr.write(f"Nobody is an admin yet. Within an hour: handrail join '{link}' --name NAME\n")
            if ready_file:
                _write_ready(Path(ready_file), public_url, hub_url, link, supervisor.pids())
            if demo:
                stage.greet(public_url, hub_url)
            sys.stdout.write(f"Handrail is ready: {public_url}\n")
            sys.stdout.flush()

        try:
            supervisor.run(on_ready)
        finally:
            edge.clear(settings.home)
    return 0


def run_demo(settings: Settings, *, port: int = 0) -> int:
    """Play the systems and builders of the demo until SIGTERM."""
    from handrail.demo import run_played

    _log_to_stderr()
    return run_played(settings, public_urls(settings)[1], port)


def run_traffic(settings: Settings) -> int:
    """Make the calls of the demo's apps until SIGTERM."""
    from handrail import demo

    _log_to_stderr()
    return demo.run_traffic(settings, *public_urls(settings))


def _enrol_local(work: "Work", vault: "Vault", settings: Settings) -> None:
    """Join this machine's hub to this machine's control plane, unless it is joined already."""
    from handrail.runtime import edge, hub

    places = edge.places_of(settings.home)
    serve = f"http://{settings.http}"
    signing_key = hub.ensure_signing_key(work, vault)
    known = edge.read_enrolment(places)
    if known is not None and hub.knows(work, known.token.reveal(), known.hub) and known.signing_key == signing_key:
        if known.serve != serve:
            edge.write_enrolment(places, replace(known, serve=serve))
        return
    token = hub.local_hub(work)
    joined = hub.hub_by_token(work, token.reveal())
    hub.bind_key(work, joined, edge.public_key(places))
    edge.write_enrolment(places, edge.Enrolment(serve, token, joined.id, signing_key))


def _write_ready(path: Path, public_url: str, hub_url: str, link: str, pids: Mapping[str, int]) -> None:
    document = {"portal": public_url, "hub": hub_url, "pids": dict(pids), **({"join": link} if link else {})}
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(document, out)
    partial.replace(path)


def _answers(url: str) -> bool:
    import httpx2 as httpx

    try:
        return httpx.get(url, timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def run_hub(settings: Settings) -> int:
    """Run one hub on this machine, against a control plane elsewhere."""
    from handrail.platform.supervisor import Supervisor
    from handrail.runtime import edge

    with _alone(settings.home):
        settings = _settled(settings)
        _require_free(settings, "HANDRAIL_HUB", "HANDRAIL_HUB_TLS")
        environment = _child_environment(settings)
        if settings.hub_token:
            environment |= {"HANDRAIL_URL": settings.url, "HANDRAIL_HUB_TOKEN": settings.hub_token}
        supervisor = Supervisor(_hub_children(settings, environment, ()), settings.home / "log", progress=_progress)
        try:
            supervisor.run(lambda: _say_ready(public_urls(settings)[1]))
        finally:
            edge.clear(settings.home)
    return 0


def _say_ready(url: str) -> None:
    sys.stdout.write(f"The hub is ready: {url}\n")
    sys.stdout.flush()


def run_init(settings: Settings) -> str:
    """Make the home folder and return a set-up link; refused once somebody is an administrator."""
    from handrail.registry import identity

    database, _vault = open_home(settings)
    with database.begin() as work:
        _, token = identity.create_setup_link(work)
        return identity.join_link(public_urls(settings)[0], token)


def run_migrate(settings: Settings) -> str:
    """Bring the database to this version's schema, and its index up to date; return the schema's id."""
    from handrail.platform.database import Database, migrate
    from handrail.registry.catalog import ensure_index

    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url)
    try:
        schema = migrate.upgrade(database)
        with database.begin() as work:
            ensure_index(work)
    finally:
        database.close()
    return schema


FACTORIES: Final[dict[str, Callable[..., Any]]] = {
    "serve": run_serve,
    "worker": run_worker,
    "agent": run_agent,
    "rollup": run_rollup,
    "demo": run_demo,
    "traffic": run_traffic,
    "up": run_up,
    "hub": run_hub,
    "init": run_init,
    "migrate": run_migrate,
    "home": open_home,
}


def main() -> NoReturn:
    """Run the command line."""
    from handrail.surfaces.cli import Factories, root

    try:
        root(obj=Factories(run=dict(FACTORIES)))
    except HandrailError as error:
        place = f" ({error.place})" if error.place and error.place not in error.message else ""
        sys.stderr.write(f"error: {error.message}{place} [{error.code}]\n")
        if error.fix:
            sys.stderr.write(f"fix: {error.fix}\n")
        sys.exit(5 if isinstance(error, Unavailable) else 1)
    sys.exit(0)


if __name__ == "__main__":
    main()
