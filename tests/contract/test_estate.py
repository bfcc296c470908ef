"""The inventory: what is known is not read again, what is gone is marked, what matters is found; on both databases."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.rigs.estates import adopt, finish, payout_export, plain, secretive, sheet_to_slack, workflow
from tests.rigs.governed import World, build_world, flow

from handrail.governance import estate
from handrail.governance.estate import (
    AlreadyRegistered,
    Asked,
    DefinitionUnknown,
    EstateFilesInvalid,
    OriginAmbiguous,
    OriginUnknown,
)
from handrail.language import leaks
from handrail.platform.database import Database
from handrail.registry import audit
from handrail.registry.identity import NotVisible, team_by_id

TEAM = "finance-ops"


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def known(world: World, files: dict[str, bytes], origin: str = "exports", who=None, boundary=None) -> tuple[str, ...]:
    boundary = boundary or leaks.default_boundary()
    with world.database.begin() as work:
        asked = {path: digest(content) for path, content in files.items()}
        return estate.known(work, who or world.ada, origin, asked, boundary)


def listed(world: World, who=None, **asked) -> estate.Listed:
    with world.database.read() as work:
        return estate.definitions(work, who or world.ada, Asked(**asked))


def detail(world: World, name: str, who=None) -> estate.Detail:
    row = next(each for each in listed(world, who, limit=200).items if each.name == name)
    with world.database.read() as work:
        return estate.definition(work, who or world.ada, row.id)


def rules(found: estate.Detail) -> set[str]:
    return {each["rule"] for each in (*found.estate, *found.held["findings"])}


def actions(world: World) -> list[str]:
    with world.database.read() as work:
        return [each.action for each in audit.listing(work, action="estate", limit=1000)]


def test_the_same_again_needs_nothing_and_changes_nothing(world: World) -> None:
    files = {"a.json": plain(1), "b/c.json": plain(2), "notes.json": b'{"no": "flow"}', "broken.json": b'{"nodes": ['}
    assert known(world, files) == tuple(sorted(files))
    taken = {each.path: each for each in adopt(world.database, world.ada, TEAM, files.items())}
    assert {path: each.state for path, each in taken.items()} == {
        "a.json": "read", "b/c.json": "read", "notes.json": "other", "broken.json": "unreadable",
    }  # fmt: skip
    assert taken["broken.json"].fault is not None
    assert taken["broken.json"].fault.place.startswith("broken.json")
    assert taken["broken.json"].fault.fix
    assert known(world, files) == ()
    before = (actions(world), [each.id for each in listed(world).items])
    again = adopt(world.database, world.ada, TEAM, files.items())
    assert [each.definitions for each in again] == [each.definitions for each in taken.values()]
    assert (actions(world), [each.id for each in listed(world).items]) == before
    assert known(world, {**files, "a.json": plain(3)}) == ("a.json",)


def test_a_definition_keeps_its_id_and_gone_ones_are_marked_and_come_back(world: World) -> None:
    files = {"a.json": plain(1), "b.json": plain(2)}
    adopt(world.database, world.ada, TEAM, files.items())
    ids = {each.path: each.id for each in listed(world).items}
    assert finish(world.database, world.ada, "exports", ["a.json"]) == ("b.json",)
    assert finish(world.database, world.ada, "exports", ["a.json"]) == ()
    assert [each.path for each in listed(world).items] == ["a.json"]
    (gone,) = listed(world, gone=True).items
    assert (gone.path, gone.id) == ("b.json", ids["b.json"])
    # What is gone is needed again even though its content is known, so that it comes back.
    assert known(world, files) == ("b.json",)
    adopt(world.database, world.ada, TEAM, [("b.json", files["b.json"])])
    assert {each.path: each.id for each in listed(world).items} == ids
    adopt(world.database, world.ada, TEAM, [("a.json", plain(7))])
    assert {each.path: each.id for each in listed(world).items} == ids
    assert {each.name for each in listed(world).items} == {"flow-00007", "flow-00002"}


def test_what_can_no_longer_be_read_stays_as_it_was_known(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("a.json", plain(1))])
    adopt(world.database, world.ada, TEAM, [("a.json", plain(1)[:-20])])
    assert [each.name for each in listed(world).items] == ["flow-00001"]
    with world.database.read() as work:
        (page,) = estate.files(work, world.ada, state="unreadable").items
        assert estate.overview(work, world.ada).unreadable == 1
    assert (page["path"], page["error_code"]) == ("a.json", "artefact_invalid")


def test_a_pass_that_names_no_paths_knows_what_it_met(world: World, clock) -> None:
    files = {"a.json": plain(1), "b.json": plain(2)}
    adopt(world.database, world.ada, TEAM, files.items())
    finish(world.database, world.ada, "exports", files)
    clock(3_600_000_000)
    assert known(world, {"a.json": files["a.json"]}) == ()
    with world.database.begin() as work:
        origin = estate.find_origin(work, world.ada, "exports")
        assert estate.finish(work, world.ada.actor, origin, complete=True) == ("b.json",)


def test_another_team_sees_and_touches_nothing(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("a.json", payout_export())])
    assert listed(world, world.zoe).total == 0
    (row,) = listed(world).items
    boundary = leaks.default_boundary()
    with world.database.begin() as work:
        with pytest.raises(DefinitionUnknown):
            estate.definition(work, world.zoe, row.id)
        with pytest.raises(OriginUnknown):
            estate.find_origin(work, world.zoe, "exports")
        with pytest.raises(NotVisible):
            estate.ensure_origin(work, world.zoe, "exports", team=TEAM)
        # A name that another team took is free for everybody else: nobody learns that it is taken.
        assert estate.known(work, world.zoe, "exports", {"a.json": digest(b"x")}, boundary) == ("a.json",)
        seen = estate.overview(work, world.zoe)
    assert (seen.found, seen.by_platform, seen.worst, seen.origins) == (0, (), (), ())


def test_two_teams_may_use_one_name(world: World, admin, make_person) -> None:
    sam = world.sam
    other = next(binding.team for binding in world.zoe.bindings)
    with world.database.begin() as work:
        name = team_by_id(work, other).name
    adopt(world.database, sam, TEAM, [("a.json", plain(1))])
    adopt(world.database, sam, name, [("a.json", plain(2))])
    with world.database.read() as work:
        with pytest.raises(OriginAmbiguous, match="2 teams"):
            estate.find_origin(work, sam, "exports")
        assert estate.find_origin(work, sam, "exports", name).team == name


@pytest.mark.parametrize(
    "path", ["", "/etc/x.json", "../x.json", "a/../../x.json", "a\\b.json", "a\nb.json", "x" * 501]
)
def test_a_path_stays_below_its_folder(path: str) -> None:
    with pytest.raises(EstateFilesInvalid):
        estate.check_path(path)


def test_data_that_leaves_by_way_of_another_app_is_found(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("a.json", payout_export()), ("b.json", sheet_to_slack())])
    with world.database.read() as work:
        seen = estate.overview(work, world.ada)
    across = [each for each in seen.worst if each["across"]]
    assert next(stop["label"] for stop in across[0]["stops"]) == "payout-export"
    assert "sheet-to-slack" in [stop["label"] for stop in across[0]["stops"]]
    assert across[0]["destination"] == "hooks.example-partner.net"
    writer = detail(world, "payout-export")
    assert [name for _, name, _ in writer.dependants] == ["sheet-to-slack"]
    assert "cross-app-leak" in rules(writer)
    assert "cross-app-leak" in rules(detail(world, "sheet-to-slack"))
    assert [name for _, name, _ in detail(world, "sheet-to-slack").upstream] == ["payout-export"]
    # Whoever may not see one of the flows does not learn of the way.
    assert detail(world, "payout-export").row.app == ""


def test_duplicates_are_told_with_what_merging_saves(world: World) -> None:
    copies = [(f"{number}.json", sheet_to_slack(f"copy-{number}")) for number in range(3)]
    adopt(world.database, world.ada, TEAM, [*copies, ("other.json", plain(1))])
    with world.database.read() as work:
        (twins,) = estate.visible(work, world.ada).estate.twins
    assert (twins.kind, twins.spare, len(twins.members)) == ("exact", 2, 3)
    assert "duplicate-app" in rules(detail(world, "copy-1"))


def test_a_found_definition_becomes_an_app_with_its_version(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("standup.json", flow())])
    (row,) = listed(world).items
    assert "unregistered-app" in rules(detail(world, row.name))
    with world.database.read() as work:
        _, artefact = estate.artefact_of(work, world.ada, row.id)
    with world.database.begin() as work:
        app, version = estate.register(
            work, world.ada, row.id, artefact, name="standup", team="", owner="", deputy="grace", purpose="Says hello."
        )
    assert (app.name, app.team, app.owner, version.number) == ("standup", TEAM, "ada", 1)
    (linked,) = listed(world, registered=True).items
    assert (linked.app, linked.linked_by, linked.owner) == ("standup", "person", "ada")
    assert "unregistered-app" not in rules(detail(world, row.name))
    with world.database.begin() as work, pytest.raises(AlreadyRegistered):
        estate.register(work, world.ada, row.id, artefact, name="standup-2", team="", owner="")
    assert world.upload("standup").source_digest == version.source_digest
    finish(world.database, world.ada, "exports", [])
    (gone,) = listed(world, gone=True).items
    with world.database.read() as work:
        assert "vanished-app" in rules(estate.definition(work, world.ada, gone.id))
        assert "vanished" in {each.kind for each in estate.overview(work, world.ada).do_first}


def test_the_list_filters_and_counts(world: World) -> None:
    files = [(f"{number}.json", plain(number)) for number in range(5)]
    adopt(world.database, world.ada, TEAM, [*files, ("s.json", secretive()), ("n.json", flow())])
    found = listed(world)
    assert found.total == 7
    assert found.items[0].name == "secretive"
    assert dict(found.facets["platform"]) == {"n8n": 6, "node-red": 1}
    assert dict(found.facets["registered"]) == {"no": 7}
    assert dict(found.facets["owner"]) == {"none": 7}
    assert listed(world, platform=("node-red",)).total == 1
    # A facet counts under all other filters but its own.
    assert dict(listed(world, platform=("node-red",)).facets["platform"]) == {"n8n": 6, "node-red": 1}
    assert listed(world, q="FLOW-0000").total == 5
    assert listed(world, q="100%_").total == 0
    assert listed(world, risk=("secret",)).items[0].name == "secretive"
    assert listed(world, origin=("exports",), team=(TEAM,)).total == 7
    pages, cursor = [], ""
    while True:
        page = listed(world, cursor=cursor, limit=3)
        pages += [each.id for each in page.items]
        cursor = page.next
        if not cursor:
            break
    assert len(pages) == len(set(pages)) == 7


def test_no_secret_is_kept(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("s.json", secretive())])
    found = detail(world, "secretive")
    assert found.row.secrets == 1
    assert "hardcoded-secret" in rules(found)
    with world.database.read() as work:
        _, document = estate.held_of(work, found.row.id)
        rows = [
            str(tuple(row))
            for table in ("estate_definition", "estate_leak", "estate_file", "audit_event")
            for row in work.tuples(text(f"SELECT * FROM {table}"))  # noqa: S608 - names of this list
        ]
    assert "sk-Zq81mVx0" not in str((found, document, rows))


def test_a_change_is_previewed_and_checked(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("s.json", secretive())])
    found = detail(world, "secretive")
    boundary = leaks.default_boundary()
    with world.database.read() as work:
        subject = estate.to_mend(work, world.ada, found.row.id)
    shown = estate.with_tried_fixes(found, subject, boundary)
    (plainly,) = [each for each in shown.held["findings"] if each["rule"] == "plain-http"]
    assert plainly["fix"]["mechanical"]
    assert plainly["fix"]["checked"]
    mended = estate.mend(subject, [plainly["key"]], boundary)
    assert mended.resolved == (plainly["key"],)
    assert "+" in mended.diff
    assert "https://api.example-shop.net" in mended.diff
    assert mended.remaining.block == sum(1 for each in shown.held["findings"] if each["severity"] == "block")


def test_a_secret_of_a_kept_document_can_still_be_mended(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("s.json", secretive())])
    found = detail(world, "secretive")
    with world.database.read() as work:
        subject = estate.to_mend(work, world.ada, found.row.id)
    shown = estate.with_tried_fixes(found, subject, leaks.default_boundary())
    (secret,) = [each for each in shown.held["findings"] if each["rule"] == "hardcoded-secret"]
    assert secret["fix"]["checked"]
    mended = estate.mend(subject, [secret["key"]], leaks.default_boundary())
    assert (mended.resolved, mended.refused) == ((secret["key"],), ())
    assert "[secret: " not in mended.content


def test_a_version_links_what_does_the_same_and_nothing_else(world: World) -> None:
    adopt(world.database, world.ada, TEAM, [("standup.json", flow()), ("other.json", plain(1))])
    world.register("standup")
    version = world.upload("standup")
    with world.database.begin() as work:
        estate.check_version(work, version, leaks.default_boundary())
    assert [(each.path, each.app, each.linked_by) for each in listed(world, registered=True).items] == [
        ("standup.json", "standup", "content")
    ]


def test_what_moves_up_in_a_file_is_not_taken_for_the_app_that_stood_there(world: World) -> None:
    three = [json.loads(plain(number)) for number in range(3)]
    adopt(world.database, world.ada, TEAM, [("all.json", json.dumps(three).encode())])
    row = next(each for each in listed(world).items if each.index == 1)
    with world.database.begin() as work:
        _, artefact = estate.artefact_of(work, world.ada, row.id)
        _, version = estate.register(work, world.ada, row.id, artefact, name="standup", team="", owner="")
        estate.check_version(work, version, leaks.default_boundary())
    assert [(each.index, each.app) for each in listed(world, registered=True).items] == [(1, "standup")]
    adopt(world.database, world.ada, TEAM, [("all.json", json.dumps([three[0], three[2], three[1]]).encode())])
    assert [(each.index, each.app) for each in listed(world, registered=True).items] == [(2, "standup")]
    assert "estate.unlinked" in actions(world)


def test_another_boundary_reads_everything_again(world: World) -> None:
    files = {"a.json": plain(1)}
    adopt(world.database, world.ada, TEAM, files.items())
    other = leaks.read_boundary(b'{"sink_class": {"internal": ["*.number-1.example.org"]}}', "boundary.json")
    assert known(world, files) == ()
    assert known(world, files, boundary=other) == ("a.json",)
    world.register("standup")
    version = world.upload("standup")
    with world.database.begin() as work:
        estate.check_version(work, version, leaks.default_boundary())
        assert [each.id for each in estate.unchecked(work, 9, other)] == [version.id]
        estate.check_version(work, version, other)
        assert estate.findings_of(work, version.id, leaks.default_boundary()) is None
        assert estate.findings_of(work, version.id, other) == estate.findings_of(work, version.id) is not None


def test_a_version_that_nobody_can_check_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.register("standup")
    version = world.upload("standup")

    def fails(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("handrail.governance.estate.versions.leaks.analyse", fails)
    assert estate.check_some_versions(world.database, leaks.default_boundary()) == 1
    assert estate.check_some_versions(world.database, leaks.default_boundary()) == 0
    with world.database.read() as work:
        found = estate.findings_of(work, version.id)
    assert found is not None
    assert [each["rule"] for each in found.blocks] == ["unreadable"]


def test_every_file_is_listed_where_teams_use_one_name(world: World) -> None:
    with world.database.read() as work:
        other = team_by_id(work, next(binding.team for binding in world.zoe.bindings)).name
    paths = ("a.json", "b.json")
    for team in (TEAM, other):
        adopt(world.database, world.sam, team, [(path, plain(1)) for path in paths])
    seen, cursor = [], ""
    while True:
        with world.database.read() as work:
            page = estate.files(work, world.sam, cursor=cursor, limit=1)
        seen += [(each["team"], each["path"]) for each in page.items]
        cursor = page.next
        if not cursor:
            break
    assert sorted(seen) == sorted((team, path) for team in (TEAM, other) for path in paths)


def test_an_archive_cannot_name_one_place_twice_or_lead_out() -> None:
    inner = _zip(("a.json", plain(1)))
    for entries in ((("b.zip", inner), ("b.zip!a.json", plain(2))), (("x//a.json", plain(1)),), (("./a.json", b"{}"),)):
        with pytest.raises(estate.ArchiveInvalid) as refused:
            list(estate.open_dropped(_zip(*entries)))
        assert refused.value.fix


def test_no_path_is_taken_in_twice_at_once(world: World) -> None:
    with pytest.raises(EstateFilesInvalid):
        adopt(world.database, world.ada, TEAM, [("a.json", plain(1)), ("a.json", plain(2))])


def _zip(*entries: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return held.getvalue()


def test_subflows_are_called_within_one_origin_only(world: World) -> None:
    from tests.rigs.estates import node

    caller = workflow("caller", node("Start", "manualTrigger"),
                      node("Call", "executeWorkflow", workflowId={"__rl": True, "mode": "id", "value": "77"}))  # fmt: skip
    callee = workflow("callee", node("In", "executeWorkflowTrigger"), node("Do", "noOp"), flow_id="77")
    adopt(world.database, world.ada, TEAM, [("a.json", caller), ("b.json", callee)])
    adopt(world.database, world.ada, TEAM, [("b.json", callee)], "elsewhere")
    with world.database.read() as work:
        row = next(each for each in listed(world).items if each.name == "caller")
        assert len(estate.definition(work, world.ada, row.id).dependants) == 1
