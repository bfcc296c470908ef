"""Client assertions, sound and unsound."""

import time
import uuid
from typing import Any

from joserfc import jws, jwt
from tests.rigs.governed import ADDRESSES, World

from handrail.kernel.secret import Secret
from handrail.registry import access
from handrail.registry.access import NewClient, TokenRequest

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def key_client(world: World, key: Any, app: str = "standup", environment: str = "production") -> NewClient:
    with world.database.begin() as work:
        return access.add_key_client(work, world.ada, app, environment, key.as_dict(private=False))


def claims_of(client_id: str, *, offset_s: int = 0, **changed: Any) -> dict[str, Any]:
    """Return sound claims with some changed; None removes one."""
    now = int(time.time()) + offset_s
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": ADDRESSES.token_endpoint,
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def signed(key: Any, claims: dict[str, Any], *, algorithm: str = "ES256", header: dict[str, Any] | None = None) -> str:
    return jwt.encode({"alg": algorithm, **(header or {})}, claims, key, registry=_Any(algorithms=[algorithm]))


def request(compact: str, **more: Any) -> TokenRequest:
    return TokenRequest("client_credentials", assertion_type=TYPE, assertion=Secret(compact), **more)


def assertion(key: Any, client_id: str, *, algorithm: str = "ES256", offset_s: int = 0, **changed: Any) -> TokenRequest:
    """Return a token request with a signed assertion."""
    return request(signed(key, claims_of(client_id, offset_s=offset_s, **changed), algorithm=algorithm))


class _Any(jws.JWSRegistry):
    """Signs with whatever an attacker would, without the library's warnings."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]

    def check_header(self, _header: Any) -> None:
        pass
