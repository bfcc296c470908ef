"""Drift, on both databases: refused at once, or tolerated until a deadline and never beyond what was approved."""

import json
from pathlib import Path

import pytest
from tests.rigs.governed import World, build_world, flow
from tests.rigs.instances import Shelf

from handrail.governance import lifecycle, overview
from handrail.kernel.clock import HOUR
from handrail.platform.database import Database
from handrail.registry import access
from handrail.registry.access import NewClient
from handrail.registry.connectors import find_environment
from handrail.runtime import sources
from handrail.runtime.sources import Drift, NewSource, Rules, Source

WARN = Rules(on_drift=Drift.WARN, deadline_hours=48)


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    return made


class Floor:
    """One app in one instance: approved, then edited."""

    def __init__(self, world: World, rules: Rules) -> None:
        self.world = world
        self.shelf = Shelf(flows=flow())
        self.approved = world.approved()
        new = NewSource("floor", "node-red", "http://127.0.0.1:1880", "standup", network="private", rules=rules)
        with world.database.begin() as work:
            self.instance = sources.add(work, world.sam, world.vault, new, None).instance.id
        self.client: NewClient = world.secret_client()
        self.edit("Good morning")

    def edit(self, text: str) -> Source:
        self.shelf.files["flows.json"] = flow(text)
        return self.look()

    def look(self) -> Source:
        return sources.poll_now(self.world.database, self.world.vault, self.instance, self.shelf)

    def may(self) -> set[tuple[str, str]]:
        with self.world.database.read() as work:
            allowed = access.allowed_keys(work, find_environment(work, "production"))
        return {(each.key.rsplit(":", 1)[-1], each.operation) for each in allowed}

    def refused(self) -> str:
        with self.world.database.read() as work:
            found = access.refusals(work, find_environment(work, "production"))
        return next((text for _, text in found.values()), "")

    def need(self) -> overview.Need | None:
        with self.world.database.read() as work:
            needs = overview.home(work, self.world.ada).needs
        return next((need for need in needs if need.kind == "drifted"), None)

    def later(self, us: int) -> None:
        clock = self.world.database.clock
        self.world.database.clock = lambda: clock() + us
        with self.world.database.begin() as work:
            lifecycle.tend(work)


def test_by_default_what_nobody_approved_is_refused_at_once_and_the_owner_reads_which_step(world: World) -> None:
    floor = Floor(world, Rules())
    assert world.ask(floor.client).claims["key"].endswith(floor.approved.digest)
    found = floor.edit("Good night")
    with pytest.raises(access.VersionNotApproved):
        world.ask(floor.client)
    assert floor.may() == set()
    assert "Text" in floor.refused()
    (binding,) = found.bindings
    assert any("'Text'" in text or '"Text"' in text or "Text" in text for text in binding.changes)
    assert binding.drift_until is None
    need = floor.need()
    assert need is not None
    assert need.due_at is None
    assert need.details["changes"] == list(binding.changes)
    assert floor.edit("Good morning").bindings[0].changes == ()
    assert world.ask(floor.client)
    assert floor.need() is None


def test_with_warn_it_goes_on_with_what_was_approved_flagged_until_the_deadline(world: World) -> None:
    floor = Floor(world, WARN)
    before = floor.may()
    found = floor.edit("Good night")
    issued = world.ask(floor.client)
    drifted = issued.claims["key"].rsplit(":", 1)[-1]
    assert drifted != floor.approved.digest
    assert floor.may() == before | {(drifted, operation) for _, operation in before}
    assert floor.refused() == ""
    need = floor.need()
    assert need is not None
    assert need.due_at == found.bindings[0].drift_until
    assert need.due_at is not None
    with world.database.read() as work:
        assert 47 * HOUR < need.due_at - work.now <= 48 * HOUR
    floor.later(49 * HOUR)
    floor.look()
    assert floor.may() == set()
    assert "not approved" in floor.refused()
    with pytest.raises(access.VersionNotApproved):
        world.ask(floor.client)
    assert floor.need().due_at is None


