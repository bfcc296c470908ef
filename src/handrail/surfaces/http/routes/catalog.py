"""The catalog: find apps, with counts; and the searches that a person keeps."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from handrail.kernel.clock import rfc3339
from handrail.registry import catalog
from handrail.registry.catalog import Asked, Found, Item, SavedView, Sort
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.texts import Line
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["catalog"])

_Stage = Literal["idea", "prototype", "operating", "retired"]
_Runs = Literal["executed", "observed", "declared", "drifted", "none"]
_Flag = Literal["in_review", "drifted", "quarantined", "no_owner", "no_deputy"]
_Many = Query(max_length=100)


class CatalogItem(View):
    """An app as a list shows it.

    `runs` says how what runs in production is known, `drifted` when it is not approved, or `none`. `dataClass` is the
    highest level of the newest version's data, empty while unknown. `inReview` and `runningNumber` are version numbers.
    """

    id: str
    name: str
    title: str
    purpose: str
    team: str
    owner: str
    owner_name: str
    owner_active: bool
    deputy: str
    deputy_name: str
    stage: _Stage
    platform: str
    data_class: str
    data_tags: list[str]
    runs: _Runs
    seen_at: str | None
    quarantined: bool
    in_review: int | None
    running_number: int | None
    created_at: str
    connectors: list[str]

    @classmethod
    def of(cls, item: Item) -> "CatalogItem":
        values = {name: getattr(item, name) for name in item.__slots__}
        return cls(
            **values
            | {
                "seen_at": None if item.seen_at is None else rfc3339(item.seen_at),
                "created_at": rfc3339(item.created_at),
                "data_tags": list(item.data_tags),
                "connectors": list(item.connectors),
            }
        )


class FacetValue(View):
    value: str
    count: int


class FacetsView(View):
    """For each facet the counts under all other filters but its own, the largest first."""

    stage: list[FacetValue]
    runs: list[FacetValue]
    platform: list[FacetValue]
    data_class: list[FacetValue]
    team: list[FacetValue]


class ViewCounts(View):
    """Counts of everything that the caller may see and that is not retired, whatever was asked."""

    all: int
    mine: int
    in_review: int
    drifted: int
    quarantined: int
    no_owner: int
    no_deputy: int


class CatalogView(View):
    """One page; `next` is the cursor of the one that follows.

    `matched` is `similar` when no app has the words as they were typed and others that are spelled alike were taken.
    """

    items: list[CatalogItem]
    total: int
    next: str | None
    matched: Literal["words", "similar"]
    facets: FacetsView
    views: ViewCounts

    @classmethod
    def of(cls, found: Found) -> "CatalogView":
        facets = {
            name: [FacetValue(value=each.value, count=each.count) for each in counts]
            for name, counts in found.facets.items()
        }
        return cls(
            items=[CatalogItem.of(item) for item in found.items],
            total=found.total,
            next=found.next or None,
            matched="similar" if found.matched == "similar" else "words",
            facets=FacetsView(**facets),
            views=ViewCounts(**found.views),
        )


class SavedViewView(View):
    """`query` is the query string of the catalog's page."""

    name: str
    query: str
    created_at: str

    @classmethod
    def of(cls, view: SavedView) -> "SavedViewView":
        return cls(name=view.name, query=view.query, created_at=rfc3339(view.created_at))


class SavedViewsView(View):
    items: list[SavedViewView]


class SavedViewNew(Body):
    query: str = Field(max_length=2000)


@router.get("/api/v1/catalog", responses=PROBLEMS)
def search_catalog(
    context: ContextDep,
    caller: CallerDep,
    q: Line = "",
    stage: Annotated[list[_Stage], _Many] = [],  # noqa: B006 - FastAPI copies it
    runs: Annotated[list[_Runs], _Many] = [],  # noqa: B006 - same
    platform: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    data_class: Annotated[list[Line], Query(alias="dataClass", max_length=100)] = [],  # noqa: B006 - same
    team: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    owner: Line = "",
    flag: Annotated[list[_Flag], _Many] = [],  # noqa: B006 - same
    *,
    retired: bool = False,
    sort: Sort = Sort.ATTENTION,
    cursor: Line = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CatalogView:
    """Find apps by what people type and by facets, with counts; only apps that the caller may see count.

    `q` takes words, "phrases", -excluded words and filters such as `owner:ada`, `team:finance-ops`, `stage:operating`,
    `platform:n8n`, `data:confidential`, `runs:observed` and `is:drifted`; the last word may be the beginning of one.
    Of a repeated filter any value will do, but an app must have every `flag`. `owner` is a person's name or `me`. The
    order `attention` puts quarantined apps first, then drifted ones, those whose owner left, operating ones without a
    deputy, and those in review.
    """
    asked = Asked(
        q=q,
        stage=tuple(stage),
        runs=tuple(runs),
        platform=tuple(platform),
        data_class=tuple(data_class),
        team=tuple(team),
        owner=owner,
        flag=tuple(flag),
        retired=retired,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    with context.database.read() as work:
        return CatalogView.of(catalog.search(work, caller, asked))


@router.get("/api/v1/views", responses=PROBLEMS)
def list_views(context: ContextDep, caller: CallerDep) -> SavedViewsView:
    """List the caller's saved views."""
    with context.database.read() as work:
        return SavedViewsView(items=[SavedViewView.of(view) for view in catalog.saved_views(work, caller)])


@router.put("/api/v1/views/{name}", responses=PROBLEMS)
def save_view(context: ContextDep, caller: CallerDep, name: str, body: SavedViewNew) -> SavedViewView:
    """Keep a search of the catalog under a name, for the caller alone."""
    with context.database.begin() as work:
        return SavedViewView.of(catalog.save_view(work, caller, name, body.query))


@router.delete("/api/v1/views/{name}", status_code=204, responses=PROBLEMS)
def remove_view(context: ContextDep, caller: CallerDep, name: str) -> Response:
    """Forget a saved view."""
    with context.database.begin() as work:
        catalog.remove_view(work, caller, name)
    return Response(status_code=204)
