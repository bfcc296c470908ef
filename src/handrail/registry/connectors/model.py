"""Environments, connectors with versions, and connections."""

from dataclasses import dataclass
from typing import Final, Literal

from handrail.kernel.money import Money
from handrail.language.manifest import Circuit, Retries

CredentialKind = Literal["bearer", "header", "basic", "none"]
# What a credential must hold to be used by a connector of a kind.
CREDENTIAL_FIELDS: Final[dict[str, frozenset[str]]] = {
    "bearer": frozenset({"token"}),
    "header": frozenset({"value"}),
    "basic": frozenset({"username", "password"}),
    "none": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Environment:
    """Where apps run: a sandbox or production, in a region."""

    id: str
    name: str
    kind: Literal["sandbox", "production"]
    region: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a connector can do; grants name it.

    Attributes:
        path: Template below the upstream, as `/repos/{owner}/{repo}/issues`. Where several match, the one with more
            literal segments is meant; the manifest refuses pairs of which neither is more exact.
        data_classes: What passes: its own, else its connector's.
        idempotent: Whether the gateway may call it again by itself.
        interface_digest: `sha256:` over method, path template, schemas and data classes (RFC 8785).
    """

    name: str
    title: str
    method: str
    path: str
    data_classes: tuple[str, ...]
    price: Money | None
    idempotent: bool
    interface_digest: str


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How much one app may call through one connection.

    Attributes:
        burst: Calls at once, before the rate counts.
    """

    calls_per_minute: int
    burst: int


@dataclass(frozen=True, slots=True)
class ConnectorVersion:
    """One version of a connector; it never changes.

    Attributes:
        connector: The connector's name.
        credential_header: Lower-case name of the header that carries the credential; empty for kind `none`.
        credential_prefix: What stands before the secret, with its space (`Bearer `); may be empty.
        rewrite_body_fields: Fields of JSON answers whose links to the upstream become links to the hub.
        digest: `sha256:` over the whole document.
        created_at: Microseconds since 1970 (UTC).
    """

    id: str
    connector: str
    version: str
    title: str
    credential_kind: CredentialKind
    credential_header: str
    credential_prefix: str
    data_classes: tuple[str, ...]
    limits: CallLimits
    timeout_ms: int
    retries: Retries
    circuit: Circuit
    operations: tuple[Operation, ...]
    rewrite_body_fields: tuple[str, ...]
    digest: str
    created_at: int
    created_by: str

    def operation(self, name: str) -> Operation | None:
        """Return an operation, or None."""
        return next((operation for operation in self.operations if operation.name == name), None)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connector's configured target.

    Attributes:
        upstream: Scheme, host, port and base path, without a slash at the end.
        network: `private` allows addresses of this machine and of private networks.
        credential: Name of a credential of the same environment; None when the connector needs none.
        calls_per_minute: For each app; the connection's own, else its connector's.
        burst: As `CallLimits.burst`.
        updated_at: Microseconds since 1970 (UTC).
        tag: Short name of its content; other content has another one.
    """

    id: str
    name: str
    environment: Environment
    connector_version: ConnectorVersion
    upstream: str
    region: str
    network: Literal["public", "private"]
    credential: str | None
    calls_per_minute: int
    burst: int
    updated_at: int
    updated_by: str
    tag: str

    @property
    def data_classes(self) -> tuple[str, ...]:
        """What may pass: its connector's data classes."""
        return self.connector_version.data_classes


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a manifest would do.

    Attributes:
        subject: As `connector slack 1.1.0`.
        changes: In words, one line a change.
    """

    subject: str
    outcome: Literal["created", "updated", "unchanged"]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """What may be known of a credential: everything but its value.

    Attributes:
        version: The newest version's number.
        fields: Names of its fields.
        created_at: When the newest version was set, in microseconds since 1970 (UTC).
        created_by: Who set it.
        used_by: Names of the connections that use it.
    """

    name: str
    environment: str
    version: int
    fields: tuple[str, ...]
    created_at: int
    created_by: str
    used_by: tuple[str, ...]
