"""The keys that sign tokens: one set per kind of environment, published before they are used."""

import json
from typing import Any, Final

from joserfc.jwk import ECKey

from handrail.kernel.clock import MINUTE, SECOND
from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit
from handrail.registry.access import key_store as store
from handrail.registry.access.model import TOKEN_SECONDS, KeyState, Rotation, SigningKey
from handrail.registry.access.ports import HubsHave
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.identity import Caller, Permission, require_everywhere
from handrail.registry.vault import SealedColumn, Vault

ALGORITHM: Final = "ES256"
KINDS: Final = ("sandbox", "production")
# What a change of the vault's key has to wrap again.
SEALED_COLUMN: Final = SealedColumn("signing_key", "kid", "private_sealed", "signing-key:{key}")
# Envoy tolerates a minute of clock skew, so a token lives that much longer than it says.
_RETIRED_FOR: Final = TOKEN_SECONDS * SECOND + MINUTE


def _key(row: Row) -> SigningKey:
    return SigningKey(
        row["kid"],
        row["kind"],
        KeyState(row["state"]),
        row["published_revision"],
        row["created_at"],
        row["activated_at"],
        row["retired_at"],
    )


def signing_keys(work: Work, caller: Caller) -> list[SigningKey]:
    """Return the published keys of both kinds.

    Raises:
        Forbidden: Without `hub:read`.
    """
    require_everywhere(caller, Permission.HUB_READ)
    return [_key(row) for row in work.all(store.LISTING, kind="")]


def jwks(work: Work, kind: str) -> dict[str, list[dict[str, str]]]:
    """Return the JWKS document of a kind: next, active and retired keys, each with `alg` and `use`."""
    return {"keys": [json.loads(row["public_jwk"]) for row in work.all(store.LISTING, kind=kind)]}


def ensure_signing_keys(work: Work, vault: Vault) -> None:
    """Make the first key of each kind, when there is none."""
    for kind in KINDS:
        if _in_state(work, kind, KeyState.ACTIVE) is None:
            work.lock(f"signing-key:{kind}")
            if _in_state(work, kind, KeyState.ACTIVE) is None:
                # No token of this kind is out, so nothing has to wait for the hubs.
                _create(work, vault, SYSTEM, kind, KeyState.ACTIVE)


def active_key(work: Work, vault: Vault, kind: str) -> tuple[str, ECKey]:
    """Return the id and the private half of the key that signs now."""
    row = _in_state(work, kind, KeyState.ACTIVE)
    if row is None:
        ensure_signing_keys(work, vault)
        row = _in_state(work, kind, KeyState.ACTIVE)
    if row is None:
        raise RuntimeError("no signing key right after making one")
    sealed = str(row["private_sealed"])
    return str(row["kid"]), ECKey.import_key(json.loads(vault.unseal(sealed, _context(row["kid"]))))


def published_revision(work: Work, kid: str) -> int:
    """Return the revision from which on snapshots contain a key; 0 for a key that nobody knows."""
    return int(work.scalar(store.PUBLISHED, kid=kid) or 0)


def rotation_under_way(work: Work) -> bool:
    """Tell, reading only, whether `advance_keys` may have anything to do."""
    return bool(work.scalar(store.UNDER_WAY))


def rotate(work: Work, vault: Vault, caller: Caller, kind: str, hubs_have: HubsHave) -> Rotation:
    """Publish a new key, or take the next step of a rotation under way.

    A new key signs only once every live hub has acknowledged a snapshot that contains it; call again, or let
    `advance_keys` do it.

    Raises:
        Forbidden: Without `hub:write`.
    """
    require_everywhere(caller, Permission.HUB_WRITE)
    work.lock(f"signing-key:{kind}")
    steps: list[str] = []
    if _in_state(work, kind, KeyState.NEXT) is None:
        if _in_state(work, kind, KeyState.ACTIVE) is None:
            kid = _create(work, vault, caller.actor, kind, KeyState.ACTIVE)
            return Rotation((f"{kid} is the first key of {kind} and signs from now on",), "")
        kid = _create(work, vault, caller.actor, kind, KeyState.NEXT)
        steps.append(f"{kid} is published")
    return _advance(work, caller.actor, kind, hubs_have, steps)


def advance_keys(work: Work, hubs_have: HubsHave) -> list[str]:
    """Take every step of a rotation that is due; run it every few seconds. Returns what happened, in words."""
    steps: list[str] = []
    for kind in KINDS:
        rows = work.all(store.LISTING, kind=kind)
        if any(row["state"] != KeyState.ACTIVE for row in rows):
            work.lock(f"signing-key:{kind}")
            steps.extend(_advance(work, SYSTEM, kind, hubs_have, []).steps)
    return steps


def _advance(work: Work, actor: Actor, kind: str, hubs_have: HubsHave, steps: list[str]) -> Rotation:
    waiting = ""
    upcoming = _in_state(work, kind, KeyState.NEXT)
    if upcoming is not None:
        if hubs_have(upcoming["kid"]):
            _switch(work, actor, kind, upcoming["kid"])
            steps.append(f"{upcoming['kid']} signs from now on")
        else:
            waiting = f"{upcoming['kid']} waits until every live hub knows it"
    for row in work.all(store.DROP, kind=kind, now=work.now, before=work.now - _RETIRED_FOR):
        steps.append(f"{row['kid']} is no longer accepted")
        audit.record(work, actor, "signing_key.dropped", f"signing-key:{row['kid']}", {"kind": kind})
    if steps:
        revisions.bump(work, "hub")
    retired = _in_state(work, kind, KeyState.RETIRED)
    if not waiting and retired is not None:
        waiting = f"{retired['kid']} stays accepted until its last token has ended"
    return Rotation(tuple(steps), waiting)


def _switch(work: Work, actor: Actor, kind: str, kid: str) -> None:
    old = _in_state(work, kind, KeyState.ACTIVE)
    if old is not None:
        work.run(store.RETIRE, kid=old["kid"], now=work.now)
        audit.record(work, actor, "signing_key.retired", f"signing-key:{old['kid']}", {"kind": kind})
    work.run(store.ACTIVATE, kid=kid, now=work.now)
    audit.record(work, actor, "signing_key.activated", f"signing-key:{kid}", {"kind": kind})


def _create(work: Work, vault: Vault, actor: Actor, kind: str, state: KeyState) -> str:
    key = ECKey.generate_key("P-256")
    kid = key.thumbprint()
    # Envoy takes any algorithm that fits a key without `alg`.
    public = {**_public(key), "kid": kid, "alg": ALGORITHM, "use": "sig"}
    private = json.dumps(key.as_dict(private=True)).encode()
    work.run(
        store.INSERT,
        kid=kid,
        kind=kind,
        state=state.value,
        public_jwk=json.dumps(public),
        private_sealed=vault.seal(private, _context(kid)),
        published_revision=revisions.bump(work, "hub"),
        created_at=work.now,
        activated_at=work.now if state is KeyState.ACTIVE else None,
    )
    audit.record(work, actor, f"signing_key.{state.value}", f"signing-key:{kid}", {"kind": kind})
    return kid


def _public(key: ECKey) -> dict[str, Any]:
    return {name: value for name, value in key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}}


def _in_state(work: Work, kind: str, state: KeyState) -> Row | None:
    return work.one(store.BY_STATE, kind=kind, state=state.value)


def _context(kid: str) -> str:
    return SEALED_COLUMN.context.replace("{key}", kid)
