"""Signed client assertions (RFC 7523, `private_key_jwt`): verified against one registered key, nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry

from handrail.kernel.clock import SECOND
from handrail.kernel.secret import Secret
from handrail.registry.access.client_service import algorithms_for
from handrail.registry.access.errors import AssertionInvalid

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_S: Final = 600
_LEEWAY_S: Final = 30
_SIZE_MAX: Final = 8192
_JTI_MAX: Final = 255


@dataclass(frozen=True, slots=True)
class Verified:
    """What a sound assertion says.

    Attributes:
        expires_at: Microseconds since 1970; until then its `jti` must be remembered.
    """

    jti: str
    expires_at: int


class _Registry(jws.JWSRegistry):
    """The library's registry, except that `EdDSA` passes in silence: only the name is deprecated (RFC 9864)."""

    def get_alg(self, name: str) -> Any:
        if name == "EdDSA" and name in (self.allowed or ()):
            return self.algorithms[name]
        return super().get_alg(name)


def claimed_client(assertion: Secret) -> str:
    """Return who an assertion says it is from, before anything is verified; empty when it says nothing readable."""
    clear = assertion.reveal()
    if len(clear) > _SIZE_MAX:
        return ""
    try:
        compact = jws.extract_compact(clear.encode())
        claims = _json(compact.payload)
    except (JoseError, ValueError, RecursionError, SecurityWarning):
        return ""
    subject = claims.get("sub")
    return subject if isinstance(subject, str) else ""


def _json(payload: bytes) -> dict[str, Any]:
    found = json.loads(payload)
    return found if isinstance(found, dict) else {}


def verify(
    assertion: Secret, public_jwk: Mapping[str, Any], *, client_id: str, audiences: frozenset[str], now: int
) -> Verified:
    """Return what a sound assertion says.

    Args:
        assertion: The compact JWS.
        public_jwk: The registered key; its kind decides the algorithm, the header only has to agree.
        client_id: Who it has to be from and about.
        audiences: Any one of these must be its only audience.
        now: Microseconds since 1970.

    Raises:
        AssertionInvalid: Saying what is wrong with it.
    """
    clear = assertion.reveal()
    if len(clear) > _SIZE_MAX:
        raise _refusal("it is too long")
    key = JWKRegistry.import_key(dict(public_jwk))
    allowed = list(algorithms_for(key))
    try:
        claims = jwt.decode(clear, key, registry=_Registry(algorithms=allowed)).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError, SecurityWarning) as error:
        raise _refusal(
            f"it is not signed with the registered key and {' or '.join(allowed)}", internal=repr(error)
        ) from error
    return _claims(claims, client_id, audiences, now // SECOND)


def _claims(claims: Mapping[str, Any], client_id: str, audiences: frozenset[str], now_s: int) -> Verified:
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise _refusal("'iss' and 'sub' must both be the client id")
    audience = claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    if not isinstance(audience, str) or audience not in audiences:
        raise _refusal(f"'aud' must be one of {', '.join(sorted(audiences))}")
    expires = _seconds(claims, "exp")
    if expires is None or expires + _LEEWAY_S <= now_s:
        raise _refusal("it has expired, or has no 'exp'")
    if expires > now_s + LONGEST_S + _LEEWAY_S:
        raise _refusal(f"'exp' may lie at most {LONGEST_S} seconds ahead")
    for name in ("nbf", "iat"):
        if name in claims:
            at = _seconds(claims, name)
            if at is None or at > now_s + _LEEWAY_S:
                raise _refusal(f"{name!r} lies in the future")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _JTI_MAX or not jti.isprintable():
        raise _refusal(f"'jti' must be a text of 1-{_JTI_MAX} characters, new for every assertion")
    return Verified(jti, (expires + _LEEWAY_S + 1) * SECOND)


def _seconds(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    # True is an int in Python, and infinities are floats.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**40:
        return None
    return int(value)


def _refusal(why: str, *, internal: str = "") -> AssertionInvalid:
    return AssertionInvalid(
        f"The client assertion is refused: {why}.",
        fix="Sign a new assertion with the registered key: iss = sub = client id, aud = the token endpoint, "
        "exp at most 10 minutes ahead, a new jti.",
        place="client_assertion",
        internal=internal,
    )
