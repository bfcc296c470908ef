"""What open pages are told: once, after the commit, and only to whoever may know; on both databases."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import httpx2 as httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from sqlalchemy import text
from tests.rigs.governed import World, build_world
from tests.rigs.programs import free_port, wait_for

from handrail.platform.database import Database, Work
from handrail.registry import access, audit, catalog, identity
from handrail.registry.audit import SYSTEM
from handrail.registry.identity import Binding, Caller, Role
from handrail.surfaces.http import create_app
from handrail.surfaces.http import live as lives
from handrail.surfaces.http.live import Live

PERSON = {"area": "person", "app": ""}
STANDUP = {"area": "app", "app": "standup"}
EVERYTHING = {"area": "*", "app": ""}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often, so that tests need not wait."""
    monkeypatch.setattr(lives, "_LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(lives, "_BEAT_S", 0.5)


@pytest.fixture
def world(database: Database, tmp_path: Any, make_person: Any, team: Any) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    seal(database)
    return made


def seal(database: Database) -> None:
    while audit.seal_once(database):
        pass


def message(event: bytes) -> dict[str, Any] | None:
    told: dict[str, Any] | None = json.loads(event[6:]) if event.startswith(b"data: ") else None
    return told


class Page:
    """One reader of the stream, as a browser holds it open; a context manager."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.told: list[dict[str, Any]] = []
        self.beats = 0
        self.opened, self.ended = threading.Event(), threading.Event()
        self._http = httpx.Client(timeout=30, trust_env=False)
        self._url, self._headers = url, headers
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._leave = threading.Event()

    def _read(self) -> None:
        try:
            with self._http.stream("GET", f"{self._url}/api/v1/live", headers=self._headers) as answer:
                assert answer.status_code == 200
                for line in answer.iter_lines():
                    if line.startswith("retry"):
                        self.opened.set()
                    self.beats += line.startswith(":")
                    found = message(line.encode())
                    if found is not None:
                        self.told.append(found)
                    if self._leave.is_set():
                        return
        finally:
            self.ended.set()

    @property
    def changes(self) -> list[dict[str, Any]]:
        # Its own token was made a moment ago, which it may hear of.
        return [change for told in self.told for change in told["changes"] if change["area"] != "api_token"]

    def wait(self, change: dict[str, Any]) -> None:
        wait_for(f"{change}", lambda: change in self.changes, 10)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self.opened.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join(10)
        self._http.close()


@pytest.fixture
def served(http_context: Any) -> Iterator[str]:
    """Serve the application as `handrail serve` does; return its address."""
    port = free_port()
    server = Server(
        create_app(http_context),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_access=False,
        log_enabled=False,
    )
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    wait_for("the server", answers)
    yield f"http://127.0.0.1:{port}"
    http_context.news.close()
    loops[0].call_soon_threadsafe(server.stop)
    thread.join(10)


@pytest.fixture
def page(served: str, token_of: Any, database: Database):
    """Return a function that opens a caller's page."""

    def opened(caller: Caller) -> Page:
        headers = token_of(caller)
        seal(database)
        return Page(served, headers)

    return opened


def test_what_a_team_does_is_told_to_it_and_to_no_other(page: Any, world: World) -> None:
    with page(world.ada) as own, page(world.sam) as steward, page(world.zoe) as other:
        version = world.upload()
        world.submit()
        world.approve(version)
        with world.database.begin() as work:
            access.quarantine(work, world.sam, "standup", "Looks odd")
        seal(world.database)
        own.wait(STANDUP)
        steward.wait(STANDUP)
        # Something that all may know, so that the stream has certainly been read up to here.
        with world.database.begin() as work:
            identity.add_person(work, SYSTEM, "newcomer", "Newcomer")
        seal(world.database)
        other.wait(PERSON)
        assert [change for change in other.changes if change["app"] or change["area"] == "app"] == []
        assert "standup" not in json.dumps(other.told)


def test_an_event_is_told_when_it_is_committed_and_sealed_and_once(page: Any, world: World) -> None:
    with page(world.ada) as own:
        with pytest.raises(RuntimeError), world.database.begin() as work:
            identity.add_person(work, SYSTEM, "never", "Never")
            raise RuntimeError("rolled back")
        seal(world.database)
        world.upload()
        time.sleep(0.3)
        assert own.told == [], "told before it was sealed"
        seal(world.database)
        own.wait(STANDUP)
        time.sleep(0.3)
        assert own.changes == [STANDUP]


def test_who_came_and_went_is_told_to_them_and_to_auditors_only(page: Any, world: World, make_person: Any) -> None:
    eve = make_person("eve", ("auditor", "*"))
    seal(world.database)
    with page(world.ada) as own, page(world.grace) as colleague, page(eve) as auditor:
        with world.database.begin() as work:
            audit.record(work, SYSTEM, "sign_in.succeeded", f"person:{world.ada.person_id}")
            audit.record(work, SYSTEM, "session.ended", f"person:{world.ada.person_id}")
        seal(world.database)
        own.wait(PERSON)
        auditor.wait(PERSON)
        world.upload()
        seal(world.database)
        colleague.wait(STANDUP)
        assert colleague.changes == [STANDUP]


def test_what_happens_right_after_the_stream_opens_is_told(page: Any, world: World) -> None:
    # Nobody listened before, so nothing was followed until now.
    for text_ in ("one", "two", "three"):
        with page(world.ada) as own:
            world.upload(text=text_)
            seal(world.database)
            own.wait(STANDUP)


def test_who_loses_a_role_is_told_no_more_of_that_team(page: Any, world: World) -> None:
    with page(world.zoe) as reader:
        builder = Binding(Role.BUILDER, world.team.id)
        with world.database.begin() as work:
            identity.grant_role(work, SYSTEM, identity.find_person(work, "zoe"), builder)
        world.upload()
        seal(world.database)
        reader.wait(STANDUP)
        with world.database.begin() as work:
            work.run(
                text("DELETE FROM role_binding WHERE person_id = :person AND team_id = :team"),
                person=world.zoe.person_id,
                team=world.team.id,
            )
        known = len(reader.changes)
        world.upload(text="another")
        with world.database.begin() as work:
            identity.add_person(work, SYSTEM, "newcomer", "Newcomer")
        seal(world.database)
        wait_for("the newcomer", lambda: PERSON in reader.changes[known:], 10)
        assert STANDUP not in reader.changes[known:]


def test_an_app_that_leaves_a_team_or_its_name_is_told_to_whoever_shows_it(page: Any, world: World) -> None:
    with world.database.begin() as work:
        lead = identity.find_person(work, "ada")
        other = identity.find_team(work, "logistics")
        identity.grant_role(work, SYSTEM, lead, Binding(Role.BUILDER, other.id))
        ada = identity.caller_of(work, lead.id)
    seal(world.database)
    with page(world.grace) as left_behind, page(world.zoe) as new_home:
        with world.database.begin() as work:
            catalog.edit(work, ada, "standup", new_name="morning", team="logistics")
        seal(world.database)
        left_behind.wait(STANDUP)
        new_home.wait({"area": "app", "app": "morning"})
        assert "morning" not in json.dumps(left_behind.told)
        assert "standup" not in json.dumps(new_home.told)


def test_a_session_that_ends_closes_the_stream(page: Any, world: World, database: Database) -> None:
    with page(world.ada) as by_event, page(world.grace) as stays, page(world.rita) as by_time:
        # With a word about it, and without: at the next sign of life.
        with database.begin() as work:
            end_tokens(work, world.ada)
            audit.record(work, SYSTEM, "session.ended", f"person:{world.ada.person_id}")
        seal(database)
        assert by_event.ended.wait(10)
        with database.begin() as work:
            end_tokens(work, world.rita)
        assert by_time.ended.wait(10)
        # The tokens of these pages themselves may be read after the pages have opened.
        assert [change for change in by_time.changes if change["area"] != "api_token"] == []
        beats = stays.beats
        wait_for("the others' streams to go on", lambda: stays.beats > beats, 10)


def end_tokens(work: Work, caller: Caller) -> None:
    work.run(text("DELETE FROM api_token WHERE person_id = :person"), person=caller.person_id)


def test_closing_ends_every_stream_and_later_ones_at_once(
    page: Any, world: World, http_context: Any, served: str
) -> None:
    with page(world.ada) as one, page(world.zoe) as two:
        http_context.news.close()
        assert one.ended.wait(5)
        assert two.ended.wait(5)
    with page(world.ada) as late:
        assert late.ended.wait(5)


def test_a_reader_that_goes_is_forgotten(page: Any, world: World, http_context: Any) -> None:
    with page(world.ada):
        assert len(http_context.news.live) == 1
        world.upload()
        seal(world.database)
    wait_for("the reader to be forgotten", lambda: len(http_context.news.live) == 0, 10)


def test_a_reader_that_is_slow_is_told_once_to_read_everything(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "_QUEUE_MAX", 3)
    live = Live(database)

    async def reader() -> Caller:
        return world.ada

    async def told(events: AsyncIterator[bytes]) -> list[dict[str, Any]]:
        found = []
        async for event in events:
            if event.startswith(b": "):
                return found
            made = message(event)
            if made is not None:
                found.append(made)
        return found

    async def story() -> list[dict[str, Any]]:
        events = live.stream(reader)
        assert (await anext(events)).startswith(b"retry")
        for number in range(4):
            # The reader takes nothing while all of this is told.
            await asyncio.to_thread(world.upload, text=f"text {number}")
            await asyncio.to_thread(seal, database)
            await asyncio.sleep(0.2)
        found = await told(events)
        await asyncio.to_thread(world.upload, text="the last")
        await asyncio.to_thread(seal, database)
        found += await told(events)
        live.close()
        assert [event async for event in events] == []
        return found

    # Of four, the fourth found three waiting: they became one.
    # In a thread: a browser of this test process keeps a loop of its own running in the main one.
    with ThreadPoolExecutor(1) as alone:
        read = alone.submit(lambda: asyncio.run(story())).result(60)
    assert read == [{"changes": [EVERYTHING], "calls": True}, {"changes": [STANDUP]}]


def test_too_much_at_once_is_told_as_everything(
    page: Any, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "_EVENTS_MAX", 5)
    with page(world.zoe) as reader:
        with database.begin() as work:
            for number in range(7):
                audit.record(work, SYSTEM, "app.edited", f"app:{number}")
        seal(database)
        reader.wait(EVERYTHING)


def test_a_database_that_was_away_does_not_end_the_stream(page: Any, world: World, database: Database) -> None:
    with page(world.ada) as own:
        with database.begin() as work:
            work.run(text("ALTER TABLE signal_hub RENAME TO hidden"))
        world.upload(text="while it was away")
        seal(database)
        time.sleep(0.3)
        with database.begin() as work:
            work.run(text("ALTER TABLE hidden RENAME TO signal_hub"))
        own.wait(STANDUP)
