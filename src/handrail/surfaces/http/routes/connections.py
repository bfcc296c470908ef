"""Connections: list, show, apply, remove."""

from fastapi import APIRouter, Response

from handrail.kernel.clock import rfc3339
from handrail.language.manifest import parse_connection
from handrail.registry import access, connectors
from handrail.registry.connectors import Connection
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.preconditions import ExpectedDep, tell
from handrail.surfaces.http.routes.connectors import ManifestNew, OperationView, PlanView
from handrail.surfaces.http.views import View

router = APIRouter(tags=["connections"])


class ConnectionView(View):
    """`address` is where apps call it; `credential` is a name, never a value; `etag` names the state of its content."""

    id: str
    name: str
    environment: str
    connector: str
    version: str
    upstream: str
    address: str
    region: str
    network: str
    credential: str | None
    calls_per_minute: int
    burst: int
    data_classes: list[str]
    operations: list[OperationView]
    updated_at: str
    updated_by: str
    etag: str

    @classmethod
    def of(cls, connection: Connection, hub_url: str) -> "ConnectionView":
        version = connection.connector_version
        return cls(
            id=connection.id,
            name=connection.name,
            environment=connection.environment.name,
            connector=version.connector,
            version=version.version,
            upstream=connection.upstream,
            address=f"{hub_url}/{connection.name}",
            region=connection.region,
            network=connection.network,
            credential=connection.credential,
            calls_per_minute=connection.calls_per_minute,
            burst=connection.burst,
            data_classes=list(connection.data_classes),
            operations=[OperationView.of(operation) for operation in version.operations],
            updated_at=rfc3339(connection.updated_at),
            updated_by=connection.updated_by,
            etag=connection.tag,
        )


class ConnectionsView(View):
    items: list[ConnectionView]


@router.get("/api/v1/connections", responses=PROBLEMS)
def list_connections(context: ContextDep, caller: CallerDep, environment: str = "") -> ConnectionsView:
    """List the connections, of one environment or of all."""
    require(caller, Permission.CONNECTOR_READ)
    with context.database.read() as work:
        if environment:
            connectors.find_environment(work, environment)
        found = connectors.connections(work, environment)
    return ConnectionsView(items=[ConnectionView.of(connection, context.hub_url) for connection in found])


@router.get("/api/v1/connections/{name}", responses=PROBLEMS)
def read_connection(context: ContextDep, caller: CallerDep, name: str, response: Response) -> ConnectionView:
    """Show a connection with the operations that it offers."""
    require(caller, Permission.CONNECTOR_READ)
    with context.database.read() as work:
        found = connectors.find_connection(work, name)
    tell(response, found.tag)
    return ConnectionView.of(found, context.hub_url)


@router.post("/api/v1/connections", responses=PROBLEMS)
def apply_connection(
    context: ContextDep, caller: CallerDep, body: ManifestNew, expected: ExpectedDep, response: Response
) -> PlanView:
    """Apply a connection's manifest: adds or changes it, and says what changes. With `If-Match` only what you saw."""
    manifest = parse_connection(body.manifest, body.file)
    if body.dry_run:
        with context.database.read() as work:
            plan = connectors.plan_connection(work, context.vault, caller, manifest)
        return PlanView.of(plan, dry_run=True)
    with context.database.begin() as work:
        plan = connectors.plan_connection(work, context.vault, caller, manifest)
        applied = connectors.apply_connection(work, context.vault, caller, manifest, expected=expected)
    tell(response, applied.tag)
    return PlanView.of(plan, dry_run=False)


@router.delete("/api/v1/connections/{name}", status_code=204, responses=PROBLEMS)
def remove_connection(context: ContextDep, caller: CallerDep, name: str) -> None:
    """Remove a connection that no app has a grant on; its name is never given again."""
    with context.database.begin() as work:
        connectors.remove_connection(work, caller, name, access.apps_using)
