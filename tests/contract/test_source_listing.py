"""What instances hold, on both databases: listed, found unregistered, vanished, unknown, and never concluded too soon."""

import json
from pathlib import Path

import pytest
from tests.rigs.estates import adopt, plain
from tests.rigs.governed import World, build_world, flow
from tests.rigs.instances import Shelf
from tests.rigs.n8n import workflow

from handrail.governance import estate
from handrail.kernel.clock import SECOND
from handrail.language.leaks import default_boundary
from handrail.platform.database import Database
from handrail.registry import audit, catalog
from handrail.runtime import sources
from handrail.runtime.sources import Found, NewSource, Rules, Sight, Source, State, Unreachable

TABS = {"standup": "Stand-up", "stock": "Stock alert", "report": "Weekly report"}


def tabs(*names: str, extra: str = "") -> bytes:
    nodes = []
    for name in names:
        nodes += [
            {"id": name, "type": "tab", "label": TABS[name]},
            {"id": f"{name}-in", "type": "inject", "z": name, "x": 1, "y": 1, "wires": [[f"{name}-say"]]},
            {"id": f"{name}-say", "type": "debug", "z": name, "name": f"Say {extra}", "x": 2, "y": 1, "wires": []},
        ]
    return json.dumps({"flows": nodes, "rev": "1"}).encode()


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.register()
    return made


def add(world: World, platform: str = "node-red", **more: object) -> str:
    places = {"node-red": "http://127.0.0.1:1880", "n8n": "http://127.0.0.1:5678", "folder": "/srv/flows"}
    given = {"name": "floor", "platform": platform, "url": places[platform], "network": "private"}
    given |= {"team": world.team.name}
    with world.database.begin() as work:
        return sources.add(work, world.sam, world.vault, NewSource(**{**given, **more}), None).instance.id


def look(world: World, instance: str, shelf: Shelf, **more: object) -> Source:
    return sources.poll_now(world.database, world.vault, instance, shelf, **more)


def listed(world: World) -> dict[str, Found]:
    with world.database.read() as work:
        return {each.part: each for each in sources.found(work, world.sam, "floor")[1]}


def sights(world: World) -> dict[str, tuple[Sight, str]]:
    with world.database.read() as work:
        source, found = sources.found(work, world.sam, "floor")
        return {each.part: (sources.sight_of(source, each)[0], sources.finding_of(source, each)) for each in found}


def test_everything_is_listed_and_what_belongs_to_no_app_has_a_prepared_registration(world: World) -> None:
    rules = Rules(naming="{team}-{name}", data_classes=("confidential",))
    instance = add(world, app="standup", part="standup", rules=rules)
    found = look(world, instance, Shelf(flows=tabs("standup", "stock")))
    assert (found.found, found.unregistered, found.vanished) == (2, 1, 0)
    assert found.listed_at == found.read_at
    assert sights(world) == {
        "standup": (Sight.PRESENT, ""),
        "stock": (Sight.PRESENT, "unregistered-app"),
    }
    prepared = listed(world)["stock"].registration
    assert prepared["name"] == "finance-ops-stock-alert"
    assert (prepared["title"], prepared["team"]) == ("Stock alert", "finance-ops")
    assert prepared["manifest"]["metadata"]["name"] == "finance-ops-stock-alert"
    assert prepared["manifest"]["spec"]["dataClasses"] == ["confidential"]
    assert {each["field"] for each in prepared["questions"]} >= {"owner"}


def test_an_instance_may_be_registered_before_anybody_knows_what_is_in_it(world: World) -> None:
    instance = add(world)
    found = look(world, instance, Shelf(flows=tabs(*TABS)))
    assert found.bindings == ()
    assert found.unregistered == 3
    with world.database.begin() as work:
        sources.bind(work, world.sam, "floor", app="standup", part="Stand-up")
    assert look(world, instance, Shelf(flows=tabs(*TABS))).unregistered == 2


