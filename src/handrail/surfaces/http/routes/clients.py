"""Clients: what apps sign in with; and the keys that sign tokens."""

from typing import Any, Literal

from fastapi import APIRouter

from handrail.governance import lifecycle
from handrail.kernel.clock import rfc3339
from handrail.registry import access
from handrail.registry.access import Client, NewClient, SigningKey
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ConfirmedCallerDep, ContextDep
from handrail.surfaces.http.texts import Line
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["clients"])


class ClientView(View):
    """`id` is the OAuth client id; `keyId` is the thumbprint of a registered key."""

    id: str
    environment: str
    kind: str
    key_id: str
    created_at: str
    created_by: str
    last_used_at: str | None
    revoked_at: str | None

    @classmethod
    def of(cls, client: Client) -> "ClientView":
        return cls(
            id=client.id,
            environment=client.environment_name,
            kind=client.kind.value,
            key_id=client.key_id,
            created_at=rfc3339(client.created_at),
            created_by=client.created_by,
            last_used_at=None if client.last_used_at is None else rfc3339(client.last_used_at),
            revoked_at=None if client.revoked_at is None else rfc3339(client.revoked_at),
        )


class ClientsView(View):
    items: list[ClientView]


class NewClientView(ClientView):
    """`secret` is shown here and never again."""

    token_endpoint: str
    secret: str | None

    @classmethod
    def made(cls, made: NewClient, public_url: str) -> "NewClientView":
        return cls(
            **ClientView.of(made.client).model_dump(),
            token_endpoint=f"{public_url}/oauth/token",
            secret=made.secret.reveal() if made.secret else None,
        )


class ClientNew(Body):
    """With `publicKey` (a JWK, the public half only) the app signs assertions; without it, it gets a secret."""

    environment: Line = "production"
    public_key: dict[str, Any] | None = None


class SigningKeyView(View):
    kid: str
    kind: str
    state: str
    created_at: str
    activated_at: str | None
    retired_at: str | None

    @classmethod
    def of(cls, key: SigningKey) -> "SigningKeyView":
        return cls(
            kid=key.kid,
            kind=key.kind,
            state=key.state.value,
            created_at=rfc3339(key.created_at),
            activated_at=None if key.activated_at is None else rfc3339(key.activated_at),
            retired_at=None if key.retired_at is None else rfc3339(key.retired_at),
        )


class SigningKeysView(View):
    items: list[SigningKeyView]


class RotationView(View):
    """`waiting` says what the next step waits for; empty when nothing is left to do."""

    steps: list[str]
    waiting: str


@router.get("/api/v1/apps/{name}/clients", responses=PROBLEMS)
def list_clients(context: ContextDep, caller: CallerDep, name: str) -> ClientsView:
    """List what an app signs in with; never a secret."""
    with context.database.read() as work:
        return ClientsView(items=[ClientView.of(each) for each in access.clients(work, caller, name)])


@router.post("/api/v1/apps/{name}/clients", status_code=201, responses=PROBLEMS)
def add_client(context: ContextDep, caller: CallerDep, name: str, body: ClientNew) -> NewClientView:
    """Register a public key, or make a secret that is shown once."""
    with context.database.begin() as work:
        if body.public_key is None:
            made = access.add_secret_client(work, caller, name, body.environment)
        else:
            made = access.add_key_client(work, caller, name, body.environment, body.public_key)
    return NewClientView.made(made, context.public_url)


@router.delete("/api/v1/apps/{name}/clients/{client_id}", responses=PROBLEMS)
def revoke_client(context: ContextDep, caller: CallerDep, name: str, client_id: str) -> ClientView:
    """End a client: it gets no token from now on."""
    with context.database.begin() as work:
        return ClientView.of(access.revoke_client(work, caller, name, client_id))


@router.get("/api/v1/signing-keys", responses=PROBLEMS)
def list_signing_keys(context: ContextDep, caller: CallerDep) -> SigningKeysView:
    """List the keys that sign tokens; never a private one."""
    with context.database.read() as work:
        return SigningKeysView(items=[SigningKeyView.of(key) for key in access.signing_keys(work, caller)])


@router.post("/api/v1/signing-keys/{kind}/rotate", responses=PROBLEMS)
def rotate_signing_key(
    context: ContextDep, caller: ConfirmedCallerDep, kind: Literal["sandbox", "production"]
) -> RotationView:
    """Publish a new signing key, or take the next step of a rotation under way."""
    with context.database.begin() as work:
        rotation = lifecycle.rotate_key(work, context.vault, caller, kind)
    return RotationView(steps=list(rotation.steps), waiting=rotation.waiting)
