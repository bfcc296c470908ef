"""The agent beside an Envoy: pulls snapshots, writes Envoy's files, and says what is enforced."""

import fcntl
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson

from handrail.kernel.clock import rfc3339
from handrail.kernel.errors import HandrailError
from handrail.kernel.secret import Secret
from handrail.runtime.edge import admin, health
from handrail.runtime.edge.acknowledge import Acknowledger
from handrail.runtime.edge.control import ControlPlane
from handrail.runtime.edge.discovery import Address
from handrail.runtime.edge.enrolment import public_key, read_enrolment, write_enrolment
from handrail.runtime.edge.envoy import bootstrap
from handrail.runtime.edge.errors import AgentRunning, ControlPlaneAway, ControlPlaneRefused, HubNotEnrolled
from handrail.runtime.edge.files import read_object, replace
from handrail.runtime.edge.hub import Hub, Options, problem_of
from handrail.runtime.edge.lifetime import note_alive
from handrail.runtime.edge.model import Enrolment, Problem
from handrail.runtime.edge.places import Places, clear, places_of, prepare

log: Final = logging.getLogger("handrail.hub")
_UPKEEP_S: Final = 1.0
_RETRY_FIRST_S: Final = 0.2
_RETRY_LAST_S: Final = 5.0
_EMPTY: Final = {"ready": False, "prepared": False, "expired": False, "warnings": [], "problems": []}


def enrol(home: Path, serve_url: str, token: Secret) -> Enrolment:
    """Join a control plane: give it this hub's public key, pin the key that it signs snapshots with.

    Raises:
        ControlPlaneAway: If it does not answer.
        ControlPlaneRefused: If it does not know the token.
        HubNotEnrolled: If its answer lacks the hub's id or the signing key.
    """
    places = places_of(home)
    with ControlPlane(serve_url, token, 0) as control:
        answer = control.enrol(public_key(places))
    hub, signing_key = answer.get("hub"), answer.get("signing_key")
    if not isinstance(hub, str) or not isinstance(signing_key, str):
        raise HubNotEnrolled(
            f"{serve_url} did not say who this hub is.",
            fix="Check that the address is the control plane's.",
            place=serve_url,
        )
    enrolment = Enrolment(serve_url, token, hub, signing_key)
    write_enrolment(places, enrolment)
    return enrolment


def run(
    home: Path,
    serve_url: str,
    token: Secret,
    hub_address: Address,
    stop: threading.Event,
    options: Options | None = None,
) -> None:
    """Work as a hub's agent until `stop` is set.

    Starts from the stored snapshot, with or without the control plane. Envoy may be started once `prepared(home)`.

    Args:
        home: The install's folder.
        serve_url: The control plane; empty means the one of the enrolment.
        token: The hub's token; empty means the one of the enrolment.
        hub_address: Where Envoy listens; port 0 means a free port that stays while the hub runs.
        stop: Ends the work.
        options: How often and how long.

    Raises:
        AgentRunning: If another agent works for the same home.
        HubFolderUnsafe: If the folder for clear secrets is not ours alone.
        HubKeyUnsafe: If others can read the hub's key.
        HubNotEnrolled: If it is not enrolled and has no token or address to do so.
    """
    places = places_of(home)
    prepare(places)
    with places.hub.joinpath("agent.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AgentRunning(
                f"Another agent works for {home}.", fix="Stop it, or use another --home.", place=str(home)
            ) from None
        try:
            _Agent(places, _address(places, hub_address), options or Options()).run(serve_url, token, stop)
        finally:
            # While Envoy runs it watches these files; the next agent goes on with them.
            if not admin.live(places.admin_socket):
                clear(places.home)


def _address(places: Places, wanted: Address) -> Address:
    if wanted.port:
        return wanted
    kept = read_object(places.address) or {}
    if kept.get("host") == wanted.host:
        return Address(wanted.host, int(kept["port"]))
    with socket.socket(socket.AF_INET6 if ":" in wanted.host else socket.AF_INET) as probe:
        probe.bind((wanted.host, 0))
        port = int(probe.getsockname()[1])
    replace(places.address, orjson.dumps({"host": wanted.host, "port": port}))
    return Address(wanted.host, port)


