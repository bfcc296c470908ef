"""The filters that change more often than the listener, each in its own discovery file."""

from collections.abc import Iterable
from typing import Any, Final

import orjson

from handrail.runtime.hub.envoy.message import Json, discovery, extension, header_input
from handrail.runtime.hub.model import DeclaredConnection, Issuer

APP_HEADER: Final = "x-handrail-app"
KEY_HEADER: Final = "x-handrail-key"
LIMIT_METADATA: Final = "handrail"
JWT: Final = "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication"
RBAC: Final = "envoy.extensions.filters.http.rbac.v3.RBAC"
LIMITS: Final = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
# Envoy verifies each token once and remembers it; more tokens than this are verified again.
_TOKENS_REMEMBERED: Final = 5000
# One bucket for each (connection, app); the least used one makes room.
_BUCKETS: Final = 50_000
_ALWAYS: Final = {"default_value": {"numerator": 100}}


def _typed(name: str, config: Json) -> Json:
    return discovery(
        [
            {
                "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
                "name": name,
                "typed_config": config,
            }
        ]
    )


def jwt_filter(issuers: Iterable[Issuer]) -> Json:
    """Return the token check: issuer, audience, ES256 signature and lifetime; claims become headers."""
    providers: dict[str, Any] = {}
    for issuer in sorted(issuers, key=lambda issuer: issuer.kind, reverse=False):
        providers[issuer.kind] = {
            "issuer": issuer.url,
            "audiences": sorted(issuer.audiences),
            "local_jwks": {"inline_string": orjson.dumps(issuer.jwks, option=orjson.OPT_SORT_KEYS).decode()},
            "forward": False,
            "require_expiration": True,
            "clock_skew_seconds": 5,
            "jwt_cache_config": {"jwt_cache_size": _TOKENS_REMEMBERED},
            "claim_to_headers": [
                {"header_name": KEY_HEADER, "claim_name": "key"},
                {"header_name": APP_HEADER, "claim_name": "sub"},
            ],
            # The route depends on the key: it is chosen again once the token is known.
            "clear_route_cache": True,
            "from_headers": [
                {"name": "authorization", "value_prefix": "Bearer "},
                {"name": "authorization", "value_prefix": "token "},
                {"name": "x-handrail-token"},
            ],
        }
    requirements = [{"provider_name": kind} for kind in sorted(providers)]
    requires: Json = requirements[0] if len(requirements) == 1 else {"requires_any": {"requirements": requirements}}
    return _typed(
        "handrail.jwt",
        {
            "@type": f"type.googleapis.com/{JWT}",
            "providers": providers,
            "rules": [{"match": {"prefix": "/"}, "requires": requires}],
            # Envoy's own www-authenticate repeats the whole address of the call, and with it what the query holds.
            "strip_failure_response": True,
        },
    )


def _action(name: str, *, deny: bool) -> Json:
    return {"action": extension("action", "envoy.config.rbac.v3.Action", name=name, action="DENY" if deny else "ALLOW")}


def quarantine_filter(apps: Iterable[str]) -> Json:
    """Return the hold: a list of app ids whose calls are refused everywhere."""
    held = sorted(apps)
    config: Json = {"@type": f"type.googleapis.com/{RBAC}"}
    if held:
        config["matcher"] = {
            "matcher_tree": {
                "input": header_input(APP_HEADER),
                "exact_match_map": {"map": {app: _action("quarantined", deny=True) for app in held}},
            },
            "on_no_match": _action("free", deny=False),
        }
    return _typed("handrail.quarantine", config)


def expired_filter() -> Json:
    """Return what takes the quarantine's place when the snapshot has expired: nobody passes."""
    config = {
        "@type": f"type.googleapis.com/{RBAC}",
        "rules": {
            "action": "DENY",
            "policies": {"snapshot_expired": {"permissions": [{"any": True}], "principals": [{"any": True}]}},
        },
    }
    return _typed("handrail.quarantine", config)


def limits_filter(connections: Iterable[DeclaredConnection]) -> Json:
    """Return the limits: a token bucket for each app on each connection."""
    descriptors = [
        {
            "entries": [{"key": "connection", "value": connection.name}, {"key": "app"}],
            "token_bucket": _bucket(connection.calls_per_minute, connection.burst),
        }
        for connection in sorted(connections, key=lambda connection: connection.name)
        if connection.calls_per_minute is not None
    ]
    config: Json = {
        "@type": f"type.googleapis.com/{LIMITS}",
        "stat_prefix": "limits",
        "filter_enabled": _ALWAYS,
        "filter_enforced": _ALWAYS,
        "enable_x_ratelimit_headers": "DRAFT_VERSION_03",
        "max_dynamic_descriptors": _BUCKETS,
        "always_consume_default_token_bucket": False,
        "rate_limits": [
            {
                "actions": [
                    {
                        "metadata": {
                            "descriptor_key": "connection",
                            "metadata_key": {"key": LIMIT_METADATA, "path": [{"key": "connection"}]},
                            "source": "ROUTE_ENTRY",
                        }
                    },
                    {"request_headers": {"header_name": APP_HEADER, "descriptor_key": "app"}},
                ]
            }
        ],
        "descriptors": descriptors,
        # Required by Envoy, and met only by calls without a limit of their own.
        "token_bucket": {
            "max_tokens": 1_000_000_000,
            "tokens_per_fill": 1_000_000_000,
            "fill_interval": "1s",
        },
    }
    return _typed("handrail.limits", config)


def _bucket(per_minute: int, burst: int | None) -> Json:
    size = burst or per_minute
    # Envoy fills in whole tokens: choose the shortest interval of at least 50 ms that gives one or more.
    interval_ms = max(50, 60_000 // per_minute)
    return {
        "max_tokens": size,
        "tokens_per_fill": max(1, per_minute * interval_ms // 60_000),
        "fill_interval": f"{interval_ms / 1000:.3f}s",
    }
