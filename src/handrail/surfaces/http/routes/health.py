"""Is it alive, can it serve, and what is missing if not."""

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from handrail.platform.database import migrate
from handrail.surfaces.http.context import PROBLEMS, Context, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["health"])


class HealthView(View):
    status: str


class ReadyView(View):
    """`missing` names what keeps this process from serving."""

    status: str
    missing: list[str]


@router.get("/healthz", responses=PROBLEMS)
def alive() -> HealthView:
    """Say that the process is alive."""
    return HealthView(status="ok")


def _missing(context: Context) -> list[str]:
    try:
        with context.database.read() as work:
            work.scalar(text("SELECT 1"))
    except SQLAlchemyError:
        return ["the database does not answer"]
    if migrate.status(context.database) != migrate.newest():
        return ["the database's schema is older than this version: run handrail up, or handrail migrate"]
    return []


@router.get("/readyz", responses={**PROBLEMS, 503: {"model": ReadyView, "description": "Something is missing."}})
def ready(context: ContextDep, response: Response) -> ReadyView:
    """Say whether this process can serve, and name what is missing."""
    missing = _missing(context)
    if missing:
        response.status_code = 503
    return ReadyView(status="missing" if missing else "ready", missing=missing)
