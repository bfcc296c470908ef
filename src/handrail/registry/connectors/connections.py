"""Connections: list, find, apply, remove."""

from collections.abc import Collection
from typing import Final, NamedTuple

from handrail.kernel.canonical import digest
from handrail.kernel.clock import rfc3339
from handrail.kernel.ids import new_id
from handrail.language.manifest import (
    ConnectionManifest,
    LimitsOverride,
    differences,
    document_of,
    normal_upstream,
)
from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit
from handrail.registry.connectors import store
from handrail.registry.connectors.content import manifest_in, version_of
from handrail.registry.connectors.credentials import require_usable
from handrail.registry.connectors.errors import (
    ConnectionChanged,
    ConnectionFixed,
    ConnectionInUse,
    ConnectionRemoved,
    ConnectionUnknown,
)
from handrail.registry.connectors.model import CallLimits, Connection, ConnectorVersion, Environment, Plan
from handrail.registry.connectors.ports import AppsUsing
from handrail.registry.connectors.service import find_connector, find_environment
from handrail.registry.identity import Caller, Permission, require_everywhere
from handrail.registry.vault import Vault

_CONTENT: Final = (
    "name",
    "environment_name",
    "version_id",
    "upstream",
    "region",
    "network",
    "credential",
    "calls_per_minute",
    "burst",
)


class _Planned(NamedTuple):
    plan: Plan
    wanted: ConnectionManifest
    environment: Environment
    version: ConnectorVersion
    existing: Row | None


def connections(work: Work, environment: str = "") -> list[Connection]:
    """Return the connections of an environment's name (of all by default), by name."""
    return [_connection(row) for row in work.all(store.CONNECTIONS, environment=environment)]


def first_connection_at(work: Work) -> int | None:
    """Return since when there is a connection, or None."""
    found: int | None = work.scalar(store.FIRST_CONNECTION)
    return found


def find_connection(work: Work, name: str) -> Connection:
    """Return a connection.

    Raises:
        ConnectionUnknown: There is none of that name, or it was removed.
    """
    return _found(work.one(store.CONNECTION_BY_NAME, name=name), name)


def connection_by_id(work: Work, connection_id: str) -> Connection:
    """Return a connection; as `find_connection`."""
    return _found(work.one(store.CONNECTION_BY_ID, id=connection_id), connection_id)


def plan_connection(work: Work, vault: Vault, caller: Caller, manifest: ConnectionManifest) -> Plan:
    """Say what applying a connection's manifest would do; writes nothing.

    Raises:
        HandrailError: As `apply_connection`.
    """
    return _planned(work, vault, caller, manifest).plan


def apply_connection(
    work: Work,
    vault: Vault,
    caller: Caller,
    manifest: ConnectionManifest,
    *,
    expected: Collection[str] | None = None,
) -> Connection:
    """Add a connection, or change one; the same content again changes nothing.

    Args:
        work: The unit of work.
        vault: Knows which credentials there are.
        caller: Who asks.
        manifest: What it is to be.
        expected: Tags of the states that the caller saw (`Connection.tag`); `*` for any that exists, None for any.

    Raises:
        ConnectionChanged: If it is in none of the expected states.
        RoleMissing: The caller may not change connectors.
        EnvironmentUnknown: There is no such environment.
        ConnectorUnknown: There is no such connector.
        ConnectorVersionUnknown: The connector has no such version.
        ConnectionFixed: It would move to another environment or connector.
        ConnectionRemoved: The name was used before.
        CredentialMissing: The connector needs one, and none is named or set.
        CredentialElsewhere: The credential belongs to another environment.
        CredentialMismatch: The credential does not fit the connector.
    """
    # A name is unique over all environments; two that apply it at once must see each other.
    work.lock(f"connection:{manifest.name}")
    plan, wanted, environment, version, existing = _planned(work, vault, caller, manifest)
    _require_unchanged(existing, manifest.name, expected)
    if plan.outcome == "unchanged" and existing is not None:
        return _connection(existing)
    connection_id = str(existing["id"]) if existing is not None else new_id()
    row = {
        "id": connection_id,
        "version_id": version.id,
        "upstream": wanted.upstream,
        "region": wanted.region,
        "network": wanted.network,
        "credential": wanted.credential,
        "calls_per_minute": wanted.limits.calls_per_minute,
        "burst": wanted.limits.burst,
        "now": work.now,
        "by": caller.name,
    }
    if existing is None:
        work.run(store.INSERT_CONNECTION, name=wanted.name, environment_id=environment.id, **row)
    else:
        work.run(store.UPDATE_CONNECTION, **row)
    facts = {"name": wanted.name, "environment": environment.name, "changes": list(plan.changes[:50])}
    audit.record(work, caller.actor, "connection.applied", f"connection:{connection_id}", facts)
    revisions.bump(work, "hub")
    return connection_by_id(work, connection_id)


