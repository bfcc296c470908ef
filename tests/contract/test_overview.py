"""What needs whom, what others must do for them, and what changed: on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import text
from tests.rigs.governed import World, build_world

from handrail.governance import lifecycle, overview
from handrail.governance.overview import Home, Need
from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.kernel.secret import Secret
from handrail.platform.database import Database
from handrail.registry import access, catalog, identity
from handrail.registry.identity import Caller, Permission
from handrail.runtime import hub, sources


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    made.register()
    return made


def home(world: World, who: Caller) -> Home:
    with world.database.read() as work:
        return overview.home(work, who)


def kinds(world: World, who: Caller) -> list[tuple[str, str]]:
    return [(need.kind, need.app) for need in home(world, who).needs]


def only(world: World, who: Caller, kind: str) -> Need:
    found = [need for need in home(world, who).needs if need.kind == kind]
    assert len(found) == 1, [need.kind for need in home(world, who).needs]
    return found[0]


def later(world: World, microseconds: int) -> None:
    """Let time pass for everything from here on."""
    before = world.database.clock
    world.database.clock = lambda: before() + microseconds


def disable(world: World, admin: Caller, name: str) -> None:
    with world.database.begin() as work:
        identity.disable_person(work, admin, name)


def test_a_review_needs_whoever_may_decide_it_and_nobody_else(world: World, make_person, team) -> None:
    both = make_person("grace", ("reviewer", team.id))
    version = world.upload(caller=both)
    review = world.submit(note="The new greeting.")
    need = only(world, world.rita, "review_waiting")
    assert (need.app, need.number, need.environment, need.review_id) == ("standup", 1, "production", review.id)
    assert (need.due_at, need.person, need.reason) == (review.due_at, "ada", "The new greeting.")
    assert need.details == {"digest": version.digest, "overdue": False}
    # Ada submitted it, grace uploaded it: neither approves it, whatever their roles.
    for barred in (world.ada, both):
        assert "review_waiting" not in dict(kinds(world, barred))
    assert only(world, world.sam, "review_waiting").app == "standup"
    waits = [need for need in home(world, world.ada).waiting if need.kind == "in_review"]
    assert [(need.app, need.details["deciders"], need.details["deciderCount"]) for need in waits] == [
        ("standup", ["rita", "sam"], 2)
    ]
    later(world, 49 * HOUR)
    assert only(world, world.rita, "review_waiting").details["overdue"] is True
    assert home(world, world.rita).needs[0].kind == "review_waiting"


def test_an_author_by_name_is_barred_as_when_deciding(world: World, make_person) -> None:
    version = world.upload(author="Rita")
    review = world.submit()
    assert "review_waiting" not in dict(kinds(world, world.rita))
    with pytest.raises(lifecycle.OwnChange):
        world.approve(version, caller=world.rita)
    # What is told of many at once is what is told of one.
    with world.database.read() as work:
        marks = lifecycle.barred_marks(work, [review.id])[review.id]
        names = {bar.name for bar in lifecycle.dossier(work, review).barred}
        people = {person.name for person in identity.people(work) if lifecycle.marks_of(person) & marks}
    assert people == {"ada", "rita"}
    assert names == {"ada", "Rita"}


def test_a_review_that_nobody_may_decide_says_so(world: World, admin) -> None:
    for name in ("rita", "sam"):
        disable(world, admin, name)
    world.upload()
    world.submit()
    with world.database.begin() as work:
        work.run(text("DELETE FROM role_binding WHERE person_id = :id"), id=admin.person_id)
    need = next(need for need in home(world, world.ada).waiting if need.kind == "in_review")
    assert (need.person, need.details["deciders"]) == ("", [])
    assert need.reason.startswith("Nobody else may decide it")


def test_a_refusal_needs_owner_deputy_and_submitter_until_something_newer_comes(world: World) -> None:
    world.upload()
    world.submit(caller=world.grace)
    with world.database.begin() as work:
        lifecycle.refuse(work, world.rita, "standup", "production", "Which channel?")
    for who in (world.ada, world.grace):
        need = only(world, who, "review_refused")
        assert (need.person, need.reason, need.number) == ("rita", "Which channel?", 1)
    assert "review_refused" not in dict(kinds(world, world.rita))
    world.upload(text="Good evening")
    assert "review_refused" not in dict(kinds(world, world.ada))


def test_submitting_again_answers_a_refusal(world: World) -> None:
    world.upload()
    world.submit()
    with world.database.begin() as work:
        lifecycle.refuse(work, world.rita, "standup", "production", "Which channel?")
    world.submit()
    assert "review_refused" not in dict(kinds(world, world.ada))


def test_what_runs_unapproved_needs_owner_deputy_and_steward(world: World) -> None:
    world.approved()
    assert "drifted" not in dict(kinds(world, world.ada))
    world.observe(text="Good evening")
    for who in (world.ada, world.grace, world.sam):
        need = only(world, who, "drifted")
        assert (need.app, need.number, need.details["approvedNumber"]) == ("standup", 2, 1)
        assert need.details["assurance"] == "observed"
    assert "drifted" not in dict(kinds(world, world.rita))
    assert home(world, world.ada).needs[0].kind == "drifted"
    world.observe()
    assert "drifted" not in dict(kinds(world, world.ada))


def test_a_hold_needs_owner_and_steward(world: World) -> None:
    with world.database.begin() as work:
        access.quarantine(work, world.sam, "standup", "It floods the channel")
    for who in (world.ada, world.grace, world.sam):
        need = only(world, who, "quarantined")
        assert (need.person, need.reason) == ("sam", "It floods the channel")
    with world.database.begin() as work:
        access.lift_quarantine(work, world.sam, "standup")
    assert "quarantined" not in dict(kinds(world, world.ada))


def test_a_missing_deputy_needs_the_owner_once_there_is_something_to_answer_for(world: World, admin) -> None:
    world.register("alone", deputy="")
    assert ("deputy_missing", "alone") not in kinds(world, world.ada)
    world.upload("alone")
    assert only(world, world.ada, "deputy_missing").app == "alone"
    world.upload()
    disable(world, admin, "grace")
    reasons = {need.app: need.reason for need in home(world, world.ada).needs if need.kind == "deputy_missing"}
    assert reasons["standup"] == "The deputy grace is no longer active."


def test_an_approval_that_ends_soon_needs_owner_and_deputy(world: World) -> None:
    version = world.approved()
    assert "approval_ends" not in dict(kinds(world, world.ada))
    with world.database.read() as work:
        ends = access.approvals(work, version.app_id)[0].expires_at
        now = work.now
    later(world, ends - now - 13 * DAY)
    for who in (world.ada, world.grace):
        need = only(world, who, "approval_ends")
        assert (need.number, need.due_at, need.details) == (1, ends, {"superseded": False})
    assert "approval_ends" not in dict(kinds(world, world.sam))
    later(world, 14 * DAY)
    assert "drifted" in dict(kinds(world, world.ada))
    assert "approval_ends" not in dict(kinds(world, world.ada))


def test_a_superseded_version_that_still_runs_says_until_when(world: World) -> None:
    world.approved()
    world.approved(text="Good evening")
    need = only(world, world.ada, "approval_ends")
    assert (need.number, need.details) == (1, {"superseded": True})


def test_an_owner_who_left_needs_deputy_steward_and_admin(world: World, admin) -> None:
    disable(world, admin, "ada")
    for who in (world.grace, world.sam, admin):
        need = only(world, who, "owner_gone")
        assert (need.app, need.person, need.details) == ("standup", "ada", {"deputy": "grace"})
    assert "owner_gone" not in dict(kinds(world, world.rita))
    with world.database.read() as work:
        assert abs(only(world, admin, "owner_gone").at - work.now) < MINUTE


def test_a_silent_source_needs_who_answers_for_it(world: World, database: Database) -> None:
    with database.begin() as work:
        sources.add(
            work,
            world.sam,
            world.vault,
            sources.NewSource("floor", "node-red", "http://127.0.0.1:9", "standup", network="private", interval_s=60),
            None,
        )
    assert "source_silent" not in dict(kinds(world, world.ada))
    later(world, 5 * MINUTE + MINUTE)
    need = only(world, world.ada, "source_silent")
    assert (need.app, need.person) == ("standup", "sam")
    assert (need.details["source"], need.details["state"], need.details["readOnce"]) == ("floor", "waiting", False)
    assert only(world, world.sam, "source_silent").app == "standup"
    assert "source_silent" not in dict(kinds(world, world.grace))


def test_hubs_need_whoever_looks_after_the_install(world: World, database: Database, admin) -> None:
    assert only(world, world.sam, "hub_problem").reason.startswith("No hub is enrolled")
    with database.begin() as work:
        made, _ = hub.enrol_hub(work, admin, "edge-1")
    need = only(world, world.sam, "hub_problem")
    assert (need.app, need.details["hub"], need.details["silent"]) == ("", "edge-1", True)
    assert need.reason == "Hub edge-1 was never heard of."
    assert "hub_problem" not in dict(kinds(world, world.ada))
    with database.begin() as work:
        hub.acknowledge(work, made, epoch=0, revision=0, quarantine=0, problems=["no room"])
    assert only(world, admin, "hub_problem").reason == "no room"
    with database.begin() as work:
        hub.acknowledge(work, made, epoch=0, revision=0, quarantine=0, problems=[])
    assert "hub_problem" not in dict(kinds(world, admin))


def test_an_approval_waits_for_hubs(world: World, database: Database, admin) -> None:
    with database.begin() as work:
        made, _ = hub.enrol_hub(work, admin, "edge-1")
        hub.seen(work, made)
    world.approved()
    waits = [need for need in home(world, world.ada).waiting if need.kind == "not_in_force"]
    assert [(need.app, need.number, need.person) for need in waits] == [("standup", 1, "rita")]
    with database.begin() as work:
        hub.acknowledge(work, made, epoch=0, revision=10**6, quarantine=0, problems=[])
    assert [need.kind for need in home(world, world.ada).waiting] == []


def test_an_admin_is_told_when_one_person_alone_could_approve(world: World, admin) -> None:
    assert "second_person" not in dict(kinds(world, admin))
    for name in ("rita", "sam", "zoe"):
        disable(world, admin, name)
    assert only(world, admin, "second_person").person == "root-admin"
    assert "second_person" not in dict(kinds(world, world.ada))


def test_an_admin_is_told_of_a_credential_that_is_not_there(world: World, database: Database, admin) -> None:
    with database.begin() as work:
        work.run(text("UPDATE connection SET credential = 'slack' WHERE name = 'slack-production'"))
    need = only(world, admin, "credential_missing")
    assert need.details == {"connection": "slack-production", "credential": "slack"}
    assert need.environment == "production"
    assert "credential_missing" not in dict(kinds(world, world.sam))
    with database.begin() as work:
        world.vault.put(work, admin.actor, "slack", "production", {"token": Secret("t")})
    assert "credential_missing" not in dict(kinds(world, admin))


def test_changes_are_those_of_apps_that_one_sees_newest_first(world: World) -> None:
    world.approved()
    with world.database.begin() as work:
        catalog.edit(work, world.ada, "standup", title="Stand-up")
    found = home(world, world.grace).changes
    assert [change.action for change in found[:3]] == ["app.edited", "running.set", "app.stage_moved"]
    assert {change.app for change in found} == {"standup"}
    assert (found[0].facts, found[0].number) == ({"changed": "title"}, None)
    granted = next(change for change in found if change.action == "approval.granted")
    assert (granted.actor, granted.number, granted.facts["environment"]) == ("rita", 1, "production")
    assert all(isinstance(value, (str, int)) for change in found for value in change.facts.values())
    for number in range(40):
        with world.database.begin() as work:
            catalog.edit(work, world.ada, "standup", title=f"Stand-up {number}")
    assert len(home(world, world.grace).changes) == 30


def test_a_long_list_says_that_it_was_cut(world: World) -> None:
    for number in range(overview.LISTED + 1):
        world.register(f"app-{number}", deputy="")
        world.upload(f"app-{number}", f"Text {number}")
    found = home(world, world.ada)
    assert len([need for need in found.needs if need.kind == "deputy_missing"]) == overview.LISTED
    assert found.cut == ("deputy_missing",)


def test_another_team_sees_nothing_of_all_this(world: World, make_person, database: Database) -> None:
    other = world.zoe.bindings[0].team
    zoe = make_person("zoe", *((role, other) for role in ("viewer", "builder", "reviewer", "auditor", "finance")))
    world.approved()
    world.observe(text="Good evening")
    world.submit(digest="2")
    with database.begin() as work:
        access.quarantine(work, world.sam, "standup", "floods")
    assert home(world, zoe) == Home((), (), (), ())
    # Owning an app does not open a team that one is not in.
    with database.begin() as work:
        catalog.edit(work, world.ada, "standup", owner="zoe")
    assert home(world, zoe) == Home((), (), (), ())


def test_a_token_that_is_restricted_shows_no_more_than_it_may(world: World, database: Database) -> None:
    world.approved()
    world.observe(text="Good evening")
    world.submit(digest="2")
    with database.read() as work:
        signals_only = identity.caller_of(work, world.sam.person_id, frozenset({Permission.SIGNAL_READ}))
        apps_only = identity.caller_of(work, world.sam.person_id, frozenset({Permission.APP_READ}))
    assert home(world, signals_only) == Home((), (), (), ())
    assert {need.kind for need in home(world, apps_only).needs} == {"drifted"}
