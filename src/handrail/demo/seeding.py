"""Fills an empty install with Larkspur's last weeks, through the use cases that people use.

Everything happens in one unit of work whose time moves: a killed start leaves an empty install, and the next one
fills it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from handrail.demo.calendar import Calendar
from handrail.demo.company import COMPANY, PEOPLE, PLATFORM, TEAMS
from handrail.demo.content import CONNECTORS, SANDBOXED, connector, flow, manifest, tab_of
from handrail.demo.errors import DemoHomeTaken
from handrail.demo.found import ADOPTERS, adopt, check_versions
from handrail.demo.history import write_history
from handrail.demo.keys import Keys, fields_of, new_keys, write_keys
from handrail.demo.story import APPS, BUILDERS, ENDINGS, MOVED_IN, OPEN_HOURS, Ending, Past, Ran, Story, Told
from handrail.governance import lifecycle
from handrail.kernel.clock import MINUTE
from handrail.kernel.secret import Secret
from handrail.language.importers import Artefact, read_artefact
from handrail.language.manifest import ConnectionManifest
from handrail.platform.database import Database, Work
from handrail.registry import access, audit, catalog, connectors, identity
from handrail.registry.audit import Actor
from handrail.registry.identity import Binding, Caller
from handrail.registry.vault import Vault
from handrail.runtime import hub, sources

DEMO: Final = Actor("system", "demo", "demo data")
# Days ago and time of each look at the teams' folders, and whether it is the first.
LOOKS: Final = ((9, "09:05", True), (1, "09:12", False))
_EVENING: Final = "16:40"
_Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the demo's world is.

    Attributes:
        hub_url: The hub, as the flows write it.
        origin: The process that plays the upstreams and builders.
        enrol: Joins this machine's hub; the calls until now are said to be its.
    """

    home: Path
    hub_url: str
    origin: str
    enrol: Callable[[Work], None]


def seed(database: Database, vault: Vault, place: Place) -> bool:
    """Fill an empty install; return False if it holds the demo already.

    Raises:
        DemoHomeTaken: If somebody works in it.
    """
    with database.read() as work:
        if identity.is_made_up(work):
            return False
        if identity.people(work):
            raise DemoHomeTaken(
                f"{place.home} is in use: real people have accounts there, and made-up ones must not come between.",
                fix=f"Start the demo in a folder of its own: handrail up --demo --home {place.home}-demo",
                place=str(place.home),
            )
    with database.begin() as work:
        keys = _Seeding(work, vault, place).run()
        # Before the commit: a filled install without its keys would be a dead one.
        write_keys(place.home, keys)
    return True


@dataclass(slots=True)
class _Seeding:
    work: Work
    vault: Vault
    place: Place
    people: dict[str, str] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
    keys: Keys = field(default_factory=lambda: new_keys(CONNECTORS))

    def run(self) -> Keys:
        now = self.work.now
        calendar = Calendar(now)
        events: list[tuple[int, _Act]] = [
            (calendar.at(MOVED_IN, "07:50"), lambda: self.place.enrol(self.work)),
            (calendar.at(MOVED_IN, "08:00"), self._move_in),
        ]
        for story in APPS:
            events += self._events(story, calendar)
        events += [(calendar.at(each.day, each.clock), _ending(self, each)) for each in ENDINGS]
        # What was superseded ends by time, as a worker would have noticed.
        events += [(calendar.at(day, "05:00"), self._tend) for day in range(MOVED_IN - 1, 0, -1)]
        for day, clock, first in LOOKS:
            events += [(calendar.at(day, clock), _looking(self, team, first=first)) for team in ADOPTERS]
        for at, act in sorted(events, key=lambda event: event[0]):
            self.work.now = at
            act()
        self.work.now = now
        check_versions(self.work)
        calls = write_history(self.work, hub.find_hub(self.work, "local").id, self.past, now)
        identity.mark_made_up(self.work)
        facts = {"company": COMPANY, "apps": len(APPS), "calls": calls}
        audit.record(self.work, DEMO, "demo.filled", "install:demo", facts)
        return self.keys

    def caller(self, name: str) -> Caller:
        return identity.caller_of(self.work, self.people[name])

    def _tend(self) -> None:
        if lifecycle.tending_due(self.work):
            lifecycle.tend(self.work)

    # Moving in

    def _move_in(self) -> None:
        work = self.work
        for name, title in TEAMS:
            identity.add_team(work, DEMO, name, title)
        for made in PEOPLE:
            person = identity.add_person(work, DEMO, made.name, made.display_name)
            self.people[made.name] = person.id
            for role, team in made.roles:
                where = team if team == identity.ALL_TEAMS else identity.find_team(work, team).id
                if made is PLATFORM:
                    identity.grant_role(work, DEMO, person, Binding(role, where))
                else:
                    identity.grant(work, self.caller(PLATFORM.name), made.name, Binding(role, where))
        for name in CONNECTORS:
            self._connect(name)

    def _connect(self, name: str) -> None:
        tomas = self.caller(PLATFORM.name)
        wanted = connector(name)
        connectors.apply_connector(self.work, tomas, wanted)
        for environment in ("production", "sandbox") if name in SANDBOXED else ("production",):
            fields = fields_of(wanted.credential.kind, self.keys.upstreams[name])
            connectors.set_credential(self.work, self.vault, tomas, f"demo-{name}", environment, fields)
            connection = ConnectionManifest(
                name=name if environment == "production" else f"{name}-{environment}",
                connector=name,
                version=wanted.version,
                environment=environment,
                upstream=f"{self.place.origin}/{name}",
                network="private",
                credential=f"demo-{name}",
            )
            connectors.apply_connection(self.work, self.vault, tomas, connection)

    # One app

    def _events(self, story: Story, calendar: Calendar) -> Iterator[tuple[int, _Act]]:
        yield calendar.at(story.day, "08:20"), lambda: self._register(story)
        for number, told in enumerate(story.versions, 1):
            asked = calendar.at(told.day, told.clock) if told.day else calendar.ago(OPEN_HOURS)
            step = _Step(self, story, told, number)
            yield asked - MINUTE, step.upload
            if story.builder and number == 1:
                yield asked - MINUTE // 2, step.watch
            if told.asked:
                yield asked, step.submit
            if told.decided_day is not None:
                decided = calendar.at(told.decided_day, _EVENING)
                yield decided, step.decide
                if not told.refused:
                    yield decided + 7 * MINUTE, step.go_live

    def _register(self, story: Story) -> None:
        declared = manifest(story.name, 1) if story.versions else None
        catalog.register(
            self.work,
            self.caller(story.owner),
            story.name,
            team=story.team,
            title=(declared.title or "") if declared else story.title,
            deputy=story.deputy,
            purpose=declared.purpose if declared else story.purpose,
        )

    def artefact(self, story: Story, number: int) -> Artefact:
        document = flow(story.name, number, self.place.hub_url)
        return read_artefact(document, f"{story.name}.json", part=tab_of(document))

    # Last things

    def end(self, ending: Ending) -> None:
        tomas = self.caller(PLATFORM.name)
        if ending.kind == "left":
            identity.disable_person(self.work, tomas, ending.subject)
            return
        self.past.ended[ending.subject] = self.work.now
        if ending.kind == "held":
            self.past.held.add(ending.subject)
            access.quarantine(self.work, tomas, ending.subject, ending.reason)
        else:
            owner = next(story.owner for story in APPS if story.name == ending.subject)
            catalog.retire(self.work, self.caller(owner), ending.subject, reason=ending.reason)

    def add_client(self, story: Story) -> None:
        """The owner gives the app's flow what it signs in with."""
        made = access.add_secret_client(self.work, self.caller(story.owner), story.name, "production")
        if made.secret is not None:
            clients = {**self.keys.clients, story.name: (made.client.id, made.secret.reveal())}
            self.keys = replace(self.keys, clients=clients)


