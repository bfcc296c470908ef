"""Search over the catalog, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from tests.red.test_hostile_searches import HOSTILE
from tests.rigs.governed import World, build_world, manifest_text

from handrail.governance import lifecycle
from handrail.kernel.clock import DAY
from handrail.language.manifest import parse_app
from handrail.platform.database import Database
from handrail.registry import access, catalog
from handrail.registry.catalog import Asked, Found, Sort
from handrail.registry.catalog.search import service
from handrail.registry.catalog.search.query import parse
from handrail.registry.catalog.search.store import How
from handrail.registry.identity import Caller, disable_person, enable_person


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def search(world: World, q: str = "", *, caller: Caller | None = None, **more: Any) -> Found:
    with world.database.read() as work:
        return catalog.search(work, caller or world.ada, Asked(q=q, **more))


def names(world: World, q: str = "", **more: Any) -> set[str]:
    return {item.name for item in search(world, q, **more).items}


def facet(found: Found, name: str) -> dict[str, int]:
    return {each.value: each.count for each in found.facets[name]}


@pytest.fixture
def filled(world: World) -> World:
    world.register("invoice-approver", title="Approve invoices", purpose="Asks before we pay an émigré consultant.")
    world.register("standup")
    world.register("lunch-picker", owner="grace", deputy="ada", purpose="Picks where we eat; never an invoice.")
    world.upload("standup")
    with world.database.begin() as work:
        catalog.register(work, world.zoe, "truck-invoices", team="logistics", purpose="Invoices of hauliers.")
    return world


def test_words_are_found_in_every_field(filled: World) -> None:
    for q, wanted in {
        "invoice": {"invoice-approver", "lunch-picker"},
        "invoice lunch": {"lunch-picker"},
        "APPROVE inv": {"invoice-approver"},
        "invoice-approver": {"invoice-approver"},
        '"before we pay"': {"invoice-approver"},
        '"we before pay"': set(),
        "invoice -lunch": {"invoice-approver"},
        "-lunch invoice": {"invoice-approver"},
        "finance -lunch -standup": {"invoice-approver"},
        'finance -"we pay"': {"standup", "lunch-picker"},
        "invoice -invoice": set(),
        "every mor": {"standup"},
        "node-re": {"standup"},
        "-invoice": {"standup"},
        "emigre": {"invoice-approver"},
        "émigré": {"invoice-approver"},
        "grace": {"invoice-approver", "standup", "lunch-picker"},
        "finance": {"invoice-approver", "standup", "lunch-picker"},
        "node-red": {"standup"},
        "slack": {"standup"},
        '"every morning"': {"standup"},
        "sla": {"standup"},
        "owner:grace": {"lunch-picker"},
        "owner:me": {"invoice-approver", "standup"},
        "owner:nobody": set(),
        "team:finance-ops invoice": {"invoice-approver", "lunch-picker"},
        "team:logistics": set(),
        "stage:prototype": {"standup"},
        "stage:proto": {"standup"},
        "data:internal": {"standup"},
        "is:drifted": set(),
        "hello:world": set(),
        "": {"invoice-approver", "standup", "lunch-picker"},
    }.items():
        found = search(filled, q)
        assert {item.name for item in found.items} == wanted, q
        assert found.total == len(wanted), q
        assert found.matched == "words", q


def test_a_beginning_finds_every_word_that_begins_so_however_many(world: World) -> None:
    for number in range(12):
        world.register(f"app-{number}", purpose=f"Sorts {'abcdefghijkl'[: number + 1]}wer.")
        wanted = {f"app-{each}" for each in range(number + 1)}
        # Few words are asked for by name, many as a beginning; both find the same.
        assert names(world, "a") >= wanted
        assert names(world, "ab") == wanted - {"app-0"}
        assert names(world, "sorts abc") == wanted - {"app-0", "app-1"}
        assert names(world, "so") == wanted
    assert names(world, "sorts -ab*") == {"app-0"}
    assert names(world, "app-1") == {"app-1", "app-10", "app-11"}


def test_every_way_to_a_page_finds_the_same_apps(world: World) -> None:
    for number in range(8):
        world.register(f"job-{number}", purpose="Counts beans." if number % 3 else "Counts peas.")
    for q in ("counts", "beans", "counts -peas", '"counts beans"', "bea", "job -beans"):
        for sort in Sort:
            asked = Asked(q=q, sort=sort, limit=2)
            pages = {how: _pages(world, asked, how) for how in ("collect", "walk", "probe")}
            assert len(pages["collect"]) == search(world, q).total, (q, sort)
            assert pages["collect"] == pages["walk"] == pages["probe"], (q, sort)


def _pages(world: World, asked: Asked, how: How) -> list[str]:
    found: list[str] = []
    after = None
    with world.database.read() as work:
        plan = service._plan(work, world.ada, asked, parse(asked.q), {})
        while True:
            rows, more = service._page(work, asked, plan, how, after)
            found += [name for _, name, _ in rows]
            if not more:
                return found
            after = (rows[-1][2], rows[-1][1])


def test_words_that_nobody_has_find_what_is_spelled_alike(filled: World) -> None:
    for q in ("invioce", "invoise", "voice", "aproover", "invioce lnuch"):
        found = search(filled, q)
        assert (found.matched, "lunch-picker" in {item.name for item in found.items} or q == "aproover") == (
            "similar",
            True,
        ), q
    found = search(filled, "aproover")
    assert {item.name for item in found.items} == {"invoice-approver"}
    assert search(filled, "zzzzqqqq").matched == "words"
    # A filter that leaves nothing is no typo.
    assert search(filled, "invoice", stage=("operating",)).matched == "words"


def test_what_an_app_is_stands_in_its_item(world: World) -> None:
    world.register("standup")
    approved = world.approved()
    later = world.upload(text="Good evening")
    world.submit()
    (item,) = search(world).items
    assert (item.owner, item.owner_name, item.owner_active) == ("ada", "Ada", True)
    assert (item.deputy, item.deputy_name, item.team) == ("grace", "Grace", "finance-ops")
    assert (item.stage, item.platform, item.data_class, item.data_tags) == ("operating", "node-red", "internal", ())
    assert (item.runs, item.running_number, item.in_review) == ("declared", approved.number, later.number)
    assert item.connectors == ("slack",)
    assert item.seen_at is not None
    assert not item.quarantined


def test_levels_and_tags_are_told_apart(world: World) -> None:
    world.register("standup")
    text = manifest_text("standup", dataClasses=["confidential", "pii", "public"])
    world.upload(manifest=parse_app(text, "app.yaml"))
    (item,) = search(world).items
    assert (item.data_class, item.data_tags) == ("confidential", ("pii",))
    assert names(world, data_class=("confidential",)) == {"standup"}
    assert names(world, data_class=("public",)) == set()


def test_facets_count_under_all_other_filters(filled: World) -> None:
    found = search(filled, stage=("prototype",))
    assert (found.total, facet(found, "stage")) == (1, {"idea": 2, "prototype": 1})
    assert facet(found, "platform") == {"node-red": 1}
    assert facet(found, "team") == {"finance-ops": 1}
    both = search(filled, "invoice", stage=("idea",), platform=("node-red",))
    assert (both.total, facet(both, "stage"), facet(both, "platform")) == (0, {}, {"": 2})
    steward = search(filled, caller=filled.sam, team=("logistics",))
    assert (steward.total, facet(steward, "team")) == (1, {"finance-ops": 3, "logistics": 1})
    typed = search(filled, "invoices", caller=filled.sam, team=("logistics",))
    assert (typed.total, facet(typed, "team")) == (1, {"finance-ops": 1, "logistics": 1})
    owned = search(filled, owner="grace", caller=filled.sam)
    assert (owned.total, facet(owned, "team")) == (1, {"finance-ops": 1})


def test_nobody_sees_or_counts_apps_of_another_team(filled: World, make_person) -> None:
    nobody = make_person("nobody")
    for q in ("", "invoice", "truck", "trukc", "-standup", "owner:zoe", "team:logistics"):
        for caller, allowed in ((filled.ada, "finance-ops"), (filled.zoe, "logistics"), (nobody, "")):
            for sort in Sort:
                found = search(filled, q, caller=caller, sort=sort)
                assert {item.team for item in found.items} <= {allowed}
                assert found.total == len(found.items)
                assert facet(found, "team").keys() <= {allowed}
                for name in ("stage", "runs", "platform", "data_class"):
                    assert sum(facet(found, name).values()) == found.total
                assert found.views["all"] == {"finance-ops": 3, "logistics": 1, "": 0}[allowed]
            asked = search(filled, caller=caller, team=("logistics", "finance-ops"))
            assert {item.team for item in asked.items} <= {allowed}
    assert search(filled, caller=filled.sam).total == 4
    both = make_person("both", ("viewer", filled.team.id), ("viewer", next(iter(filled.zoe.bindings)).team))
    assert search(filled, "invoice", caller=both).total == 3
    assert facet(search(filled, caller=both), "team") == {"finance-ops": 3, "logistics": 1}


def test_what_needs_a_person_comes_first(world: World, admin) -> None:
    for name in ("a-calm", "b-review", "c-calm", "d-owner", "e-drift", "f-held"):
        world.register(
            name, owner="grace" if name == "d-owner" else "ada", deputy="ada" if name == "d-owner" else "grace"
        )
    for name in ("c-calm", "e-drift"):
        world.approved(name)
    world.upload("b-review")
    world.submit("b-review")
    world.upload("e-drift", "Something else")
    with world.database.begin() as work:
        catalog.set_running(work, world.ada, "e-drift", "production", "2")
        access.quarantine(work, world.sam, "f-held", "odd")
        disabled = disable_person(work, admin, "grace")
        catalog.touch_person(work, disabled.id)
    found = search(world)
    assert [item.name for item in found.items] == ["f-held", "e-drift", "d-owner", "b-review", "a-calm", "c-calm"]
    assert found.views == {
        "all": 6,
        "mine": 5,
        "in_review": 1,
        "drifted": 1,
        "quarantined": 1,
        "no_owner": 1,
        "no_deputy": 0,
    }
    assert names(world, flag=("drifted",)) == names(world, "is:drifted") == {"e-drift"}
    assert names(world, flag=("no_owner",)) == {"d-owner"}
    assert names(world, flag=("no_owner", "drifted")) == set()
    assert names(world, flag=("quarantined",)) == names(world, "is:held") == {"f-held"}
    assert names(world, flag=("in_review",)) == names(world, "is:in-review") == {"b-review"}
    with world.database.begin() as work:
        access.lift_quarantine(work, world.sam, "f-held")
        lifecycle.rollback(work, world.ada, "e-drift", "production", "1")
        catalog.touch_person(work, enable_person(work, admin, "grace").id)
    with world.database.begin() as work:
        lifecycle.refuse(work, world.rita, "b-review", "production", "no")
    assert {name: n for name, n in search(world).views.items() if n} == {"all": 6, "mine": 5}


def test_an_operating_app_without_a_deputy_is_listed(world: World) -> None:
    with world.database.begin() as work:
        idea = catalog.register(work, world.ada, "solo", team="finance-ops")
        assert catalog.search(work, world.ada, Asked()).total == 0
        catalog.set_stage(work, world.ada.actor, idea, catalog.Stage.OPERATING)
    assert names(world, flag=("no_deputy",)) == {"solo"}
    with world.database.begin() as work:
        catalog.edit(work, world.ada, "solo", deputy="grace")
    assert names(world, flag=("no_deputy",)) == set()


def test_what_runs_drifts_when_its_approval_ends(world: World) -> None:
    world.register("standup")
    version = world.approved()
    assert names(world, runs=("declared",)) == {"standup"}
    # A superseded version that runs is fine for 14 days, also while somebody submits it again.
    world.approved(text="Good evening")
    assert names(world, runs=("declared",)) == {"standup"}
    world.submit(digest=version.digest)
    assert names(world, runs=("declared",)) == {"standup"}
    with world.database.begin() as work:
        lifecycle.withdraw(work, world.ada, "standup", "production")
        lifecycle.revoke(work, world.rita, "standup", "production", version.digest, "enough")
    assert names(world, runs=("drifted",)) == {"standup"}
    with world.database.begin() as work:
        lifecycle.rollback(work, world.ada, "standup", "production", "2")
    assert names(world, runs=("declared",)) == {"standup"}
    clock = world.database.clock
    world.database.clock = lambda: clock() + 366 * DAY
    try:
        with world.database.begin() as work:
            lifecycle.tend(work)
        assert names(world, runs=("drifted",)) == {"standup"}
    finally:
        world.database.clock = clock


def test_retired_apps_are_left_out_unless_they_are_asked_for(filled: World) -> None:
    with filled.database.begin() as work:
        catalog.retire(work, filled.ada, "standup")
    assert names(filled) == {"invoice-approver", "lunch-picker"}
    assert "standup" in names(filled, retired=True)
    assert names(filled, "is:retired") == names(filled, stage=("retired",)) == {"standup"}
    assert search(filled).views["all"] == 2


def test_a_rename_and_a_move_are_found_at_once(filled: World) -> None:
    with filled.database.begin() as work:
        catalog.edit(work, filled.ada, "standup", new_name="morning-round", title="Round", purpose="Greets.")
    assert names(filled, "greets") == names(filled, "round") == {"morning-round"}
    assert names(filled, "standup") == set()


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("q", ["", "thing"])
def test_pages_hold_every_app_once_though_others_come_meanwhile(world: World, sort: Sort, q: str) -> None:
    for number in range(0, 20, 2):
        world.register(f"thing-{number:02}")
    seen: list[str] = []
    cursor, turn = "", 1
    while True:
        found = search(world, q, sort=sort, cursor=cursor, limit=3)
        seen += [item.name for item in found.items]
        if not found.next:
            break
        world.register(f"thing-{turn:02}")
        cursor, turn = found.next, turn + 2
    assert len(seen) == len(set(seen))
    assert {f"thing-{number:02}" for number in range(0, 20, 2)} <= set(seen)


@pytest.mark.parametrize("cursor", ["x", "é", "W10", "bnVsbA", "A" * 5000, "WyJuYW1lIiwxLCJhIl0=", "[]", "\x00", "%"])
def test_a_cursor_of_nobody_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(catalog.CursorInvalid):
        search(world, cursor=cursor)


def test_a_hostile_search_is_answered_alike(filled: World) -> None:
    for q in [*HOSTILE, *(f"{first}{second}" for first in HOSTILE[:20] for second in ("standup", ' "'))]:
        assert search(filled, q, caller=filled.zoe, sort=Sort.NAME).total <= 1, q
        assert search(filled, f"-{q}").total <= 3, q


def test_a_cursor_of_another_order_is_refused(world: World) -> None:
    for name in ("a-one", "b-two"):
        world.register(name)
    cursor = search(world, limit=1).next
    with pytest.raises(catalog.CursorInvalid):
        search(world, cursor=cursor, sort=Sort.NAME)
