"""The token service: RFC 6749 client credentials, JWKS and metadata."""

import base64
import binascii
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote_plus

import orjson
from fastapi import APIRouter, Form, Request, Response
from pydantic import ConfigDict

from handrail.kernel.secret import Secret
from handrail.registry import access
from handrail.registry.access import Addresses, IssuedToken, TokenRefusal, TokenRequest, TokenRequestInvalid
from handrail.surfaces.http.context import PROBLEMS, Context, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["oauth"])

_STATUS: Final = {"invalid_client": 401}
_NO_STORE: Final = {"cache-control": "no-store", "pragma": "no-cache"}
_FIELD_MAX: Final = 16 * 1024
Kind = Literal["sandbox", "production"]
Field = Annotated[str, Form(max_length=_FIELD_MAX)]


class TokenView(View):
    """RFC 6749 section 5.1; its member names are not ours to choose."""

    model_config = ConfigDict(alias_generator=None)
    access_token: str
    token_type: str
    expires_in: int


class TokenProblem(View):
    """RFC 6749 section 5.2, with what a person needs to go on."""

    model_config = ConfigDict(alias_generator=None)
    error: str
    error_description: str
    code: str
    detail: str
    fix: str
    place: str
    request_id: str


def _addresses(context: Context) -> Addresses:
    return Addresses(context.public_url, context.hub_url)


@router.post(
    "/oauth/token",
    response_model=None,
    responses={
        **PROBLEMS,
        200: {"model": TokenView},
        # What cannot be read as a form never reaches RFC 6749.
        "4XX": {
            "model": TokenProblem,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "description": "Refused, with the reason and what would pass.",
        },
    },
)
def issue_token(
    request: Request,
    context: ContextDep,
    grant_type: Field = "",
    client_id: Field = "",
    client_secret: Field = "",
    client_assertion_type: Field = "",
    client_assertion: Field = "",
    version: Field = "",
    scope: Field = "",
    resource: Field = "",
) -> Response:
    """Give an app a token for what runs, by client secret or `private_key_jwt`; refuse with the reason."""
    try:
        name, secret = _basic(request.headers.get("authorization", ""))
        if name and (client_secret or client_assertion or client_id not in {"", name}):
            raise TokenRequestInvalid(
                "Two ways of authentication were sent.", fix="Send one of them.", place="authorization"
            )
        asked = TokenRequest(
            grant_type=grant_type,
            client_id=name or client_id,
            client_secret=Secret(secret or client_secret) if secret or client_secret else None,
            assertion_type=client_assertion_type,
            assertion=Secret(client_assertion) if client_assertion else None,
            version=version,
            scope=scope,
            resource=resource,
        )
        _refuse_controls(asked)
        return _answer(context, asked)
    except TokenRefusal as refusal:
        return _refused(request, refusal)


def _answer(context: Context, asked: TokenRequest) -> Response:
    with context.database.begin() as work:
        answer: IssuedToken | TokenRefusal
        try:
            answer = access.issue_token(work, context.vault, _addresses(context), asked)
        except TokenRefusal as refusal:
            # Used assertions and counted failures must be committed.
            answer = refusal
    if isinstance(answer, TokenRefusal):
        raise answer
    body = {"access_token": answer.token.reveal(), "token_type": "Bearer", "expires_in": answer.expires_in}
    return Response(orjson.dumps(body), 200, _NO_STORE, "application/json")


def _basic(header: str) -> tuple[str, str]:
    if not header:
        return "", ""
    scheme, _, value = header.partition(" ")
    try:
        clear = base64.b64decode(value.strip(), validate=True).decode() if scheme.lower() == "basic" else ""
    except (ValueError, binascii.Error):
        clear = ""
    name, _, secret = clear.partition(":")
    if not name or not secret:
        raise TokenRequestInvalid(
            "The Authorization header is not understood.",
            fix="Send client id and secret as HTTP Basic, or in the form.",
            place="authorization",
        )
    # RFC 6749 section 2.3.1: both halves are form-encoded first.
    return unquote_plus(name), unquote_plus(secret)


def _refuse_controls(asked: TokenRequest) -> None:
    for place in ("client_id", "version", "scope", "resource", "grant_type"):
        if not str(getattr(asked, place)).isprintable():
            raise TokenRequestInvalid(f"{place} cannot be read.", fix="Send plain text.", place=place)


def _refused(request: Request, refusal: TokenRefusal) -> Response:
    status = 429 if "retry_after_s" in refusal.details else _STATUS.get(refusal.oauth_error, 400)
    headers = dict(_NO_STORE)
    if status == 401:
        headers["www-authenticate"] = 'Basic realm="handrail"'
    if status == 429:
        headers["retry-after"] = str(refusal.details["retry_after_s"])
    body: dict[str, Any] = {
        "error": refusal.oauth_error,
        "error_description": _plain(refusal.message),
        "code": refusal.code,
        "detail": refusal.message,
        "fix": refusal.fix,
        "place": refusal.place,
        "request_id": str(request.scope.get("handrail.request_id", "")),
    }
    return Response(orjson.dumps(body), status, headers, "application/json")


def _plain(text: str) -> str:
    # RFC 6749 allows printable ASCII without quotes and backslashes there.
    return "".join(each if " " <= each <= "~" and each not in '"\\' else "'" for each in text)


@router.get("/{kind}/.well-known/jwks.json", responses=PROBLEMS)
def read_jwks(context: ContextDep, kind: Kind) -> dict[str, list[dict[str, str]]]:
    """Publish the keys that verify tokens of a kind of environment."""
    with context.database.read() as work:
        keys = access.jwks(work, kind)
    if keys["keys"]:
        return keys
    with context.database.begin() as work:
        access.ensure_signing_keys(work, context.vault)
        return access.jwks(work, kind)


@router.get("/{kind}/.well-known/oauth-authorization-server", responses=PROBLEMS)
def read_metadata(context: ContextDep, kind: Kind) -> dict[str, Any]:
    """Publish where tokens of a kind of environment come from (RFC 8414)."""
    addresses = _addresses(context)
    return {
        "issuer": addresses.issuer(kind),
        "token_endpoint": addresses.token_endpoint,
        "jwks_uri": f"{addresses.issuer(kind)}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256", "EdDSA", "Ed25519"],
    }
