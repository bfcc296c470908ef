"""The estate at a glance: how much there is, what is wrong, which do the same."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from handrail.governance import estate
from handrail.governance.estate import Overview
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.times import when
from handrail.surfaces.http.views import View

router = APIRouter(tags=["estate"])


class PlatformView(View):
    """`readable` is the share of its files that could be read, 0 to 1; null when no file is known."""

    platform: str
    origins: list[str]
    found: int
    registered: int
    own_keys: int
    restricted: int
    leaks: int
    readable: float | None


class OriginView(View):
    name: str
    kind: str
    team: str
    scanned_at: str | None
    complete_at: str | None
    took_ms: int | None


class StopView(View):
    """`step` is the id of a step of the definition; `definition` stands on ways across definitions."""

    label: str
    detail: str
    kind: str
    step: str = ""
    definition: str = ""


class NamedView(View):
    """A definition by name; `app` is empty while it is not registered."""

    id: str
    name: str
    platform: str
    app: str


class LeakRowView(View):
    """A way of data that matters out of the company; `across` when it leads through several definitions.

    `certainty` is `certain` when every step was followed. `cut` says in words what to change, and `ends` how many
    leaks of the same definition that ends.
    """

    title: str
    data_class: str
    tag: str
    certainty: Literal["certain", "likely"]
    sink_class: str
    destination: str
    stops: list[StopView]
    cut: str
    ends: int
    across: bool
    definition: NamedView


class ToDoView(View):
    """`link` is a query of the list of definitions, or `leaks`, `duplicates` or `files`."""

    kind: str
    title: str
    text: str
    count: int
    link: str


class EstateView(View):
    """`found` counts definitions; `keyed` and `leaking` how many hold keys of their own, or show a leak."""

    found: int
    new: int
    registered: int
    own_keys: int
    keyed: int
    leaks: int
    leaking: int
    unreadable: int
    scanned_at: str | None
    took_ms: int | None
    origins: list[OriginView]
    by_platform: list[PlatformView]
    worst: list[LeakRowView]
    do_first: list[ToDoView]

    @classmethod
    def of(cls, found: Overview) -> "EstateView":
        return cls(
            found=found.found,
            new=found.new,
            registered=found.registered,
            own_keys=found.own_keys,
            keyed=found.keyed,
            leaks=found.leaks,
            leaking=found.leaking,
            unreadable=found.unreadable,
            scanned_at=when(found.scanned_at),
            took_ms=found.took_ms,
            origins=[
                OriginView(
                    name=each.name,
                    kind=each.kind,
                    team=each.team,
                    scanned_at=when(each.scanned_at),
                    complete_at=when(each.complete_at),
                    took_ms=each.took_ms,
                )
                for each in found.origins
            ],
            by_platform=[PlatformView.model_validate(each) for each in found.by_platform],
            worst=[LeakRowView.model_validate(each) for each in found.worst],
            do_first=[ToDoView.model_validate(each) for each in found.do_first],
        )


class LeakRowsView(View):
    items: list[LeakRowView]
    total: int


class TwinsView(View):
    """Definitions that do the same: `exact` with the same parameters, `near` with a similar shape (`similarity` in %).

    `spare` is how many would go if they were one, `calls` how many calls of other systems stand in those.
    """

    kind: Literal["exact", "near"]
    similarity: int
    operations: list[str]
    destinations: list[str]
    spare: int
    calls: int
    text: str
    definitions: list[NamedView]


class TwinsListView(View):
    items: list[TwinsView]
    total: int


@router.get("/api/v1/estate", responses=PROBLEMS)
def read_estate(context: ContextDep, caller: CallerDep) -> EstateView:
    """Show the estate at a glance: how much was found, what is wrong, what to do first."""
    with context.database.read() as work:
        return EstateView.of(estate.overview(work, caller))


@router.get("/api/v1/estate/leaks", responses=PROBLEMS)
def list_estate_leaks(
    context: ContextDep,
    caller: CallerDep,
    skip: Annotated[int, Query(ge=0, le=400)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> LeakRowsView:
    """List the ways of data out of the company, in definitions and across them, the worst first."""
    with context.database.read() as work:
        total, rows = estate.leak_rows(work, caller, estate.visible(work, caller), limit, skip)
    return LeakRowsView(items=[LeakRowView.model_validate(each) for each in rows], total=total)


@router.get("/api/v1/estate/duplicates", responses=PROBLEMS)
def list_duplicates(
    context: ContextDep,
    caller: CallerDep,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> TwinsListView:
    """List definitions that do the same, the largest saving first."""
    with context.database.read() as work:
        found = estate.visible(work, caller)
    twins = found.estate.twins
    rows = [TwinsView.model_validate(estate.twins_row(each, found)) for each in twins[skip : skip + limit]]
    return TwinsListView(items=rows, total=len(twins))
