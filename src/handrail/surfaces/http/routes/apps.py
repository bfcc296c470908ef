"""Apps: register, adopt, show, edit, retire."""

from typing import Any

from fastapi import APIRouter, Response

from handrail.governance import estate, lifecycle
from handrail.kernel.clock import rfc3339
from handrail.language.importers import AppDraft, Artefact, parts, read_artefact, sniff
from handrail.language.manifest import parse_app
from handrail.registry import access, catalog
from handrail.registry.access import Hold
from handrail.registry.catalog import App
from handrail.registry.connectors import find_environment
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.preconditions import ExpectedDep, tell
from handrail.surfaces.http.routes.reviews import ApprovalView, ReviewView
from handrail.surfaces.http.routes.versions import FindingView, RunningView, TakenInView, VersionView
from handrail.surfaces.http.texts import Line, Words
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["apps"])


class AppView(View):
    """`deputy` is empty while nobody was named; `ownerActive` is false once the owner was disabled."""

    id: str
    name: str
    title: str
    team: str
    owner: str
    owner_name: str
    owner_active: bool
    deputy: str
    deputy_name: str
    purpose: str
    stage: str
    platform: str
    assurance: str
    created_at: str

    @classmethod
    def of(cls, app: App) -> "AppView":
        return cls(
            id=app.id,
            name=app.name,
            title=app.title,
            team=app.team,
            owner=app.owner,
            owner_name=app.owner_name,
            owner_active=app.owner_active,
            deputy=app.deputy,
            deputy_name=app.deputy_name,
            purpose=app.purpose,
            stage=app.stage.value,
            platform=app.platform,
            assurance=app.assurance.value,
            created_at=rfc3339(app.created_at),
        )


class AppsView(View):
    items: list[AppView]


class HoldView(View):
    """A quarantine in force."""

    reason: str
    by: str
    at: str

    @classmethod
    def of(cls, hold: Hold | None) -> "HoldView | None":
        return None if hold is None else cls(reason=hold.reason, by=hold.by, at=rfc3339(hold.at))


class AppDetailView(AppView):
    """`etag` names the state of what an edit can change; give it as `If-Match` (in quotes) to lose nobody's change."""

    etag: str
    versions: list[VersionView]
    running: list[RunningView]
    approvals: list[ApprovalView]
    reviews: list[ReviewView]
    quarantine: HoldView | None


class AppNew(Body):
    name: Line
    team: Line
    title: Line = ""
    owner: Line = ""
    deputy: Line = ""
    purpose: Words = ""


class AppEdit(Body):
    """Only what is given changes."""

    new_name: Line | None = None
    title: Line | None = None
    team: Line | None = None
    owner: Line | None = None
    deputy: Line | None = None
    purpose: Words | None = None


class RetirementNew(Body):
    reason: Words = ""


class ArtefactNew(Body):
    """An exported file as text."""

    environment: Line = "production"
    filename: Line
    content: str
    part: Line | None = None


class AdoptionNew(ArtefactNew):
    """`manifest` is YAML; it names the app, and who answers for it."""

    manifest: str
    manifest_file: Line = "app.yaml"
    author: Line = ""


class FlowPartView(View):
    """One flow of a file that holds several; `id` is what `part` takes."""

    id: str
    label: str
    steps: int


class PartsView(View):
    """`whole` tells whether the file can also be read as one app, without a `part`."""

    items: list[FlowPartView]
    whole: bool


class DraftView(View):
    """What an artefact tells: a manifest to complete, and the questions that only a person can answer.

    `unknown` says what the file does not show, `findings` what is wrong in it; `part` is the flow that was read, empty
    for the whole file.
    """

    name: str
    title: str
    platform: str
    summary: str
    steps: list[str]
    connectors: list[str]
    calls: list[str]
    egress: list[str]
    credentials: list[str]
    suggestions: list[str]
    unknown: list[str]
    findings: list[FindingView]
    part: str
    questions: dict[str, str]
    manifest: dict[str, Any]

    @classmethod
    def of(cls, draft: AppDraft, artefact: Artefact) -> "DraftView":
        return cls(
            name=draft.name,
            title=draft.title,
            platform=draft.platform,
            summary=draft.summary,
            steps=list(draft.steps),
            connectors=list(draft.connectors),
            calls=sorted({f"{call.connection}: {call.operation or call.path}" for call in draft.calls}),
            egress=list(draft.egress),
            credentials=[credential.key for credential in draft.credentials],
            suggestions=list(draft.suggestions),
            unknown=list(artefact.graph.unknown),
            findings=[FindingView.of(each) for each in artefact.findings],
            part=artefact.part,
            questions={question.field: question.text for question in draft.questions},
            manifest=dict(draft.document),
        )


class AdoptedView(View):
    app: AppView
    version: TakenInView


