"""Where steps are drawn: stored with the version, moved by people, carried to the next one; on both databases."""

import itertools
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.rigs.governed import World, build_world

from handrail.kernel.clock import SECOND
from handrail.kernel.errors import Forbidden
from handrail.language.importers import read_artefact
from handrail.platform.database import Database
from handrail.registry import audit, catalog
from handrail.registry.catalog import Layout

AT_FIRST = {"in1": (0, 0), "say1": (210, 0), "text1": (420, 0)}


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    return made


def shown(world: World, which: str = "1", environment: str = "production") -> Layout:
    with world.database.read() as work:
        return catalog.show_layout(work, world.ada, "standup", environment, which)


def moved(world: World, which: str = "1", who: Any = None, expected: frozenset[str] | None = None, **at: Any) -> Layout:
    with world.database.begin() as work:
        return catalog.move_steps(work, who or world.ada, "standup", "production", which, at, expected=expected)


def tidied(world: World, which: str = "1") -> Layout:
    with world.database.begin() as work:
        return catalog.tidy_layout(work, world.ada, "standup", "production", which)


def rows(world: World) -> int:
    with world.database.read() as work:
        return int(work.scalar(text("SELECT COUNT(*) FROM layout")))


def forget(world: World) -> None:
    """Make the versions as old as those that were taken in before there were drawings."""
    with world.database.begin() as work:
        work.run(text("DELETE FROM layout"))


def upload(world: World, content: bytes, environment: str = "production") -> catalog.Version:
    with world.database.begin() as work:
        return catalog.upload(work, world.ada, "standup", environment, read_artefact(content, "f.json"))[0]


def noted(world: World) -> list[str]:
    with world.database.read() as work:
        app = catalog.find_app(work, world.ada, "standup")
        return [each.action for each in audit.listing(work, subject=app.subject) if each.action.startswith("layout.")]


def test_a_version_is_drawn_when_it_is_taken_in(world: World) -> None:
    world.upload()
    assert shown(world) == Layout(AT_FIRST)
    assert rows(world) == 1


def test_moves_stay_and_the_next_version_starts_from_them(world: World) -> None:
    first = world.upload()
    now = moved(world, say1=(500, -40))
    assert now.positions == {**AT_FIRST, "say1": (500, -40)}
    assert now.moved_by == "ada"
    second = world.upload(text="Good evening")
    assert shown(world, "2") == Layout(now.positions)
    moved(world, "2", in1=(7, 7))
    assert shown(world).positions == now.positions
    with world.database.read() as work:
        assert catalog.version_by_id(work, first.id) == first
        assert catalog.version_by_id(work, second.id).digest == second.digest


def test_the_same_flow_in_another_environment_is_drawn_the_same(world: World) -> None:
    world.connect("sandbox")
    world.upload(environment="sandbox")
    with world.database.begin() as work:
        catalog.move_steps(work, world.ada, "standup", "sandbox", "1", {"in1": (-50, 9)})
    world.upload(text="Other")
    assert shown(world).positions["in1"] == (-50, 9)
    moved(world, in1=(4, 4))
    world.upload()
    assert shown(world, "2").positions["in1"] == (-50, 9)
    world.upload(text="A third")
    assert shown(world, "3").positions["in1"] == (-50, 9)


def test_a_new_step_finds_room_and_a_renamed_one_keeps_its_place(world: World) -> None:
    def n8n(*names: str) -> bytes:
        nodes = [
            {
                "name": name,
                "type": "n8n-nodes-base.set",
                "typeVersion": 1,
                "parameters": {"n": number},
                "position": [0, 0],
            }
            for number, name in enumerate(names)
        ]
        wires = {
            one: {"main": [[{"node": other, "type": "main", "index": 0}]]} for one, other in itertools.pairwise(names)
        }
        return json.dumps({"name": "n", "nodes": nodes, "connections": wires}).encode()

    upload(world, n8n("a", "b"))
    moved(world, a=(5, 5), b=(300, 5))
    upload(world, n8n("a", "bee", "c"))
    assert shown(world, "2").positions == {"a": (5, 5), "bee": (300, 5), "c": (510, 5)}


