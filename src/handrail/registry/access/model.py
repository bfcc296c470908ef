"""Approvals in force, grants, quarantine, clients, signing keys and tokens."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

from handrail.kernel.secret import Secret

POLICY_REVISION: Final = "manual@1"
TOKEN_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Grant:
    """One operation on one connection that an approval allows."""

    connection_id: str
    connection: str
    operation: str


@dataclass(frozen=True, slots=True)
class GrantedOperation:
    """What an approval is given for: an operation as its interface was when somebody reviewed it."""

    connection_id: str
    operation: str
    interface_digest: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What may run in an environment, who said so and until when.

    Attributes:
        environment: The environment's id (`environment_name` is its name).
        policy_revision: Under which policy it was given, as `manual@1`.
        approver: Id of the person, or `policy@revision`.
        expires_at: Microseconds since 1970, as all times here.
        superseded_at: When a newer version was approved; it then ends 14 days later at most.
        carried_from: The approval this one was carried over from; empty when somebody reviewed it.
        hub_revision: It is in force once every live hub has acknowledged a revision from this one on.
    """

    id: str
    app_id: str
    environment: str
    environment_name: str
    digest: str
    number: int
    policy_revision: str
    approver: str
    approver_name: str
    valid_from: int
    expires_at: int
    superseded_at: int | None
    revoked_at: int | None
    carried_from: str
    hub_revision: int

    def live(self, now: int) -> bool:
        """Tell whether it holds at a time."""
        return self.revoked_at is None and self.valid_from <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class AllowedKey:
    """What the gateway lets through: tokens with `key` may call this operation on this connection."""

    app_id: str
    key: str
    connection_id: str
    operation: str


@dataclass(frozen=True, slots=True)
class EndedKey:
    """A key whose approval ended a short while ago, and why its tokens are refused."""

    app_id: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A quarantine in force.

    Attributes:
        by: Name of who placed it.
    """

    app_id: str
    reason: str
    by: str
    at: int


class ClientKind(StrEnum):
    """How an app proves who it is."""

    KEY = "private_key_jwt"
    SECRET = "secret"  # noqa: S105 - the word, not a secret


@dataclass(frozen=True, slots=True)
class Client:
    """What an app signs in with, in one environment; never holds the secret.

    Attributes:
        id: The OAuth client id.
        key_id: Thumbprint of the registered public key; empty for a secret.
        last_used_at: Microseconds since 1970; None when it never was.
    """

    id: str
    app_id: str
    environment: str
    environment_name: str
    kind: ClientKind
    key_id: str
    created_at: int
    created_by: str
    last_used_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client that was just made; the only moment at which its secret can be read."""

    client: Client
    secret: Secret | None


class KeyState(StrEnum):
    """A signing key's life: published before use, used, then only published until its tokens ended."""

    NEXT = "next"
    ACTIVE = "active"
    RETIRED = "retired"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs tokens of one kind of environment; the private half never leaves this package.

    Attributes:
        published_revision: Hubs that acknowledged a revision from this one on know it.
    """

    kid: str
    kind: str
    state: KeyState
    published_revision: int
    created_at: int
    activated_at: int | None
    retired_at: int | None


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one step of a rotation did.

    Attributes:
        steps: What happened, in words; empty when nothing was due.
        waiting: Why the next step has to wait; empty when nothing is left to do.
    """

    steps: tuple[str, ...]
    waiting: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """How others reach us, without trailing slashes: issuers and audiences are made of them."""

    public_url: str
    hub_url: str

    def issuer(self, kind: str) -> str:
        return f"{self.public_url}/{kind}"

    def audience(self, environment: str) -> str:
        return f"{self.hub_url}/{environment}"

    @property
    def token_endpoint(self) -> str:
        return f"{self.public_url}/oauth/token"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The form of `POST /oauth/token`; empty text for what was not sent.

    Attributes:
        version: Digest, number or prefix of the candidate, in a sandbox only.
    """

    grant_type: str
    client_id: str = ""
    client_secret: Secret | None = None
    assertion_type: str = ""
    assertion: Secret | None = None
    version: str = ""
    scope: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and what is in it.

    Attributes:
        expires_in: Seconds from now.
        claims: What was signed.
    """

    token: Secret
    expires_in: int
    claims: dict[str, Any]


KindOfEnvironment = Literal["sandbox", "production"]


def key_claim(app_id: str, environment_name: str, digest: str) -> str:
    """Return the `key` claim: the one text that the gateway compares."""
    return f"{app_id}:{environment_name}:{digest}"