def remove_connection(work: Work, caller: Caller, name: str, apps_using: AppsUsing) -> Connection:
    """Remove a connection that no app has a grant on; its name is never given again.

    Args:
        work: The unit of work.
        caller: Who asks.
        name: The connection.
        apps_using: Tells which apps would lose it.

    Raises:
        RoleMissing: The caller may not change connectors.
        ConnectionUnknown: There is none of that name.
        ConnectionInUse: With the apps that have a grant on it.
    """
    require_everywhere(caller, Permission.CONNECTOR_WRITE)
    work.lock(f"connection:{name}")
    connection = find_connection(work, name)
    apps = sorted(apps_using(work, connection.id))
    if apps:
        raise ConnectionInUse(
            f"{name} is used by {len(apps)} app{'s'[: len(apps) != 1]}.",
            fix=f"Revoke their approvals first: {', '.join(apps[:10])}.",
            details={"apps": apps},
        )
    work.run(store.REMOVE_CONNECTION, id=connection.id, now=work.now, by=caller.name)
    facts = {"name": name, "environment": connection.environment.name}
    audit.record(work, caller.actor, "connection.removed", f"connection:{connection.id}", facts)
    revisions.bump(work, "hub")
    return connection


def _planned(work: Work, vault: Vault, caller: Caller, manifest: ConnectionManifest) -> _Planned:
    require_everywhere(caller, Permission.CONNECTOR_WRITE)
    environment = find_environment(work, manifest.environment)
    version = find_connector(work, manifest.connector, manifest.version)
    wanted = ConnectionManifest(
        name=manifest.name,
        connector=manifest.connector,
        version=manifest.version,
        environment=manifest.environment,
        region=manifest.region or environment.region,
        upstream=normal_upstream(manifest.upstream),
        network=manifest.network,
        credential=manifest.credential,
        limits=manifest.limits,
    )
    existing = work.one(store.CONNECTION_BY_NAME, name=manifest.name)
    if existing is not None:
        _require_same(existing, manifest)
    require_usable(work, vault, wanted.credential, environment, version)
    subject = f"connection {manifest.name}"
    if existing is None:
        said = f"{manifest.name} is new in {environment.name}: {version.connector} {version.version}"
        plan = Plan(subject, "created", (f"{said} at {wanted.upstream}",))
    else:
        changes = differences(document_of(_manifest(existing)), document_of(wanted))
        plan = Plan(subject, "updated" if changes else "unchanged", changes)
    return _Planned(plan, wanted, environment, version, existing)


def _require_same(existing: Row, manifest: ConnectionManifest) -> None:
    name = manifest.name
    if existing["removed_at"] is not None:
        raise ConnectionRemoved(
            f"{name} was removed, and a name is never given again.",
            fix="Choose another name.",
            place="metadata.name",
        )
    connector = manifest_in(existing["document"]).name
    for word, held, asked in (
        ("environment", existing["environment_name"], manifest.environment),
        ("connector", connector, manifest.connector),
    ):
        if held != asked:
            raise ConnectionFixed(
                f"{name} belongs to the {word} {held}; that never changes, because grants were given for it.",
                fix=f"Give the one for {asked} another name, such as {name[:40]}-{asked[:20]}.",
                place=f"spec.{word}",
            )


def _require_unchanged(existing: Row | None, name: str, expected: Collection[str] | None) -> None:
    if expected is None:
        return
    tag = "" if existing is None else _tag(existing)
    if existing is not None and ("*" in expected or tag in expected):
        return
    raise ConnectionChanged(
        f"{name} was changed by {existing['updated_by']} since you looked at it."
        if existing is not None
        else f"There is no connection {name!r} to change.",
        fix="Compare with details.current, then apply your change again with the new ETag."
        if existing is not None
        else "Leave out If-Match to add it.",
        details={
            "current": None if existing is None else document_of(_manifest(existing)),
            "etag": tag,
            "changedBy": "" if existing is None else existing["updated_by"],
            "changedAt": None if existing is None else rfc3339(existing["updated_at"]),
        },
    )


def _tag(row: Row) -> str:
    return digest({name: row[name] for name in _CONTENT}).removeprefix("sha256:")[:32]


def _manifest(row: Row) -> ConnectionManifest:
    version = manifest_in(row["document"])
    return ConnectionManifest(
        name=row["name"],
        connector=version.name,
        version=version.version,
        environment=row["environment_name"],
        region=row["region"],
        upstream=row["upstream"],
        network=row["network"],
        credential=row["credential"],
        limits=LimitsOverride(calls_per_minute=row["calls_per_minute"], burst=row["burst"]),
    )


def _found(row: Row | None, name: str) -> Connection:
    if row is None or row["removed_at"] is not None:
        raise ConnectionUnknown(
            f"There is no connection {name!r}.",
            fix="See them with: handrail connection list",
            place="connection",
        )
    return _connection(row)


def _connection(row: Row) -> Connection:
    version = version_of(row)
    limits = _limits(version.limits, row["calls_per_minute"], row["burst"])
    return Connection(
        id=row["id"],
        name=row["name"],
        environment=Environment(
            row["environment_id"],
            row["environment_name"],
            row["environment_kind"],
            row["environment_region"],
        ),
        connector_version=version,
        upstream=row["upstream"],
        region=row["region"],
        network=row["network"],
        credential=row["credential"],
        calls_per_minute=limits.calls_per_minute,
        burst=limits.burst,
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        tag=_tag(row),
    )


def _limits(inherited: CallLimits, calls_per_minute: int | None, burst: int | None) -> CallLimits:
    # A connection that changes the rate alone does not keep a burst that was meant for another rate.
    rate = calls_per_minute or inherited.calls_per_minute
    return CallLimits(rate, burst or (calls_per_minute or inherited.burst))
