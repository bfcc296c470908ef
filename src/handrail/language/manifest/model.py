"""What people declare about an app, a connector and a connection.

Each class is the only description of its fields: the parser, `schemas/*.schema.json` and the tables in
docs/reference/manifests.md are made from it.
"""

from collections.abc import Iterator
from typing import Any, Final

from handrail.language.manifest.declare import Part, Remark, declared, part
from handrail.language.manifest.kinds import (
    Boolean,
    Choice,
    Constants,
    FreeObject,
    Integer,
    ListOf,
    Text,
    name_kind,
)
from handrail.language.manifest.paths import PATH_MAX, PATH_PATTERN, clashes, explain_path, variables
from handrail.language.manifest.upstream import UPSTREAM_PATTERN, explain_upstream, upstream_remarks
from handrail.language.manifest.versions import SEMVER_PATTERN

API_VERSION: Final = "handrail.dev/v1"
LEVELS: Final = ("public", "internal", "confidential", "restricted")
TAGS: Final = ("pii", "phi", "pci", "secret")
DATA_CLASSES: Final = LEVELS + TAGS
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# RFC 9110 section 9.2.2.
IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
# 501 and 505 to 511 say that the same call will never work.
_RETRIED: Final = {"gateway-error": (502, 503, 504), "5xx": (500, 502, 503, 504), "rate-limited": (429,)}
_OPERATION: Final = r"^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$"
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_TOKEN: Final = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"  # noqa: S105 - RFC 9110's word for a header's name
# Headers that the gateway itself sets or that frame the message; a credential there would break the call.
_RESERVED_HEADERS: Final = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)

# First segments: paths of the hub itself, and what the API keeps beside the names of connections.
RESERVED_CONNECTIONS: Final = frozenset({"calls", "handrail", "healthz", "readyz"})

_CLASSES: Final = ListOf(Choice(DATA_CLASSES), items_max=len(DATA_CLASSES))
_OPERATION_NAME: Final = Text(_OPERATION, "operation name", "chat.postMessage", 100)
_TITLE: Final = Text(length_max=200)


@part
class UsedConnection:
    """A connection that an app uses."""

    connection: str = declared(name_kind("slack-production"), "The connection's name.")
    operations: tuple[str, ...] = declared(
        ListOf(_OPERATION_NAME, items_max=500), "The operations that the app calls there.", default=()
    )


@part
class AppManifest:
    """An app: who answers for it, what it is for, what it needs."""

    name: str = declared(name_kind("invoice-approver"), "The app's readable id.", in_metadata=True)
    title: str = declared(_TITLE, "What people call it; its name when absent.", default=None)
    team: str = declared(name_kind("finance-ops"), "The team that it belongs to.")
    owner: str = declared(name_kind("ada"), "The person who answers for it.")
    deputy: str | None = declared(name_kind("grace"), "Who answers when the owner is away.", default=None)
    purpose: str = declared(Text(length_max=2000), "What it is for, in a sentence or two.")
    platform: str = declared(
        name_kind("n8n"), "Where it was built: n8n, node-red, script or another builder.", default="other"
    )
    data_classes: tuple[str, ...] = declared(_CLASSES, "The data that it handles.", default=())
    connections: tuple[UsedConnection, ...] = declared(
        ListOf(Part(UsedConnection), unique=False),
        "The connections and operations that it calls.",
        default=(),
    )
    egress: tuple[str, ...] = declared(
        ListOf(Text(rf"^{_LABEL}(\.{_LABEL})*(:[1-9][0-9]{{0,4}})?$", "host name", "api.example.com", 259)),
        "Hosts that it reaches without a connection.",
        default=(),
    )
    constants: dict[str, str] = declared(Constants(), "Values that are fixed for this app; never secrets.", default={})

    def remarks(self) -> Iterator[Remark]:
        seen: set[str] = set()
        for index, used in enumerate(self.connections):
            if used.connection in seen:
                detail = f"The connection {used.connection} is listed twice."
                yield Remark(("connections", index, "connection"), detail, "Put its operations in one entry.")
            seen.add(used.connection)
        if self.deputy and self.deputy == self.owner:
            detail = f"{self.deputy} is owner and deputy; a deputy is somebody else."
            yield Remark(("deputy",), detail, "Name another person, or remove the line.")