def test_reading_writes_nothing_and_a_first_move_stores(world: World) -> None:
    world.upload()
    forget(world)
    assert shown(world) == Layout(AT_FIRST)
    assert rows(world) == 0
    with world.database.begin() as work:
        app = catalog.find_app(work, world.ada, "standup")
        catalog.layout_of(work, catalog.newest_version(work, app.id, _production(work)))
    assert rows(world) == 0
    world.upload(text="Good evening")
    assert shown(world, "2") == Layout(AT_FIRST)
    assert moved(world, in1=(1, 2)).positions["in1"] == (1, 2)
    assert rows(world) == 2


def _production(work: Any) -> str:
    from handrail.registry.connectors import find_environment

    return find_environment(work, "production").id


def test_tidying_up_goes_back_to_the_computed_drawing(world: World) -> None:
    world.upload()
    before = moved(world, in1=(1, 2))
    after = tidied(world)
    assert after == Layout(AT_FIRST)
    assert after.tag != before.tag
    assert noted(world) == ["layout.tidied", "layout.moved"]
    assert tidied(world) == after
    assert len(noted(world)) == 2


def test_who_read_something_older_moves_nothing(world: World) -> None:
    world.upload()
    read = shown(world)
    moved(world, who=world.grace, expected=frozenset({read.tag}), in1=(1, 2))
    with pytest.raises(catalog.LayoutChanged, match="grace moved steps") as refused:
        moved(world, expected=frozenset({read.tag}), in1=(3, 4))
    current = refused.value.details["current"]
    assert current["positions"]["in1"] == {"x": 1, "y": 2}
    with pytest.raises(catalog.LayoutChanged), world.database.begin() as work:
        catalog.tidy_layout(work, world.ada, "standup", "production", "1", expected=frozenset({read.tag}))
    assert shown(world).positions["in1"] == (1, 2)
    assert moved(world, expected=frozenset({"x", current["tag"]}), in1=(3, 4)).positions["in1"] == (3, 4)


def test_only_steps_that_are_drawn_can_be_moved(world: World) -> None:
    world.upload()
    with pytest.raises(catalog.LayoutStepUnknown) as refused:
        moved(world, in1=(1, 1), say2=(1, 1))
    assert refused.value.fix == "Did you mean 'say1'?"
    assert shown(world).positions == AT_FIRST


def test_who_may_not_write_the_app_moves_nothing(world: World) -> None:
    world.upload()
    with pytest.raises(Forbidden):
        moved(world, who=world.rita, in1=(1, 1))
    with pytest.raises(catalog.AppUnknown):
        moved(world, who=world.zoe, in1=(1, 1))
    with pytest.raises(catalog.AppUnknown), world.database.read() as work:
        catalog.show_layout(work, world.zoe, "standup", "production", "1")
    with world.database.begin() as work:
        catalog.retire(work, world.ada, "standup")
    with pytest.raises(catalog.AppRetired):
        moved(world, in1=(1, 1))
    assert shown(world).positions == AT_FIRST


def test_the_audit_log_hears_of_moves_once_an_hour(world: World) -> None:
    world.upload()
    start = world.database.clock()
    now = [start]
    world.database.clock = lambda: now[0]
    moved(world, in1=(0, 0))
    assert noted(world) == []
    for minute in (0, 20, 59, 61, 90):
        now[0] = start + minute * 60 * SECOND
        moved(world, in1=(minute + 1, 0))
    assert noted(world) == ["layout.moved"] * 2
    moved(world, who=world.grace, in1=(0, 0))
    assert noted(world) == ["layout.moved"] * 3
    assert shown(world).moved_by == "grace"
    assert shown(world).moved_at == now[0]


