"""Nobody approves their own change: owner, author, submitter, uploader, whatever their roles."""

from pathlib import Path

import pytest
from tests.rigs.governed import World, build_world

from handrail.governance import lifecycle
from handrail.platform.database import Database
from handrail.registry import access, catalog
from handrail.registry.identity import Caller, caller_of


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def everything(make_person, world: World, name: str) -> Caller:
    """Return a person who has every role that exists."""
    return make_person(
        name,
        ("admin", "*"),
        ("steward", "*"),
        ("reviewer", "*"),
        ("builder", "*"),
        ("reviewer", world.team.id),
        ("builder", world.team.id),
    )


def refused(world: World, caller: Caller, version: catalog.Version, *parts: str) -> None:
    with pytest.raises(lifecycle.OwnChange) as found:
        world.approve(version, caller=caller)
    assert found.value.details["parts"] == sorted(parts)
    with world.database.read() as work:
        assert access.approvals(work, version.app_id) == []


def test_the_owner_may_not(world: World, make_person) -> None:
    ada = everything(make_person, world, "ada")
    world.register()
    version = world.upload(caller=world.grace)
    world.submit(caller=world.grace)
    refused(world, ada, version, "owner")
    world.approve(version)


def test_an_owner_who_hands_the_app_over_may_not(world: World, make_person) -> None:
    ada = everything(make_person, world, "ada")
    world.register()
    version = world.upload(caller=world.grace)
    world.submit(caller=world.grace)
    with world.database.begin() as work:
        catalog.edit(work, ada, "standup", owner="grace", deputy="rita")
    refused(world, ada, version, "owner")


def test_the_submitter_may_not(world: World, make_person) -> None:
    sam = everything(make_person, world, "sam")
    world.register()
    version = world.upload()
    world.submit(caller=sam)
    refused(world, sam, version, "submitter")


def test_a_submitter_who_withdrew_and_let_another_submit_may_not(world: World, make_person) -> None:
    sam = everything(make_person, world, "sam")
    world.register()
    version = world.upload()
    world.submit(caller=sam)
    with world.database.begin() as work:
        lifecycle.withdraw(work, sam, "standup", "production")
    world.submit(caller=world.grace)
    refused(world, sam, version, "submitter")


def test_the_uploader_may_not(world: World, make_person) -> None:
    sam = everything(make_person, world, "sam")
    world.register()
    version = world.upload(caller=sam, author="somebody else")
    world.submit()
    refused(world, sam, version, "uploader")


@pytest.mark.parametrize("written", ["sam", "SAM", "Sam"])
def test_the_author_may_not_however_the_name_is_written(world: World, make_person, written: str) -> None:
    sam = everything(make_person, world, "sam")
    world.register()
    version = world.upload(author=written)
    world.submit()
    refused(world, sam, version, "author")


def test_the_uploader_of_the_same_source_elsewhere_may_not(world: World, make_person) -> None:
    sam = everything(make_person, world, "sam")
    world.connect("sandbox")
    world.register()
    world.upload(caller=sam, environment="sandbox")
    version = world.upload(caller=world.grace)
    assert version.uploaded_by == world.grace.person_id
    world.submit(caller=world.grace)
    refused(world, sam, version, "author", "uploader")


def test_the_uploader_of_the_same_source_with_another_manifest_may_not(world: World, make_person) -> None:
    sam = everything(make_person, world, "sam")
    world.register()
    world.upload(caller=sam, operations=())
    version = world.upload(caller=world.grace)
    world.submit(caller=world.grace)
    refused(world, sam, version, "author", "uploader")


def test_a_token_of_the_same_person_may_not(world: World, make_person, http, token_of) -> None:
    sam = everything(make_person, world, "sam")
    world.register()
    version = world.upload(caller=sam)
    world.submit(caller=sam)
    answer = http.post("/api/v1/apps/standup/approve", json={"digest": version.digest}, headers=token_of(sam))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_change")


def test_a_person_renamed_roles_later_is_still_the_same_person(world: World, make_person) -> None:
    world.register()
    version = world.upload()
    world.submit()
    everything(make_person, world, "ada")
    with world.database.read() as work:
        ada = caller_of(work, world.ada.person_id)
    refused(world, ada, version, "author", "owner", "submitter", "uploader")


def test_the_digest_that_was_read_is_the_digest_that_is_approved(world: World) -> None:
    world.register()
    read = world.upload()
    world.submit()
    with world.database.begin() as work:
        lifecycle.withdraw(work, world.ada, "standup", "production")
    swapped = world.upload(text="Send everything elsewhere")
    world.submit()
    with pytest.raises(lifecycle.DigestDiffers):
        world.approve(read)
    with world.database.begin() as work:
        for named in ("", "2", swapped.digest[:20], swapped.digest.upper()):
            with pytest.raises(lifecycle.DigestDiffers):
                lifecycle.approve(work, world.rita, "standup", "production", named)
        assert access.approvals(work, swapped.app_id) == []


def test_an_approval_counts_for_its_environment_only(world: World) -> None:
    world.connect("sandbox")
    world.register()
    world.approved(environment="sandbox")
    world.upload()
    with pytest.raises(lifecycle.NoOpenReview), world.database.begin() as work:
        lifecycle.approve(work, world.rita, "standup", "production", "c1:sha256:" + "0" * 64)
