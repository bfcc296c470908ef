"""Definitions that were found: list, show, mend, register."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from handrail.governance import estate
from handrail.governance.estate import Asked, Detail, Row
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.findings import FoundView
from handrail.surfaces.http.routes.apps import AppView
from handrail.surfaces.http.routes.versions import VersionView
from handrail.surfaces.http.texts import Line, Words
from handrail.surfaces.http.times import when
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["estate"])
_Many = Query(max_length=100)


class DefinitionView(View):
    """A definition as a list shows it; `owner` is empty when nobody answers for it, `goneAt` null while it is there.

    `linkedBy` says how it became known which app it is: `content`, `person` or `source`.
    """

    id: str
    name: str
    platform: str
    origin: str
    origin_kind: str
    team: str
    path: str
    index: int
    app: str
    linked_by: str
    owner: str
    first_seen: str
    changed_at: str
    last_seen: str
    gone_at: str | None
    steps: int
    leaks: int
    blocks: int
    warns: int
    notes: int
    secrets: int
    own_keys: int
    personal: bool
    data_class: str
    connectors: list[str]

    @classmethod
    def of(cls, row: Row) -> "DefinitionView":
        values = {name: getattr(row, name) for name in row.__slots__}
        times = {name: when(values[name]) for name in ("first_seen", "changed_at", "last_seen", "gone_at")}
        return cls(**values | times | {"connectors": list(row.connectors)})


class EstateFacetValue(View):
    value: str
    count: int


class EstateFacets(View):
    """For each facet the counts under all other filters but its own; an owner `none` stands for nobody."""

    platform: list[EstateFacetValue]
    connector: list[EstateFacetValue]
    owner: list[EstateFacetValue]
    team: list[EstateFacetValue]
    risk: list[EstateFacetValue]
    registered: list[EstateFacetValue]
    origin: list[EstateFacetValue]


class DefinitionsView(View):
    items: list[DefinitionView]
    next: str | None
    total: int
    facets: EstateFacets


class CutView(View):
    kind: str
    step: str
    before: str
    pointer: str
    text: str
    ends: int


class LeakLabelView(View):
    data_class: str
    tag: str
    what: str
    region: str


class LeakView(View):
    """A way of data through one definition: `path` holds ids of steps, `cut` the cheapest change that ends it."""

    path: list[str]
    source: str
    sink: str
    label: LeakLabelView
    sink_class: str
    destination: str
    implicit: bool
    why: str
    cut: CutView | None


class StepPlaceView(View):
    x: int
    y: int


class NeighbourView(View):
    """A definition that shares `resource` with this one."""

    id: str
    name: str
    resource: str


class RegistrationDraft(View):
    """What a registration begins with; `questions` asks for what no file tells."""

    name: str
    title: str
    team: str
    owner: str
    deputy: str
    purpose: str
    questions: dict[str, str]


class DefinitionDetailView(DefinitionView):
    """A definition with its drawing, what is wrong with it and what to do.

    `graph` holds steps, edges and data edges; `positions` the upper left corner of each step in pixels; `labels` what
    each step's output carries. `upstream` are definitions that it reads from, `dependants` those that read from it.
    """

    graph: dict[str, Any]
    positions: dict[str, StepPlaceView]
    findings: list[FoundView]
    leak_paths: list[LeakView]
    labels: dict[str, list[str]]
    unknown: list[str]
    upstream: list[NeighbourView]
    dependants: list[NeighbourView]
    draft: RegistrationDraft

    @classmethod
    def whole(cls, detail: Detail) -> "DefinitionDetailView":
        held = detail.held
        return cls(
            **DefinitionView.of(detail.row).model_dump(),
            graph=held["graph"],
            positions={step: StepPlaceView(x=place[0], y=place[1]) for step, place in held["positions"].items()},
            findings=[FoundView.model_validate(each) for each in (*detail.estate, *held["findings"])],
            leak_paths=[LeakView.model_validate(each) for each in held["leaks"]],
            labels=held["labels"],
            unknown=held["unknown"],
            upstream=[NeighbourView(id=key, name=name, resource=resource) for key, name, resource in detail.upstream],
            dependants=[NeighbourView(id=key, name=name, resource=what) for key, name, what in detail.dependants],
            draft=RegistrationDraft.model_validate(detail.draft),
        )


class FixesAsked(Body):
    """`keys` of findings whose fix is mechanical; all but notes when there are none."""

    keys: Annotated[list[Line], Field(max_length=500)]


class RemainingView(View):
    block: int
    warn: int
    note: int


class RefusedView(View):
    key: str
    why: str


class FixesView(View):
    """The change that ends findings, made on a copy and checked again; nothing is stored.

    `diff` is a unified one, `patch` the same as RFC 6902 operations (empty for a script), `content` the whole mended
    document, in which secrets are placeholders. `resolved` are the keys of findings that it ends, `refused` those that
    were asked for and stay.
    """

    diff: str
    patch: list[dict[str, Any]]
    resolved: list[str]
    refused: list[RefusedView]
    remaining: RemainingView
    content: str


class RegistrationNew(Body):
    """`team` is the origin's and `owner` the caller by default."""

    name: Line
    team: Line = ""
    owner: Line = ""
    deputy: Line = ""
    purpose: Words = ""
    environment: Line = "production"


