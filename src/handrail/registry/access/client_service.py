"""What apps sign in with: a registered public key, or a secret for tools that know nothing else."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from handrail.kernel.ids import new_id
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work
from handrail.registry import audit, catalog
from handrail.registry.access import client_store as store
from handrail.registry.access.errors import ClientLimit, ClientUnknown, PublicKeyInvalid
from handrail.registry.access.model import Client, ClientKind, NewClient
from handrail.registry.connectors import find_environment
from handrail.registry.identity import Caller, Permission

LIVE_SECRETS: Final = 2
_LIVE_KEYS: Final = 10
_RSA_BITS: Final = 2048
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
_PUBLIC: Final = ("kty", "crv", "x", "y", "n", "e")


def hash_secret(secret: Secret) -> str:
    """Return the stored form of a client secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.reveal().encode()).hexdigest()


def client_of_row(row: Row) -> Client:
    """Build a client from its row, leaving out what only the token endpoint may see."""
    key = row["public_jwk"]
    return Client(
        row["id"],
        row["app_id"],
        row["environment"],
        row["environment_name"],
        ClientKind(row["kind"]),
        json.loads(key)["kid"] if key else "",
        row["created_at"],
        row["created_by"],
        row["last_used_at"],
        row["revoked_at"],
    )


def add_key_client(work: Work, caller: Caller, app: str, environment: str, public_jwk: Mapping[str, Any]) -> NewClient:
    """Register the public half of a key pair; the app then signs its own assertions (`private_key_jwt`).

    Raises:
        PublicKeyInvalid: For a private key, an unknown kind or a weak one; the key is never repeated.
        ClientLimit: With ten live keys in that environment.
    """
    key = _public_key(public_jwk)
    return _add(work, caller, app, environment, ClientKind.KEY, public_jwk=key)


def add_secret_client(work: Work, caller: Caller, app: str, environment: str) -> NewClient:
    """Make a client secret; the answer is the only moment at which anybody can read it.

    Raises:
        ClientLimit: With two live secrets in that environment: two are enough to change over.
    """
    return _add(work, caller, app, environment, ClientKind.SECRET, public_jwk=None)


def _add(
    work: Work,
    caller: Caller,
    app: str,
    environment: str,
    kind: ClientKind,
    *,
    public_jwk: dict[str, str] | None,
) -> NewClient:
    owned = catalog.find_writable(work, caller, app, Permission.APP_WRITE)
    there = find_environment(work, environment)
    # Two that add at once must not both be the last.
    work.lock(f"client:{owned.id}:{there.id}")
    limit = LIVE_SECRETS if kind is ClientKind.SECRET else _LIVE_KEYS
    live = int(work.scalar(store.LIVE_COUNT, app_id=owned.id, environment_id=there.id, kind=kind.value))
    if live >= limit:
        raise ClientLimit(
            f"{app!r} has {live} live clients of this kind in {environment}.",
            fix=f"Revoke the one you no longer use: handrail client list {app}",
        )
    secret = Secret(f"hrcs_{secrets.token_urlsafe(32)}") if kind is ClientKind.SECRET else None
    client_id = new_id()
    work.run(
        store.INSERT,
        id=client_id,
        app_id=owned.id,
        environment_id=there.id,
        kind=kind.value,
        public_jwk=json.dumps(public_jwk) if public_jwk else None,
        secret_hash=hash_secret(secret) if secret else None,
        created_at=work.now,
        created_by=caller.person_id,
    )
    facts = {"client": client_id, "kind": kind.value, "environment": environment}
    audit.record(work, caller.actor, "client.added", owned.subject, facts)
    row = work.one(store.BY_ID, id=client_id)
    if row is None:
        raise ClientUnknown("The client is gone.")
    return NewClient(client_of_row(row), secret)


def clients(work: Work, caller: Caller, app: str) -> list[Client]:
    """Return an app's clients, revoked ones too, oldest first."""
    owned = catalog.find_app(work, caller, app)
    return [client_of_row(row) for row in work.all(store.LISTING, app_id=owned.id)]


def revoke_client(work: Work, caller: Caller, app: str, client_id: str) -> Client:
    """End a client: it gets no token from now on.

    Raises:
        ClientUnknown: If the app has no such live client.
    """
    owned = catalog.find_writable(work, caller, app, Permission.APP_WRITE)
    row = work.one(store.BY_ID, id=client_id)
    if row is None or row["app_id"] != owned.id or not work.run(store.REVOKE, id=client_id, now=work.now):
        raise ClientUnknown(
            f"{app!r} has no live client {client_id!r}.", fix=f"See them with: handrail client list {app}"
        )
    audit.record(work, caller.actor, "client.revoked", owned.subject, {"client": client_id})
    return client_of_row(work.one(store.BY_ID, id=client_id) or row)


def _public_key(jwk: Mapping[str, Any]) -> dict[str, str]:
    if _PRIVATE & set(jwk):
        raise PublicKeyInvalid(
            "This is a private key; it was not stored. Consider it known and make a new one.",
            fix="Send the public half only (without the member 'd'). handrail client add makes and keeps the private "
            "half on your machine.",
            place="publicKey",
        )
    refusal = PublicKeyInvalid(
        "This is no public key that apps may sign with.",
        fix="Send a JWK: EC P-256, RSA with at least 2048 bits, or OKP Ed25519.",
        place="publicKey",
    )
    # Members such as x5c, key_ops or alg are dropped: the kind of key decides the algorithm.
    kept = {name: jwk[name] for name in _PUBLIC if name in jwk}
    if not all(isinstance(value, str) and len(value) <= 4096 for value in kept.values()):
        raise refusal
    try:
        key = JWKRegistry.import_key(kept)
        sound = algorithms_for(key) != ()
        # Reading the raw key makes the library check that the point lies on the curve.
        _ = key.raw_value
    except (JoseError, SecurityWarning, ValueError, KeyError, TypeError) as error:
        raise refusal from error
    if not sound:
        raise refusal
    return {**{name: str(value) for name, value in kept.items()}, "kid": key.thumbprint()}


def algorithms_for(key: Any) -> tuple[str, ...]:
    """Return the algorithms a key may sign with; the key decides, never the token's header."""
    if isinstance(key, ECKey) and key.curve_name == "P-256":
        return ("ES256",)
    if isinstance(key, RSAKey) and key.raw_value.key_size >= _RSA_BITS:
        return ("RS256",)
    if isinstance(key, OKPKey) and key.curve_name == "Ed25519":
        return ("EdDSA", "Ed25519")
    return ()
