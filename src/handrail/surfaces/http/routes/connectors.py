"""Connectors: list, show, apply."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from handrail.kernel.clock import rfc3339
from handrail.language.manifest import parse_connector
from handrail.registry import connectors
from handrail.registry.connectors import ConnectorVersion, Operation, Plan
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import Body, MoneyView, View

router = APIRouter(tags=["connectors"])


class ManifestNew(Body):
    """`file` is the name that places in errors begin with; `dryRun` only says what would change."""

    manifest: str = Field(max_length=1024 * 1024)
    file: str = Field(default="manifest.yaml", max_length=200)
    dry_run: bool = False


class PlanView(View):
    """`changes` has one line a change, in words."""

    subject: str
    outcome: Literal["created", "updated", "unchanged"]
    changes: list[str]
    dry_run: bool

    @classmethod
    def of(cls, plan: Plan, *, dry_run: bool) -> "PlanView":
        return cls(subject=plan.subject, outcome=plan.outcome, changes=list(plan.changes), dry_run=dry_run)


class OperationView(View):
    name: str
    title: str
    method: str
    path: str
    data_classes: list[str]
    price: MoneyView | None
    idempotent: bool
    interface_digest: str

    @classmethod
    def of(cls, operation: Operation) -> "OperationView":
        return cls(
            name=operation.name,
            title=operation.title,
            method=operation.method,
            path=operation.path,
            data_classes=list(operation.data_classes),
            price=MoneyView.of(operation.price),
            idempotent=operation.idempotent,
            interface_digest=operation.interface_digest,
        )


class ConnectorSummaryView(View):
    """`version` is the newest one."""

    name: str
    title: str
    version: str
    data_classes: list[str]
    credential_kind: str
    operations: int

    @classmethod
    def of(cls, version: ConnectorVersion) -> "ConnectorSummaryView":
        return cls(
            name=version.connector,
            title=version.title,
            version=version.version,
            data_classes=list(version.data_classes),
            credential_kind=version.credential_kind,
            operations=len(version.operations),
        )


class ConnectorsView(View):
    items: list[ConnectorSummaryView]


class RetriesView(View):
    attempts: int
    on: list[str]


class CircuitView(View):
    max_connections: int
    max_pending: int
    consecutive_errors: int
    eject_ms: int


class ConnectorView(View):
    """One version of a connector; `versions` names all of them, newest first."""

    name: str
    title: str
    version: str
    versions: list[str]
    data_classes: list[str]
    credential_kind: str
    credential_header: str
    calls_per_minute: int
    burst: int
    timeout_ms: int
    retries: RetriesView
    circuit: CircuitView
    rewrite_body_fields: list[str]
    operations: list[OperationView]
    digest: str
    created_at: str
    created_by: str

    @classmethod
    def of(cls, version: ConnectorVersion, versions: list[ConnectorVersion]) -> "ConnectorView":
        circuit = version.circuit
        return cls(
            name=version.connector,
            title=version.title,
            version=version.version,
            versions=[held.version for held in versions],
            data_classes=list(version.data_classes),
            credential_kind=version.credential_kind,
            credential_header=version.credential_header,
            calls_per_minute=version.limits.calls_per_minute,
            burst=version.limits.burst,
            timeout_ms=version.timeout_ms,
            retries=RetriesView(attempts=version.retries.attempts, on=list(version.retries.on)),
            circuit=CircuitView(
                max_connections=circuit.max_connections,
                max_pending=circuit.max_pending,
                consecutive_errors=circuit.consecutive_errors,
                eject_ms=circuit.eject_ms,
            ),
            rewrite_body_fields=list(version.rewrite_body_fields),
            operations=[OperationView.of(operation) for operation in version.operations],
            digest=version.digest,
            created_at=rfc3339(version.created_at),
            created_by=version.created_by,
        )


@router.get("/api/v1/connectors", responses=PROBLEMS)
def list_connectors(context: ContextDep, caller: CallerDep) -> ConnectorsView:
    """List the connectors with their newest versions."""
    require(caller, Permission.CONNECTOR_READ)
    with context.database.read() as work:
        found = connectors.connectors(work)
    return ConnectorsView(items=[ConnectorSummaryView.of(version) for version in found])


@router.get("/api/v1/connectors/{name}", responses=PROBLEMS)
def read_connector(context: ContextDep, caller: CallerDep, name: str, version: str = "") -> ConnectorView:
    """Show a version of a connector (the newest by default) with its operations."""
    require(caller, Permission.CONNECTOR_READ)
    with context.database.read() as work:
        found = connectors.find_connector(work, name, version)
        return ConnectorView.of(found, connectors.connector_versions(work, name))


@router.post("/api/v1/connectors", responses=PROBLEMS)
def apply_connector(context: ContextDep, caller: CallerDep, body: ManifestNew) -> PlanView:
    """Apply a connector's manifest: adds a version, and says what differs from the one before."""
    manifest = parse_connector(body.manifest, body.file)
    if body.dry_run:
        with context.database.read() as work:
            return PlanView.of(connectors.plan_connector(work, caller, manifest), dry_run=True)
    with context.database.begin() as work:
        plan = connectors.plan_connector(work, caller, manifest)
        connectors.apply_connector(work, caller, manifest)
    return PlanView.of(plan, dry_run=False)
