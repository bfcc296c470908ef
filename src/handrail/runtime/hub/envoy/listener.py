"""The listener: what every call passes, in order."""

from typing import Final

from handrail.runtime.hub.envoy.filters import JWT, LIMITS, RBAC
from handrail.runtime.hub.envoy.message import Json, discovery, extension, from_file, message
from handrail.runtime.hub.envoy.replies import local_replies

# A client's own headers of these names would be believed by a later filter or by the upstream. `x-handrail-token` stays
# (RE2 has no negation, hence the spelling), and so does everything that is not ours.
_FORGED: Final = (
    r"x-handrail-(?:|t|to|tok|toke|token.+|[^t].*|t[^o].*|to[^k].*|tok[^e].*|toke[^n].*)"
    r"|x-envoy-.*|x-request-id|x-(?:http-)?method(?:-override)?|x-original-url|x-rewrite-url|x-forwarded-.*"
)

# Names and ids only. The name of a forwarding route is `connection/operation/price/currency/key`, that of a denial is
# `connection/!code`. The key's header is gone when a call was forwarded, and still there when it was refused.
CALL_LOG: Final = {
    "t": "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
    "id": "%REQ(X-REQUEST-ID)%",
    "key": "%REQ(X-HANDRAIL-KEY)%",
    "route": "%ROUTE_NAME%",
    "status": "%RESPONSE_CODE%",
    "flags": "%RESPONSE_FLAGS%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "us": "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%",
    "up_us": "%COMMON_DURATION(US_TX_BEG:US_RX_BEG:us)%",
    "rx": "%BYTES_RECEIVED%",
    "tx": "%BYTES_SENT%",
    "try": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
}


def listeners(*, tls: bool) -> Json:
    """Return the listener file; with `tls` a second listener serves `<connection>.<hub host>`."""
    resources = [_listener("hub", "@HUB_HOST@", "@HUB_PORT@", "routes")]
    if tls:
        secure = _listener("hub-tls", "@TLS_HOST@", "@TLS_PORT@", "routes-tls")
        secure["filter_chains"][0]["transport_socket"] = extension(
            "tls",
            "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            common_tls_context={
                "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
                "alpn_protocols": ["h2", "http/1.1"],
                "tls_certificates": [
                    {
                        "certificate_chain": {"filename": "@TLS_CERT@"},
                        "private_key": {"filename": "@TLS_KEY@"},
                    }
                ],
            },
        )
        resources.append(secure)
    return discovery(resources)


def _discovered(name: str, file: str, kind: str) -> Json:
    return {
        "name": name,
        "config_discovery": {"config_source": from_file(file), "type_urls": [f"type.googleapis.com/{kind}"]},
    }


def _listener(name: str, host: str, port: str, routes: str) -> Json:
    manager = message(
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=name,
        server_name="handrail",
        normalize_path=True,
        merge_slashes=True,
        path_with_escaped_slashes_action="REJECT_REQUEST",
        common_http_protocol_options={
            "headers_with_underscores_action": "REJECT_REQUEST",
            "idle_timeout": "300s",
            "max_headers_count": 100,
        },
        request_headers_timeout="10s",
        stream_idle_timeout="300s",
        use_remote_address=False,
        internal_address_config={"cidr_ranges": [{"address_prefix": "192.0.2.0", "prefix_len": 32}]},
        generate_request_id=True,
        always_set_request_id_in_response=True,
        request_id_extension={
            "typed_config": message("envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig", pack_trace_reason=False)
        },
        early_header_mutation_extensions=[
            extension(
                "forged",
                "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
                mutations=[{"remove_on_match": {"key_matcher": {"safe_regex": {"regex": _FORGED}}}}],
            )
        ],
        local_reply_config=local_replies(),
        access_log=[
            extension(
                "calls",
                "envoy.extensions.access_loggers.file.v3.FileAccessLog",
                path="@LOG@",
                log_format={"json_format": CALL_LOG},
            )
        ],
        http_filters=[
            _discovered("handrail.jwt", "jwt.json", JWT),
            _discovered("handrail.quarantine", "quarantine.json", RBAC),
            _discovered("handrail.limits", "limits.json", LIMITS),
            extension(
                "router",
                "envoy.extensions.filters.http.router.v3.Router",
                suppress_envoy_headers=True,
                dynamic_stats=False,
            ),
        ],
        rds={"route_config_name": routes, "config_source": from_file(f"{routes}.json")},
    )
    return message(
        "envoy.config.listener.v3.Listener",
        name=name,
        address={"socket_address": {"address": host, "port_value": port}},
        per_connection_buffer_limit_bytes=1_048_576,
        filter_chains=[{"filters": [{"name": "http", "typed_config": manager}]}],
    )
