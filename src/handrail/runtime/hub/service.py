"""Hubs: enrolled by an admin, known by a token, trusted to say what their Envoy has taken."""

import base64
import hashlib
import json
import secrets
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from handrail.kernel.clock import SECOND
from handrail.kernel.ids import new_id, require_name
from handrail.kernel.secret import Secret
from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit
from handrail.registry.audit import SYSTEM, Actor
from handrail.registry.identity import Caller, Permission, require, require_everywhere
from handrail.registry.vault import Vault
from handrail.runtime.hub import store
from handrail.runtime.hub.errors import HubExists, HubKeyFixed, HubKeyInvalid, HubTokenInvalid, HubUnknown
from handrail.runtime.hub.model import Hub
from handrail.runtime.hub.sealing import seal_part

# A hub that has been silent for longer than this does not hold up "in force"; its snapshot expires by itself.
LIVE_SECONDS: Final = 60
_PROBLEMS_TOLD: Final = 20
_SEEN_EVERY: Final = 5 * SECOND
_CONTEXT: Final = "hub-signing-key"


def _hub(row: Row) -> Hub:
    return Hub(**{**dict(row), "problems": tuple(json.loads(row["problems"]))})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _add(work: Work, actor: Actor, name: str, region: str) -> tuple[Hub, Secret]:
    require_name(name, "name")
    if work.one(store.BY_NAME, name=name) is not None:
        raise HubExists(f"There is already a hub {name!r}.", fix="Choose another name, or remove that one first.")
    token = Secret("hrh_" + secrets.token_urlsafe(32))
    hub_id = new_id()
    work.run(
        store.INSERT, id=hub_id, name=name, region=region, token_hash=_hash(token.reveal()), now=work.now, by=actor.id
    )
    audit.record(work, actor, "hub.enrolled", f"hub:{hub_id}", {"name": name, "region": region})
    return find_hub(work, name), token


def enrol_hub(work: Work, caller: Caller, name: str, region: str = "local") -> tuple[Hub, Secret]:
    """Register a hub; return it and the token it pulls with (shown once).

    Raises:
        HubExists: The name is taken.
    """
    require(caller, Permission.HUB_WRITE)
    return _add(work, caller.actor, name, region)


def local_hub(work: Work) -> Secret:
    """Register this machine's own hub, or give it a new token; for `handrail up` alone."""
    row = work.one(store.BY_NAME, name="local")
    if row is None:
        return _add(work, SYSTEM, "local", "local")[1]
    token = Secret("hrh_" + secrets.token_urlsafe(32))
    work.run(store.SET_TOKEN, id=row["id"], token_hash=_hash(token.reveal()))
    audit.record(work, SYSTEM, "hub.token_renewed", f"hub:{row['id']}", {"name": "local"})
    return token


def remove_hub(work: Work, caller: Caller, name: str) -> None:
    """Forget a hub: its token ends, and approvals no longer wait for it."""
    require(caller, Permission.HUB_WRITE)
    hub = find_hub(work, name)
    work.run(store.REMOVE, id=hub.id, now=work.now)
    audit.record(work, caller.actor, "hub.removed", f"hub:{hub.id}", {"name": name})


def find_hub(work: Work, name: str) -> Hub:
    """Return a hub.

    Raises:
        HubUnknown: There is none of this name.
    """
    row = work.one(store.BY_NAME, name=name)
    if row is None:
        raise HubUnknown(f"There is no hub {name!r}.", fix="See them with: handrail hub list")
    return _hub(row)


def read_hub(work: Work, caller: Caller, name: str) -> Hub:
    """Return a hub to somebody who may read hubs.

    Raises:
        RoleMissing: They may not; whether there is one is not told.
        HubUnknown: There is none of this name.
    """
    require_everywhere(caller, Permission.HUB_READ)
    return find_hub(work, name)


def hubs(work: Work, caller: Caller) -> list[Hub]:
    """Return every hub, by name."""
    require_everywhere(caller, Permission.HUB_READ)
    return [_hub(row) for row in work.all(store.LISTING)]


def hub_by_token(work: Work, token: str) -> Hub:
    """Return the hub that a token belongs to.

    Raises:
        HubTokenInvalid: To none.
    """
    row = work.one(store.BY_TOKEN, token_hash=_hash(token)) if token else None
    if row is None:
        raise HubTokenInvalid(
            "This is no hub's token.", fix="Enrol the hub with handrail hub enrol and set HANDRAIL_HUB_TOKEN."
        )
    return _hub(row)


