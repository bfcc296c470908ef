"""Sources: what watches what builders really run."""

from typing import Annotated, NoReturn

from fastapi import APIRouter, Query, Response
from pydantic import Field, SecretStr

from handrail.kernel.clock import rfc3339
from handrail.kernel.secret import Secret
from handrail.registry.identity import Permission, require
from handrail.runtime import sources
from handrail.runtime.sources import INTERVAL_S, Binding, NewSource, Source
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["sources"])


class BindingView(View):
    """Which part of an instance is which app; `seenAt` is when it was last read well."""

    app: str
    environment: str
    part: str
    state: str
    since: str
    message: str
    seen_at: str | None

    @classmethod
    def of(cls, binding: Binding) -> "BindingView":
        return cls(
            app=binding.app,
            environment=binding.environment,
            part=binding.part,
            state=binding.state.value,
            since=rfc3339(binding.since),
            message=binding.message,
            seen_at=_time(binding.seen_at),
        )


class SourceView(View):
    """A source; its credential is never shown, only whether there is one."""

    name: str
    platform: str
    url: str
    network: str
    region: str
    team: str
    owner: str
    interval_s: int
    has_credential: bool
    state: str
    since: str
    message: str
    failures: int
    polled_at: str | None
    read_at: str | None
    bindings: list[BindingView]

    @classmethod
    def of(cls, source: Source) -> "SourceView":
        instance = source.instance
        return cls(
            name=instance.name,
            platform=instance.platform,
            url=instance.url,
            network=instance.network,
            region=instance.region,
            team=source.team,
            owner=source.owner,
            interval_s=instance.interval_s,
            has_credential=bool(instance.credential),
            state=source.state.value,
            since=rfc3339(source.since),
            message=source.message,
            failures=source.failures,
            polled_at=_time(source.polled_at),
            read_at=_time(source.read_at),
            bindings=[BindingView.of(binding) for binding in source.bindings],
        )


class SourcesView(View):
    items: list[SourceView]


class BindingNew(Body):
    """Which app to watch; `part` is the id or the label of a tab, empty for everything."""

    app: str
    environment: str = "production"
    part: str = ""


class SourceNew(BindingNew):
    """A builder instance, and the first app to watch in it.

    `token` is what its admin API wants as a bearer token; give one that may only read.
    """

    name: str
    platform: str = "node-red"
    url: str
    network: str = "public"
    region: str = ""
    owner: str = ""
    interval_s: int = Field(INTERVAL_S)
    token: SecretStr | None = None


def _time(at_us: int | None) -> str | None:
    return None if at_us is None else rfc3339(at_us)


@router.get("/api/v1/sources", responses=PROBLEMS)
def list_sources(context: ContextDep, caller: CallerDep) -> SourcesView:
    """List the sources of your teams, with how their last look went."""
    with context.database.read() as work:
        return SourcesView(items=[SourceView.of(source) for source in sources.listing(work, caller)])


class _Undone(Exception):
    """Rolls a unit of work back after it has shown what it would do."""

    def __init__(self, view: SourceView) -> None:
        super().__init__()
        self.view = view


def _undo(view: SourceView) -> NoReturn:
    raise _Undone(view)


@router.post("/api/v1/sources", status_code=201, responses=PROBLEMS)
def add_source(
    context: ContextDep,
    caller: CallerDep,
    body: SourceNew,
    *,
    dry_run: Annotated[bool, Query(alias="dryRun")] = False,
) -> SourceView:
    """Register a builder instance and watch one app in it from now on; `dryRun` only says what would be done."""
    token = body.token.get_secret_value().strip() if body.token else ""
    new = NewSource(**body.model_dump(exclude={"token"}))
    credential = Secret(token) if token else None
    try:
        with context.database.begin() as work:
            view = SourceView.of(sources.add(work, caller, context.vault, new, credential))
            if dry_run:
                _undo(view)
    except _Undone as undone:
        return undone.view
    return view


@router.get("/api/v1/sources/{name}", responses=PROBLEMS)
def show_source(context: ContextDep, caller: CallerDep, name: str) -> SourceView:
    """Show a source, with how its last look went and since when."""
    with context.database.read() as work:
        return SourceView.of(sources.find(work, caller, name))


@router.delete("/api/v1/sources/{name}", status_code=204, responses=PROBLEMS)
def remove_source(context: ContextDep, caller: CallerDep, name: str) -> Response:
    """Stop watching an instance and forget its credential."""
    with context.database.begin() as work:
        sources.remove(work, caller, name)
    return Response(status_code=204)


@router.post("/api/v1/sources/{name}/bindings", status_code=201, responses=PROBLEMS)
def bind_source(context: ContextDep, caller: CallerDep, name: str, body: BindingNew) -> SourceView:
    """Watch one more app in an instance that is registered."""
    with context.database.begin() as work:
        source = sources.bind(work, caller, name, app=body.app, environment=body.environment, part=body.part)
        return SourceView.of(source)


@router.post("/api/v1/sources/{name}/poll", responses=PROBLEMS)
def poll_source(context: ContextDep, caller: CallerDep, name: str) -> SourceView:
    """Look at a source now, and say what was found."""
    with context.database.read() as work:
        source = sources.find(work, caller, name)
        require(caller, Permission.SOURCE_WRITE, source.instance.team_id)
    # Outside of any unit of work: the other side may take its time.
    return SourceView.of(
        sources.poll_now(context.database, context.vault, source.instance.id, hub_hosts=context.hub_hosts)
    )
