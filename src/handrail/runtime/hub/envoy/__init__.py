"""The route table as Envoy 1.40 resources (JSON form of its protobuf messages)."""

from handrail.runtime.hub.envoy.clusters import clusters, upstreams
from handrail.runtime.hub.envoy.filters import expired_filter, jwt_filter, limits_filter, quarantine_filter
from handrail.runtime.hub.envoy.listener import listeners
from handrail.runtime.hub.envoy.routes import host_routes, path_routes

__all__ = [
    "clusters",
    "expired_filter",
    "host_routes",
    "jwt_filter",
    "limits_filter",
    "listeners",
    "path_routes",
    "quarantine_filter",
    "upstreams",
]
