"""Versions: list, show, take in, compare, and what runs."""

from typing import Any

from fastapi import APIRouter, Response

from handrail.governance import estate, lifecycle
from handrail.governance.estate import VersionFindings
from handrail.kernel.clock import SECOND, rfc3339
from handrail.language.closure import Change
from handrail.language.importers import Artefact, Finding, read_artefact
from handrail.language.manifest import parse_app
from handrail.registry import catalog
from handrail.registry.catalog import Running, Version, VersionSummary
from handrail.registry.connectors import find_environment
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.findings import FoundView
from handrail.surfaces.http.texts import Line
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["versions"])


class VersionView(View):
    """One state of an app in one environment; `digest` is what reviewers approve."""

    id: str
    environment: str
    number: int
    digest: str
    status: str
    platform: str
    source_digest: str
    author: str
    created_at: str

    @classmethod
    def of(cls, version: VersionSummary) -> "VersionView":
        return cls(
            id=version.id,
            environment=version.environment_name,
            number=version.number,
            digest=version.digest,
            status=version.status.value,
            platform=version.platform,
            source_digest=version.source_digest,
            author=version.author,
            created_at=rfc3339(version.created_at),
        )


class VersionsView(View):
    items: list[VersionView]


class FindingView(View):
    """Something in the source that a person should know."""

    rule: str
    text: str
    step: str
    pointer: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingView":
        return cls(rule=finding.rule, text=finding.text, step=finding.step, pointer=finding.pointer)


class TakenInView(VersionView):
    """`isNew` is false when the same content was taken in before."""

    is_new: bool
    findings: list[FindingView]

    @classmethod
    def taken(cls, version: VersionSummary, artefact: Artefact, *, is_new: bool) -> "TakenInView":
        findings = [FindingView.of(each) for each in artefact.findings]
        return cls(**VersionView.of(version).model_dump(), is_new=is_new, findings=findings)


class VersionDetailView(VersionView):
    """`findings` is what the automatic checks say of it now; their pointers lead into the version's source."""

    closure: dict[str, Any]
    graph: dict[str, Any]
    manifest: dict[str, Any]
    findings: list[FoundView]

    @classmethod
    def whole(cls, version: Version, found: VersionFindings) -> "VersionDetailView":
        return cls(
            **VersionView.of(version).model_dump(),
            closure=dict(version.closure),
            graph=dict(version.graph),
            manifest=dict(version.manifest),
            findings=[FoundView.model_validate(each) for each in found.findings],
        )


class ChangeView(View):
    """One difference in words; `severity` says whether the app may do more than before (`widens`) or less."""

    kind: str
    text: str
    step: str
    pointer: str
    severity: str

    @classmethod
    def of(cls, change: Change) -> "ChangeView":
        return cls(
            kind=change.kind,
            text=change.text,
            step=change.step,
            pointer=change.pointer,
            severity=change.severity,
        )


class DiffView(View):
    """`fromNumber` is 0 when nothing was approved before."""

    from_number: int
    to_number: int
    items: list[ChangeView]


class RunningView(View):
    """What runs, how that is known (`source`) and how long ago it was confirmed (`ageS`, seconds)."""

    environment: str
    digest: str
    number: int
    source: str
    since: str
    seen_at: str
    age_s: int
    set_by: str

    @classmethod
    def of(cls, running: Running, now: int) -> "RunningView":
        return cls(
            environment=running.environment_name,
            digest=running.digest,
            number=running.number,
            source=running.source.value,
            since=rfc3339(running.since),
            seen_at=rfc3339(running.seen_at),
            age_s=max(0, now - running.seen_at) // SECOND,
            set_by=running.set_by,
        )


class RunningListView(View):
    items: list[RunningView]


class VersionNew(Body):
    """`content` is the exported file as text; `manifest` is YAML, by default the one of the version before."""

    environment: Line = "production"
    filename: Line
    content: str
    part: Line | None = None
    manifest: str | None = None
    manifest_file: Line = "app.yaml"
    author: Line = ""


