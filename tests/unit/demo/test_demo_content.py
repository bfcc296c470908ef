"""The demo's flows, manifests and habits fit each other, and its played systems answer every call."""

import json
import re
import threading
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from handrail.demo import content
from handrail.demo.builders import Builders
from handrail.demo.calls import HABITS
from handrail.demo.company import PEOPLE, SEATS, TEAMS
from handrail.demo.keys import new_keys, read_keys, write_keys
from handrail.demo.story import APPS, BUILDERS, DRIFTS, ENDINGS
from handrail.demo.upstreams import Played, Server, _header_of
from handrail.language.importers import KnownConnection, KnownOperation, draft_app, read_artefact

VERSIONS = [(story.name, number) for story in APPS for number in range(1, len(story.versions) + 1)]
HUB_HOST = "127.0.0.1:8780"


def known() -> list[KnownConnection]:
    found = []
    for name in content.CONNECTORS:
        operations = tuple(KnownOperation(o.name, o.method, o.path) for o in content.connector(name).operations)
        found += [KnownConnection(name, name, "", operations), KnownConnection(f"{name}-sandbox", name, "", operations)]
    return found


@pytest.mark.parametrize(("app", "version"), [*VERSIONS, (DRIFTS, "changed")])
def test_every_flow_is_read_cleanly_and_calls_nothing_around_the_hub(app: str, version: int | str) -> None:
    artefact = read_artefact(content.flow(app, version), f"{app}.json")
    assert (artefact.graph.unknown, artefact.unresolved, artefact.findings) == ((), (), ())
    draft = draft_app(artefact, known(), hub_hosts=[HUB_HOST])
    assert draft.egress == ()
    assert [call for call in draft.calls if call.operation is None] == []
    assert len(list(artefact.graph.working())) >= 4


@pytest.mark.parametrize(("app", "version"), VERSIONS)
def test_every_flow_fits_its_manifest(app: str, version: int) -> None:
    artefact = read_artefact(content.flow(app, version), f"{app}.json")
    draft = draft_app(artefact, known(), hub_hosts=[HUB_HOST]).document["spec"]
    manifest = content.manifest(app, version)
    story = next(story for story in APPS if story.name == app)
    asked = {used.connection: sorted(used.operations) for used in manifest.connections}
    assert asked == {used["connection"]: used["operations"] for used in draft["connections"]}
    assert (manifest.name, manifest.platform, manifest.title) == (app, artefact.platform, artefact.graph.name)
    assert (manifest.team, manifest.owner, manifest.deputy or "") == (story.team, story.owner, story.deputy)
    allowed = [
        content.connector(used.connection.removesuffix("-sandbox")).data_classes for used in manifest.connections
    ]
    assert (manifest.platform == "node-red") == bool(story.builder)
    assert all("pii" in classes for classes in allowed if "pii" in manifest.data_classes)


def test_one_flow_is_long_and_second_versions_differ() -> None:
    steps = {app: len(list(read_artefact(content.flow(app, n), "f").graph.working())) for app, n in VERSIONS}
    assert max(steps.values()) == 25
    for app, number in VERSIONS:
        if number > 1:
            one, two = (read_artefact(content.flow(app, n), "f").source_digest for n in (1, number))
            assert one != two


def test_the_story_names_only_people_teams_and_apps_that_there_are() -> None:
    people, teams, apps = {made.name for made in PEOPLE}, {name for name, _ in TEAMS}, {story.name for story in APPS}
    assert {seat.name for seat in SEATS} <= people
    for story in APPS:
        assert {story.owner, story.deputy or story.owner} <= people
        assert story.team in teams
        # Nobody decides on what is their own.
        assert story.owner not in {told.by for told in story.versions}
        days = [day for told in story.versions for day in (told.day, told.decided_day) if day is not None]
        assert days == sorted(days, reverse=True)
        assert story.day >= max(days, default=0)
    assert {ending.subject for ending in ENDINGS} <= people | apps
    assert {habit.app for habit in HABITS} <= apps


