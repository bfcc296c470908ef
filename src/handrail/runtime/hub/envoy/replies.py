"""Answers that the hub gives itself: RFC 9457 problems with a stable code, the request id and the fix."""

from typing import Final

from handrail.runtime.hub.envoy.message import Json, extension
from handrail.runtime.hub.model import Denial

CONTENT_TYPE: Final = "application/problem+json"
_DETAILS: Final = "response.code_details"

# What Envoy says (a CEL condition over the response) -> what we say. First match wins; order matters.
_REPLIES: Final[tuple[tuple[str, Denial], ...]] = (
    (
        f"{_DETAILS} == 'jwt_authn_access_denied{{Jwt_is_missing}}'",
        Denial(
            401,
            "token_missing",
            "This call carries no token.",
            "Send one from POST /oauth/token as 'Authorization: Bearer <token>' or in x-handrail-token.",
        ),
    ),
    (
        f"{_DETAILS} == 'jwt_authn_access_denied{{Jwt_is_expired}}'",
        Denial(401, "token_expired", "This token has expired; tokens live five minutes.", "Ask for a new one."),
    ),
    (
        f"{_DETAILS}.startsWith('jwt_authn_access_denied')",
        Denial(
            401,
            "token_invalid",
            "This is no token for this hub, or it was changed.",
            "Ask the token service for one, and send it unchanged.",
        ),
    ),
    (
        f"{_DETAILS} == 'rbac_access_denied_matched_policy[snapshot_expired]'",
        Denial(
            503,
            "snapshot_expired",
            "This hub has not heard from the control plane for too long and serves nobody.",
            "Bring the control plane back; the hub goes on by itself.",
        ),
    ),
    (
        f"{_DETAILS}.startsWith('rbac_access_denied')",
        Denial(
            403,
            "quarantined",
            "This app is in quarantine: every call is refused until somebody lifts it.",
            "handrail app show tells who holds it and why; a steward lifts it with handrail unquarantine.",
        ),
    ),
    (
        "response.code == 429",
        Denial(
            429,
            "quota_exceeded",
            "This app made more calls on this connection than its limit allows.",
            "Wait for the seconds in x-ratelimit-reset, or ask for a higher limit on the connection.",
        ),
    ),
    (
        f"{_DETAILS} == 'failed_to_inject_credential'",
        Denial(
            503,
            "credential_missing",
            "The connection's credential is not set, so the call was not sent.",
            "Set it with handrail credential set.",
        ),
    ),
    (
        "response.code == 400 || response.code == 431 || response.code == 413",
        Denial(
            400,
            "request_invalid",
            "The hub does not forward this request: its path, headers or framing can be read in two ways.",
            "Send the path without encoded slashes or backslashes, and well-formed headers.",
        ),
    ),
    (
        "response.code == 504",
        Denial(
            504,
            "upstream_timeout",
            "The service behind this connection did not answer in time.",
            "Try again later, or raise timeoutMs in the connector's manifest.",
        ),
    ),
    (
        "response.code >= 500",
        Denial(
            503,
            "upstream_unavailable",
            "The service behind this connection cannot be reached, or too much is already waiting for it.",
            "Try again later; handrail doctor tells what the hub knows of it.",
        ),
    ),
)


def problem(denial: Denial, connection: str = "") -> Json:
    """Return the body format of one denial."""
    body = {
        "type": f"https://handrail.dev/problems/{denial.code}",
        "title": "Refused by the hub" if denial.status < 500 else "Not available now",
        "status": denial.status,
        "code": denial.code,
        # A percent sign would start a format command.
        "detail": denial.detail.replace("%", "%%"),
        "fix": denial.fix.replace("%", "%%"),
        "request_id": "%REQ(X-REQUEST-ID)%",
    }
    if connection:
        body["connection"] = connection
    return {"json_format": body, "content_type": CONTENT_TYPE}


def local_replies() -> Json:
    """Return the mappers that turn Envoy's own answers into problems; route denials come with their body."""
    mappers: list[Json] = [
        {
            "filter": _when(f"{_DETAILS} == 'direct_response'"),
            "body_format_override": {
                "text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"},
                "content_type": CONTENT_TYPE,
            },
        }
    ]
    mappers.extend(_mapper(condition, denial) for condition, denial in _REPLIES)
    return {"mappers": mappers}


def _mapper(condition: str, denial: Denial) -> Json:
    mapper: Json = {
        "filter": _when(condition),
        "status_code": denial.status,
        "body_format_override": problem(denial),
    }
    if denial.status == 401:
        header = {"key": "www-authenticate", "value": "Bearer"}
        mapper["headers_to_add"] = [{"header": header, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}]
    return mapper


def _when(condition: str) -> Json:
    return {
        "extension_filter": extension(
            "cel", "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter", expression=condition
        )
    }