@part
class CredentialRule:
    """How the gateway adds the credential to a call."""

    kind: str = declared(
        Choice(("bearer", "header", "basic", "none")),
        "bearer (fields: token), header (fields: value), basic (fields: username, password) or none.",
    )
    header: str | None = declared(
        Text(_TOKEN, "header name", "x-api-key", 100), "For kind header: the header's name.", default=None
    )
    prefix: str | None = declared(
        Text(r"^[!-~]+( [!-~]+)*$", "prefix", "token", 40),
        "The word before the secret, one space between them. Bearer for kind bearer when absent.",
        default=None,
    )

    def remarks(self) -> Iterator[Remark]:
        if self.kind == "header" and not self.header:
            yield Remark(("kind",), "The kind header needs the header's name.", "Add header: x-api-key")
        if self.kind != "header" and self.header:
            yield Remark(("header",), f"The kind {self.kind} has its own header.", "Remove the line.")
        if self.kind in {"basic", "none"} and self.prefix:
            yield Remark(("prefix",), f"The kind {self.kind} has no prefix.", "Remove the line.")
        name = (self.header or "").lower()
        if name in _RESERVED_HEADERS or name.startswith("x-handrail-"):
            yield Remark(("header",), f"The gateway sets {name} itself.", "Name the upstream's own header.")


@part
class Limits:
    """How much one app may call through one connection."""

    calls_per_minute: int = declared(Integer(1, 1_000_000), "Calls of one app in a minute.", default=600)
    burst: int | None = declared(
        Integer(1, 1_000_000),
        "Calls at once, before the rate counts; callsPerMinute when absent.",
        default=None,
    )


@part
class LimitsOverride:
    """What a connection changes in its connector's limits."""

    calls_per_minute: int | None = declared(
        Integer(1, 1_000_000), "Calls of one app in a minute; the connector's when absent.", default=None
    )
    burst: int | None = declared(
        Integer(1, 1_000_000), "Calls at once; the connector's when both are absent.", default=None
    )


@part
class Retries:
    """When the gateway calls again by itself; only for idempotent operations."""

    attempts: int = declared(Integer(0, 5), "How often a failed call is made again; 0 for never.", default=2)
    on: tuple[str, ...] = declared(
        ListOf(Choice(("connect-failure", "reset", "gateway-error", "5xx", "rate-limited"))),
        "After which failures; 5xx is 500 and 502 to 504, gateway-error is 502 to 504, rate-limited is 429.",
        default=("connect-failure", "gateway-error"),
    )

    @property
    def statuses(self) -> tuple[int, ...]:
        """The upstream's answers after which a call is made again, in order."""
        return tuple(sorted({status for word in self.on for status in _RETRIED.get(word, ())}))


@part
class Circuit:
    """When the gateway stops calling an upstream that does not cope."""

    max_connections: int = declared(Integer(1, 10_000), "Connections to the upstream at once.", default=100)
    max_pending: int = declared(Integer(1, 100_000), "Calls that wait for a connection.", default=100)
    consecutive_errors: int = declared(Integer(1, 1_000), "Errors in a row that take an address out of use.", default=5)
    eject_ms: int = declared(Integer(100, 3_600_000), "For how long it is out of use, in milliseconds.", default=30_000)


@part
class Price:
    """What a call costs."""

    micros: int = declared(Integer(0), "Millionths of the currency's unit.")
    currency: str = declared(Text(r"^[A-Z]{3}$", "ISO 4217 currency code", "EUR", 3), "ISO 4217 code.")


@part
class OperationManifest:
    """One thing that a connector can do; grants name it."""

    name: str = declared(_OPERATION_NAME, "Its name, unique in the connector.")
    method: str = declared(Choice(METHODS), "The HTTP method.")
    path: str = declared(
        Text(PATH_PATTERN, "path template", "/repos/{owner}/{repo}/issues", PATH_MAX, explain_path),
        "The path below the connection's upstream; {name} stands for one segment.",
    )
    title: str | None = declared(_TITLE, "What people call it.", default=None)
    data_classes: tuple[str, ...] | None = declared(
        _CLASSES, "The data that passes; the connector's when absent.", default=None
    )
    price: Price | None = declared(Part(Price), "What one call costs.", default=None)
    idempotent: bool | None = declared(
        Boolean(), "Whether calling twice is the same as once; by the method when absent.", default=None
    )
    request_schema: dict[str, Any] | None = declared(
        FreeObject(), "JSON Schema of the request's body; refers only to itself.", default=None
    )
    response_schema: dict[str, Any] | None = declared(
        FreeObject(), "JSON Schema of the answer's body; refers only to itself.", default=None
    )

    def remarks(self) -> Iterator[Remark]:
        names = variables(self.path)
        if len(set(names)) != len(names):
            yield Remark(("path",), "A variable stands twice in the path.", "Give each its own name.")


