"""Reads the declared state out of the registry: a few set-based queries, whatever the number of apps."""

import base64
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from handrail.kernel.secret import Secret
from handrail.platform.database import Work, revisions
from handrail.registry import access
from handrail.registry.connectors import Connection, environments
from handrail.registry.vault import CredentialUnknown, Vault
from handrail.runtime.hub.model import (
    DeclaredConnection,
    DeclaredOperation,
    DeclaredState,
    EndedKey,
    InjectedSecret,
    Issuer,
    Refusal,
)

_FIX: Final = "Run the approved version again, or ask for a review of this one: handrail submit."


def held_apps(work: Work) -> tuple[str, ...]:
    """Return the ids of the apps in quarantine."""
    return tuple(access.quarantined(work))


def declared_state(work: Work, served: Sequence[Connection], *, public_url: str, hub_url: str) -> DeclaredState:
    """Read everything a hub must enforce, but the quarantine and the secrets."""
    known = environments(work)
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    refusals: list[Refusal] = []
    ended: list[EndedKey] = []
    names = {connection.id: connection.name for connection in served}
    for environment in known:
        for allowed in access.allowed_keys(work, environment):
            keys[allowed.connection_id, allowed.operation].append(allowed.key)
        granted = access.granted_connections(work, environment)
        refusals.extend(
            Refusal(app_id, environment.name, text, _FIX, _named(granted.get(app_id, ()), names))
            for app_id, (_digest, text) in access.refusals(work, environment).items()
        )
        ended.extend(
            EndedKey(gone.key, gone.text, _FIX, _named(granted.get(gone.app_id, ()), names))
            for gone in access.ended_keys(work, environment)
        )
    kinds = sorted({environment.kind for environment in known})
    return DeclaredState(
        revision=revisions.current(work, "hub"),
        hub_url=hub_url,
        environments=tuple(environment.name for environment in known),
        issuers=tuple(
            Issuer(
                kind=kind,
                url=f"{public_url}/{kind}",
                audiences=tuple(f"{hub_url}/{found.name}" for found in known if found.kind == kind),
                jwks=access.jwks(work, kind),
            )
            for kind in kinds
        ),
        connections=tuple(_declared(connection, keys) for connection in served),
        refusals=tuple(refusals),
        ended=tuple(ended),
    )


def _named(ids: frozenset[str] | tuple[str, ...], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(names[connection] for connection in ids if connection in names))


def _declared(connection: Connection, keys: dict[tuple[str, str], list[str]]) -> DeclaredConnection:
    version = connection.connector_version
    operations = tuple(
        DeclaredOperation(
            name=operation.name,
            method=operation.method,
            path=operation.path,
            keys=tuple(keys.get((connection.id, operation.name), ())),
            idempotent=operation.idempotent,
            price_micros=None if operation.price is None else operation.price.micros,
            currency="" if operation.price is None else operation.price.currency,
        )
        for operation in version.operations
    )
    circuit = version.circuit
    return DeclaredConnection(
        name=connection.name,
        environment=connection.environment.name,
        upstream=connection.upstream,
        network=connection.network,
        operations=operations,
        credential=connection.name if version.credential_kind != "none" else "",
        credential_header=_header(version.credential_kind, version.credential_header),
        calls_per_minute=connection.calls_per_minute,
        burst=connection.burst,
        timeout_ms=version.timeout_ms,
        retries=version.retries.attempts,
        retry_statuses=tuple(version.retries.statuses),
        max_connections=circuit.max_connections,
        max_pending=circuit.max_pending,
        consecutive_errors=circuit.consecutive_errors,
        eject_ms=circuit.eject_ms,
    )


def _header(kind: str, header: str) -> str:
    return header.lower() if kind == "header" else "authorization"


def injected_secrets(work: Work, vault: Vault, served: Sequence[Connection]) -> tuple[InjectedSecret, ...]:
    """Return the finished header value of each connection; one whose credential is not set is left out.

    A hub answers `credential_missing` for such a connection: Envoy sends nothing without the secret.
    """
    found: list[InjectedSecret] = []
    for connection in served:
        if connection.connector_version.credential_kind == "none" or not connection.credential:
            continue
        try:
            fields = vault.reveal(work, connection.credential, connection.environment.name)
        except CredentialUnknown:
            continue
        value = _header_value(connection, {name: secret.reveal() for name, secret in fields.items()})
        if value:
            found.append(InjectedSecret(connection.name, Secret(value)))
    return tuple(found)


def _header_value(connection: Connection, fields: dict[str, str]) -> str:
    version = connection.connector_version
    match version.credential_kind:
        case "bearer":
            return f"{version.credential_prefix or 'Bearer '}{fields.get('token', '')}" if "token" in fields else ""
        case "header":
            return f"{version.credential_prefix or ''}{fields['value']}" if "value" in fields else ""
        case "basic":
            pair = f"{fields.get('username', '')}:{fields.get('password', '')}"
            return "Basic " + base64.b64encode(pair.encode()).decode() if "username" in fields else ""
        case _:
            return ""
