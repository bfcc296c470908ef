"""What is wrong with this install."""

from typing import Literal

from fastapi import APIRouter

from handrail.registry.identity import Permission, require_everywhere
from handrail.runtime import doctor
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["doctor"])


class CheckView(View):
    """`fix` is what to do about it; empty when all is well."""

    check: str
    state: Literal["ok", "warning", "failed"]
    detail: str
    fix: str


class ExaminationView(View):
    checks: list[CheckView]


@router.get("/api/v1/doctor", responses=PROBLEMS)
def examine(context: ContextDep, caller: CallerDep) -> ExaminationView:
    """Check disk, database, vault, the audit log's end, hubs, sources and signals; what could not run is a finding."""
    require_everywhere(caller, Permission.HUB_READ)
    settings = context.settings
    found = [*doctor.disk(settings.home), *doctor.examine(context.database, settings.key_file)]
    return ExaminationView(
        checks=[CheckView(check=each.check, state=each.state, detail=each.detail, fix=each.fix) for each in found]
    )
