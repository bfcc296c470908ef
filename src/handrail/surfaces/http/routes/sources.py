"""Sources: what watches what builders really run."""

from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Query, Response
from pydantic import SecretStr

from handrail.kernel.clock import SECOND, rfc3339
from handrail.kernel.secret import Secret
from handrail.registry.identity import Permission, require
from handrail.runtime import sources
from handrail.runtime.sources import Binding, Found, NewSource, Rules, Source, State, read_rules, rules_document
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["sources"])


class DriftView(View):
    """What runs is not what was approved: what changed, in words, and until when that is tolerated, if it is."""

    changes: list[str]
    tolerated_until: str | None


class BindingView(View):
    """Which part of an instance is which app; `seenAt` is when it was last read well.

    `state` is `unknown` while the instance itself cannot be read. `lagS` is how old what is known is, in seconds.
    `author` is empty where the builder does not say who changed it.
    """

    app: str
    environment: str
    part: str
    state: str
    since: str
    message: str
    seen_at: str | None
    lag_s: int | None
    version: str
    author: str
    drift: DriftView | None

    @classmethod
    def of(cls, source: Source, binding: Binding, now: int) -> "BindingView":
        hidden = not source.readable
        return cls(
            app=binding.app,
            environment=binding.environment,
            part=binding.part,
            state=State.UNKNOWN.value if hidden else binding.state.value,
            since=rfc3339(source.since if hidden else binding.since),
            message=source.message if hidden else binding.message,
            seen_at=_time(binding.seen_at),
            lag_s=_lag_s(binding.seen_at, now),
            version=binding.version,
            author=binding.author,
            drift=DriftView(changes=list(binding.changes), tolerated_until=_time(binding.drift_until))
            if binding.changes_of
            else None,
        )


class RulesView(View):
    """An instance's standing rules and templates."""

    on_drift: str
    deadline_hours: int
    naming: str
    data_classes: list[str]

    @classmethod
    def of(cls, rules: Rules) -> "RulesView":
        return cls.model_validate(rules_document(rules))


class SourceView(View):
    """A source; its credential is never shown, only whether there is one.

    `failures` looks have failed in a row, and `nextAt` is when the next one is due: later and later while they do.
    `found` definitions are in it, of which `unregistered` belong to no app; `vanished` apps are no longer there.
    """

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
    next_at: str
    lag_s: int | None
    listed_at: str | None
    found: int
    unregistered: int
    vanished: int
    rules: RulesView
    bindings: list[BindingView]

    @classmethod
    def of(cls, source: Source, now: int) -> "SourceView":
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
            next_at=rfc3339(source.next_at),
            lag_s=_lag_s(source.read_at, now),
            listed_at=_time(source.listed_at),
            found=source.found,
            unregistered=source.unregistered,
            vanished=source.vanished,
            rules=RulesView.of(instance.rules),
            bindings=[BindingView.of(source, binding, now) for binding in source.bindings],
        )


class FoundFlowView(View):
    """A definition that an instance holds.

    `sight` is `present`, `missed` (once not there), `gone` or `unknown` (the instance cannot be read). `finding` is
    `unregistered-app` with a prepared `registration`, or `vanished-app` for an app that should be retired or moved;
    empty otherwise. `active` and `author` are null and empty where the builder does not say.
    """

    part: str
    name: str
    path: str
    version: str
    active: bool | None
    updated_at: str | None
    author: str
    first_seen: str
    last_seen: str
    sight: str
    since: str
    apps: list[str]
    finding: str
    registration: dict[str, Any] | None
    problem: str

    @classmethod
    def of(cls, source: Source, each: Found) -> "FoundFlowView":
        sight, since = sources.sight_of(source, each)
        last = each.last_seen if each.missed or source.listed_at is None else max(each.last_seen, source.listed_at)
        return cls(
            part=each.part,
            name=each.name,
            path=each.path,
            version=each.version,
            active=each.active,
            updated_at=_time(each.updated_at),
            author=each.author,
            first_seen=rfc3339(each.first_seen),
            last_seen=rfc3339(last),
            sight=sight.value,
            since=rfc3339(since),
            apps=list(each.apps),
            finding=sources.finding_of(source, each),
            registration=dict(each.registration) if each.registration and not each.apps else None,
            problem=each.problem,
        )


class FoundListView(View):
    """Everything that an instance holds; `listedAt` is when that was complete last, null before the first time."""

    listed_at: str | None
    items: list[FoundFlowView]


class SourcesView(View):
    items: list[SourceView]