class _Agent:
    def __init__(self, places: Places, address: Address, options: Options) -> None:
        self._places = places
        self._address = address
        self._options = options
        self._hub: Hub | None = None
        self._acknowledger: Acknowledger | None = None
        self._missing: list[str] = ["the hub is not enrolled yet"]

    def run(self, serve_url: str, token: Secret, stop: threading.Event) -> None:
        close = health.serve(self._places.agent_socket, self._status)
        try:
            enrolment = self._enrolment(serve_url, token, stop)
            if enrolment is not None:
                self._work(enrolment, stop)
        finally:
            close()

    def _enrolment(self, serve_url: str, token: Secret, stop: threading.Event) -> Enrolment | None:
        known = read_enrolment(self._places)
        if known is not None:
            given = token if token.reveal() else known.token
            return Enrolment(serve_url or known.serve, given, known.hub, known.signing_key)
        if not serve_url or not token.reveal():
            raise HubNotEnrolled(
                "This hub has no snapshot key: it was never enrolled.",
                fix="Start it with the control plane's address and a hub token (HANDRAIL_URL, HANDRAIL_HUB_TOKEN).",
            )
        pause = _RETRY_FIRST_S
        while not stop.is_set():
            try:
                return enrol(self._places.home, serve_url, token)
            except (ControlPlaneAway, ControlPlaneRefused) as error:
                self._missing = [error.message]
                log.warning("not enrolled yet: %s", error.message)
                stop.wait(pause)
                pause = min(pause * 2, _RETRY_LAST_S)
        return None

    def _work(self, enrolment: Enrolment, stop: threading.Event) -> None:
        data = bootstrap(self._places, enrolment.hub)
        replace(self._places.bootstrap, data)
        hub = Hub(self._places, enrolment, self._address, self._options, self._notify)
        with ControlPlane(enrolment.serve, enrolment.token, self._options.wait_s) as control:
            self._acknowledger = Acknowledger(hub, self._places, control)
            hub.load()
            self._hub = hub
            bodies: tuple[Callable[[], None], ...] = (
                lambda: self._pull(hub, control, stop),
                lambda: self._upkeep(hub, stop),
                lambda: self._acknowledger_run(stop),
            )
            # Daemons: a long poll or a stuck resolver must not hold back the end.
            for body in bodies:
                threading.Thread(target=_forever, args=(body, stop), daemon=True).start()
            stop.wait()
            self._notify()

    def _acknowledger_run(self, stop: threading.Event) -> None:
        if self._acknowledger is not None:
            self._acknowledger.run(stop)

    def _notify(self) -> None:
        if self._acknowledger is not None:
            self._acknowledger.notify()

    def _pull(self, hub: Hub, control: ControlPlane, stop: threading.Event) -> None:
        pause = _RETRY_FIRST_S
        fresh = troubled = False
        while not stop.is_set():
            try:
                # Fresh only every second time: a control plane that has nothing fresher must not be asked without end.
                fresh = hub.wants_fresh() and not fresh
                # An answer that is held back would leave what went wrong before reported all that time.
                document = control.pull(hub.position, hub.have(), tls=hub.tls, fresh=fresh, hold=not troubled)
                troubled = False
                if document is not None:
                    hub.take(document)
                elif not hub.expired:
                    hub.report("snapshot")
                hub.report("control")
                pause = _RETRY_FIRST_S
            except HandrailError as error:
                troubled = True
                away = isinstance(error, (ControlPlaneAway, ControlPlaneRefused))
                hub.report("control" if away else "snapshot", problem_of(error))
                stop.wait(pause)
                pause = min(pause * 2, _RETRY_LAST_S)

    def _upkeep(self, hub: Hub, stop: threading.Event) -> None:
        while not stop.wait(_UPKEEP_S):
            note_alive(self._places)
            hub.upkeep()

    def _status(self) -> dict[str, Any]:
        hub, acknowledger = self._hub, self._acknowledger
        if hub is None or acknowledger is None:
            return {**_EMPTY, "missing": self._missing}
        target = hub.target()
        problems = hub.problems()
        missing = []
        if not hub.prepared:
            missing.append("a snapshot that may be served")
        elif not admin.live(self._places.admin_socket):
            missing.append("a running Envoy")
        elif acknowledger.confirmed != target.position:
            missing.append("Envoy's acceptance of the last snapshot")
        if hub.expired:
            missing.append("a snapshot that has not expired")
        return {
            "ready": not missing,
            "prepared": hub.prepared,
            "expired": hub.expired,
            "missing": missing,
            "warnings": [problem.message for problem in (*self._warnings(), *problems)],
            "problems": [problem.document() for problem in problems],
            "hub": hub.hub_id,
            "address": f"{self._address.host}:{self._address.port}",
            "epoch": target.position.epoch,
            "revision": target.position.revision,
            "quarantine_revision": target.position.quarantine_revision,
            "confirmed_revision": acknowledger.confirmed.revision,
            "confirmed_quarantine_revision": acknowledger.confirmed.quarantine_revision,
            "expires_at": None if hub.expires_us is None else rfc3339(hub.expires_us),
        }

    def _warnings(self) -> list[Problem]:
        if self._places.in_memory:
            return []
        words = f"There is no /dev/shm here: clear secrets are kept in {self._places.memory} and may reach a disk."
        return [Problem("secrets_on_disk", words, str(self._places.memory))]


def _forever(body: Callable[[], None], stop: threading.Event) -> None:
    """Run a thread's body; a fault of ours ends the whole agent, which is then restarted from its stored state."""
    try:
        body()
    except Exception:
        log.exception("the agent failed")
        if not stop.is_set():
            logging.shutdown()
            os._exit(70)
