"""The estate: what people built, read from their own files, and what is wrong with it."""

import base64
import binascii
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from handrail.governance import estate
from handrail.governance.estate import Asked, Detail, EstateFilesInvalid, FileIn, FileRead, Overview, Row, Taken
from handrail.kernel.clock import rfc3339
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.findings import FoundView
from handrail.surfaces.http.routes.apps import AppView
from handrail.surfaces.http.routes.versions import VersionView
from handrail.surfaces.http.texts import Line, Words
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["estate"])
_Many = Query(max_length=100)
_Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
# A batch is read before it is kept: what its files hold lies in memory meanwhile.
_BATCH: int = 500


class FileKnown(Body):
    path: Line
    digest: _Digest


class KnownAsked(Body):
    """`team` is needed only where several teams have adopted something under the same name.

    With `dryRun` nothing is noted as seen.
    """

    origin: Line
    team: Line = ""
    files: Annotated[list[FileKnown], Field(max_length=estate.FILES_MAX)]
    dry_run: bool = False


class KnownView(View):
    needed: list[str]


class FileSent(Body):
    """`content` is the file's bytes in base64; of a file that cannot be sent `unread` says why, with its digest."""

    path: Line
    content: str = ""
    unread: Literal["too_large", "cannot_open"] | None = None
    digest: _Digest | None = None
    size_bytes: Annotated[int, Field(ge=0, lt=2**53)] = 0


class FilesSent(Body):
    """`kind` says how the origin came about: files that somebody dropped, or a folder that is adopted at times."""

    origin: Line
    team: Line
    kind: Literal["upload", "folder"] = "upload"
    files: Annotated[list[FileSent], Field(max_length=_BATCH)]


class FaultView(View):
    code: str
    text: str
    fix: str
    place: str


class KeptView(View):
    id: str
    name: str
    platform: str
    steps: int
    leaks: int
    blocks: int
    warns: int


class TakenView(View):
    """`state` is `read`, `unreadable`, or `other` for a file that holds no flow, which is nobody's fault."""

    path: str
    state: Literal["read", "unreadable", "other"]
    definitions: list[KeptView]
    error: FaultView | None

    @classmethod
    def of(cls, taken: Taken) -> "TakenView":
        fault = FaultView.model_validate(taken.fault) if taken.fault else None
        kept = [KeptView.model_validate(each) for each in taken.definitions]
        return cls(path=taken.path, state=taken.state, definitions=kept, error=fault)


class TakenListView(View):
    items: list[TakenView]


class FinishAsked(Body):
    """Either every path that there is, or `complete`: every path that was asked for or sent in this pass."""

    origin: Line
    team: Line = ""
    paths: Annotated[list[Line], Field(default_factory=list)]
    complete: bool = False


class FinishedView(View):
    gone: list[str]


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
            scanned_at=_time(found.scanned_at),
            took_ms=found.took_ms,
            origins=[
                OriginView(
                    name=each.name,
                    kind=each.kind,
                    team=each.team,
                    scanned_at=_time(each.scanned_at),
                    complete_at=_time(each.complete_at),
                    took_ms=each.took_ms,
                )
                for each in found.origins
            ],
            by_platform=[PlatformView.model_validate(each) for each in found.by_platform],
            worst=[LeakRowView.model_validate(each) for each in found.worst],
            do_first=[ToDoView.model_validate(each) for each in found.do_first],
        )


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
        times = {name: _time(values[name]) for name in ("first_seen", "changed_at", "last_seen", "gone_at")}
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


class PlaceView(View):
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
    positions: dict[str, PlaceView]
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
            positions={step: PlaceView(x=place[0], y=place[1]) for step, place in held["positions"].items()},
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


class EstateFileView(View):
    origin: str
    team: str
    path: str
    state: str
    platform: str
    size_bytes: int
    definitions: int
    seen_at: str
    error: FaultView | None


class EstateFilesView(View):
    items: list[EstateFileView]
    next: str | None


def _time(at_us: int | None) -> str | None:
    return None if at_us is None else rfc3339(at_us)


