"""The token service: who is this client, what may run, sign it."""

import json
import re
import secrets
from typing import Final

from joserfc import jwt

from handrail.kernel.clock import MINUTE, SECOND
from handrail.kernel.errors import HandrailError
from handrail.kernel.ids import new_id
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import catalog
from handrail.registry.access import approval_service, assertions, client_store, holds, key_service
from handrail.registry.access.client_service import hash_secret
from handrail.registry.access.difference import why_not_approved
from handrail.registry.access.errors import (
    AppEnded,
    AssertionInvalid,
    AssertionReplayed,
    CandidateInvalid,
    ClientRefused,
    GrantTypeUnsupported,
    Quarantined,
    ResourceUnknown,
    ScopeUnknown,
    TokenRefusal,
    TokenRequestInvalid,
    TooManyFailures,
    VersionNotApproved,
)
from handrail.registry.access.grace import tolerated_until
from handrail.registry.access.model import TOKEN_SECONDS, Addresses, IssuedToken, TokenRequest, key_claim
from handrail.registry.catalog import App, Stage, VersionSummary
from handrail.registry.connectors import Environment, find_environment
from handrail.registry.vault import Vault

_CLIENT_ID: Final = re.compile(r"[0-9a-f-]{36}")
FAILURES: Final = 20
_WINDOW: Final = MINUTE
# Compared with when there is no such client, so that an unknown one costs the same time.
_NOBODY: Final = hash_secret(Secret(secrets.token_urlsafe(32)))


def issue_token(work: Work, vault: Vault, addresses: Addresses, request: TokenRequest) -> IssuedToken:
    """Answer `POST /oauth/token`.

    The token names the digest that runs (in a sandbox: the candidate that was asked for), and is only given while
    that digest is approved there, or its drift is tolerated.

    Args:
        work: A unit of work that the caller commits even when this raises a `TokenRefusal`: used assertions and
            counted failures must stay.
        vault: Opens the signing key.
        addresses: What issuers and audiences are made of.
        request: The form.

    Raises:
        TokenRefusal: One of its subclasses, each with the word of RFC 6749.
    """
    if request.grant_type != "client_credentials":
        raise GrantTypeUnsupported(
            f"The grant type {request.grant_type!r} is not offered.",
            fix="Send grant_type=client_credentials.",
            place="grant_type",
        )
    client = _authenticate(work, addresses, request)
    app = catalog.app_by_id(work, client["app_id"])
    environment = find_environment(work, client["environment_name"])
    _refuse_extras(addresses, environment, request)
    _refuse_held(work, app)
    version = _version(work, app, environment, request.version)
    digest = version.digest
    place = (app.id, environment.id, digest)
    approved = approval_service.live_approval(work, *place) is not None
    if not approved and (environment.kind == "sandbox" or tolerated_until(work, *place) is None):
        raise VersionNotApproved(
            why_not_approved(work, app, environment, version),
            fix=f"Submit it and have it approved: handrail submit {app.name} --environment {environment.name}",
            place="version",
            details={"app": app.name, "environment": environment.name, "digest": digest},
        )
    work.run(client_store.USED, id=client["id"], now=work.now)
    return _sign(work, vault, addresses, app, environment, digest)


def _authenticate(work: Work, addresses: Addresses, request: TokenRequest) -> Row:
    if request.assertion is not None:
        return _by_assertion(work, addresses, request)
    if request.client_secret is None or not request.client_id:
        raise ClientRefused(
            "No client authentication was sent.",
            fix="Send client_id and client_secret, as HTTP Basic or in the form, or a client_assertion.",
        )
    row = _client(work, request.client_id)
    stored = row["secret_hash"] if row is not None and row["secret_hash"] else _NOBODY
    right = secrets.compare_digest(hash_secret(request.client_secret), stored)
    if row is None or not right or row["revoked_at"] is not None:
        raise _refused(work, row)
    return row


def _client(work: Work, client_id: str) -> Row | None:
    # What anybody may send reaches the database only in the form that ids have.
    return work.one(client_store.BY_ID, id=client_id) if _CLIENT_ID.fullmatch(client_id) else None