class RegisteredView(View):
    app: AppView
    version: VersionView


@router.get("/api/v1/estate/definitions", responses=PROBLEMS)
def list_definitions(
    context: ContextDep,
    caller: CallerDep,
    q: Line = "",
    platform: Annotated[list[Line], _Many] = [],  # noqa: B006 - FastAPI copies it
    connector: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    owner: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    team: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    risk: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    origin: Annotated[list[Line], _Many] = [],  # noqa: B006 - same
    registered: bool | None = None,
    *,
    gone: bool = False,
    cursor: Line = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DefinitionsView:
    """List definitions, the worst first, with counts for each facet; of a repeated filter any value will do.

    `risk` is one of leak, block, warn, note, clean, secret, personal and restricted; the `owner` none stands for
    nobody. With `gone` only those that a complete pass no longer found.
    """
    asked = Asked(
        q=q,
        platform=tuple(platform),
        connector=tuple(connector),
        owner=tuple(owner),
        team=tuple(team),
        risk=tuple(risk),
        origin=tuple(origin),
        registered=registered,
        gone=gone,
        cursor=cursor,
        limit=limit,
    )
    with context.database.read() as work:
        found = estate.definitions(work, caller, asked)
    facets = {
        name: [EstateFacetValue(value=value, count=count) for value, count in counts]
        for name, counts in found.facets.items()
    }
    return DefinitionsView(
        items=[DefinitionView.of(each) for each in found.items],
        next=found.next or None,
        total=found.total,
        facets=EstateFacets(**facets),
    )


@router.get("/api/v1/estate/definitions/{definition_id}", responses=PROBLEMS)
def read_definition(context: ContextDep, caller: CallerDep, definition_id: str) -> DefinitionDetailView:
    """Show a definition: its drawing, its findings with their fixes, its leak paths, and who depends on it."""
    with context.database.read() as work:
        detail = estate.definition(work, caller, definition_id)
        subject = estate.to_mend(work, caller, definition_id)
    # Outside of any unit of work: each fix is tried before it is offered.
    return DefinitionDetailView.whole(estate.with_tried_fixes(detail, subject, context.boundary, context.lookup))


@router.post("/api/v1/estate/definitions/{definition_id}/fixes", responses=PROBLEMS)
def preview_fixes(context: ContextDep, caller: CallerDep, definition_id: str, body: FixesAsked) -> FixesView:
    """Show the change that would end some findings, and what remains after it; stores nothing."""
    with context.database.read() as work:
        subject = estate.to_mend(work, caller, definition_id)
    found = estate.mend(subject, body.keys, context.boundary, context.lookup)
    return FixesView(
        diff=found.diff,
        patch=[dict(each) for each in found.patch],
        resolved=list(found.resolved),
        refused=[RefusedView(key=key, why=why) for key, why in found.refused],
        remaining=RemainingView.model_validate(found.remaining),
        content=found.content,
    )


@router.post("/api/v1/estate/definitions/{definition_id}/registration", status_code=201, responses=PROBLEMS)
def register_definition(
    context: ContextDep, caller: CallerDep, definition_id: str, body: RegistrationNew
) -> RegisteredView:
    """Register a definition as an app and take in its first version, both or neither."""
    with context.database.read() as work:
        _, artefact = estate.artefact_of(work, caller, definition_id)
    with context.database.begin() as work:
        app, version = estate.register(
            work, caller, definition_id, artefact, **body.model_dump(), hub_hosts=context.hub_hosts
        )
        estate.check_version(work, version, context.boundary, context.lookup)
    return RegisteredView(app=AppView.of(app), version=VersionView.of(version))
