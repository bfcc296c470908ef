"""Reviews, approvals and what they allow, on both databases."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rigs.governed import World, build_world, manifest_text

from handrail.governance import lifecycle
from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.kernel.errors import Forbidden, NotFound
from handrail.language.manifest import parse_app
from handrail.platform.database import Database, revisions
from handrail.registry import access, audit, catalog
from handrail.registry.catalog import Stage, Status
from handrail.registry.connectors import find_environment
from handrail.runtime import hub


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def keys(world: World, environment: str = "production") -> set[str]:
    with world.database.read() as work:
        return {each.key for each in access.allowed_keys(work, find_environment(work, environment))}


def later(world: World, us: int) -> None:
    """Let time pass for the database."""
    clock = world.database.clock
    world.database.clock = lambda: clock() + us


def status(world: World, version: catalog.Version) -> Status:
    with world.database.read() as work:
        return catalog.version_by_id(work, version.id).status


def test_an_approval_brings_grants_status_stage_and_the_running_version_at_once(world: World) -> None:
    app = world.register()
    version = world.upload()
    review = world.submit(note="First one")
    assert (review.outcome, review.submitter, review.digest) == ("open", "ada", version.digest)
    assert review.due_at - review.submitted_at == 48 * HOUR
    assert status(world, version) is Status.IN_REVIEW
    assert keys(world) == set()
    decided = world.approve(version)
    assert [(grant.connection, grant.operation) for grant in decided.grants] == [
        ("slack-production", "chat.postMessage")
    ]
    assert decided.running
    assert decided.approval.expires_at - decided.approval.valid_from == 365 * DAY
    assert (decided.approval.approver_name, decided.approval.policy_revision) == ("rita", "manual@1")
    assert status(world, version) is Status.APPROVED
    with world.database.read() as work:
        assert catalog.app_by_id(work, app.id).stage is Stage.OPERATING
        assert decided.approval.hub_revision == revisions.current(work, "hub") - 1
        assert access.grants_of(work, decided.approval.id) == list(decided.grants)
        actions = {event.action for event in audit.listing(work, subject=app.subject)}
        assert {"version.submitted", "approval.granted", "app.stage_moved", "running.set"} <= actions
        found = access.allowed_keys(work, find_environment(work, "production"))
    assert [(each.key, each.operation) for each in found] == [
        (f"{app.id}:production:{version.digest}", "chat.postMessage")
    ]


def test_a_candidate_in_review_does_not_touch_what_runs(world: World) -> None:
    world.register()
    first = world.approved()
    before = keys(world)
    world.upload(text="Good evening")
    world.submit()
    assert keys(world) == before
    with world.database.read() as work:
        assert catalog.running_of(work, first.app_id)[0].digest == first.digest


def test_the_next_approval_supersedes_and_the_older_one_ends_after_14_days(world: World) -> None:
    app = world.register()
    first, second = world.approved(), world.approved(text="Good evening")
    assert (status(world, first), status(world, second)) == (Status.SUPERSEDED, Status.APPROVED)
    with world.database.read() as work:
        there = find_environment(work, "production")
        old = access.live_approval(work, app.id, there.id, first.digest)
    assert old is not None
    assert old.superseded_at is not None
    assert old.expires_at - old.superseded_at == 14 * DAY
    assert len(keys(world)) == 2
    later(world, 14 * DAY + MINUTE)
    # The first still runs, and its approval has ended.
    assert keys(world) == set()
    with world.database.begin() as work:
        assert lifecycle.tending_due(work)
        before = revisions.current(work, "hub")
        assert lifecycle.tend(work) == ["1 approvals ran out"]
        assert revisions.current(work, "hub") == before + 1
        assert lifecycle.tend(work) == []
        assert not lifecycle.tending_due(work)


def test_rolling_back_needs_an_approval_that_still_holds(world: World) -> None:
    world.register()
    first = world.approved()
    second = world.approved(text="Good evening")
    with world.database.begin() as work:
        catalog.set_running(work, world.ada, "standup", "production", second.digest)
    draft = world.upload(text="Good night")
    with world.database.begin() as work:
        assert lifecycle.rollback(work, world.ada, "standup", "production", "1").digest == first.digest
        with pytest.raises(lifecycle.NotApprovedHere):
            lifecycle.rollback(work, world.ada, "standup", "production", draft.digest)
    later(world, 15 * DAY)
    with world.database.begin() as work, pytest.raises(lifecycle.NotApprovedHere):
        lifecycle.rollback(work, world.ada, "standup", "production", first.digest)


def test_an_unapproved_running_version_closes_every_key_and_says_why(world: World) -> None:
    app = world.register()
    world.approved()
    world.observe(text="Good evening")
    assert keys(world) == set()
    with world.database.read() as work:
        there = find_environment(work, "production")
        digest, text = access.refusals(work, there)[app.id]
        assert catalog.running_of(work, app.id)[0].digest == digest
        assert list(access.granted_connections(work, there)) == [app.id]
    assert text.startswith("Version 2 of standup is not approved in production. Since version 1, which is: ")
    assert "step 'Text'" in text
    world.observe()
    assert len(keys(world)) == 1
    with world.database.read() as work:
        assert access.refusals(work, find_environment(work, "production")) == {}


def test_a_revoked_approval_ends_at_once_and_its_key_is_named(world: World) -> None:
    app = world.register()
    version = world.approved()
    with world.database.begin() as work:
        with pytest.raises(lifecycle.RefusalReasonMissing):
            lifecycle.revoke(work, world.rita, "standup", "production", version.digest, " ")
        lifecycle.revoke(work, world.rita, "standup", "production", version.digest, "wrong channel")
    assert (keys(world), status(world, version)) == (set(), Status.REVOKED)
    with world.database.read() as work:
        there = find_environment(work, "production")
        ended = access.ended_keys(work, there)
        assert [each.key for each in ended] == [f"{app.id}:production:{version.digest}"]
        assert access.refusals(work, there)[app.id][1] == (
            "The approval of version 1 of standup in production was ended; no other version is approved there."
        )
    with world.database.begin() as work, pytest.raises(access.ApprovalUnknown):
        lifecycle.revoke(work, world.rita, "standup", "production", version.digest, "again")
    world.submit()
    world.approve(version)
    assert (len(keys(world)), status(world, version)) == (1, Status.APPROVED)


def test_an_approval_that_ran_out_says_until_when_it_held(world: World) -> None:
    app = world.register()
    version = world.approved()
    later(world, 365 * DAY + MINUTE)
    with world.database.read() as work:
        there = find_environment(work, "production")
        text = access.refusals(work, there)[app.id][1]
        assert [each.key for each in access.ended_keys(work, there)] == [f"{app.id}:production:{version.digest}"]
    assert text.startswith("Version 1 of standup was approved in production until ")
    assert keys(world) == set()


def test_a_grant_does_not_hold_for_another_interface_of_the_same_name(world: World) -> None:
    world.register()
    version = world.approved()
    assert len(keys(world)) == 1
    world.connect(version="2.0.0", post_path="/admin.deleteEverything")
    assert keys(world) == set()
    world.observe()
    with world.database.read() as work:
        text = access.refusals(work, find_environment(work, "production"))[version.app_id][1]
    assert "the interface of slack-production: chat.postMessage changed" in text


def test_a_connection_that_changed_since_the_upload_stops_the_approval(world: World) -> None:
    world.register()
    version = world.upload()
    world.submit()
    world.connect(version="2.0.0", post_path="/admin.deleteEverything")
    with pytest.raises(lifecycle.ChecklistOpen) as refused:
        world.approve(version)
    assert "chat.postMessage of 'slack-production' changed" in refused.value.message


def test_the_checklist_names_everything_that_is_missing(world: World) -> None:
    world.register(deputy="", purpose="")
    manifest = parse_app(manifest_text("standup", dataClasses=["restricted", "phi", "pii"]), "app.yaml")
    world.upload(manifest=manifest)
    with pytest.raises(lifecycle.ChecklistOpen) as refused:
        world.submit()
    problems = refused.value.details["problems"]
    assert [each["place"] for each in problems] == ["deputy_named", "purpose_said", "data_class_allowed"]
    assert problems[2]["detail"] == "The app handles restricted, phi data, which 'slack-production' may not carry."
    assert all(each["fix"] for each in problems)


def test_a_lower_data_class_than_the_connector_allows_passes(world: World) -> None:
    world.register()
    world.upload(manifest=parse_app(manifest_text("standup", dataClasses=["public"]), "app.yaml"))
    assert world.submit().outcome == "open"


def test_one_review_at_a_time_and_nothing_to_submit_twice(world: World) -> None:
    world.register()
    with pytest.raises(lifecycle.NoVersion):
        world.submit()
    version = world.upload()
    world.submit()
    with pytest.raises(lifecycle.ReviewUnderWay):
        world.submit(caller=world.grace)
    world.approve(version)
    with pytest.raises(lifecycle.NotSubmittable):
        world.submit()


def test_a_refusal_needs_a_reason_and_the_version_can_come_again(world: World) -> None:
    world.register()
    version = world.upload()
    world.submit()
    with world.database.begin() as work, pytest.raises(lifecycle.RefusalReasonMissing):
        lifecycle.refuse(work, world.rita, "standup", "production", "")
    with world.database.begin() as work:
        refused = lifecycle.refuse(work, world.rita, "standup", "production", "Name the channel")
    assert (refused.outcome, refused.reason, refused.decider) == ("refused", "Name the channel", "rita")
    assert status(world, version) is Status.REFUSED
    world.submit()
    with world.database.begin() as work:
        assert lifecycle.withdraw(work, world.ada, "standup", "production").outcome == "withdrawn"
    assert status(world, version) is Status.DRAFT
    with world.database.begin() as work, pytest.raises(lifecycle.NoOpenReview):
        lifecycle.approve(work, world.rita, "standup", "production", version.digest)


def test_a_reviewer_sees_the_difference_the_grants_and_who_is_barred(world: World) -> None:
    world.register()
    world.approved()
    world.upload(text="Good evening", operations=("chat.postMessage", "users.info"), author="Hedy Lamarr")
    review = world.submit(caller=world.grace)
    with world.database.read() as work:
        shown = lifecycle.dossier(work, lifecycle.find_review(work, world.rita, review.id))
    assert shown.compared_with == 1
    texts = [change.text for change in shown.changes]
    assert any("users.info" in text for text in texts)
    assert any("'Text'" in text for text in texts)
    assert [grant.operation for grant in shown.grants] == ["chat.postMessage", "users.info"]
    assert all(check.passed for check in shown.checks if check.required)
    assert {(bar.part, bar.name) for bar in shown.barred} == {
        ("owner", "ada"),
        ("author", "Hedy Lamarr"),
        ("uploader", "ada"),
        ("submitter", "grace"),
    }


def test_reviews_of_another_team_do_not_exist(world: World) -> None:
    world.register()
    version = world.upload()
    review = world.submit()
    with world.database.begin() as work:
        assert lifecycle.reviews(work, world.zoe) == []
        assert [each.id for each in lifecycle.reviews(work, world.rita)] == [review.id]
        with pytest.raises(lifecycle.ReviewUnknown):
            lifecycle.find_review(work, world.zoe, review.id)
        with pytest.raises(NotFound):
            lifecycle.approve(work, world.zoe, "standup", "production", version.digest)


def test_a_builder_may_not_approve(world: World) -> None:
    world.register()
    version = world.upload()
    world.submit()
    with pytest.raises(Forbidden):
        world.approve(version, caller=world.grace)


def test_in_force_means_that_every_live_hub_has_it(world: World, admin) -> None:
    world.register()
    decided_version = world.upload()
    world.submit()
    approval = world.approve(decided_version).approval
    with world.database.begin() as work:
        assert not lifecycle.in_force(work, approval)
        first, _ = hub.enrol_hub(work, admin, "one")
        second, _ = hub.enrol_hub(work, admin, "two")
        epoch = revisions.current(work, "epoch")
        hub.acknowledge(work, first, epoch=epoch, revision=approval.hub_revision, quarantine=0, problems=[])
        hub.acknowledge(work, second, epoch=epoch, revision=approval.hub_revision - 1, quarantine=0, problems=[])
        assert not lifecycle.in_force(work, approval)
        hub.acknowledge(work, second, epoch=epoch, revision=approval.hub_revision, quarantine=0, problems=[])
        assert lifecycle.in_force(work, approval)
        assert not lifecycle.in_force(work, replace(approval, revoked_at=work.now))


def test_sandbox_keys_do_not_depend_on_what_runs(world: World) -> None:
    world.connect("sandbox")
    app = world.register()
    first = world.approved(environment="sandbox")
    world.observe(text="Tinkering", environment="sandbox")
    assert keys(world, "sandbox") == {f"{app.id}:sandbox:{first.digest}"}
    with world.database.read() as work:
        assert catalog.app_by_id(work, app.id).stage is Stage.PROTOTYPE
        assert access.refusals(work, find_environment(work, "sandbox")) == {}


def test_a_retired_app_has_no_keys(world: World) -> None:
    world.register()
    world.approved()
    with world.database.begin() as work:
        catalog.retire(work, world.ada, "standup")
    assert keys(world) == set()


def test_a_connection_in_use_names_its_apps(world: World) -> None:
    world.register()
    version = world.approved()
    (connection_id,) = {grant for _, grant in version.closure["connections"]}
    with world.database.begin() as work:
        assert access.apps_using(work, connection_id) == ["standup"]
        lifecycle.revoke(work, world.rita, "standup", "production", version.digest, "done")
        assert access.apps_using(work, connection_id) == []


def test_a_thousand_apps_are_read_in_a_third_of_a_second(world: World) -> None:
    app = world.register()
    version = world.approved(operations=("chat.postMessage", "users.info"))
    copies = {
        "app": "id, name",
        "app_version": "id, app_id",
        "running": "app_id",
        "approval": "id, app_id",
        "approval_grant": "approval_id",
    }
    with world.database.begin() as work:
        for table, changed in copies.items():
            _multiply(work, table, changed.split(", "), 999)
    with world.database.read() as work:
        there = find_environment(work, "production")
        began = time.process_time()
        found = access.allowed_keys(work, there)
        refused = access.refusals(work, there)
        granted = access.granted_connections(work, there)
        ended = access.ended_keys(work, there)
        spent = time.process_time() - began
    assert (len(found), len(refused), len(granted), len(ended)) == (2000, 0, 1000, 0)
    assert f"{app.id}:production:{version.digest}" in {each.key for each in found}
    assert spent < 0.3


def _multiply(work, table: str, changed: list[str], times: int) -> None:
    import sqlalchemy as sa

    rows = [dict(row) for row in work.all(sa.text(f"SELECT * FROM {table}"))]  # noqa: S608 - names of our own tables
    made = [{**row, **{name: f"{row[name]}-{index}" for name in changed}} for index in range(times) for row in rows]
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - same
    work.run_many(sa.text(insert), made)


def test_an_approval_keeps_what_its_reviewer_said(world: World) -> None:
    world.register()
    version = world.upload()
    review = world.submit()
    with world.database.begin() as work:
        lifecycle.approve(work, world.rita, "standup", "production", version.digest, reason="  Read both flows. ")
    with world.database.read() as work:
        shown = lifecycle.dossier(work, lifecycle.find_review(work, world.ada, review.id))
        events = audit.listing(work, action="approval.granted", limit=5)
    assert (shown.review.reason, shown.review.decider) == ("Read both flows.", "rita")
    assert events[0].facts["reason"] == "Read both flows."
    assert shown.approval is not None
    assert (shown.approval.digest, shown.approval.valid_from) == (version.digest, shown.review.decided_at)


def test_a_review_says_who_may_decide_it_and_why_not(world: World) -> None:
    world.register()
    world.upload()
    review = world.submit(caller=world.grace)
    for caller, expected in (
        (world.ada, (False, ("owner", "author", "uploader"))),
        (world.grace, (False, ("submitter",))),
        (world.rita, (True, ())),
    ):
        with world.database.read() as work:
            standing = lifecycle.standings(work, caller, [review])[review.id]
        assert (standing.may_decide, standing.parts) == expected
        assert "rita" in standing.deciders
        assert not {"ada", "grace"} & set(standing.deciders)
    with world.database.begin() as work:
        refused = lifecycle.refuse(work, world.rita, "standup", "production", "Name the channel")
        assert lifecycle.standings(work, world.rita, [refused]) == {}


def test_decided_reviews_come_by_pages_the_newest_decision_first(world: World) -> None:
    world.register()
    for text in ("One", "Two", "Three"):
        world.approved(text=text)
    world.upload(text="Four")
    world.submit(caller=world.grace)
    with world.database.read() as work:
        first = lifecycle.decided_reviews(work, world.rita, limit=2)
        rest = lifecycle.decided_reviews(work, world.rita, limit=2, before=first[-1].id)
        mine = lifecycle.reviews(work, world.ada, closed=True, mine=True)
        assert lifecycle.decided_reviews(work, world.zoe) == []
        assert lifecycle.decided_reviews(work, world.grace, mine=True) == []
    assert [each.number for each in first] == [3, 2]
    assert [each.number for each in rest] == [1]
    assert {each.number for each in mine} == {1, 2, 3}


def test_a_decided_review_is_compared_with_what_was_approved_then(world: World) -> None:
    world.register()
    for text in ("One", "Two", "Three"):
        world.approved(text=text)
    with world.database.read() as work:
        compared = {
            each.number: lifecycle.dossier(work, each).compared_with
            for each in lifecycle.decided_reviews(work, world.rita)
        }
    assert compared == {1: 0, 2: 1, 3: 2}
