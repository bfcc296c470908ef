"""Packages of scripts in the inventory and in versions: looked up when they are read, and anew after an import."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.rigs.estates import adopt
from tests.rigs.governed import World, build_world

from handrail.governance import estate
from handrail.governance.checks import Lookup, Weaknesses
from handrail.governance.checks.osv import import_dump, save_index
from handrail.governance.estate import Asked
from handrail.language import leaks
from handrail.language.importers import read_artefact
from handrail.language.leaks import default_boundary
from handrail.platform.database import Database
from handrail.registry import catalog

TEAM = "finance-ops"
NOW = datetime(2026, 3, 10, tzinfo=UTC)
PLAIN = b"import gadget_kit\n\nprint(gadget_kit)\n"
HEADED = b'# /// script\n# dependencies = ["gadget-kit==1.0"]\n# ///\nprint()\n'
FILES = {
    "a/plain.py": PLAIN,
    "a/requirements.txt": b"# x\ngadget_kit==1.0\n",
    "b/headed.py": HEADED,
    "b/other.py": PLAIN,
}
BOUNDARY = leaks.default_boundary()


@pytest.fixture
def world(database: Database, tmp_path: Path, make_person, team) -> World:
    made = build_world(database, tmp_path, make_person, team)
    made.connect()
    return made


@pytest.fixture
def lookup(tmp_path: Path) -> Lookup:
    return Lookup(Weaknesses(tmp_path / "osv.gz"), NOW)


@pytest.fixture
def import_(tmp_path: Path, lookup: Lookup) -> Callable[[str], None]:
    def run(fixed: str) -> None:
        record = {
            "id": "PYSEC-1",
            "modified": "2026-03-01T12:00:00Z",
            "affected": [
                {
                    "package": {"ecosystem": "PyPI", "name": "gadget-kit"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
                }
            ],
        }
        (tmp_path / "record.json").write_text(json.dumps(record))
        save_index(import_dump([tmp_path / "record.json"]), lookup.weaknesses.path)

    return run


def packages(world: World) -> dict[str, list[tuple[str, str]]]:
    with world.database.read() as work:
        found = {}
        for row in estate.definitions(work, world.ada, Asked(limit=100)).items:
            held = estate.definition(work, world.ada, row.id).held["findings"]
            found[row.path] = [(each["rule"], each["text"]) for each in held if "CD-SEC-06" in each["refs"]]
        return found


def known(world: World, lookup: Lookup) -> tuple[str, ...]:
    asked = {path: f"sha256:{hashlib.sha256(content).hexdigest()}" for path, content in FILES.items()}
    with world.database.begin() as work:
        return estate.known(work, world.ada, "exports", asked, default_boundary(), packages=lookup.revision)


def test_what_a_folder_asks_for_belongs_to_its_scripts(
    world: World, lookup: Lookup, import_: Callable[[str], None]
) -> None:
    import_("1.2")
    adopt(world.database, world.ada, TEAM, FILES.items(), lookup=lookup)
    found = packages(world)
    assert found.keys() == {"a/plain.py", "b/headed.py", "b/other.py"}
    assert [rule for rule, _ in found["a/plain.py"]] == ["vulnerable-dependency"]
    assert found["a/plain.py"][0][1].startswith("requirements.txt:2: gadget-kit 1.0 has known weaknesses")
    assert [rule for rule, _ in found["b/headed.py"]] == ["vulnerable-dependency"]
    assert found["b/other.py"] == []


def test_scripts_are_read_again_after_an_import(world: World, lookup: Lookup, import_: Callable[[str], None]) -> None:
    adopt(world.database, world.ada, TEAM, FILES.items(), lookup=lookup)
    assert [rule for rule, _ in packages(world)["a/plain.py"]] == ["vulnerability-data-missing"]
    assert known(world, lookup) == ()
    import_("1.2")
    assert known(world, lookup) == tuple(sorted(FILES))
    adopt(world.database, world.ada, TEAM, FILES.items(), lookup=lookup)
    assert known(world, lookup) == ()
    assert [rule for rule, _ in packages(world)["a/plain.py"]] == ["vulnerable-dependency"]


def test_a_change_of_a_script_is_looked_up_too(world: World, lookup: Lookup, import_: Callable[[str], None]) -> None:
    import_("1.2")
    adopt(world.database, world.ada, TEAM, [("b/headed.py", HEADED)], lookup=lookup)
    with world.database.read() as work:
        (row,) = estate.definitions(work, world.ada, Asked()).items
        found = estate.definition(work, world.ada, row.id)
        subject = estate.to_mend(work, world.ada, row.id)
    (finding,) = estate.with_tried_fixes(found, subject, BOUNDARY, lookup).held["findings"]
    assert finding["fix"]["checked"]
    assert '+# dependencies = ["gadget-kit==1.2"]' in estate.mend(subject, [finding["key"]], BOUNDARY, lookup).diff


def test_a_version_shows_what_is_known_now(world: World, lookup: Lookup, import_: Callable[[str], None]) -> None:
    import_("0.9")
    world.register("script")
    with world.database.begin() as work:
        version, _ = catalog.upload(work, world.ada, "script", "production", read_artefact(HEADED, "script.py"))
        assert estate.check_version(work, version, BOUNDARY, lookup).blocks == []
    import_("1.2")
    with world.database.read() as work:
        (found,) = estate.findings_now(work, version, BOUNDARY, lookup).blocks
    assert (found["rule"], found["line"]) == ("vulnerable-dependency", 2)
