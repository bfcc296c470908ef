"""What a connector's stored document says."""

import json
from functools import lru_cache
from typing import Any

from handrail.kernel.canonical import digest
from handrail.kernel.money import Money
from handrail.language.manifest import (
    IDEMPOTENT_METHODS,
    ConnectorManifest,
    CredentialRule,
    OperationManifest,
    manifest_of,
)
from handrail.platform.database import Row
from handrail.registry.connectors.model import CallLimits, ConnectorVersion, Operation


# A version never changes, so what its text means may be kept.
@lru_cache(maxsize=512)
def manifest_in(document: str) -> ConnectorManifest:
    """Return the manifest that a stored document holds."""
    return manifest_of(ConnectorManifest, json.loads(document))


@lru_cache(maxsize=512)
def _operations(document: str) -> tuple[Operation, ...]:
    manifest = manifest_in(document)
    return tuple(_operation(entry, manifest.data_classes) for entry in manifest.operations)


def _operation(entry: OperationManifest, inherited: tuple[str, ...]) -> Operation:
    own = inherited if entry.data_classes is None else entry.data_classes
    idempotent = entry.method in IDEMPOTENT_METHODS if entry.idempotent is None else entry.idempotent
    return Operation(
        name=entry.name,
        title=entry.title or entry.name,
        method=entry.method,
        path=entry.path,
        data_classes=own,
        price=Money(entry.price.micros, entry.price.currency) if entry.price else None,
        idempotent=idempotent,
        interface_digest=interface_digest(entry, own),
    )


def interface_digest(entry: OperationManifest, data_classes: tuple[str, ...]) -> str:
    """Return the digest of what an operation promises: it changes when an app that uses it could notice.

    Args:
        entry: The operation.
        data_classes: What passes, inherited classes included; their order does not count.
    """
    promised: dict[str, Any] = {
        "method": entry.method,
        "path": entry.path,
        "dataClasses": sorted(data_classes),
        "requestSchema": entry.request_schema,
        "responseSchema": entry.response_schema,
    }
    return digest(promised)


def version_of(row: Row) -> ConnectorVersion:
    """Return the connector version in a row."""
    manifest = manifest_in(row["document"])
    header, prefix = _carrier(manifest.credential)
    rate = manifest.limits.calls_per_minute
    return ConnectorVersion(
        id=row["version_id"],
        connector=manifest.name,
        version=manifest.version,
        title=manifest.title or manifest.name,
        credential_kind=manifest.credential.kind,  # type: ignore[arg-type] # the manifest allows only these
        credential_header=header,
        credential_prefix=prefix,
        data_classes=manifest.data_classes,
        limits=CallLimits(rate, manifest.limits.burst or rate),
        timeout_ms=manifest.timeout_ms,
        retries=manifest.retries,
        circuit=manifest.circuit,
        operations=_operations(row["document"]),
        rewrite_body_fields=manifest.rewrite_body_fields,
        digest=row["digest"],
        created_at=row["version_at"],
        created_by=row["created_by"],
    )


def _carrier(rule: CredentialRule) -> tuple[str, str]:
    if rule.kind == "none":
        return "", ""
    if rule.kind == "basic":
        return "authorization", "Basic "
    word = rule.prefix or ("Bearer" if rule.kind == "bearer" else "")
    return (rule.header or "authorization").lower(), f"{word} " if word else ""