@dataclass(frozen=True, slots=True)
class _Step:
    """What happens to one version of an app, one after the other."""

    seeding: _Seeding
    story: Story
    told: Told
    number: int

    def upload(self) -> None:
        seeding, story = self.seeding, self.story
        catalog.upload(
            seeding.work,
            seeding.caller(story.owner),
            story.name,
            story.environment,
            seeding.artefact(story, self.number),
            manifest=manifest(story.name, self.number),
            manifest_file=f"app-{self.number}.yaml",
        )

    def watch(self) -> None:
        """Tomás registers the builder, or binds the app to it; the source sees the version."""
        seeding, story = self.seeding, self.story
        tomas = seeding.caller(PLATFORM.name)
        part = tab_of(flow(story.name, self.number)) or ""
        known = [source.instance.name for source in sources.listing(seeding.work, tomas)]
        if story.builder in known:
            sources.bind(seeding.work, tomas, story.builder, app=story.name, part=part)
        else:
            new = sources.NewSource(
                name=story.builder,
                platform="node-red",
                url=f"{seeding.place.origin}/builders/{BUILDERS[story.builder]}",
                app=story.name,
                part=part,
                network="private",
                interval_s=5,
            )
            sources.add(seeding.work, tomas, seeding.vault, new, Secret(seeding.keys.builders))
        self._observe()

    def submit(self) -> None:
        seeding, story = self.seeding, self.story
        lifecycle.submit(seeding.work, seeding.caller(story.owner), story.name, story.environment, note=self.told.note)

    def decide(self) -> None:
        seeding, story, told = self.seeding, self.story, self.told
        decider = seeding.caller(told.by)
        if told.refused:
            lifecycle.refuse(seeding.work, decider, story.name, story.environment, told.refused)
            return
        version = self._version()
        lifecycle.approve(seeding.work, decider, story.name, story.environment, version.digest)

    def go_live(self) -> None:
        """Let the approved version run, in the builder or by the owner's word."""
        seeding, story = self.seeding, self.story
        version = self._version()
        if story.builder:
            self._observe()
        elif self.number > 1:
            catalog.set_running(
                seeding.work, seeding.caller(story.owner), story.name, story.environment, version.digest
            )
        if self.number == 1:
            seeding.add_client(story)
        ran = Ran(version.app_id, seeding.work.now, version.digest)
        seeding.past.ran.setdefault(story.name, []).append(ran)

    def _observe(self) -> None:
        seeding, story = self.seeding, self.story
        source = sources.find(seeding.work, seeding.caller(PLATFORM.name), story.builder)
        app = catalog.find_app(seeding.work, seeding.caller(story.owner), story.name)
        environment = connectors.find_environment(seeding.work, story.environment)
        actor = Actor("system", source.instance.id, f"source {source.instance.name}")
        catalog.observe(seeding.work, actor, app, environment, seeding.artefact(story, self.number))

    def _version(self) -> catalog.Version:
        work = self.seeding.work
        app = catalog.find_app(work, self.seeding.caller(self.story.owner), self.story.name)
        environment = connectors.find_environment(work, self.story.environment)
        return catalog.find_version(work, app, environment, str(self.number))


def _looking(seeding: _Seeding, team: str, *, first: bool) -> _Act:
    return lambda: adopt(seeding.work, seeding.caller(ADOPTERS[team]), team, seeding.place.hub_url, first=first)


def _ending(seeding: _Seeding, ending: Ending) -> _Act:
    return lambda: seeding.end(ending)