@part
class ConnectorManifest:
    """A connector: an approved way to reach one kind of system. A version that was applied never changes."""

    name: str = declared(name_kind("slack"), "The connector's readable id.", in_metadata=True)
    version: str = declared(Text(SEMVER_PATTERN, "version (semantic versioning)", "1.0.0", 60), "Its semantic version.")
    title: str | None = declared(_TITLE, "What people call it; its name when absent.", default=None)
    data_classes: tuple[str, ...] = declared(_CLASSES, "The data that may pass through it.", default=())
    credential: CredentialRule = declared(
        Part(CredentialRule), "How the gateway adds the credential.", default=CredentialRule(kind="none")
    )
    limits: Limits = declared(Part(Limits), "Limits of each app on each connection.", default=Limits())
    timeout_ms: int = declared(Integer(1, 600_000), "How long one call may take, in milliseconds.", default=15_000)
    retries: Retries = declared(Part(Retries), "When a call is made again.", default=Retries())
    circuit: Circuit = declared(Part(Circuit), "When calling stops for a while.", default=Circuit())
    rewrite_body_fields: tuple[str, ...] = declared(
        ListOf(Text(r"^[A-Za-z_][A-Za-z0-9_.-]*$", "field name", "next_page_url", 100)),
        "Fields of JSON answers whose absolute links to the upstream become links to the hub.",
        default=(),
    )
    operations: tuple[OperationManifest, ...] = declared(
        ListOf(Part(OperationManifest), items_max=500, unique=False), "What it can do."
    )

    def remarks(self) -> Iterator[Remark]:
        seen: set[str] = set()
        for index, operation in enumerate(self.operations):
            if operation.name in seen:
                detail = f"The operation {operation.name} is listed twice."
                yield Remark(("operations", index, "name"), detail, "Give each its own name.")
            seen.add(operation.name)
            wider = [word for word in operation.data_classes or () if word not in self.data_classes]
            if wider:
                detail = f"{operation.name} passes {', '.join(wider)}, which the connector does not allow."
                yield Remark(("operations", index, "dataClasses"), detail, "Add it to the connector's dataClasses.")
        for later, earlier, path in clashes([(entry.method, entry.path) for entry in self.operations]):
            other = self.operations[earlier]
            detail = f"{path} could mean {self.operations[later].name} or {other.name} ({other.path})."
            yield Remark(("operations", later, "path"), detail, "Make one of them more exact, or join them.")


@part
class ConnectionManifest:
    """A connection: a connector's configured target."""

    name: str = declared(name_kind("slack-production"), "Its readable id, unique in the install.", in_metadata=True)
    connector: str = declared(name_kind("slack"), "The connector's name.")
    version: str = declared(
        Text(SEMVER_PATTERN, "version (semantic versioning)", "1.0.0", 60), "The connector's version."
    )
    environment: str = declared(name_kind("production"), "The environment; it never changes.")
    region: str | None = declared(
        name_kind("local"), "Where the upstream stands; the environment's when absent.", default=None
    )
    upstream: str = declared(
        Text(
            UPSTREAM_PATTERN,
            "http(s) address",
            "https://api.example.com",
            1000,
            explain_upstream,
            quoted=False,
        ),
        "Where calls go: scheme, host, port and base path; never a user, a query or a fragment.",
    )
    network: str = declared(
        Choice(("public", "private")),
        "private allows addresses of this machine and of private networks.",
        default="public",
    )
    credential: str | None = declared(
        name_kind("slack-bot"), "The credential that the gateway adds; of the same environment.", default=None
    )
    limits: LimitsOverride = declared(
        Part(LimitsOverride), "Limits that differ from the connector's.", default=LimitsOverride()
    )

    def remarks(self) -> Iterator[Remark]:
        if self.name in RESERVED_CONNECTIONS:
            yield Remark(("name",), f"The hub answers at /{self.name} itself.", "Choose another name.")
        for detail, fix in upstream_remarks(self.upstream, self.network):
            yield Remark(("upstream",), detail, fix)


Manifest = AppManifest | ConnectorManifest | ConnectionManifest


KINDS: Final[dict[str, type[object]]] = {
    "App": AppManifest,
    "Connector": ConnectorManifest,
    "Connection": ConnectionManifest,
}