def test_two_that_move_at_once_lose_nothing(world: World) -> None:
    world.upload()
    forget(world)
    together = threading.Barrier(3)
    failed: list[BaseException] = []

    def run(step: str) -> None:
        try:
            together.wait(10)
            moved(world, **{step: (9, 9)})
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            failed.append(error)

    threads = [threading.Thread(target=run, args=(step,)) for step in AT_FIRST]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert shown(world).positions == dict.fromkeys(AT_FIRST, (9, 9))


def test_what_a_source_sees_is_drawn_too(world: World) -> None:
    world.observe()
    moved(world, text1=(800, 300))
    world.observe(text="Changed on the shop floor")
    assert shown(world, "2").positions["text1"] == (800, 300)


APP = "/api/v1/apps/standup/versions/1/layout"


@pytest.fixture
def call(http, world: World, token_of):
    """Return a function that calls as somebody, and returns the whole answer."""
    world.upload()
    tokens = {name: token_of(getattr(world, name)) for name in ("ada", "rita", "zoe")}

    def run(who: str, method: str, body: Any = None, *, status: int = 200, **headers: str):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = http.request(method, APP, json=body, headers={**tokens[who], **headers})
        assert answer.status_code == status, answer.text
        return answer

    return run


def test_over_http_a_tag_guards_a_move(call) -> None:
    read = call("rita", "GET")
    assert read.json() == {
        "positions": {step: {"x": x, "y": y} for step, (x, y) in AT_FIRST.items()},
        "movedBy": None,
        "movedAt": None,
    }
    move = {"positions": {"say1": {"x": 10, "y": -20}}}
    put = call("ada", "PUT", move, if_match=read.headers["etag"])
    assert put.json()["positions"]["say1"] == {"x": 10, "y": -20}
    assert put.json()["movedBy"] == "ada"
    assert put.headers["etag"] != read.headers["etag"]
    again = call("rita", "GET")
    assert (again.json(), again.headers["etag"]) == (put.json(), put.headers["etag"])
    refused = call("ada", "PUT", move, status=412, if_match=read.headers["etag"]).json()
    assert (refused["code"], refused["title"]) == ("layout_changed", "Somebody else changed it meanwhile")
    assert refused["details"]["current"]["positions"] == put.json()["positions"]
    assert f'"{refused["details"]["current"]["tag"]}"' == put.headers["etag"]
    call("ada", "DELETE", status=412, if_match='"something"')
    call("ada", "PUT", move, status=412, if_match="garbage")
    # A proxy that compresses makes the tag weak.
    call("ada", "PUT", move, if_match=f'"older", W/{put.headers["etag"]}')
    assert call("ada", "DELETE", if_match="*").json() == read.json()


@pytest.mark.parametrize(
    ("positions", "code"),
    [
        ({"in1": {"x": 100_001, "y": 0}}, "body_invalid"),
        ({"in1": {"x": 1.5, "y": 0}}, "body_invalid"),
        ({"in1": {"x": "1", "y": 0}}, "body_invalid"),
        ({"in1": {"x": 1, "y": True}}, "body_invalid"),
        ({"in1": {"x": 1}}, "body_invalid"),
        ({"in1": {"x": 1, "y": 1, "z": 1}}, "body_invalid"),
        ([], "body_invalid"),
        ({"nobody": {"x": 1, "y": 1}}, "layout_step_unknown"),
    ],
)
def test_over_http_what_is_no_place_is_refused(call, positions: Any, code: str) -> None:
    assert call("ada", "PUT", {"positions": positions}, status=422).json()["code"] == code
    assert call("ada", "GET").json()["movedBy"] is None


def test_over_http_another_teams_drawing_does_not_exist(call) -> None:
    assert call("zoe", "GET", status=404).json()["code"] == "app_unknown"
    assert call("zoe", "PUT", {"positions": {}}, status=404).json()["code"] == "app_unknown"
    assert call("rita", "PUT", {"positions": {}}, status=403)
    assert call("rita", "DELETE", status=403)
