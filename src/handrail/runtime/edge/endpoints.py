"""Where upstreams are: resolved here, because what Envoy resolves itself nobody can check before it connects."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from handrail.platform.http import HostUnresolved, Resolver, refusal
from handrail.runtime.edge.model import Problem, Upstream

_AT_ONCE: Final = 16


class Endpoints:
    """Knows the permitted addresses of each upstream.

    Addresses that a name had when it last resolved are kept while it does not; an answer replaces them whole, so a
    name that turns to forbidden addresses (DNS rebinding) is left with none.

    Args:
        resolver: How names become addresses; called from many threads.
        known: Addresses that names had when they last resolved; they serve until the resolver answers.
    """

    def __init__(self, resolver: Resolver, known: Mapping[str, Sequence[str]] | None = None) -> None:
        self._resolver = resolver
        self._upstreams: tuple[Upstream, ...] = ()
        self._known = {host: tuple(addresses) for host, addresses in (known or {}).items()}
        self._asked: set[str] = set()
        self._failed: dict[str, str] = {}
        self._busy: dict[str, threading.Event] = {}
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()

    def watch(self, upstreams: Sequence[Upstream], patience_s: float) -> None:
        """Replace the list of upstreams and resolve the names that are new."""
        self._upstreams = tuple(upstreams)
        hosts = {upstream.host for upstream in upstreams}
        with self._lock:
            for gone in self._known.keys() - hosts:
                self._known.pop(gone)
            for gone in self._failed.keys() - hosts:
                self._failed.pop(gone)
            new = hosts - self._asked
            self._asked = hosts
        self._resolve(new, patience_s)

    def refresh(self, patience_s: float, *, only_failed: bool = False) -> None:
        """Resolve all names again, or those that failed; waits at most `patience_s` seconds."""
        with self._lock:
            failed = set(self._failed)
        self._resolve(failed if only_failed else {upstream.host for upstream in self._upstreams}, patience_s)

    def known(self) -> dict[str, tuple[str, ...]]:
        """Return the addresses of each name, forbidden ones included."""
        with self._lock:
            return dict(self._known)

    def table(self) -> dict[str, tuple[str, ...]]:
        """Return the permitted addresses of each cluster."""
        known = self.known()
        return {
            upstream.cluster: tuple(
                address for address in known.get(upstream.host, ()) if not refusal(address, upstream.network)
            )
            for upstream in self._upstreams
        }

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with upstreams, in words."""
        with self._lock:
            known, failed = dict(self._known), dict(self._failed)
        found: list[Problem] = []
        for upstream in self._upstreams:
            addresses = known.get(upstream.host, ())
            reasons = {address: refusal(address, upstream.network) for address in addresses}
            if reasons and all(reasons.values()):
                found.append(_forbidden(upstream, reasons))
            if upstream.host in failed:
                found.append(_unresolved(upstream, failed[upstream.host], kept=bool(addresses)))
        return tuple(found)

    def _resolve(self, hosts: Iterable[str], patience_s: float) -> None:
        waiting = []
        for host in hosts:
            with self._lock:
                busy = self._busy.get(host)
                if busy is None:
                    busy = self._busy[host] = threading.Event()
                    # A stuck resolver must not keep the agent from ending: daemon threads, not a pool.
                    threading.Thread(target=self._ask, args=(host, busy), daemon=True).start()
            waiting.append((host, busy))
        deadline = time.monotonic() + patience_s
        for host, done in waiting:
            if not done.wait(max(0.0, deadline - time.monotonic())):
                with self._lock:
                    self._failed[host] = "the resolver does not answer"

    def _ask(self, host: str, done: threading.Event) -> None:
        try:
            with self._slots:
                found = self._resolver(host)
            with self._lock:
                self._known[host] = found
                self._failed.pop(host, None)
        except HostUnresolved as error:
            with self._lock:
                self._failed[host] = error.message
        finally:
            with self._lock:
                self._busy.pop(host, None)
            done.set()


def inline(document: dict[str, Any], upstreams: Iterable[Upstream], table: Mapping[str, Sequence[str]]) -> None:
    """Put addresses into the clusters of a discovery document.

    They are written into the cluster, not into a file of their own: Envoy opens one inotify instance for each file
    that it subscribes to and aborts at the system's limit, which is 128 for a user on most systems.
    """
    by_name = {upstream.cluster: upstream for upstream in upstreams}
    for cluster in document.get("resources", []):
        upstream = by_name.get(cluster.get("name", ""))
        if upstream is None:
            continue
        cluster.pop("eds_cluster_config", None)
        cluster["type"] = "STATIC"
        cluster["load_assignment"] = {
            "cluster_name": upstream.cluster,
            "endpoints": [{"lb_endpoints": [_endpoint(upstream, at) for at in table.get(upstream.cluster, ())]}],
        }


def _endpoint(upstream: Upstream, address: str) -> dict[str, Any]:
    socket_address = {"address": address, "port_value": upstream.port}
    return {"endpoint": {"hostname": upstream.host, "address": {"socket_address": socket_address}}}


def _forbidden(upstream: Upstream, reasons: Mapping[str, str]) -> Problem:
    told = ", ".join(f"{address} is {reason}" for address, reason in reasons.items())
    private = all(not refusal(address, "private") for address in reasons)
    return Problem(
        "upstream_forbidden",
        f"{upstream.host} may not be called: {told}.",
        upstream.cluster,
        "If it is yours, set network: private on the connection." if private else "Use another upstream.",
    )


def _unresolved(upstream: Upstream, reason: str, *, kept: bool) -> Problem:
    meanwhile = "its last addresses are used" if kept else "calls to it fail"
    return Problem(
        "upstream_unresolved",
        f"{upstream.host} could not be resolved: {reason.rstrip('.')}; {meanwhile}.",
        upstream.cluster,
        "Check the connection's upstream and this machine's DNS.",
    )
