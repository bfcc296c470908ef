"""The inventory, on both databases."""

import json
from pathlib import Path

import pytest
from tests.rigs.governed import World, artefact, build_world, manifest_text

from handrail.kernel.errors import Forbidden
from handrail.kernel.ids import NameInvalid
from handrail.language.manifest import parse_app
from handrail.platform.database import Database, revisions
from handrail.registry import audit, catalog
from handrail.registry.catalog import Assurance, Stage, Status
from handrail.registry.identity import disable_person


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def test_an_idea_needs_no_artefact_deputy_or_purpose(world: World) -> None:
    with world.database.begin() as work:
        app = catalog.register(work, world.ada, "daydream", team="finance-ops")
    assert (app.stage, app.owner, app.deputy, app.title) == (Stage.IDEA, "ada", "", "daydream")
    with world.database.read() as work:
        assert [event.action for event in audit.listing(work, subject=app.subject)] == ["app.registered"]


def test_owner_and_deputy_are_two_active_people(world: World, admin) -> None:
    with world.database.begin() as work:
        disable_person(work, admin, "grace")
    for given, error in (
        ({"owner": "ada", "deputy": "ada"}, catalog.DeputyInvalid),
        ({"owner": "ada", "deputy": "grace"}, catalog.DeputyInvalid),
        ({"owner": "grace"}, catalog.OwnerInvalid),
    ):
        with pytest.raises(error), world.database.begin() as work:
            catalog.register(work, world.ada, "x", team="finance-ops", **given)


def test_a_name_is_never_given_again(world: World) -> None:
    app = world.register("standup")
    with world.database.begin() as work:
        catalog.edit(work, world.ada, "standup", new_name="morning")
    with pytest.raises(catalog.NameTaken):
        world.register("standup")
    with world.database.begin() as work:
        renamed = catalog.find_app(work, world.ada, "morning")
        assert renamed.id == app.id
        with pytest.raises(catalog.AppUnknown) as refused:
            catalog.find_app(work, world.ada, "standup")
        assert "'morning'" in refused.value.fix
        catalog.edit(work, world.ada, "morning", new_name="standup")
        catalog.retire(work, world.ada, "standup")
    for name in ("standup", "morning"):
        with pytest.raises(catalog.NameTaken):
            world.register(name)
    with pytest.raises(catalog.AppRetired):
        world.upload("standup")


def test_a_name_that_nobody_can_read_is_refused(world: World) -> None:
    for name in ("Stand Up", "a\x00b", ""):
        with pytest.raises(NameInvalid):
            world.register(name)
        with world.database.read() as work, pytest.raises(catalog.AppUnknown):
            catalog.find_app(work, world.ada, name)


def test_an_app_of_another_team_does_not_exist(world: World) -> None:
    world.register("standup")
    with world.database.begin() as work:
        assert catalog.listing(work, world.zoe) == []
        with pytest.raises(catalog.AppUnknown) as refused:
            catalog.find_app(work, world.zoe, "standup")
        with pytest.raises(catalog.AppUnknown) as missing:
            catalog.find_app(work, world.zoe, "standupp")
        assert refused.value.fix == missing.value.fix
        with pytest.raises(catalog.AppUnknown):
            catalog.edit(work, world.zoe, "standup", title="Mine")


def test_a_viewer_may_not_edit(world: World, make_person, team) -> None:
    world.register("standup")
    viewer = make_person("vic", ("viewer", team.id))
    with world.database.begin() as work, pytest.raises(Forbidden):
        catalog.edit(work, viewer, "standup", title="Mine")


def test_edit_keeps_owner_and_deputy_apart(world: World) -> None:
    world.register("standup")
    with world.database.begin() as work:
        with pytest.raises(catalog.DeputyInvalid):
            catalog.edit(work, world.ada, "standup", owner="grace")
        changed = catalog.edit(work, world.ada, "standup", owner="grace", deputy="ada")
    assert (changed.owner, changed.deputy) == ("grace", "ada")


def test_the_same_content_is_the_same_version(world: World) -> None:
    world.register()
    first = world.upload()
    assert (first.number, first.status, first.platform) == (1, Status.DRAFT, "node-red")
    assert world.upload().id == first.id
    second = world.upload(text="Good evening")
    assert (second.number, second.digest != first.digest) == (2, True)
    with world.database.read() as work:
        app = catalog.find_app(work, world.ada, "standup")
        assert app.stage is Stage.PROTOTYPE
        assert app.platform == "node-red"
        assert [version.number for version in catalog.versions(work, app.id)] == [2, 1]


def test_an_upload_changes_nothing_that_runs(world: World) -> None:
    app = world.register()
    with world.database.begin() as work:
        before = revisions.current(work, "hub")
    world.upload()
    with world.database.read() as work:
        assert catalog.running_of(work, app.id) == []
        assert revisions.current(work, "hub") == before