def test_another_edit_moves_no_deadline_and_the_same_one_later_gets_no_new_one(world: World) -> None:
    floor = Floor(world, WARN)
    first = floor.edit("Good night").bindings[0].drift_until
    floor.later(10 * HOUR)
    assert floor.edit("Good evening").bindings[0].drift_until == first
    floor.later(40 * HOUR)
    for text in ("Good evening", "Good night", "Something else"):
        floor.edit(text)
        assert floor.may() == set(), text
    # Only after what is approved ran again is there another drift, with a time of its own.
    floor.edit("Good morning")
    assert floor.edit("Something newer").bindings[0].drift_until > first


def test_nothing_beyond_what_was_approved_can_be_reached(world: World) -> None:
    floor = Floor(world, WARN)
    edited = json.loads(flow("Good night"))
    edited[2]["url"] = "http://127.0.0.1:8780/slack-production/conversations.list"
    floor.shelf.files["flows.json"] = json.dumps(edited).encode()
    floor.look()
    assert {operation for _, operation in sorted(floor.may())} == {"chat.postMessage"}


def test_approving_it_ends_the_toleration_and_refusing_it_ends_it_at_once(world: World) -> None:
    floor = Floor(world, WARN)
    floor.edit("Good night")
    world.submit()
    with world.database.begin() as work:
        lifecycle.refuse(work, world.rita, "standup", "production", "Not like this.")
    assert floor.may() == set()
    floor.look()
    assert floor.may() == set()
    floor.edit("Good evening")
    assert floor.may() != set()
    review = world.submit()
    with world.database.begin() as work:
        lifecycle.approve(work, world.rita, "standup", "production", review.digest)
    (binding,) = floor.look().bindings
    assert (binding.changes, binding.drift_until) == ((), None)


def test_revoking_what_it_lives_on_ends_it(world: World) -> None:
    floor = Floor(world, WARN)
    floor.edit("Good night")
    with world.database.begin() as work:
        lifecycle.revoke(work, world.rita, "standup", "production", floor.approved.digest, "Broken.")
    assert floor.may() == set()
    floor.look()
    assert floor.may() == set()


def test_changing_the_rules_to_deny_ends_it(world: World) -> None:
    floor = Floor(world, WARN)
    floor.edit("Good night")
    with world.database.begin() as work:
        sources.set_rules(work, world.sam, "floor", Rules())
    assert floor.may() == set()


def test_a_shorter_deadline_holds_for_what_is_tolerated_already_and_a_longer_one_does_not(world: World) -> None:
    floor = Floor(world, WARN)
    first = floor.edit("Good night").bindings[0].drift_until
    floor.later(10 * HOUR)
    floor.edit("Good evening")
    for hours, left in ((72, 48), (24, 24), (48, 24)):
        with world.database.begin() as work:
            sources.set_rules(work, world.sam, "floor", Rules(on_drift=Drift.WARN, deadline_hours=hours))
        assert floor.look().bindings[0].drift_until == first - (48 - left) * HOUR
    with world.database.begin() as work:
        sources.set_rules(work, world.sam, "floor", Rules(on_drift=Drift.WARN, deadline_hours=5))
    assert floor.may() == set()
    for text in ("Good night", "Good evening", "Something else"):
        floor.edit(text)
        assert floor.may() == set(), text


def test_nothing_is_tolerated_where_nothing_was_ever_approved(world: World) -> None:
    new = NewSource("floor", "node-red", "http://127.0.0.1:1880", "standup", network="private", rules=WARN)
    with world.database.begin() as work:
        instance = sources.add(work, world.sam, world.vault, new, None).instance.id
    sources.poll_now(world.database, world.vault, instance, Shelf(flows=flow()))
    with world.database.read() as work:
        assert access.allowed_keys(work, find_environment(work, "production")) == []
