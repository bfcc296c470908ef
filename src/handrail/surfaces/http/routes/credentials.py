"""Credentials that hubs inject: listed and set, never read."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import Field, SecretStr

from handrail.kernel.clock import rfc3339
from handrail.kernel.secret import Secret
from handrail.registry import connectors
from handrail.registry.connectors import Credential
from handrail.registry.identity import Permission, require
from handrail.runtime import signals
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ConfirmedCallerDep, ContextDep
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["credentials"])


class CredentialFields(Body):
    """For a connector of kind bearer `token`, header `value`, basic `username` and `password`."""

    fields: dict[str, SecretStr] = Field(min_length=1, max_length=10)


class CredentialView(View):
    """Everything but the value; `usedBy` names connections.

    `lastUsedAt` is when one of them last passed a call on, to the minute; null when that is not known.
    """

    name: str
    environment: str
    version: int
    fields: list[str]
    used_by: list[str]
    created_at: str
    created_by: str
    last_used_at: str | None

    @classmethod
    def of(cls, credential: Credential, seen: Mapping[str, int]) -> "CredentialView":
        used = [seen[connection] for connection in credential.used_by if connection in seen]
        return cls(
            name=credential.name,
            environment=credential.environment,
            version=credential.version,
            fields=list(credential.fields),
            used_by=list(credential.used_by),
            created_at=rfc3339(credential.created_at),
            created_by=credential.created_by,
            last_used_at=rfc3339(max(used)) if used else None,
        )


class CredentialsView(View):
    items: list[CredentialView]


class CredentialVersionView(View):
    name: str
    environment: str
    version: int


@router.get("/api/v1/credentials", responses=PROBLEMS)
def list_credentials(context: ContextDep, caller: CallerDep, environment: str = "") -> CredentialsView:
    """List the credentials with their versions and uses; values are never given out."""
    require(caller, Permission.CONNECTOR_READ)
    with context.database.read() as work:
        found = connectors.credentials(work, context.vault, environment)
        seen = signals.connections_seen(work)
    return CredentialsView(items=[CredentialView.of(credential, seen) for credential in found])


@router.put("/api/v1/credentials/{environment}/{name}", responses=PROBLEMS)
def set_credential(
    context: ContextDep, caller: ConfirmedCallerDep, environment: str, name: str, body: CredentialFields
) -> CredentialVersionView:
    """Set a new version of a credential; the hubs use it within seconds."""
    fields = {field: Secret(value.get_secret_value()) for field, value in body.fields.items()}
    with context.database.begin() as work:
        version = connectors.set_credential(work, context.vault, caller, name, environment, fields)
    return CredentialVersionView(name=name, environment=environment, version=version)