class BindingNew(Body):
    """Which app to watch; `part` is the id or the label of a tab, empty for everything."""

    app: str
    environment: str = "production"
    part: str = ""


class RulesBody(Body):
    """Standing rules; what is left out is as by default.

    `onDrift` is `deny`, or `warn` with `deadlineHours`: so long the last approval covers what nobody approved.
    `naming` makes names of apps that are found, of `{name}`, `{team}` and `{instance}`.
    """

    on_drift: str | None = None
    deadline_hours: int | None = None
    naming: str | None = None
    data_classes: list[str] | None = None

    def rules(self) -> Rules:
        """Return what they mean; raises SourceRulesInvalid."""
        return read_rules(self.model_dump(by_alias=True, exclude_none=True))


class SourceNew(Body):
    """A builder instance, and the first app to watch in it; without one, only what it holds is listed.

    `token` is what it wants: a bearer token (Node-RED), an API key (n8n), a token or `user:token` (git); give one that
    may only read. `url` is for git an https address or a path, with `#branch`, and for a folder its path.
    """

    name: str
    platform: str = "node-red"
    url: str
    app: str = ""
    environment: str = "production"
    part: str = ""
    team: str = ""
    network: str = "public"
    region: str = ""
    owner: str = ""
    interval_s: int | None = None
    rules: RulesBody = RulesBody()
    token: SecretStr | None = None


class SourceChange(Body):
    """Other rules (all of them) or another interval; what is left out stays."""

    rules: RulesBody | None = None
    interval_s: int | None = None


def _time(at_us: int | None) -> str | None:
    return None if at_us is None else rfc3339(at_us)


def _lag_s(at_us: int | None, now: int) -> int | None:
    return None if at_us is None else max(0, (now - at_us) // SECOND)


@router.get("/api/v1/sources", responses=PROBLEMS)
def list_sources(context: ContextDep, caller: CallerDep) -> SourcesView:
    """List the sources of your teams, with how their last look went."""
    with context.database.read() as work:
        return SourcesView(items=[SourceView.of(source, work.now) for source in sources.listing(work, caller)])


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
    new = NewSource(**body.model_dump(exclude={"token", "rules"}), rules=body.rules.rules())
    credential = Secret(token) if token else None
    try:
        with context.database.begin() as work:
            view = SourceView.of(sources.add(work, caller, context.vault, new, credential), work.now)
            if dry_run:
                _undo(view)
    except _Undone as undone:
        return undone.view
    return view


@router.get("/api/v1/sources/{name}", responses=PROBLEMS)
def show_source(context: ContextDep, caller: CallerDep, name: str) -> SourceView:
    """Show a source, with how its last look went and since when."""
    with context.database.read() as work:
        return SourceView.of(sources.find(work, caller, name), work.now)


@router.patch("/api/v1/sources/{name}", responses=PROBLEMS)
def change_source(context: ContextDep, caller: CallerDep, name: str, body: SourceChange) -> SourceView:
    """Give an instance other standing rules, or another interval."""
    rules = None if body.rules is None else body.rules.rules()
    with context.database.begin() as work:
        return SourceView.of(sources.set_rules(work, caller, name, rules, body.interval_s), work.now)


@router.get("/api/v1/sources/{name}/found", responses=PROBLEMS)
def list_found(
    context: ContextDep,
    caller: CallerDep,
    name: str,
    *,
    findings: Annotated[bool, Query(description="Only what somebody should act on.")] = False,
) -> FoundListView:
    """List every definition that an instance holds, with what is unregistered and what has vanished."""
    with context.database.read() as work:
        source, found = sources.found(work, caller, name)
    items = [FoundFlowView.of(source, each) for each in found]
    return FoundListView(
        listed_at=_time(source.listed_at), items=[each for each in items if each.finding or not findings]
    )


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
        return SourceView.of(source, work.now)


@router.post("/api/v1/sources/{name}/poll", responses=PROBLEMS)
def poll_source(context: ContextDep, caller: CallerDep, name: str) -> SourceView:
    """Look at a source now, and say what was found."""
    with context.database.read() as work:
        source = sources.find(work, caller, name)
        require(caller, Permission.SOURCE_WRITE, source.instance.team_id)
    # Outside of any unit of work: the other side may take its time.
    found = sources.poll_now(
        context.database,
        context.vault,
        source.instance.id,
        context.reader,
        hub_hosts=context.hub_hosts,
        inventory=context.inventory,
    )
    return SourceView.of(found, context.database.clock())