def knows(work: Work, token: str, hub_id: str) -> bool:
    """Tell whether a token is the one of this hub."""
    row = work.one(store.BY_TOKEN, token_hash=_hash(token))
    return row is not None and row["id"] == hub_id


def bind_key(work: Work, hub: Hub, public_key: str) -> None:
    """Bind a hub to the key its parts are sealed to; the same key again is fine.

    Raises:
        HubKeyFixed: It has another key already: a stolen token must not open a second hub.
        HubKeyInvalid: Nothing can be sealed to it.
    """
    if hub.public_key == public_key:
        return
    if hub.public_key:
        raise HubKeyFixed(
            f"Hub {hub.name!r} has another key.",
            fix="Bring back its home folder, or remove it and enrol it again.",
        )
    try:
        # X25519 has points, such as zero, that make every shared secret known.
        seal_part(base64.urlsafe_b64decode(f"{public_key}="), "probe", 0, hub.id, b"")
    except ValueError:
        raise HubKeyInvalid(
            "That is no X25519 public key.", fix="Send the 32 bytes of the hub's own key.", place="public_key"
        ) from None
    work.run(store.SET_KEY, id=hub.id, public_key=public_key)
    audit.record(work, Actor("hub", hub.id, hub.name), "hub.key_bound", f"hub:{hub.id}", {"publicKey": public_key})


def _told(problems: list[str]) -> list[str]:
    left = len(problems) - _PROBLEMS_TOLD
    return [*problems[:_PROBLEMS_TOLD], f"and {left} more; the hub's own log has them"] if left > 0 else problems


def acknowledge(work: Work, hub: Hub, *, epoch: int, revision: int, quarantine: int, problems: list[str]) -> None:
    """Note what a hub's Envoy has taken; it wakes everybody who waits for an approval to be in force."""
    changed = (hub.acked_epoch, hub.acked_revision, hub.acked_quarantine) != (epoch, revision, quarantine)
    work.run(
        store.ACK,
        id=hub.id,
        epoch=epoch,
        revision=revision,
        quarantine=quarantine,
        now=work.now,
        problems=json.dumps(_told(problems)),
    )
    if changed:
        revisions.bump(work, "ack")


def seen(work: Work, hub: Hub) -> None:
    """Note that a hub is there; at most one write in five seconds."""
    if hub.seen_at is None or work.now - hub.seen_at > _SEEN_EVERY:
        work.run(store.SEEN, id=hub.id, now=work.now)


def live_hubs(work: Work) -> list[Hub]:
    """Return the hubs that were heard of lately."""
    oldest = work.now - LIVE_SECONDS * SECOND
    return [hub for hub in map(_hub, work.all(store.LISTING)) if hub.seen_at is not None and hub.seen_at >= oldest]


def hub_acknowledged(work: Work) -> int:
    """Return the revision that every live hub enforces; -1 when no hub is live."""
    epoch = revisions.current(work, "epoch")
    return min((hub.acked_revision if hub.acked_epoch == epoch else -1 for hub in live_hubs(work)), default=-1)


def quarantine_acknowledged(work: Work) -> int:
    """Return the quarantine revision that every live hub enforces; -1 when no hub is live."""
    epoch = revisions.current(work, "epoch")
    return min((hub.acked_quarantine if hub.acked_epoch == epoch else -1 for hub in live_hubs(work)), default=-1)


def ensure_signing_key(work: Work, vault: Vault) -> str:
    """Make the key that signs snapshots if there is none; return its public half, base64url."""
    row = work.one(store.SIGNING_KEY)
    if row is None:
        private = Ed25519PrivateKey.generate()
        public = base64.urlsafe_b64encode(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        work.run(
            store.ADD_SIGNING_KEY,
            sealed=vault.seal(private.private_bytes_raw(), _CONTEXT),
            public_key=public.rstrip(b"=").decode(),
            now=work.now,
        )
        row = work.one(store.SIGNING_KEY)
    return str(row["public_key"]) if row else ""


def signing_key(work: Work, vault: Vault) -> Ed25519PrivateKey:
    """Return the key that signs snapshots; only `snapshot` uses it."""
    row = work.one(store.SIGNING_KEY)
    if row is None:
        raise HubUnknown("No snapshot key yet.", fix="Start serve once: it makes the key.")
    return Ed25519PrivateKey.from_private_bytes(vault.unseal(row["sealed"], _CONTEXT))