def _decoded(files: list[FileSent]) -> tuple[list[FileIn], list[FileRead]]:
    """Return the files to read, and those that nobody can read."""
    found: dict[str, FileIn] = {}
    unread: dict[str, FileRead] = {}
    for each in files:
        path = estate.check_path(each.path)
        if path in found or path in unread:
            raise EstateFilesInvalid(f"{path} was sent twice.", fix="Send each path once.", place="files")
        if each.unread is not None:
            unread[path] = estate.unread(path, each.unread, each.digest or "", each.size_bytes)
            continue
        try:
            content = base64.b64decode(each.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise EstateFilesInvalid(f"The content of {path} is no base64.", place="files") from error
        found[path] = FileIn(path, content)
    return list(found.values()), list(unread.values())


@router.post("/api/v1/estate/known", responses=PROBLEMS)
def ask_known(context: ContextDep, caller: CallerDep, body: KnownAsked) -> KnownView:
    """Say which of some files have to be sent: only digests travel, and what is the same is noted as seen."""
    files = {each.path: each.digest for each in body.files}
    packages = context.lookup.revision if context.lookup else ""
    with context.database.read() if body.dry_run else context.database.begin() as work:
        needed = estate.known(
            work, caller, body.origin, files, team=body.team, note=not body.dry_run, packages=packages
        )
    return KnownView(needed=list(needed))


@router.post("/api/v1/estate/files", responses=PROBLEMS)
def send_files(context: ContextDep, caller: CallerDep, body: FilesSent) -> TakenListView:
    """Read some files and keep what they hold, all or nothing; the same again changes nothing.

    A file that cannot be read is kept as one that could not, with the place and the fix, and stops no other.
    """
    require(caller, Permission.APP_WRITE)
    # Read before the unit of work: reading takes a while, and the database has one writer.
    files, unread = _decoded(body.files)
    reads = [*estate.read_files(files, context.boundary, context.lookup), *unread]
    with context.database.begin() as work:
        origin = estate.ensure_origin(work, caller, body.origin, team=body.team, kind=body.kind)
        taken = estate.take_in(work, caller.actor, origin, reads)
    return TakenListView(items=[TakenView.of(each) for each in taken])


@router.post(
    "/api/v1/estate/archives",
    responses=PROBLEMS,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def send_archive(
    context: ContextDep, caller: CallerDep, request: Request, origin: Line, team: Line
) -> TakenListView:
    """Read the files of a zip as if each had been sent; nothing is written to a disk."""
    from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 - only here

    data = await request.body()

    def read() -> list[Taken]:
        require(caller, Permission.APP_WRITE)
        reads = estate.read_files(estate.open_dropped(data), context.boundary, context.lookup)
        with context.database.begin() as work:
            into = estate.ensure_origin(work, caller, origin, team=team)
            return estate.take_in(work, caller.actor, into, reads)

    return TakenListView(items=[TakenView.of(each) for each in await run_in_threadpool(read)])


@router.post("/api/v1/estate/finish", responses=PROBLEMS)
def finish_pass(context: ContextDep, caller: CallerDep, body: FinishAsked) -> FinishedView:
    """End a complete pass: what is no longer there is marked as gone, never deleted."""
    with context.database.begin() as work:
        origin = estate.find_origin(work, caller, body.origin, body.team)
        require(caller, Permission.APP_WRITE, origin.team_id)
        gone = estate.finish(work, caller.actor, origin, paths=body.paths, complete=body.complete)
    return FinishedView(gone=list(gone))


@router.get("/api/v1/estate", responses=PROBLEMS)
def read_estate(context: ContextDep, caller: CallerDep) -> EstateView:
    """Show the estate at a glance: how much was found, what is wrong, what to do first."""
    with context.database.read() as work:
        return EstateView.of(estate.overview(work, caller))


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


@router.get("/api/v1/estate/files", responses=PROBLEMS)
def list_estate_files(
    context: ContextDep,
    caller: CallerDep,
    origin: Line = "",
    state: Literal["", "read", "unreadable", "other"] = "",
    cursor: Words = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    *,
    unreadable: bool = False,
) -> EstateFilesView:
    """List the files that were read, or could not be; `unreadable` keeps to those, `state` to any one."""
    with context.database.read() as work:
        page = estate.files(
            work, caller, state="unreadable" if unreadable else state, origin=origin, cursor=cursor, limit=limit
        )
    return EstateFilesView(items=[_file(each) for each in page.items], next=page.next or None)


def _file(row: dict[str, Any]) -> EstateFileView:
    fault = {name: row[f"error_{name}"] for name in ("code", "text", "fix", "place")}
    plain = {name: held for name, held in row.items() if not name.startswith("error_")}
    return EstateFileView(
        **plain | {"seen_at": rfc3339(row["seen_at"])}, error=FaultView(**fault) if fault["code"] else None
    )
