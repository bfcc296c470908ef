"""Quarantine: hold an app, and let it go."""

from fastapi import APIRouter

from handrail.registry import access, catalog
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.routes.apps import HoldView
from handrail.surfaces.http.texts import Words
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["quarantine"])


class QuarantineNew(Body):
    reason: Words


class QuarantineView(View):
    """`quarantine` is null when the app isn't held."""

    app: str
    quarantine: HoldView | None


@router.post("/api/v1/apps/{name}/quarantine", status_code=201, responses=PROBLEMS)
def place_quarantine(context: ContextDep, caller: CallerDep, name: str, body: QuarantineNew) -> QuarantineView:
    """Hold an app: every call and every token is refused, in every environment."""
    with context.database.begin() as work:
        hold = access.quarantine(work, caller, name, body.reason)
    return QuarantineView(app=name, quarantine=HoldView.of(hold))


@router.delete("/api/v1/apps/{name}/quarantine", responses=PROBLEMS)
def lift_quarantine(context: ContextDep, caller: CallerDep, name: str) -> QuarantineView:
    """Lift a hold; what was approved and running before is so again."""
    with context.database.begin() as work:
        access.lift_quarantine(work, caller, name)
        app = catalog.find_app(work, caller, name)
        return QuarantineView(app=name, quarantine=HoldView.of(access.hold_of(work, app.id)))
