"""Declared state to Envoy's files: pure, sorted and without a clock, so the same state gives the same bytes."""

from collections.abc import Iterable, Mapping
from typing import Final

from handrail.runtime.hub import envoy
from handrail.runtime.hub.model import Compiled, DeclaredState
from handrail.runtime.hub.routes import route_table

QUARANTINE_FILE: Final = "quarantine.json"
EXPIRED_FILE: Final = "expired.json"


def compile_state(state: DeclaredState) -> Compiled:
    """Return every Envoy file but those of hubs with a certificate and the quarantine, which must be fast."""
    files = {
        "listeners.json": envoy.listeners(tls=False),
        "routes.json": envoy.path_routes(route_table(state)),
        "clusters.json": envoy.clusters(state.connections, state.hub_url),
        "jwt.json": envoy.jwt_filter(state.issuers),
        "limits.json": envoy.limits_filter(state.connections),
        EXPIRED_FILE: envoy.expired_filter(),
    }
    return Compiled(files=files, upstreams=envoy.upstreams(state.connections))


def compile_tls(state: DeclaredState) -> Mapping[str, Mapping[str, object]]:
    """Return what a hub with a certificate needs besides; it doubles the routes, so it is made for such hubs only."""
    return {
        "listeners-tls.json": envoy.listeners(tls=True),
        "routes-tls.json": envoy.host_routes(route_table(state)),
    }


def compile_quarantine(apps: Iterable[str]) -> Mapping[str, object]:
    """Return the quarantine file alone."""
    return envoy.quarantine_filter(apps)