class RunningNew(Body):
    environment: Line = "production"
    digest: Line


@router.get("/api/v1/apps/{name}/versions", responses=PROBLEMS)
def list_versions(context: ContextDep, caller: CallerDep, name: str, environment: str = "") -> VersionsView:
    """List an app's versions, newest first; in all environments unless one is named."""
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        place = find_environment(work, environment).id if environment else ""
        return VersionsView(items=[VersionView.of(each) for each in catalog.versions(work, app.id, place)])


@router.post(
    "/api/v1/apps/{name}/versions",
    status_code=201,
    responses={**PROBLEMS, 200: {"model": TakenInView, "description": "Nothing differs from this version."}},
)
def upload_version(
    context: ContextDep, caller: CallerDep, name: str, body: VersionNew, response: Response
) -> TakenInView:
    """Take in a version from an exported file; answers 200 with the version there is when nothing differs."""
    # Read before the unit of work: a large file must not hold up the database's one writer.
    artefact = read_artefact(body.content.encode(), body.filename, part=body.part)
    manifest = None if body.manifest is None else parse_app(body.manifest, body.manifest_file)
    with context.database.begin() as work:
        version, is_new = catalog.upload(
            work,
            caller,
            name,
            body.environment,
            artefact,
            manifest=manifest,
            manifest_file=body.manifest_file,
            author=body.author,
            hub_hosts=context.hub_hosts,
        )
        estate.check_version(work, version, context.boundary, context.lookup)
    if not is_new:
        response.status_code = 200
    return TakenInView.taken(version, artefact, is_new=is_new)


@router.get("/api/v1/apps/{name}/versions/{which}", responses=PROBLEMS)
def read_version(
    context: ContextDep, caller: CallerDep, name: str, which: str, environment: str = "production"
) -> VersionDetailView:
    """Show a version (by digest, the beginning of one, or number) with its closure, graph and manifest."""
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        there = find_environment(work, environment)
        version = catalog.find_version(work, app, there, which)
        return VersionDetailView.whole(version, estate.findings_now(work, version, context.boundary, context.lookup))


@router.get("/api/v1/apps/{name}/versions/{which}/diff", responses=PROBLEMS)
def diff_version(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    which: str,
    environment: str = "production",
    against: str = "",
) -> DiffView:
    """Say in words what differs from another version; from the newest approved one unless one is named."""
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        there = find_environment(work, environment)
        new = catalog.find_version(work, app, there, which)
        if against:
            old: Version | None = catalog.find_version(work, app, there, against)
        else:
            old = lifecycle.approved_before(work, new)
        changes = catalog.changes_between(work, old, new)
    return DiffView(
        from_number=old.number if old else 0,
        to_number=new.number,
        items=[ChangeView.of(change) for change in changes],
    )


@router.get("/api/v1/apps/{name}/running", responses=PROBLEMS)
def read_running(context: ContextDep, caller: CallerDep, name: str) -> RunningListView:
    """Say what runs in each environment, and how sure that is."""
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        return RunningListView(items=[RunningView.of(each, work.now) for each in catalog.running_of(work, app.id)])


@router.put("/api/v1/apps/{name}/running", responses=PROBLEMS)
def set_running(context: ContextDep, caller: CallerDep, name: str, body: RunningNew) -> RunningView:
    """Say what runs, for an app that no source watches."""
    with context.database.begin() as work:
        running = catalog.set_running(work, caller, name, body.environment, body.digest)
        return RunningView.of(running, work.now)


@router.post("/api/v1/apps/{name}/rollback", responses=PROBLEMS)
def roll_back(context: ContextDep, caller: CallerDep, name: str, body: RunningNew) -> RunningView:
    """Make an older, still approved version the running one."""
    with context.database.begin() as work:
        running = lifecycle.rollback(work, caller, name, body.environment, body.digest)
        return RunningView.of(running, work.now)