@router.get("/api/v1/apps", responses=PROBLEMS)
def list_apps(
    context: ContextDep, caller: CallerDep, team: str = "", stage: str = "", retired: bool = False
) -> AppsView:
    """List the apps that the caller may see; retired ones with `retired=true`."""
    with context.database.read() as work:
        found = catalog.listing(work, caller, team=team, stage=stage, with_retired=retired)
    return AppsView(items=[AppView.of(app) for app in found])


@router.post("/api/v1/apps", status_code=201, responses=PROBLEMS)
def register_app(context: ContextDep, caller: CallerDep, body: AppNew) -> AppView:
    """Register an app; an idea needs no artefact yet."""
    with context.database.begin() as work:
        return AppView.of(catalog.register(work, caller, **body.model_dump()))


@router.post("/api/v1/drafts", responses=PROBLEMS)
def draft_app(context: ContextDep, caller: CallerDep, body: ArtefactNew) -> DraftView:
    """Read an exported file and answer with its app's manifest as far as the file tells; stores nothing."""
    require(caller, Permission.APP_WRITE)
    artefact = read_artefact(body.content.encode(), body.filename, part=body.part)
    with context.database.read() as work:
        there = find_environment(work, body.environment)
        return DraftView.of(catalog.draft(work, there, artefact, hub_hosts=context.hub_hosts), artefact)


@router.post("/api/v1/drafts/parts", responses=PROBLEMS)
def list_parts(caller: CallerDep, body: ArtefactNew) -> PartsView:
    """List the flows of an exported file, so that one can be chosen; stores nothing."""
    require(caller, Permission.APP_WRITE)
    data = body.content.encode()
    found = parts(data, body.filename)
    return PartsView(
        items=[FlowPartView(id=each.id, label=each.label, steps=each.steps) for each in found],
        # The tabs of a Node-RED file live together; the workflows of an n8n file are apart.
        whole=len(found) <= 1 or sniff(data, body.filename) == "node-red",
    )


@router.post("/api/v1/adoptions", status_code=201, responses=PROBLEMS)
def adopt_app(context: ContextDep, caller: CallerDep, body: AdoptionNew) -> AdoptedView:
    """Register an app and take in its first version, both or neither."""
    artefact = read_artefact(body.content.encode(), body.filename, part=body.part)
    manifest = parse_app(body.manifest, body.manifest_file)
    with context.database.begin() as work:
        catalog.register(
            work,
            caller,
            manifest.name,
            team=manifest.team,
            title=manifest.title or "",
            owner=manifest.owner,
            deputy=manifest.deputy or "",
            purpose=manifest.purpose,
        )
        version, is_new = catalog.upload(
            work,
            caller,
            manifest.name,
            body.environment,
            artefact,
            manifest=manifest,
            manifest_file=body.manifest_file,
            author=body.author,
        )
        estate.check_version(work, version, context.boundary, context.lookup)
        app = catalog.find_app(work, caller, manifest.name)
    return AdoptedView(app=AppView.of(app), version=TakenInView.taken(version, artefact, is_new=is_new))


@router.get("/api/v1/apps/{name}", responses=PROBLEMS)
def read_app(context: ContextDep, caller: CallerDep, name: str, response: Response) -> AppDetailView:
    """Show an app: who answers for it, its versions, what runs and how sure that is, approvals, quarantine."""
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        approvals = [
            ApprovalView.of(each, work.now, in_force=lifecycle.in_force(work, each))
            for each in access.approvals(work, app.id)
        ]
        tell(response, catalog.tag_of(app))
        return AppDetailView(
            **AppView.of(app).model_dump(),
            etag=catalog.tag_of(app),
            versions=[VersionView.of(each) for each in catalog.versions(work, app.id)],
            running=[RunningView.of(each, work.now) for each in catalog.running_of(work, app.id)],
            approvals=approvals,
            reviews=[ReviewView.of(each) for each in lifecycle.reviews(work, caller, app=name)],
            quarantine=HoldView.of(access.hold_of(work, app.id)),
        )


@router.patch("/api/v1/apps/{name}", responses=PROBLEMS)
def edit_app(
    context: ContextDep, caller: CallerDep, name: str, body: AppEdit, expected: ExpectedDep, response: Response
) -> AppView:
    """Change who answers for an app, what it is called or what it is for; with `If-Match` only what you saw."""
    with context.database.begin() as work:
        app = catalog.edit(work, caller, name, **body.model_dump(), expected=expected)
    tell(response, catalog.tag_of(app))
    return AppView.of(app)


@router.post("/api/v1/apps/{name}/retire", responses=PROBLEMS)
def retire_app(
    context: ContextDep, caller: CallerDep, name: str, body: RetirementNew, expected: ExpectedDep
) -> AppView:
    """Retire an app for good; its name is never given again. With `If-Match` only what you saw."""
    with context.database.begin() as work:
        return AppView.of(catalog.retire(work, caller, name, reason=body.reason, expected=expected))
