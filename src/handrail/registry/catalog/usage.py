"""Which operations on which connections a version asks for, checked against what exists."""

import difflib
from dataclasses import dataclass
from typing import NoReturn

from handrail.language.manifest import AppManifest, UsedConnection
from handrail.platform.database import Work
from handrail.registry.catalog.errors import ConnectionNotHere, OperationUnknown
from handrail.registry.catalog.model import Version
from handrail.registry.connectors import Connection, Environment, Operation, connections


@dataclass(frozen=True, slots=True)
class Use:
    """One connection that a version uses, as its closure says, and what became of it.

    Attributes:
        operations: What the version calls there.
        gone: Those of them that the connection no longer offers.
        changed: Those of them whose interface is another one than when the closure was taken.
        data_classes: What the connection may carry now.
        live: False when the connection is gone, or another one has its name.
    """

    connection_id: str
    connection: str
    operations: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    data_classes: tuple[str, ...]
    live: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """One connection that a manifest names, with the operations that it has."""

    connection: Connection
    operations: tuple[Operation, ...]


def resolve(work: Work, manifest: AppManifest, environment: Environment, file: str) -> list[Wanted]:
    """Return the connections and operations that a manifest names.

    Raises:
        ConnectionNotHere: For a connection that isn't in the environment, with the nearest one that is.
        OperationUnknown: For an operation that the connection doesn't offer, with the nearest one that it does.
    """
    here = {connection.name: connection for connection in connections(work, environment.name)}
    found = []
    for index, used in enumerate(manifest.connections):
        place = f"{file}:/spec/connections/{index}"
        connection = here.get(used.connection)
        if connection is None:
            _not_here(used, environment, sorted(here), place)
        for number, name in enumerate(used.operations):
            if connection.connector_version.operation(name) is None:
                _not_offered(connection, name, f"{place}/operations/{number}")
        found.append(_wanted(connection, used))
    return found


def resolve_what_is_left(work: Work, manifest: AppManifest, environment: Environment) -> list[Wanted]:
    """Return those connections and operations that a manifest names and that still exist.

    What is gone changes the closure, so the version is no longer the approved one.
    """
    here = {connection.name: connection for connection in connections(work, environment.name)}
    return [_wanted(here[used.connection], used) for used in manifest.connections if used.connection in here]


def uses(work: Work, version: Version) -> tuple[Use, ...]:
    """Return what a version uses, and what became of it since its closure was taken."""
    here = {connection.name: connection for connection in connections(work, version.environment_name)}
    taken: dict[str, dict[str, str]] = {name: {} for name, _ in version.closure["connections"]}
    for name, operation, interface in version.closure["operations"]:
        taken[name][operation] = interface
    ids = dict(version.closure["connections"])
    return tuple(_use(ids[name], name, taken[name], here.get(name)) for name in sorted(taken))


def _wanted(connection: Connection, used: UsedConnection) -> Wanted:
    offered = {operation.name: operation for operation in connection.connector_version.operations}
    return Wanted(connection, tuple(offered[name] for name in used.operations if name in offered))


def _use(connection_id: str, name: str, taken: dict[str, str], connection: Connection | None) -> Use:
    operations = tuple(sorted(taken))
    if connection is None or connection.id != connection_id:
        return Use(connection_id, name, operations, operations, (), (), live=False)
    offered = {held.name: held.interface_digest for held in connection.connector_version.operations}
    gone = tuple(held for held in operations if held not in offered)
    changed = tuple(held for held in operations if held in offered and offered[held] != taken[held])
    return Use(connection_id, name, operations, gone, changed, connection.data_classes, live=True)


def _not_here(used: UsedConnection, environment: Environment, here: list[str], place: str) -> NoReturn:
    near = difflib.get_close_matches(used.connection, here, 1, 0.4)
    known = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(here[:10]) or 'none yet'}."
    raise ConnectionNotHere(
        f"There is no connection {used.connection!r} in {environment.name}.", fix=known, place=place
    )


def _not_offered(connection: Connection, operation: str, place: str) -> NoReturn:
    offered = [held.name for held in connection.connector_version.operations]
    near = difflib.get_close_matches(operation, offered, 1, 0.4)
    known = f"Did you mean {near[0]!r}?" if near else f"It offers: {', '.join(offered[:10])}."
    raise OperationUnknown(
        f"The connection {connection.name!r} has no operation {operation!r}.", fix=known, place=place
    )