def test_one_that_is_gone_twice_is_proposed_for_retirement_and_never_retired(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    shelf = Shelf(flows=tabs("standup", "stock"))
    look(world, instance, shelf)
    shelf.files["flows.json"] = tabs("stock")
    once = look(world, instance, shelf)
    assert sights(world)["standup"] == (Sight.MISSED, "")
    assert once.bindings[0].state is State.MISSING
    twice = look(world, instance, shelf)
    assert sights(world)["standup"] == (Sight.GONE, "vanished-app")
    assert (twice.found, twice.vanished) == (1, 1)
    with world.database.read() as work:
        assert catalog.find_app(work, world.sam, "standup").stage is not catalog.Stage.RETIRED
        (told,) = audit.listing(work, action="source.app_vanished")
    assert told.facts["app"] == "standup"
    shelf.files["flows.json"] = tabs("standup", "stock")
    back = look(world, instance, shelf)
    assert sights(world)["standup"] == (Sight.PRESENT, "")
    assert back.bindings[0].state is State.OK


def test_an_instance_that_cannot_be_read_leaves_everything_unknown_and_nothing_gone(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    shelf = Shelf(flows=tabs("standup", "stock"))
    look(world, instance, shelf)
    before = listed(world)
    shelf.fails = Unreachable("nothing answers")
    states = [look(world, instance, shelf) for _ in range(6)]
    assert set(sights(world).values()) == {(Sight.UNKNOWN, ""), (Sight.UNKNOWN, "unregistered-app")}
    with world.database.read() as work:
        source, found = sources.found(work, world.sam, "floor")
        assert {sources.sight_of(source, each)[1] for each in found} == {states[0].since}
    assert listed(world) == before
    shelf.fails = None
    look(world, instance, shelf)
    assert sights(world)["standup"] == (Sight.PRESENT, "")


def test_a_listing_that_is_not_complete_lets_nothing_vanish(world: World) -> None:
    instance = add(world, "folder", app="standup", part="a.json")
    shelf = Shelf(a=flow(), b=flow("Good night"))
    look(world, instance, shelf)
    shelf.complete = False
    del shelf.files["a.json"]
    for _ in range(3):
        found = look(world, instance, shelf)
    assert sights(world)["a.json"] == (Sight.PRESENT, "")
    assert found.bindings[0].state is State.OK


def test_an_answer_without_any_flow_in_it_lets_nothing_vanish(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    shelf = Shelf(flows=tabs("standup", "stock"))
    look(world, instance, shelf)
    shelf.files["flows.json"] = b'{"flows": [{"error": "try again"}]}'
    for _ in range(3):
        found = look(world, instance, shelf)
    assert found.bindings[0].state is State.UNREADABLE
    assert {sight for sight, _ in sights(world).values()} == {Sight.PRESENT}


def test_what_is_unchanged_is_handed_over_once_by_each_process(world: World) -> None:
    instance = add(world, "folder", app="standup", part="a.json")
    shelf = Shelf(a=flow(), b=flow("Good night"), package=b'{"name": "no flow"}')
    for _ in range(3):
        look(world, instance, shelf)
    # Each `poll_now` stands for another process: what is bound is read by each, what is only listed by the first.
    assert shelf.handed == [
        ["a.json", "b.json", "package.json"],
        ["a.json", "package.json"],
        ["a.json", "package.json"],
    ]


def test_a_worker_reads_what_is_unchanged_once(world: World) -> None:
    from handrail.kernel.ids import new_id
    from handrail.runtime.sources import store
    from handrail.runtime.sources.looks import Looker

    instance = add(world, "folder", app="standup", part="a.json")
    shelf = Shelf(a=flow(), b=flow("Good night"), package=b'{"name": "no flow"}')
    holder = new_id()
    looker = Looker(world.database, world.vault, shelf, holder)

    def again() -> None:
        with world.database.begin() as work:
            work.run(store.CLAIM_ONE, id=instance, holder=holder, until=work.now + 60 * SECOND, now=work.now)
        looker.look(instance)

    for _ in range(3):
        again()
    shelf.files["b.json"] = flow("Good evening")
    again()
    assert shelf.handed[0] == ["a.json", "b.json", "package.json"]
    assert shelf.handed[1:] == [[], [], ["b.json"]]


def test_a_file_with_several_flows_is_several_and_one_that_is_no_flow_is_none(world: World) -> None:
    instance = add(world, "folder")
    shelf = Shelf(both=tabs("standup", "stock"), package=b'{"name": "no flow"}', broken=b'{"nodes": [')
    look(world, instance, shelf)
    assert set(listed(world)) == {"both.json#standup", "both.json#stock"}


def test_a_workflow_is_named_by_its_id_or_its_name_and_says_who_changed_it_where_n8n_does(world: World) -> None:
    held = {name: workflow("wf1", "Invoices")[name] for name in ("id", "name", "nodes", "connections", "settings")}
    instance = add(world, "n8n", app="standup", part="Invoices")
    shelf = Shelf(wf1=json.dumps(held).encode())
    shelf.about["wf1.json"] = {"name": "Invoices", "active": True, "author": "Ada Lovelace", "updated_at": 5}
    found = look(world, instance, shelf)
    assert (found.bindings[0].state, found.bindings[0].author) == (State.OK, "Ada Lovelace")
    (each,) = listed(world).values()
    assert (each.part, each.name, each.active, each.author, each.updated_at) == (
        "wf1",
        "Invoices",
        True,
        "Ada Lovelace",
        5,
    )


def test_another_part_has_to_be_named_where_an_instance_is_many_apps(world: World) -> None:
    with pytest.raises(sources.SourceFieldInvalid) as refused:
        add(world, "n8n", app="standup")
    assert refused.value.place == "part"
    with pytest.raises(sources.SourceFieldInvalid):
        add(world, team="")


def test_who_asks_for_quiet_gets_it(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    shelf = Shelf(flows=tabs("standup"))
    shelf.fails = Unreachable("429", retry_after_s=120)
    found = look(world, instance, shelf)
    with world.database.read() as work:
        assert found.next_at >= work.now + 119 * SECOND


def test_what_an_instance_holds_is_in_the_inventory_and_only_changes_are_read(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    shelf = Shelf(flows=tabs("standup", "stock"))
    feed = estate.InstanceInventory(world.database, default_boundary())
    look(world, instance, shelf, inventory=feed)
    with world.database.read() as work:
        (origin,) = estate.origins(work, world.sam)
        first = audit.listing(work)
    assert (origin.name, origin.kind, origin.instance_id) == ("floor", "instance", instance)
    assert origin.complete_at is not None
    look(world, instance, shelf, inventory=feed)
    with world.database.read() as work:
        assert len(audit.listing(work)) == len(first)


def test_what_a_source_knows_to_be_an_app_is_registered_in_the_inventory(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    feed = estate.InstanceInventory(world.database, default_boundary())
    look(world, instance, Shelf(flows=tabs("standup")), inventory=feed)
    assert inventoried(world) == [("flows.json", "standup", "source")]
    look(world, instance, Shelf(flows=tabs("standup")), inventory=feed)
    with world.database.read() as work:
        linked = [each for each in audit.listing(work) if each.action == "estate.linked"]
    assert len(linked) == 1


def test_tabs_are_one_definition_which_is_an_app_only_when_all_of_them_are(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    feed = estate.InstanceInventory(world.database, default_boundary())
    look(world, instance, Shelf(flows=tabs("standup", "stock")), inventory=feed)
    assert inventoried(world) == [("flows.json", "", "")]


def test_an_origin_of_that_name_stays_what_somebody_adopted(world: World) -> None:
    adopt(world.database, world.ada, world.team.name, [("mine.json", plain(1))], origin="floor")
    instance = add(world)
    feed = estate.InstanceInventory(world.database, default_boundary())
    look(world, instance, Shelf(flows=tabs("standup")), inventory=feed)
    with world.database.read() as work:
        names = [(each.name, each.kind) for each in estate.origins(work, world.sam)]
    assert names == [("floor", "folder"), ("floor (node-red)", "instance")]
    assert [path for path, *_ in inventoried(world)] == ["flows.json", "mine.json"]


def test_nobody_changes_by_hand_what_a_source_reads(world: World) -> None:
    instance = add(world)
    feed = estate.InstanceInventory(world.database, default_boundary())
    look(world, instance, Shelf(flows=tabs("standup")), inventory=feed)
    with pytest.raises(estate.OriginInvalid):
        adopt(world.database, world.ada, world.team.name, [("flows.json", plain(1))], origin="floor")
    with world.database.begin() as work, pytest.raises(estate.OriginInvalid):
        estate.known(work, world.ada, "floor", {}, default_boundary())


def inventoried(world: World) -> list[tuple[str, str, str]]:
    with world.database.read() as work:
        found = estate.definitions(work, world.sam, estate.Asked()).items
    return sorted((each.path, each.app, each.linked_by) for each in found)


def test_removing_a_source_forgets_what_it_listed(world: World) -> None:
    instance = add(world, app="standup", part="standup")
    look(world, instance, Shelf(flows=tabs("standup", "stock")))
    with world.database.begin() as work:
        sources.remove(work, world.sam, "floor")
        assert work.all(sources.store.FOUND, instance_id=instance) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"onDrift": "ignore"},
        {"deadlineHours": 0},
        {"deadlineHours": True},
        {"naming": "{team}"},
        {"naming": "{name.__class__}"},
        {"naming": "Shop Floor {name}"},
        {"dataClasses": ["top-secret"]},
        {"onDrfit": "deny"},
    ],
)
def test_rules_that_make_no_sense_are_refused_with_their_place(wrong: dict) -> None:
    with pytest.raises(sources.SourceRulesInvalid) as refused:
        sources.read_rules(wrong)
    assert refused.value.place == next(iter(wrong))
    assert refused.value.fix
