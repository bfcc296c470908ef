"""One cluster for each connection: the agent fills in its addresses, its credential comes from a secret file."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from handrail.runtime.hub.envoy.links import links_filter
from handrail.runtime.hub.envoy.message import Json, discovery, extension, message
from handrail.runtime.hub.model import DeclaredConnection, Upstream

_OPTIONS: Final = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def upstreams(connections: Iterable[DeclaredConnection]) -> tuple[Upstream, ...]:
    """Return what the agent must resolve."""
    found = []
    for connection in sorted(connections, key=lambda connection: connection.name):
        url = urlsplit(connection.upstream)
        port = url.port or (443 if url.scheme == "https" else 80)
        found.append(Upstream(connection.name, url.hostname or "", port, connection.network))
    return tuple(found)


def clusters(connections: Iterable[DeclaredConnection], hub_url: str) -> Json:
    """Return the cluster file."""
    return discovery(
        [_cluster(connection, hub_url) for connection in sorted(connections, key=lambda connection: connection.name)]
    )


def _cluster(connection: DeclaredConnection, hub_url: str) -> Json:
    url = urlsplit(connection.upstream)
    options: Json = {"explicit_http_config": {"http_protocol_options": {}}}
    filters = []
    if connection.credential:
        filters.append(_injector(connection))
    if connection.rewrite_links:
        filters.append(links_filter(connection, hub_url))
    if filters:
        codec = extension("codec", "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec")
        options["http_filters"] = [*filters, codec]
    cluster = message(
        "envoy.config.cluster.v3.Cluster",
        name=connection.name,
        type="STATIC",
        connect_timeout="5s",
        typed_extension_protocol_options={_OPTIONS: message(_OPTIONS, **options)},
        circuit_breakers={
            "thresholds": [
                {
                    "max_connections": connection.max_connections,
                    "max_pending_requests": connection.max_pending,
                    "max_requests": connection.max_connections + connection.max_pending,
                    "max_retries": 10,
                }
            ]
        },
        # An address that the agent dropped must not be used by a connection that is already open.
        ignore_health_on_host_removal=True,
        common_lb_config={"close_connections_on_host_set_change": True},
    )
    if connection.consecutive_errors:
        cluster["outlier_detection"] = {
            "consecutive_5xx": connection.consecutive_errors,
            "consecutive_gateway_failure": connection.consecutive_errors,
            "enforcing_consecutive_gateway_failure": 100,
            "enforcing_success_rate": 0,
            "base_ejection_time": f"{connection.eject_ms / 1000:.3f}s",
            "max_ejection_time": f"{connection.eject_ms / 1000:.3f}s",
            "max_ejection_percent": 100,
            "interval": "1s",
        }
    if url.scheme == "https":
        host = url.hostname or ""
        cluster["transport_socket"] = extension(
            "tls",
            "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            sni=host,
            common_tls_context={
                "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
                "validation_context": {
                    "trusted_ca": {"filename": "@CA@"},
                    "match_typed_subject_alt_names": [{"san_type": "DNS", "matcher": {"exact": host}}],
                },
            },
        )
    return cluster


def _injector(connection: DeclaredConnection) -> Json:
    return extension(
        "credential",
        "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector",
        overwrite=True,
        credential=extension(
            "generic",
            "envoy.extensions.http.injected_credentials.generic.v3.Generic",
            credential={
                "name": connection.credential,
                "sds_config": {
                    "path_config_source": {"path": f"@SECRETS@/{connection.credential}.json"},
                    "resource_api_version": "V3",
                },
            },
            header=connection.credential_header,
        ),
    )