def test_every_habit_calls_what_its_app_was_granted_and_one_what_it_was_not() -> None:
    denied = []
    for habit in HABITS:
        last = max(version for app, version in VERSIONS if app == habit.app)
        last -= habit.app in {"invoice-approver", "quote-to-order"}  # the open and the refused one
        granted = {used.connection: used.operations for used in content.manifest(habit.app, last).connections}
        for call in habit.calls:
            has = call.operation in granted.get(call.connection, ())
            assert has == call.granted, (habit.app, call)
            denied += [] if has else [habit.app]
            path = "/" + call.path.split("?")[0].partition("/")[2].replace("{n}", "1")
            operation = next(o for o in content.connector(call.connection).operations if o.name == call.operation)
            assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", operation.path), path)
            assert operation.method == call.method
    assert denied == ["csat-to-slack"]


@pytest.fixture
def world(tmp_path: Path) -> Any:
    keys = new_keys(content.CONNECTORS)
    server = Server(0, Played(keys, Builders(tmp_path, "http://hub.test:1", changes_after_s=0.4)))
    stop = server.start()
    with httpx.Client(base_url=server.origin, timeout=10, trust_env=False) as http:
        yield keys, http
    stop()


def test_the_played_systems_answer_every_operation_with_a_label_and_only_with_their_credential(world: Any) -> None:
    keys, http = world
    for name in content.CONNECTORS:
        header, value = _header_of(name, keys.upstreams[name])
        for operation in content.connector(name).operations:
            path = f"/{name}" + re.sub(r"{\w+}", "7", operation.path)
            statuses = set()
            for headers in ({header: value}, {header: "Bearer wrong"}, {}):
                told = http.request(operation.method, path, headers=headers)
                assert told.headers["x-handrail-demo"] == "1"
                statuses.add(told.status_code if headers.get(header) == value else -told.status_code)
                if headers.get(header) != value:
                    assert told.status_code == 401 or told.json() == {"ok": False, "error": "invalid_auth"}
            # 429 and 503 are its moods.
            assert statuses & {200, 201, 429, 503}, (operation, statuses)
    assert http.get("/nothing").status_code == 404


def test_a_body_that_cannot_be_read_is_no_error_of_the_server(world: Any) -> None:
    keys, http = world
    header, value = _header_of("mail", keys.upstreams["mail"])
    for body in (b"{", b"\xff\xfe", b"[1]"):
        headers = {header: value, "content-type": "application/json"}
        assert http.post("/mail/email", content=body, headers=headers).status_code == 200


def test_the_played_builder_runs_what_was_approved_until_somebody_changes_it(world: Any, tmp_path: Path) -> None:
    keys, http = world
    headers = {"authorization": f"Bearer {keys.builders}"}
    assert http.get("/builders/support/flows").status_code == 401
    assert http.get("/builders/nobody/flows", headers=headers).status_code == 404
    (tab,) = [content.tab_of(content.flow(DRIFTS, 1))]

    def runs() -> str:
        return read_artefact(
            http.get("/builders/support/flows", headers=headers).content, "f.json", part=tab
        ).source_digest

    def written(version: int | str) -> str:
        document = content.flow(DRIFTS, version, "http://hub.test:1")
        return read_artefact(document, "f.json", part=tab).source_digest

    assert runs() == written(1)
    threading.Event().wait(0.6)
    assert runs() == written("changed")
    # A new process remembers.
    again = json.dumps(Builders(tmp_path, "http://hub.test:1", changes_after_s=99).flows("support")).encode()
    assert read_artefact(again, "f.json", part=tab).source_digest == written("changed")
    for team in BUILDERS.values():
        assert http.get(f"/builders/{team}/flows", headers=headers).json()["flows"]


def test_keys_are_kept_for_this_user_alone(tmp_path: Path) -> None:
    keys = new_keys(("slack",))
    write_keys(tmp_path, keys)
    assert read_keys(tmp_path) == keys
    assert (tmp_path / "demo" / "keys.json").stat().st_mode & 0o077 == 0
    assert keys.builders not in repr(keys)
