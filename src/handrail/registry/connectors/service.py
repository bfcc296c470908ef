"""Environments and connectors: list, find, apply."""

from typing import NamedTuple

from handrail.kernel.canonical import canonical, sha256
from handrail.kernel.ids import new_id
from handrail.language.manifest import (
    ConnectorManifest,
    differences,
    document_of,
    next_version,
    version_key,
)
from handrail.platform.database import Row, Work
from handrail.registry import audit
from handrail.registry.connectors import store
from handrail.registry.connectors.content import manifest_in, version_of
from handrail.registry.connectors.errors import (
    ConnectorUnknown,
    ConnectorVersionTaken,
    ConnectorVersionUnknown,
    EnvironmentUnknown,
)
from handrail.registry.connectors.model import ConnectorVersion, Environment, Plan
from handrail.registry.identity import Caller, Permission, require_everywhere


class _Planned(NamedTuple):
    plan: Plan
    existing: Row | None


def environments(work: Work) -> list[Environment]:
    """Return every environment, sandboxes first."""
    return [Environment(**dict(row)) for row in work.all(store.ENVIRONMENTS)]


def find_environment(work: Work, name: str) -> Environment:
    """Return an environment.

    Raises:
        EnvironmentUnknown: With the names there are.
    """
    row = work.one(store.ENVIRONMENT, name=name)
    if row is None:
        known = ", ".join(environment.name for environment in environments(work))
        raise EnvironmentUnknown(f"There is no environment {name!r}.", fix=f"There are: {known}.", place="environment")
    return Environment(**dict(row))


def connectors(work: Work) -> list[ConnectorVersion]:
    """Return the newest version of every connector, by name."""
    newest: dict[str, ConnectorVersion] = {}
    for row in work.all(store.VERSIONS, name=""):
        version = version_of(row)
        held = newest.get(version.connector)
        if held is None or version_key(held.version) <= version_key(version.version):
            newest[version.connector] = version
    return list(newest.values())


def connector_of_connections(work: Work) -> dict[str, str]:
    """Return the connector's name of every connection there is or was, by the connection's name."""
    return {row["name"]: row["connector"] for row in work.all(store.CONNECTORS_OF_CONNECTIONS)}


def connector_versions(work: Work, name: str) -> list[ConnectorVersion]:
    """Return the versions of a connector, newest first.

    Raises:
        ConnectorUnknown: There is none of that name.
    """
    rows = work.all(store.VERSIONS, name=name) if name else []
    if not rows:
        raise ConnectorUnknown(
            f"There is no connector {name!r}.", fix="See them with: handrail connector list", place="connector"
        )
    return sorted(map(version_of, rows), key=lambda found: version_key(found.version), reverse=True)


def find_connector(work: Work, name: str, version: str = "") -> ConnectorVersion:
    """Return a version of a connector; the newest by default.

    Raises:
        ConnectorUnknown: There is none of that name.
        ConnectorVersionUnknown: With the versions there are.
    """
    versions = connector_versions(work, name)
    found = next((held for held in versions if version in {"", held.version}), None)
    if found is None:
        known = ", ".join(held.version for held in versions[:10])
        raise ConnectorVersionUnknown(
            f"The connector {name} has no version {version}.",
            fix=f"There are: {known}. Or apply that version first: handrail connector apply FILE",
            place="spec.version",
        )
    return found


def plan_connector(work: Work, caller: Caller, manifest: ConnectorManifest) -> Plan:
    """Say what applying a connector's manifest would do; writes nothing.

    Raises:
        RoleMissing: The caller may not change connectors.
        ConnectorVersionTaken: As `apply_connector`.
    """
    return _planned(work, caller, manifest).plan


def apply_connector(work: Work, caller: Caller, manifest: ConnectorManifest) -> ConnectorVersion:
    """Add a version of a connector; the same content again changes nothing.

    Connections keep the version that they name, so nothing that runs changes.

    Raises:
        RoleMissing: The caller may not change connectors.
        ConnectorVersionTaken: That version exists with other content; names the next one.
    """
    # Two versions of one connector must not both find that it does not exist.
    work.lock(f"connector:{manifest.name}")
    plan, existing = _planned(work, caller, manifest)
    if existing is not None:
        return version_of(existing)
    connector_id = work.scalar(store.CONNECTOR_ID, name=manifest.name)
    if connector_id is None:
        connector_id = new_id()
        work.run(store.INSERT_CONNECTOR, id=connector_id, name=manifest.name, now=work.now)
    document = canonical(document_of(manifest))
    row = {
        "id": new_id(),
        "connector_id": connector_id,
        "version": manifest.version,
        "digest": sha256(document),
        "document": document.decode(),
        "now": work.now,
        "created_by": caller.name,
    }
    work.run(store.INSERT_VERSION, **row)
    facts = {
        "name": manifest.name,
        "version": manifest.version,
        "digest": row["digest"],
        "changes": list(plan.changes[:50]),
    }
    audit.record(work, caller.actor, "connector.applied", f"connector:{connector_id}", facts)
    return next(version for version in connector_versions(work, manifest.name) if version.version == manifest.version)


def _planned(work: Work, caller: Caller, manifest: ConnectorManifest) -> _Planned:
    require_everywhere(caller, Permission.CONNECTOR_WRITE)
    subject = f"connector {manifest.name} {manifest.version}"
    rows = sorted(
        work.all(store.VERSIONS, name=manifest.name),
        key=lambda row: version_key(manifest_in(row["document"]).version),
    )
    if not rows:
        operations = f"{len(manifest.operations)} operation{'s'[: len(manifest.operations) != 1]}"
        return _Planned(Plan(subject, "created", (f"{manifest.name} is new, with {operations}",)), None)
    wanted = document_of(manifest)
    same = next((row for row in rows if manifest_in(row["document"]).version == manifest.version), None)
    if same is not None:
        # Defaults that a later Handrail added are filled in on both sides.
        changes = differences(document_of(manifest_in(same["document"])), wanted)
        if not changes:
            return _Planned(Plan(subject, "unchanged", ()), same)
        newest = manifest_in(rows[-1]["document"]).version
        raise ConnectorVersionTaken(
            f"{manifest.name} {manifest.version} exists with other content, and a version never changes.",
            fix=f"Say version: {next_version(newest)}",
            place="spec.version",
            details={"changes": list(changes[:50]), "next": next_version(newest)},
        )
    before = next(
        (row for row in reversed(rows) if _key(row) < version_key(manifest.version)),
        rows[-1],
    )
    changes = differences(document_of(manifest_in(before["document"])), wanted)
    return _Planned(Plan(subject, "updated", changes), None)


def _key(row: Row) -> tuple[object, ...]:
    return version_key(manifest_in(row["document"]).version)
