"""What checks say of versions: kept with each, shown to reviewers, and what links a found definition to its app."""

from pathlib import Path

import pytest
from sqlalchemy import text
from tests.rigs.estates import adopt, secretive
from tests.rigs.governed import World, build_world, flow

from handrail.governance import estate, lifecycle
from handrail.governance.estate import Asked
from handrail.language import leaks
from handrail.language.importers import read_artefact
from handrail.platform.database import Database
from handrail.registry import catalog

BOUNDARY = leaks.default_boundary()


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def rows(world: World) -> list[tuple]:
    with world.database.read() as work:
        return work.tuples(text("SELECT version_id, engine, blocks FROM version_findings ORDER BY version_id"))


def upload(world: World, content: bytes, app: str) -> catalog.Version:
    with world.database.begin() as work:
        version, _ = catalog.upload(work, world.ada, app, "production", read_artefact(content, f"{app}.json"))
        return version


def test_versions_that_sources_saw_are_checked_in_the_background(world: World) -> None:
    world.register("standup")
    world.upload("standup", "One")
    world.upload("standup", "Two")
    assert rows(world) == []
    assert estate.check_some_versions(world.database, BOUNDARY) == 2
    assert estate.check_some_versions(world.database, BOUNDARY) == 0
    assert [(engine, blocks) for _, engine, blocks in rows(world)] == [(estate.engine(BOUNDARY), 0)] * 2
    with world.database.begin() as work:
        work.run(text("UPDATE version_findings SET engine = 'older'"))
    # Another engine says something else perhaps: each is read again.
    assert estate.check_some_versions(world.database, BOUNDARY) == 2


def test_a_reviewer_reads_what_blocks_and_decides(world: World) -> None:
    world.register("secretive")
    version = upload(world, secretive(), "secretive")
    with world.database.begin() as work:
        found = estate.check_version(work, version, BOUNDARY)
        review = lifecycle.submit(work, world.ada, "secretive", "production")
        told = [each for each in lifecycle.dossier(work, review).checks if each.name == "definition_checked"]
    assert [each["rule"] for each in found.blocks] == ["hardcoded-secret"]
    assert [(each.passed, each.required) for each in told] == [(False, False)]
    assert told[0].text == found.blocks[0]["text"]
    with world.database.begin() as work:
        lifecycle.approve(work, world.rita, "secretive", "production", version.digest)


def test_what_was_not_checked_is_not_silence(world: World) -> None:
    world.register("standup")
    world.upload("standup")
    review = world.submit("standup")
    with world.database.read() as work:
        (told,) = [each for each in lifecycle.dossier(work, review).checks if each.name == "definition_checked"]
        assert not told.passed
        assert "not read" in told.text
        (version,) = catalog.versions(work, review.app_id)
        assert estate.findings_now(work, version, BOUNDARY).blocks == []
    assert rows(world) == []


def test_a_found_definition_is_linked_to_the_app_that_does_exactly_the_same(world: World) -> None:
    world.register("standup")
    world.upload("standup", "Good morning")
    adopt(world.database, world.ada, "finance-ops", [("a.json", flow("Good morning")), ("b.json", flow("Else"))])
    estate.check_some_versions(world.database, BOUNDARY)
    with world.database.read() as work:
        found = {each.path: each for each in estate.definitions(work, world.ada, Asked()).items}
    assert (found["a.json"].app, found["a.json"].linked_by) == ("standup", "content")
    assert found["b.json"].app == ""


def test_two_apps_that_do_the_same_are_nobody_s_guess(world: World) -> None:
    for app in ("standup", "sundown"):
        world.register(app)
        world.upload(app)
    estate.check_some_versions(world.database, BOUNDARY)
    adopt(world.database, world.ada, "finance-ops", [("a.json", flow())])
    with world.database.read() as work:
        assert estate.definitions(work, world.ada, Asked(registered=True)).total == 0
