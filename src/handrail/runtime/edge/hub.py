"""The state of one hub: what it was told, what Envoy was given, and what is wrong."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from handrail.kernel.clock import Clock, now_us
from handrail.kernel.errors import HandrailError
from handrail.platform.http import Resolver, resolve
from handrail.runtime.edge import admin, shelf
from handrail.runtime.edge.discovery import Address, Discovery, Tls, upstreams_of
from handrail.runtime.edge.endpoints import Endpoints
from handrail.runtime.edge.enrolment import private_key
from handrail.runtime.edge.errors import EnvoyAway, SnapshotExpired
from handrail.runtime.edge.model import (
    CLUSTERS,
    NOWHERE,
    PART_EXPIRED,
    PART_LISTENERS_TLS,
    PART_QUARANTINE,
    Enrolment,
    Position,
    Problem,
    Snapshot,
)
from handrail.runtime.edge.places import Places
from handrail.runtime.edge.sealing import open_part
from handrail.runtime.edge.snapshot import require_current, require_newer, verify

log: Final = logging.getLogger("handrail.hub")
_SETTLE_S: Final = 1.0
_FIRST_RESOLVE_S: Final = 1.0
_RESOLVE_PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and odd machines change.

    Attributes:
        wait_s: How long the control plane may hold an answer back.
        resolve_s: How often upstreams are resolved.
        retry_resolve_s: How often those are resolved that failed.
        resolver: How names become addresses.
        clock: The time.
        tls: The second listener, if this hub has a certificate.
    """

    wait_s: float = 25.0
    resolve_s: float = 30.0
    retry_resolve_s: float = 5.0
    resolver: Resolver = resolve
    clock: Clock = now_us
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What Envoy should have come to.

    Attributes:
        generation: Counts changes of the files.
        position: Of the snapshot.
        versions: By file name.
    """

    generation: int
    position: Position
    versions: Mapping[str, str]


class Hub:
    """One hub's state; every public method may be called from any thread.

    Args:
        places: Its files.
        enrolment: Who it is.
        address: Where Envoy listens.
        options: How often and how long.
        changed: Called after Envoy's files or the problems have changed.
    """

    def __init__(
        self,
        places: Places,
        enrolment: Enrolment,
        address: Address,
        options: Options,
        changed: Callable[[], None],
    ) -> None:
        self._places = places
        self._enrolment = enrolment
        self._options = options
        self._changed = changed
        self._key = private_key(places)
        self._lock = threading.RLock()
        self._discovery = Discovery(places, address, options.tls)
        self._endpoints = Endpoints(options.resolver, shelf.addresses_of(places))
        self._snapshot: Snapshot | None = None
        self._opened: dict[str, bytes] = {}
        self._table: dict[str, tuple[str, ...]] = {}
        self._floor = shelf.floor_of(places, enrolment)
        self._generation = 0
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._resolved_at = time.monotonic()
        self._retried_at = time.monotonic()
        self.prepared = False
        self.expired = False

    @property
    def position(self) -> Position:
        """How far this hub has come; `NOWHERE` without a snapshot."""
        snapshot = self._snapshot
        return NOWHERE if snapshot is None else snapshot.manifest.position

    @property
    def hub_id(self) -> str:
        """This hub's id."""
        return self._enrolment.hub

    @property
    def tls(self) -> bool:
        """Whether it serves `https://<connection>.<hub host>` too."""
        return self._options.tls is not None

    @property
    def expires_us(self) -> int | None:
        """Until when the snapshot may be served."""
        snapshot = self._snapshot
        return None if snapshot is None else snapshot.manifest.expires_us

    def have(self) -> list[str]:
        """Return the digests of the parts that are here."""
        snapshot = self._snapshot
        return [] if snapshot is None else list(dict.fromkeys(snapshot.manifest.parts.values()))

    def wants_fresh(self) -> bool:
        """Tell whether half of the snapshot's time is over, or it was pulled before this hub had a certificate."""
        snapshot = self._snapshot
        if snapshot is None:
            return False
        manifest = snapshot.manifest
        if self.tls and PART_LISTENERS_TLS not in manifest.parts:
            return True
        return self._options.clock() * 2 > manifest.issued_us + manifest.expires_us

    def target(self) -> Target:
        """Return what Envoy should have come to by now."""
        with self._lock:
            return Target(self._generation, self.position, dict(self._discovery.versions))

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong now."""
        with self._lock:
            return tuple(problem for source in sorted(self._problems) for problem in self._problems[source])

    def report(self, source: str, *problems: Problem) -> None:
        """Replace what is wrong with one source."""
        with self._lock:
            if self._problems.get(source, ()) == problems:
                return
            for problem in problems:
                log.warning("%s: %s", problem.code, problem.message)
            self._problems[source] = problems
        self._changed()

    def load(self) -> None:
        """Start from the stored snapshot, if there is one that may still be served."""
        document = shelf.stored(self._places)
        if document is None:
            return
        try:
            self.take(document)
        except SnapshotExpired as error:
            self._remember_expired(document)
            self.report("snapshot", problem_of(error))
        except HandrailError as error:
            self.report("snapshot", problem_of(error))

    def take(self, document: Mapping[str, Any]) -> None:
        """Check a snapshot, give it to Envoy and keep it.

        Raises:
            HandrailError: If it is refused; what was served before stays.
        """
        snapshot = verify(document, self._enrolment, self._known())
        with self._lock:
            require_newer(snapshot.manifest, self._floor)
            require_current(snapshot.manifest, self._options.clock())
            changed = self._changes(snapshot)
            opened = self._open(snapshot, changed & {PART_QUARANTINE})
            if self.prepared and not self.expired and PART_QUARANTINE in changed & opened.keys():
                # Before anything else, a waiting disk included: who is held must be held now.
                self._discovery.write_quarantine(opened[PART_QUARANTINE])
                self._note_files()
            opened |= self._open(snapshot, snapshot.parts.keys() - opened.keys())
            if not self.prepared or self.expired or changed - {PART_QUARANTINE, PART_EXPIRED}:
                self._endpoints.watch(upstreams_of(opened), _FIRST_RESOLVE_S)
                table = self._endpoints.table()
                running = admin.live(self._places.admin_socket)
                self._discovery.write_all(opened, table, self._settle, running=running)
                self._table = table
            shelf.store(self._places, self._enrolment, snapshot, self._floor)
            self._snapshot, self._opened, self._floor = snapshot, opened, snapshot.manifest.position
            self.prepared, self.expired = True, False
            self._note_files()
            shelf.store_addresses(self._places, self._endpoints.known())
        self.report("endpoints", *self._endpoints.problems())
        self.report("snapshot")

    def upkeep(self) -> None:
        """Do what time asks for; call it about every second."""
        self._check_expiry()
        now = time.monotonic()
        if now - self._resolved_at >= self._options.resolve_s:
            self._resolved_at = self._retried_at = now
            self._endpoints.refresh(_RESOLVE_PATIENCE_S)
        elif now - self._retried_at >= self._options.retry_resolve_s:
            self._retried_at = now
            self._endpoints.refresh(_RESOLVE_PATIENCE_S, only_failed=True)
        self._follow_addresses()

    def _follow_addresses(self) -> None:
        with self._lock:
            table = self._endpoints.table()
            if self.prepared and table != self._table:
                self._discovery.write_clusters(self._opened, table)
                self._table = table
                self._note_files()
            shelf.store_addresses(self._places, self._endpoints.known())
        self.report("endpoints", *self._endpoints.problems())

    def _check_expiry(self) -> None:
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None or self.expired:
                return
            try:
                require_current(snapshot.manifest, self._options.clock())
            except SnapshotExpired as error:
                self._discovery.deny_everything(self._opened)
                self.expired = True
                self._note_files()
                self.report("snapshot", problem_of(error))

    def _remember_expired(self, document: Mapping[str, Any]) -> None:
        """Deny everything if an Envoy still serves from files that this expired snapshot made."""
        if not (self._places.xds / CLUSTERS).exists():
            return
        snapshot = verify(document, self._enrolment)
        with self._lock:
            self._discovery.deny_everything(self._open(snapshot, snapshot.parts.keys() & {PART_EXPIRED}))
            self.expired = True
            self._note_files()

    def _known(self) -> dict[str, str]:
        before = self._snapshot
        if before is None:
            return {}
        return {digest: before.parts[name] for name, digest in before.manifest.parts.items()}

    def _changes(self, snapshot: Snapshot) -> set[str]:
        before = self._snapshot.manifest.parts if self._snapshot else {}
        after = snapshot.manifest.parts
        return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}

    def _open(self, snapshot: Snapshot, names: AbstractSet[str]) -> dict[str, bytes]:
        before, manifest = self._snapshot, snapshot.manifest
        opened = {}
        for name in names & snapshot.parts.keys():
            if before is not None and before.manifest.parts.get(name) == manifest.parts[name]:
                opened[name] = self._opened[name]
            else:
                text = snapshot.parts[name]
                opened[name] = open_part(self._key, name, manifest.position.epoch, manifest.hub, text)
        return opened

    def _settle(self) -> None:
        """Wait until Envoy has taken the clusters, so that no route leads to one that it does not know."""
        wanted = self._discovery.versions[CLUSTERS]
        deadline = time.monotonic() + _SETTLE_S
        while time.monotonic() < deadline:
            try:
                if wanted in admin.versions_in_use(self._places.admin_socket):
                    return
            except EnvoyAway:
                return
            time.sleep(0.005)

    def _note_files(self) -> None:
        self._generation += 1
        self._changed()


def problem_of(error: HandrailError) -> Problem:
    """Write an error as something to report."""
    return Problem(error.code, error.message, error.place, error.fix)
