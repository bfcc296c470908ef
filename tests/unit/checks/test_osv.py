"""Known weaknesses: records of the OSV schema, made by hand, against packages that an app asks for."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handrail.governance.checks.osv import (
    Index,
    VulnerabilityDataInvalid,
    check_dependencies,
    from_bytes,
    import_dump,
    load_index,
    save_index,
    to_bytes,
)
from handrail.language.importers.dependencies import Dependencies, Dependency, read_dependencies

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def _record(key: str, *events: dict[str, str], name: str = "Gadget_Kit", **more: Any) -> dict[str, Any]:
    affected = {
        "package": {"ecosystem": "PyPI", "name": name, "purl": f"pkg:pypi/{name}"},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
        "versions": [],
        "database_specific": {"source": "made by hand"},
    }
    return {
        "schema_version": "1.7.0",
        "id": key,
        "modified": "2026-03-01T12:00:00Z",
        "published": "2026-02-01T12:00:00Z",
        "summary": "made by hand",
        "affected": [affected],
        **more,
    }


RECORDS = [
    _record("GHSA-aaaa-bbbb-cccc", {"introduced": "0"}, {"fixed": "1.2.0"}, aliases=["CVE-2026-0001"]),
    _record("PYSEC-2026-1", {"introduced": "2.0"}, {"fixed": "2.0.5"}, {"introduced": "3.0rc1"}, {"fixed": "3.1"}),
    _record("PYSEC-2026-2", {"introduced": "0"}, {"last_affected": "0.9"}, name="widget"),
    _record("MAL-2026-1", {"introduced": "0"}, name="wigdet"),
    _record("PYSEC-2026-3", {"introduced": "0"}, name="gone", withdrawn="2026-02-02T00:00:00Z"),
    {**_record("GHSA-dddd-eeee-ffff", name="listed"),
     "affected": [{"package": {"ecosystem": "PyPI", "name": "listed"}, "versions": ["1.0", "2.0.post1"]}]},
    {**_record("GHSA-npm"), "affected": [{"package": {"ecosystem": "npm", "name": "gadget-kit"}, "versions": ["1.0"]}]},
]  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> Index:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in RECORDS:
            archive.writestr(f"{each['id']}.json", json.dumps(each))
        archive.writestr("broken.json", "{")
        archive.writestr("notes.txt", "no record")
    return import_dump([path])


@pytest.mark.parametrize(
    ("name", "version", "ids"),
    [
        ("gadget-kit", "1.1.9", ["GHSA-aaaa-bbbb-cccc"]),
        ("gadget-kit", "1.2.0rc1", ["GHSA-aaaa-bbbb-cccc"]),
        ("gadget-kit", "1.2.0", []),
        ("gadget-kit", "1.2", []),
        ("gadget-kit", "2.0.4", ["PYSEC-2026-1"]),
        ("gadget-kit", "2.0.10", []),
        ("gadget-kit", "3.0", ["PYSEC-2026-1"]),
        ("gadget-kit", "3.1", []),
        ("widget", "0.9", ["PYSEC-2026-2"]),
        ("widget", "0.9.1", []),
        ("wigdet", "77", ["MAL-2026-1"]),
        ("wigdet", None, ["MAL-2026-1"]),
        ("gadget-kit", None, []),
        ("gone", "1", []),
        ("listed", "2.0-1", ["GHSA-dddd-eeee-ffff"]),
        ("listed", "1.1", []),
        ("gadget-kit", "no version", []),
        ("unheard-of", "1", []),
    ],
)
def test_versions_are_compared_as_python_packages_are(
    index: Index, name: str, version: str | None, ids: list[str]
) -> None:
    assert [each.id for each in index.matches(Dependency(name, pinned=version))] == ids


def test_the_stored_index_is_the_same_and_small(index: Index, tmp_path: Path) -> None:
    assert index.skipped == 1
    save_index(index, tmp_path / "home" / "osv.json.gz")
    again = load_index(tmp_path / "home" / "osv.json.gz")
    assert again is not None
    assert (again.packages, again.newest) == (index.packages, index.newest)
    assert to_bytes(again) == to_bytes(index)
    assert load_index(tmp_path / "elsewhere") is None


def test_a_folder_reads_as_the_archive_does(index: Index, tmp_path: Path) -> None:
    for each in RECORDS:
        (tmp_path / "dump").mkdir(exist_ok=True)
        (tmp_path / "dump" / f"{each['id']}.json").write_text(json.dumps(each))
    assert import_dump([tmp_path / "dump"]).packages == index.packages


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\x1f\x8b\x08",
        to_bytes(Index({}))[:-6],
        to_bytes(Index({}))[:12] + b"zzzz" + to_bytes(Index({}))[16:],
    ],
)
def test_a_damaged_index_is_said_to_be(data: bytes) -> None:
    with pytest.raises(VulnerabilityDataInvalid):
        from_bytes(data)


def test_a_dump_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(VulnerabilityDataInvalid):
        import_dump([tmp_path / "missing.zip"])


@pytest.mark.parametrize(
    "record",
    [
        [],
        {"id": 7},
        {"id": "x y", "affected": []},
        {"id": "A-1", "affected": [7, {"package": 7}, {"package": {"name": 1, "ecosystem": "PyPI"}}]},
        {"id": "A-1", "affected": [{"package": {"name": "a", "ecosystem": "PyPI"}, "ranges": [{"type": "GIT"}, 7]}]},
        {"id": "A-1", "modified": "yesterday", "affected": [{"package": {"name": "a", "ecosystem": "PyPI"},
         "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "not a version"}, 7]}]}]},
    ],
)  # fmt: skip
def test_a_broken_record_matches_nothing(record: Any, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(record))
    assert import_dump([tmp_path]).matches(Dependency("a", pinned="1")) == ()


def test_findings_name_the_weakness_the_line_and_the_version_that_mends_it(index: Index) -> None:
    asked = read_dependencies(b"widget==0.9\ngadget_kit==1.0\nflask>=2\n-r more.txt\nwigdet==1\n", "requirements.txt")
    found = check_dependencies(asked, index, NOW)
    assert [(each.rule, each.severity, each.line) for each in found] == [
        ("vulnerable-dependency", "block", 1),
        ("vulnerable-dependency", "block", 2),
        ("unpinned-dependency", "warn", 3),
        ("vulnerable-dependency", "block", 5),
        ("unpinned-dependency", "warn", 4),
    ]
    assert "CVE-2026-0001" in found[1].text
    assert found[1].evidence["ids"] == ["GHSA-aaaa-bbbb-cccc"]
    assert found[1].fix is not None
    assert "1.2.0" in found[1].fix.text
    assert found[0].fix is not None
    assert "No version" in found[0].fix.text
    assert found[0].refs == ("CD-SEC-06",)


def test_missing_and_old_data_are_findings_and_nothing_to_check_is_none(index: Index) -> None:
    asked = Dependencies((Dependency("requests", "==1", "1", 1),))
    assert [each.rule for each in check_dependencies(asked, None, NOW)] == ["vulnerability-data-missing"]
    later = datetime(2026, 3, 16, tzinfo=UTC)
    assert [each.rule for each in check_dependencies(asked, index, NOW)] == []
    assert [each.rule for each in check_dependencies(asked, index, later)] == ["vulnerability-data-stale"]
    assert check_dependencies(Dependencies(), None, NOW) == ()


def test_a_weakness_below_high_warns_and_one_that_nobody_rates_blocks(tmp_path: Path) -> None:
    events = ({"introduced": "0"}, {"fixed": "2"})
    low = _record("GHSA-low", *events, name="a", aliases=["CVE-2026-7"], database_specific={"severity": "MODERATE"})
    twin = _record("PYSEC-low", *events, name="a", aliases=["CVE-2026-7"])
    grave = _record("GHSA-high", *events, name="b", database_specific={"severity": "HIGH"})
    unrated = _record("PYSEC-x", *events, name="c")
    for each in (low, twin, grave, unrated):
        (tmp_path / f"{each['id']}.json").write_text(json.dumps(each))
    asked = Dependencies(tuple(Dependency(name, "==1", "1", 1) for name in "abc"))
    found = check_dependencies(asked, from_bytes(to_bytes(import_dump([tmp_path]))), NOW)
    assert [each.severity for each in found] == ["warn", "block", "block"]
    assert found[0].text.count("CVE-2026-7") == 1
