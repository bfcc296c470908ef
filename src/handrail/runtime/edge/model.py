"""What an agent knows: who it is, what it was told, and what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from handrail.kernel.secret import Secret

QUARANTINE: Final = "quarantine.json"
CLUSTERS: Final = "clusters.json"
LISTENERS: Final = "listeners.json"
PART_EXPIRED: Final = "envoy/expired.json"
PART_LISTENERS_TLS: Final = "envoy/listeners-tls.json"
PART_QUARANTINE: Final = "envoy/quarantine.json"
PART_UPSTREAMS: Final = "upstreams.json"
PART_SECRETS: Final = "secrets.json"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a hub was given when it joined.

    Attributes:
        serve: The control plane's address.
        token: What it authenticates with there.
        hub: Its id.
        signing_key: The Ed25519 public key of the snapshots, base64url.
    """

    serve: str
    token: Secret
    hub: str
    signing_key: str


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """How far a hub's state has come; ordered by epoch first.

    Attributes:
        epoch: Rises when the control plane was restored from a backup.
        revision: Of what was declared.
        quarantine_revision: Of the apps that are held.
    """

    epoch: int
    revision: int
    quarantine_revision: int

    def follows(self, floor: "Position") -> bool:
        """Tell whether a hub that has seen `floor` may take this."""
        if self.epoch != floor.epoch:
            return self.epoch > floor.epoch
        return self.revision >= floor.revision and self.quarantine_revision >= floor.quarantine_revision


NOWHERE: Final = Position(0, -1, -1)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signed page of a snapshot.

    Attributes:
        position: What it brings the hub to.
        issued_us: When it was signed, in microseconds since 1970.
        expires_us: Until when a hub may serve it without the control plane.
        hub: For whom it is.
        parts: `sha256:<hex>` of each part's sealed text, by name.
    """

    position: Position
    issued_us: int
    expires_us: int
    hub: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot whose signature, digests and addressee were checked; its parts are still sealed."""

    manifest: Manifest
    manifest_text: str
    signature: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where a connection's calls go.

    Attributes:
        cluster: Envoy's name for it.
        host: A name or an address.
        port: TCP port.
        network: What addresses the connection permits.
    """

    cluster: str
    host: str
    port: int
    network: Literal["public", "private"]


@dataclass(frozen=True, slots=True)
class Injected:
    """A finished header value that Envoy adds to calls; `name` is its name in SDS."""

    name: str
    value: Secret

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Injected":
        return cls(entry["name"], Secret(entry["value"]))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the control plane and `/readyz` should tell people."""

    code: str
    message: str
    place: str = ""
    fix: str = ""

    def document(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "place": self.place, "fix": self.fix}
