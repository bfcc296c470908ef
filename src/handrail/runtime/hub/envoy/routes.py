"""The route table as a match tree: connection, then method and path, then one exact match on the token's key."""

import re
from typing import Any, Final

from handrail.runtime.hub.envoy.filters import APP_HEADER, KEY_HEADER, LIMIT_METADATA
from handrail.runtime.hub.envoy.links import HERE_HEADER
from handrail.runtime.hub.envoy.message import Json, discovery, extension, header_input, message
from handrail.runtime.hub.envoy.replies import problem
from handrail.runtime.hub.model import ConnectionRoutes, Denial, OperationRoute, RouteTable

_ROUTE: Final = "envoy.config.route.v3.Route"
# Ours, and whatever a client may have sent as an upstream's credential.
_NEVER_FORWARDED: Final = ["authorization", "proxy-authorization", "x-handrail-token", KEY_HEADER, APP_HEADER]
_UNKNOWN: Final = Denial(
    404,
    "connection_unknown",
    "There is no connection of this name here.",
    "The first part of the path names the connection; handrail connection list shows them.",
)


def path_routes(table: RouteTable) -> Json:
    """Return the routes of `<hub>/<connection>/<upstream path>`."""
    prefixes = {
        f"/{found.connection}/": {"matcher": _connection(found, f"/{found.connection}")} for found in table.connections
    }
    host: Json = {"name": "paths", "domains": ["*"]}
    if prefixes:
        host["matcher"] = {
            "matcher_tree": {"input": header_input(":path"), "prefix_match_map": {"map": prefixes}},
            "on_no_match": _deny(_UNKNOWN, ""),
        }
    else:
        host["routes"] = [_denial_route(_UNKNOWN, "")]
    return _configuration("routes", [host])


def host_routes(table: RouteTable) -> Json:
    """Return the routes of `https://<connection>.<hub host>/<upstream path>`."""
    hosts: list[Json] = [
        {
            "name": found.connection,
            "domains": [f"{found.connection}.*"],
            "matcher": _connection(found, ""),
        }
        for found in table.connections
    ]
    hosts.append({"name": "unknown", "domains": ["*"], "routes": [_denial_route(_UNKNOWN, "")]})
    return _configuration("routes-tls", hosts)


def _configuration(name: str, hosts: list[Json]) -> Json:
    return discovery(
        [
            message(
                "envoy.config.route.v3.RouteConfiguration",
                name=name,
                virtual_hosts=hosts,
                request_headers_to_remove=_NEVER_FORWARDED,
                max_direct_response_body_size_bytes=65_536,
            )
        ]
    )


def _nested(matcher: Json) -> Json:
    return {"matcher": matcher}


def _exact(header: str, choices: dict[str, Json], otherwise: Json | None) -> Json:
    if not choices:
        # A tree needs a branch; no header has this value.
        choices = {"-": otherwise or {}}
    matcher: Json = {"matcher_tree": {"input": header_input(header), "exact_match_map": {"map": choices}}}
    if otherwise is not None:
        matcher["on_no_match"] = otherwise
    return matcher


def _connection(routes: ConnectionRoutes, prefix: str) -> Json:
    refusals = _refusals(routes)
    matchers: list[Json] = []
    for operation in routes.operations:
        if not (operation.keys or operation.shadows):
            continue
        choices = _forwards(routes, operation, prefix)
        # Without a branch of its own a key that is not here falls on, to the connection's refusals.
        otherwise = _nested(refusals) if operation.shadows else None
        matchers.append(
            {
                "predicate": _calls(operation, prefix, operation.regex),
                "on_match": _nested(_exact(KEY_HEADER, choices, otherwise)),
            }
        )
        if operation.shadows:
            # Many servers take `/users/Admin` for `/users/admin`: other spellings must not fall to `/users/{id}`.
            matchers.append(
                {"predicate": _calls(operation, prefix, f"(?i:{operation.regex})"), "on_match": _nested(refusals)}
            )
    if not matchers:
        return refusals
    return {"matcher_list": {"matchers": matchers}, "on_no_match": _nested(refusals)}


def _calls(operation: OperationRoute, prefix: str, path: str) -> Json:
    # The empty `google_re2` is required here and nowhere else.
    regex = {"google_re2": {}, "regex": rf"{re.escape(prefix)}{path}(?:\?.*)?"}
    return {
        "and_matcher": {
            "predicate": [
                {
                    "single_predicate": {
                        "input": header_input(":method"),
                        "value_match": {"exact": operation.method},
                    }
                },
                {"single_predicate": {"input": header_input(":path"), "value_match": {"safe_regex": regex}}},
            ]
        }
    }


def _refusals(routes: ConnectionRoutes) -> Json:
    """Return who is told what; only calls that are refused anyway come here."""
    name = routes.connection
    last = _deny(routes.otherwise, name)
    if routes.foreign:
        last = _nested(
            {
                "matcher_list": {
                    "matchers": [
                        {
                            "predicate": {
                                "single_predicate": {
                                    "input": header_input(KEY_HEADER),
                                    "value_match": {"contains": f":{environment}:"},
                                }
                            },
                            "on_match": _deny(denial, name),
                        }
                        for environment, denial in routes.foreign
                    ]
                },
                "on_no_match": last,
            }
        )
    if routes.refused:
        last = _nested(_exact(APP_HEADER, {app: _deny(denial, name) for app, denial in routes.refused}, last))
    if routes.ended:
        last = _nested(_exact(KEY_HEADER, {key: _deny(denial, name) for key, denial in routes.ended}, last))
    if "matcher" in last:
        matcher: Json = last["matcher"]
        return matcher
    return _exact(KEY_HEADER, {}, last)


def _denial_route(denial: Denial, connection: str) -> Json:
    return {
        "match": {"prefix": "/"},
        "name": f"{connection}/!{denial.code}",
        "direct_response": {
            "status": denial.status,
            "body_format": problem(denial, connection),
            "body": {"inline_string": denial.code},
        },
    }


def _deny(denial: Denial, connection: str) -> Json:
    return {"action": extension("deny", _ROUTE, **_denial_route(denial, connection))}


def _forwards(routes: ConnectionRoutes, operation: OperationRoute, prefix: str) -> dict[str, Json]:
    """Return a route for each key; thousands may call one operation, so they share everything but their names."""
    action: dict[str, Any] = {
        "cluster": routes.cluster,
        "prefix_rewrite": f"{routes.base_path}/",
        "host_rewrite_literal": routes.authority,
        "timeout": f"{operation.timeout_ms / 1000:.3f}s",
    }
    if operation.retries:
        action["retry_policy"] = {
            "retry_on": operation.retry_on,
            "num_retries": operation.retries,
            "retriable_status_codes": list(operation.retry_statuses),
            "retry_back_off": {"base_interval": "0.050s", "max_interval": "1s"},
        }
    route = message(_ROUTE, name="", match={"prefix": f"{prefix}/"}, route=action)
    if routes.limited:
        route["metadata"] = {"filter_metadata": {LIMIT_METADATA: {"connection": routes.connection}}}
    if routes.rewrite_links and not prefix:
        here = {"header": {"key": HERE_HEADER, "value": "https://%REQ(:AUTHORITY)%"}}
        route["request_headers_to_add"] = [{**here, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}]
    return {
        key: {"action": {"name": "forward", "typed_config": {**route, "name": f"{operation.log_name}/{key}"}}}
        for key in operation.keys
    }
