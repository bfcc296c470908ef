"""What a new install still lacks until the first approved call."""

from typing import Literal

from fastapi import APIRouter

from handrail.kernel.clock import rfc3339
from handrail.registry import audit, catalog, connectors, identity
from handrail.registry.identity import Permission
from handrail.runtime import signals
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["people"])


class StepView(View):
    """`doneAt` is null while the step is to be done. `approved_call` counts production environments only."""

    id: Literal["runs", "admin", "second_person", "connection", "app", "approved_call"]
    done: bool
    done_at: str | None


class ProgressView(View):
    steps: list[StepView]


@router.get("/api/v1/setup/progress", responses=PROBLEMS)
def read_progress(context: ContextDep, caller: CallerDep) -> ProgressView:
    """Tell what is done of the first steps, from what there is: nothing is ticked off by hand."""
    identity.require_everywhere(caller, Permission.PEOPLE_WRITE)
    with context.database.read() as work:
        production = [each.name for each in connectors.environments(work) if each.kind == "production"]
        times = {
            "runs": audit.first_at(work),
            "admin": identity.first_admin_at(work),
            "second_person": identity.second_person_at(work),
            "connection": connectors.first_connection_at(work),
            "app": catalog.first_app_at(work),
            "approved_call": signals.first_call_at(work, production),
        }
    return ProgressView(
        steps=[
            StepView.model_validate(
                {"id": step, "done": at is not None, "done_at": None if at is None else rfc3339(at)}
            )
            for step, at in times.items()
        ]
    )
