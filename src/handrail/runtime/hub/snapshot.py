"""Snapshots: what one hub must enforce, signed for all and sealed for one."""

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handrail.kernel.canonical import canonical, sha256
from handrail.kernel.clock import HOUR, rfc3339
from handrail.platform.database import Database, Work, revisions
from handrail.registry.connectors import connections
from handrail.registry.vault import Vault
from handrail.runtime.hub.compile import QUARANTINE_FILE, compile_quarantine, compile_state, compile_tls
from handrail.runtime.hub.errors import HubNotEnrolled
from handrail.runtime.hub.model import DeclaredState, Hub
from handrail.runtime.hub.sealing import seal_part
from handrail.runtime.hub.service import signing_key
from handrail.runtime.hub.state import declared_state, held_apps, injected_secrets

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Position:
    """How new a snapshot is; compared as a whole."""

    epoch: int
    revision: int
    quarantine: int


@dataclass(slots=True)
class _Parts:
    """Clear parts of one revision, by name: the SHA-256 of the body, and the body.

    Attributes:
        state: What they were made of, for the parts that only hubs with a certificate ask for.
    """

    revision: int = -1
    bodies: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    state: DeclaredState | None = None


class SnapshotSource:
    """Compiles each revision once in this process and hands it to any number of hubs."""

    def __init__(self, database: Database, vault: Vault, *, public_url: str, hub_url: str, hours: int) -> None:
        self._database = database
        self._vault = vault
        self._public_url = public_url
        self._hub_url = hub_url
        self._hours = hours
        self._lock = threading.Lock()
        self._main = _Parts()
        self._tls = _Parts()
        self._quarantine = _Parts()
        self._sealed: dict[tuple[str, int, str], tuple[str, str]] = {}
        self._key: Ed25519PrivateKey | None = None

    def position(self, work: Work) -> Position:
        """Return how new the declared state is."""
        return Position(
            revisions.current(work, "epoch"), revisions.current(work, "hub"), revisions.current(work, "quarantine")
        )

    def snapshot(self, hub: Hub, have: frozenset[str], *, tls: bool = True) -> dict[str, Any]:
        """Return the newest snapshot for a hub; parts that it has already are None.

        Args:
            hub: Who asks.
            have: Digests of parts that it has.
            tls: Whether it serves `https://<connection>.<hub host>` too.

        Raises:
            HubNotEnrolled: It has not bound its key yet.
        """
        if not hub.public_key:
            raise HubNotEnrolled(f"Hub {hub.name!r} has no key yet.", fix="Start it: it binds its key by itself.")
        with self._lock, self._database.read() as work:
            position = self.position(work)
            if self._key is None:
                self._key = signing_key(work, self._vault)
            if self._quarantine.revision != position.quarantine:
                held = {QUARANTINE_FILE: compile_quarantine(held_apps(work))}
                self._quarantine = _Parts(position.quarantine, _digested(_envoy_files(held)))
            if self._main.revision != position.revision:
                state, clear = self.compiled(work)
                self._main = _Parts(position.revision, _digested(clear), state)
            if tls and self._main.state is not None and self._tls.state is not self._main.state:
                self._tls = _Parts(position.revision, _digested(self.compiled_tls(self._main.state)), self._main.state)
            bodies = self._main.bodies | self._quarantine.bodies | (self._tls.bodies if tls else {})
            sealed = self._seal(hub, position.epoch, bodies)
            manifest = canonical(
                {
                    "format": FORMAT,
                    "epoch": position.epoch,
                    "revision": position.revision,
                    "quarantine_revision": position.quarantine,
                    "issued_at": rfc3339(work.now),
                    "expires_at": rfc3339(work.now + self._hours * HOUR),
                    "hub": hub.id,
                    "parts": {name: digest for name, (digest, _) in sealed.items()},
                }
            )
            signature = self._key.sign(manifest)
        return {
            "manifest": manifest.decode(),
            "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode(),
            "parts": {name: None if digest in have else text for name, (digest, text) in sealed.items()},
        }

    def compiled(self, work: Work) -> tuple[DeclaredState, dict[str, bytes]]:
        """Return the declared state and the parts made of it, clear, as JSON; without those for TLS and quarantine."""
        served = connections(work)
        state = declared_state(work, served, public_url=self._public_url, hub_url=self._hub_url)
        compiled = compile_state(state)
        bodies = _envoy_files(compiled.files)
        bodies["upstreams.json"] = orjson.dumps(list(compiled.upstreams))
        bodies["secrets.json"] = orjson.dumps(
            [
                {"name": secret.name, "value": secret.value.reveal()}
                for secret in injected_secrets(work, self._vault, served)
            ]
        )
        return state, bodies

    @staticmethod
    def compiled_tls(state: DeclaredState) -> dict[str, bytes]:
        """Return the parts that only hubs with a certificate ask for."""
        return _envoy_files(compile_tls(state))

    def _seal(self, hub: Hub, epoch: int, bodies: Mapping[str, tuple[str, bytes]]) -> dict[str, tuple[str, str]]:
        public_key = base64.urlsafe_b64decode(hub.public_key + "==")
        owner = hub.id + hub.public_key
        sealed: dict[str, tuple[str, str]] = {}
        current = set()
        for name, (digest, body) in bodies.items():
            # Sealing gives another text each time; an unchanged part keeps the text the hub already has.
            kept = (owner, epoch, name + digest)
            current.add(kept)
            if kept not in self._sealed:
                text = seal_part(public_key, name, epoch, hub.id, body)
                self._sealed[kept] = (sha256(text.encode()), text)
            sealed[name] = self._sealed[kept]
        self._sealed = {key: value for key, value in self._sealed.items() if key[0] != owner or key in current}
        return sealed


def _envoy_files(files: Mapping[str, Mapping[str, object]]) -> dict[str, bytes]:
    return {f"envoy/{name}": orjson.dumps(document) for name, document in files.items()}


def _digested(bodies: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    return {name: (sha256(body), body) for name, body in bodies.items()}
