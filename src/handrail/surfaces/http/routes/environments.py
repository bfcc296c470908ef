"""Environments."""

from fastapi import APIRouter

from handrail.registry import connectors
from handrail.registry.connectors import Environment
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["environments"])


class EnvironmentView(View):
    """`kind` is `sandbox` or `production`."""

    id: str
    name: str
    kind: str
    region: str

    @classmethod
    def of(cls, environment: Environment) -> "EnvironmentView":
        return cls(id=environment.id, name=environment.name, kind=environment.kind, region=environment.region)


class EnvironmentsView(View):
    items: list[EnvironmentView]


@router.get("/api/v1/environments", responses=PROBLEMS)
def list_environments(context: ContextDep, caller: CallerDep) -> EnvironmentsView:
    """List the environments, sandboxes first."""
    require(caller, Permission.CONNECTOR_READ)
    with context.database.read() as work:
        return EnvironmentsView(items=[EnvironmentView.of(found) for found in connectors.environments(work)])
