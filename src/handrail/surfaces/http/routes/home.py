"""Home: what needs somebody, what changed; and what an act would stop."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from handrail.governance import overview
from handrail.governance.overview import Change, Impact, Need
from handrail.kernel.clock import rfc3339
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import View

router = APIRouter(tags=["home"])


def _time(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)


class NeedView(View):
    """One thing to do, or to wait for.

    `kind` is stable; `app` is empty for what is about the install. `person` is who else has a part in it, `dueAt`
    when it should be done, `details` what each kind has of its own.
    """

    kind: str
    app: str
    title: str
    team: str
    number: int | None
    environment: str
    review_id: str | None
    at: str
    due_at: str | None
    person: str
    reason: str
    details: dict[str, Any]

    @classmethod
    def of(cls, need: Need) -> "NeedView":
        return cls(
            kind=need.kind,
            app=need.app,
            title=need.title,
            team=need.team,
            number=need.number,
            environment=need.environment,
            review_id=need.review_id,
            at=rfc3339(need.at),
            due_at=_time(need.due_at),
            person=need.person,
            reason=need.reason,
            details=dict(need.details),
        )


class RecentChangeView(View):
    """One event about an app; `facts` has only words and numbers, `number` is the version's."""

    id: str
    at: str
    actor: str
    actor_kind: str
    action: str
    app: str
    facts: dict[str, Any]
    number: int | None

    @classmethod
    def of(cls, change: Change) -> "RecentChangeView":
        return cls(
            id=change.id,
            at=rfc3339(change.at),
            actor=change.actor,
            actor_kind=change.actor_kind,
            action=change.action,
            app=change.app,
            facts=dict(change.facts),
            number=change.number,
        )


class HomeView(View):
    """`needs` is what the caller can act on, the most urgent first; `waiting` what others must do for them.

    At most 50 of a kind are listed; `cut` names the kinds of which there are more.
    """

    needs: list[NeedView]
    waiting: list[NeedView]
    changes: list[RecentChangeView]
    cut: list[str]


class ReachView(View):
    """`calls24h` is null when the caller may not know, or nobody does."""

    connection: str
    environment: str
    operations: list[str]
    calls24h: int | None = Field(alias="calls24h")


class ImpactView(View):
    """`calls24h` is null when the caller may not know, or no hub has ever reported; `asOf` is how far it is known."""

    calls24h: int | None = Field(alias="calls24h")
    connections: list[ReachView]
    clients: int
    last_call_at: str | None
    as_of: str | None

    @classmethod
    def of(cls, found: Impact) -> "ImpactView":
        return cls(
            calls24h=found.calls_24h,
            connections=[
                ReachView(
                    connection=each.connection,
                    environment=each.environment,
                    operations=list(each.operations),
                    calls24h=each.calls_24h,
                )
                for each in found.connections
            ],
            clients=found.clients,
            last_call_at=_time(found.last_call_at),
            as_of=_time(found.as_of),
        )


@router.get("/api/v1/home", responses=PROBLEMS)
def read_home(context: ContextDep, caller: CallerDep) -> HomeView:
    """Show what needs the caller, what they wait for, and the newest events about the apps that they may see."""
    with context.database.read() as work:
        found = overview.home(work, caller)
    return HomeView(
        needs=[NeedView.of(need) for need in found.needs],
        waiting=[NeedView.of(need) for need in found.waiting],
        changes=[RecentChangeView.of(change) for change in found.changes],
        cut=list(found.cut),
    )


@router.get("/api/v1/apps/{name}/impact", responses=PROBLEMS)
def read_impact(context: ContextDep, caller: CallerDep, name: str) -> ImpactView:
    """Show what stops when an app is held or retired; its calls only for who may read calls."""
    with context.database.read() as work:
        return ImpactView.of(overview.impact(work, caller, name))