def _by_assertion(work: Work, addresses: Addresses, request: TokenRequest) -> Row:
    if request.assertion is None or request.assertion_type != assertions.TYPE:
        raise TokenRequestInvalid(
            "The client assertion's type is missing or unknown.",
            fix=f"Send client_assertion_type={assertions.TYPE}.",
            place="client_assertion_type",
        )
    if request.client_secret is not None:
        raise TokenRequestInvalid(
            "Two ways of authentication were sent.", fix="Send the secret or the assertion.", place="client_secret"
        )
    client_id = assertions.claimed_client(request.assertion)
    if request.client_id not in {"", client_id}:
        raise ClientRefused("The assertion is not from the client that the request names.", place="client_id")
    row = _client(work, client_id)
    if row is None or row["public_jwk"] is None or row["revoked_at"] is not None:
        raise _refused(work, row)
    try:
        sound = assertions.verify(
            request.assertion,
            json.loads(row["public_jwk"]),
            client_id=row["id"],
            audiences=frozenset({addresses.token_endpoint, addresses.issuer(row["environment_kind"])}),
            now=work.now,
        )
    except AssertionInvalid as error:
        raise _failed(work, row, error) from error
    work.run(client_store.PRUNE_ASSERTIONS, now=work.now)
    if not work.run(client_store.USE_ASSERTION, client_id=row["id"], jti=sound.jti, expires_at=sound.expires_at):
        replayed = AssertionReplayed(
            "This client assertion was used before.", fix="Sign a new one, with a new 'jti'.", place="client_assertion"
        )
        raise _failed(work, row, replayed)
    return row


def _refused(work: Work, row: Row | None) -> TokenRefusal:
    refusal = ClientRefused(
        "The client id and what proves it do not belong together, or the client was revoked.",
        fix="See the app's clients with: handrail client list APP. A lost secret is replaced: handrail client add.",
    )
    return refusal if row is None else _failed(work, row, refusal)


def _failed(work: Work, row: Row, refusal: TokenRefusal) -> TokenRefusal:
    # Only wrong answers are throttled: who guesses must not be able to lock the app itself out.
    if row["failures"] < FAILURES or row["failures_since"] < work.now - _WINDOW:
        work.run(client_store.FAILED, id=row["id"], now=work.now, window=work.now - _WINDOW)
        return refusal
    wait_s = max(1, (row["failures_since"] + _WINDOW - work.now) // SECOND)
    return TooManyFailures(
        "This client failed to authenticate too often.",
        fix=f"Wait {wait_s} seconds, and check the secret or key that it uses.",
        details={"retry_after_s": wait_s},
    )


def _refuse_extras(addresses: Addresses, environment: Environment, request: TokenRequest) -> None:
    if request.scope:
        raise ScopeUnknown(
            "Tokens have no scopes: an app may call what its approved version was granted.",
            fix="Leave scope out.",
            place="scope",
        )
    audience = addresses.audience(environment.name)
    if request.resource not in {"", audience, addresses.hub_url}:
        raise ResourceUnknown(
            f"This client's tokens are for {audience} only.", fix="Leave resource out.", place="resource"
        )


def _refuse_held(work: Work, app: App) -> None:
    if app.stage is Stage.RETIRED:
        raise AppEnded(f"The app {app.name!r} is retired.", details={"app": app.name})
    hold = holds.hold_of(work, app.id)
    if hold is not None:
        raise Quarantined(
            f"The app {app.name!r} is in quarantine: {hold.reason}",
            fix=f"Talk to {hold.by}, who placed it.",
            details={"app": app.name},
        )


def _version(work: Work, app: App, environment: Environment, asked: str) -> VersionSummary:
    if asked:
        if environment.kind != "sandbox":
            raise CandidateInvalid(
                f"A token for {environment.name} is for what runs there; no version can be asked for.",
                fix="Leave version out.",
                place="version",
            )
        try:
            return catalog.find_version(work, app, environment, asked)
        except HandrailError as error:
            raise CandidateInvalid(error.message, fix=error.fix, place="version") from error
    running = catalog.running_of(work, app.id, environment.id)
    if not running:
        raise VersionNotApproved(
            f"Nobody knows which version of {app.name!r} runs in {environment.name}.",
            fix=f"Have a version approved, or say what runs: handrail running set {app.name} DIGEST "
            f"--environment {environment.name}",
            place="version",
            details={"app": app.name, "environment": environment.name},
        )
    return catalog.find_version(work, app, environment, running[0].digest)


def _sign(
    work: Work, vault: Vault, addresses: Addresses, app: App, environment: Environment, digest: str
) -> IssuedToken:
    kid, key = key_service.active_key(work, vault, environment.kind)
    issued_at = work.now // SECOND
    # Nothing else goes in: the gateway's price of a token grows with its size.
    claims = {
        "iss": addresses.issuer(environment.kind),
        "aud": addresses.audience(environment.name),
        "sub": app.id,
        "key": key_claim(app.id, environment.name, digest),
        "iat": issued_at,
        "exp": issued_at + TOKEN_SECONDS,
        "jti": new_id(),
    }
    header = {"alg": key_service.ALGORITHM, "kid": kid, "typ": "at+jwt"}
    token = jwt.encode(header, claims, key, algorithms=[key_service.ALGORITHM])
    return IssuedToken(Secret(token), TOKEN_SECONDS, claims)
