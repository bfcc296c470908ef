"""What a hub must enforce: the declared state, the route table made of it, and hubs themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handrail.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs tokens for one kind of environment.

    Attributes:
        kind: `sandbox` or `production`.
        url: The tokens' `iss`.
        audiences: What `aud` may be: one for each environment of the kind.
        jwks: The public keys, as an RFC 7517 document.
    """

    kind: str
    url: str
    audiences: tuple[str, ...]
    jwks: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DeclaredOperation:
    """One operation of a connection.

    Attributes:
        method: HTTP method in upper case.
        path: Path template such as `/repos/{owner}/issues`.
        keys: The token keys that may call it (`app:environment:digest`).
        idempotent: Whether a failed call may be sent again.
        price_micros: Price of one call; None when nobody set one.
    """

    name: str
    method: str
    path: str
    keys: tuple[str, ...]
    idempotent: bool = False
    price_micros: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredConnection:
    """One connection as a hub must serve it.

    Attributes:
        upstream: Base URL of the real service.
        network: `public` or `private` (private addresses are allowed).
        credential: Name of the secret that is injected; empty for none.
        credential_header: Header that carries it.
        calls_per_minute: Limit for each app; None for no limit.
        burst: Calls that may come at once.
        retries: Times that a failed idempotent call is sent again.
        rewrite_links: Whether `Location` and `Link` answers are pointed back at the hub.
    """

    name: str
    environment: str
    upstream: str
    network: str
    operations: tuple[DeclaredOperation, ...]
    credential: str = ""
    credential_header: str = "authorization"
    calls_per_minute: int | None = None
    burst: int | None = None
    timeout_ms: int = 15_000
    retries: int = 0
    retry_statuses: tuple[int, ...] = ()
    max_connections: int = 100
    max_pending: int = 100
    consecutive_errors: int = 0
    eject_ms: int = 30_000
    rewrite_links: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an app's calls are refused in an environment although its tokens are genuine.

    Attributes:
        environment: Name of the environment.
        text: The difference between what runs and what was approved, in words.
        fix: What would pass.
        connections: Where the app had grants; only there its calls are told apart.
    """

    app_id: str
    environment: str
    text: str
    fix: str
    connections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndedKey:
    """A key whose approval ended while its tokens may still be alive."""

    key: str
    text: str
    fix: str
    connections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclaredState:
    """Everything that `compile` needs; a value, read in one unit of work.

    Attributes:
        revision: The counter of the state that this was read from.
        hub_url: How apps reach the hub (for links that are rewritten).
    """

    revision: int
    hub_url: str
    environments: tuple[str, ...]
    issuers: tuple[Issuer, ...]
    connections: tuple[DeclaredConnection, ...]
    refusals: tuple[Refusal, ...] = ()
    ended: tuple[EndedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Denial:
    """An answer that the hub gives itself.

    Attributes:
        status: HTTP status.
        code: Stable problem code.
        detail: What happened, in words.
        fix: What would pass.
    """

    status: int
    code: str
    detail: str
    fix: str


@dataclass(frozen=True, slots=True)
class OperationRoute:
    """One operation as the route table knows it, most specific first in its connection.

    Attributes:
        regex: RE2 that the normalised path with query must match whole, after the connection's prefix.
        log_name: `connection/operation/price micros/currency`, what the call log carries.
        shadows: Whether a less specific operation would match the same paths; then a key without a grant here must
            not fall through to it.
    """

    method: str
    regex: str
    keys: tuple[str, ...]
    log_name: str
    timeout_ms: int
    retries: int
    retry_on: str
    retry_statuses: tuple[int, ...]
    shadows: bool


@dataclass(frozen=True, slots=True)
class ConnectionRoutes:
    """All routes of one connection, and its denials.

    Attributes:
        base_path: Path of the upstream's URL, without a trailing slash.
        origin: Scheme and authority of the upstream.
        foreign: Environments whose keys never belong here.
        refused: App id to denial.
        ended: Key to denial.
        otherwise: What everybody else is told.
    """

    connection: str
    cluster: str
    authority: str
    origin: str
    base_path: str
    operations: tuple[OperationRoute, ...]
    foreign: tuple[tuple[str, Denial], ...]
    refused: tuple[tuple[str, Denial], ...]
    ended: tuple[tuple[str, Denial], ...]
    otherwise: Denial
    limited: bool
    rewrite_links: bool


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The whole gateway as a value between declared state and Envoy's resources."""

    hub_url: str
    connections: tuple[ConnectionRoutes, ...]


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where a cluster's addresses come from; the hub's agent resolves and judges them."""

    cluster: str
    host: str
    port: int
    network: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one snapshot is made of, before it is signed and sealed.

    Attributes:
        files: Envoy discovery file name to its JSON document.
        upstreams: Clusters to resolve.
    """

    files: Mapping[str, Mapping[str, object]]
    upstreams: tuple[Upstream, ...]


@dataclass(frozen=True, slots=True)
class InjectedSecret:
    """A finished header value for one connection."""

    name: str
    value: Secret = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hub:
    """One gateway and its agent.

    Attributes:
        public_key: X25519 key that parts are sealed to, base64url.
        acked_revision: Last revision that its Envoy confirmed.
        acked_quarantine: Last quarantine revision that its Envoy confirmed.
        seen_at: Last contact, microseconds; None before the first.
    """

    id: str
    name: str
    region: str
    public_key: str
    acked_epoch: int
    acked_revision: int
    acked_quarantine: int
    seen_at: int | None
    problems: tuple[str, ...]
    created_at: int