def test_without_a_manifest_the_one_before_counts(world: World) -> None:
    world.register()
    first = world.upload()
    with world.database.begin() as work:
        second, fresh = catalog.upload(work, world.ada, "standup", "production", artefact("Good evening"))
    assert fresh
    assert second.manifest == first.manifest
    assert [entry[:2] for entry in second.closure["operations"]] == [["slack-production", "chat.postMessage"]]


def test_what_a_manifest_names_must_exist_and_the_nearest_is_named(world: World) -> None:
    world.register()
    with pytest.raises(catalog.ConnectionNotHere) as refused:
        world.upload(manifest=parse_app(manifest_text("standup", "prodction"), "app.yaml"))
    assert "'slack-production'" in refused.value.fix
    assert refused.value.place == "app.yaml:/spec/connections/0"
    with pytest.raises(catalog.OperationUnknown) as refused:
        world.upload(operations=("chat.postMesage",))
    assert "'chat.postMessage'" in refused.value.fix
    with pytest.raises(catalog.ManifestMismatch):
        world.upload(manifest=parse_app(manifest_text("other"), "app.yaml"))


def test_a_connection_of_another_environment_is_not_here(world: World) -> None:
    world.register()
    with pytest.raises(catalog.ConnectionNotHere):
        world.upload(environment="sandbox", manifest=parse_app(manifest_text("standup", "production"), "app.yaml"))


def test_versions_are_found_by_digest_prefix_and_number(world: World) -> None:
    world.register()
    version = world.upload()
    bare = version.digest.removeprefix("c1:sha256:")
    with world.database.read() as work:
        app = catalog.find_app(work, world.ada, "standup")
        from handrail.registry.connectors import find_environment

        there = find_environment(work, "production")
        for which in (version.digest, version.digest[:20], bare, bare[:8], "1"):
            assert catalog.find_version(work, app, there, which).id == version.id
        for which in ("2", "c1:", "%", "_" * 10, "", "c1:sha256:", bare[:3], "\x00", "9" * 40):
            with pytest.raises(catalog.VersionUnknown):
                catalog.find_version(work, app, there, which)


def test_a_source_makes_drafts_and_says_what_runs(world: World) -> None:
    world.register()
    first = world.observe()
    assert (first.new_version, first.changed, first.running.source) == (True, True, Assurance.OBSERVED)
    with world.database.read() as work:
        before = revisions.current(work, "hub")
    again = world.observe()
    assert (again.new_version, again.changed) == (False, False)
    assert again.running.seen_at > first.running.seen_at
    assert again.running.since == first.running.since
    with world.database.read() as work:
        assert revisions.current(work, "hub") == before
    other = world.observe(text="Good evening")
    assert (other.new_version, other.changed, other.version.number) == (True, True, 2)
    with world.database.read() as work:
        assert revisions.current(work, "hub") == before + 1


def test_a_candidate_with_a_wider_manifest_does_not_change_what_is_observed(world: World) -> None:
    world.register()
    approved = world.approved()
    assert world.observe().running.digest == approved.digest
    wider = world.upload(operations=("chat.postMessage", "users.info"))
    assert wider.source_digest == approved.source_digest
    assert world.observe().running.digest == approved.digest
    world.submit()
    world.approve(wider)
    assert world.observe().running.digest == wider.digest


def test_a_removed_connection_changes_what_is_observed(world: World) -> None:
    world.register()
    approved = world.approved()
    with world.database.begin() as work:
        from handrail.registry import connectors

        connectors.remove_connection(work, world.sam, "slack-production", lambda *_: [])
    seen = world.observe()
    assert seen.new_version
    assert seen.running.digest != approved.digest


def test_nobody_says_what_runs_of_an_observed_app(world: World) -> None:
    world.register()
    seen = world.observe()
    with world.database.begin() as work, pytest.raises(catalog.RunningObserved):
        catalog.set_running(work, world.ada, "standup", "production", seen.version.digest)


def test_what_runs_may_be_attested_though_it_is_not_approved(world: World) -> None:
    world.register()
    version = world.upload()
    with world.database.begin() as work:
        running = catalog.set_running(work, world.ada, "standup", "production", "1")
    assert (running.digest, running.source, running.set_by) == (version.digest, Assurance.DECLARED, "ada")


def test_a_source_is_kept_once_and_without_secrets(world: World) -> None:
    world.register()
    version = world.upload(text="Bearer xoxb-123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx")
    world.upload(
        environment="production", operations=(), text="Bearer xoxb-123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx"
    )
    with world.database.read() as work:
        sources = catalog.sources_of(work, [version])
    assert "AbCdEfGhIjKlMnOpQrStUvWx" not in json.dumps(sources)
    assert list(sources) == [version.source_digest]
