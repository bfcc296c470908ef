"""Packages of scripts against imported data: in the script, in files beside it, and the change that pins them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handrail.governance.checks import Finding, Lookup, Weaknesses, check_file, mend, verified
from handrail.governance.checks.osv import import_dump, save_index
from handrail.language.leaks import default_boundary

BOUNDARY = default_boundary()
NOW = datetime(2026, 3, 10, tzinfo=UTC)


def record(key: str, name: str, *events: tuple[str, str]) -> dict[str, Any]:
    return {
        "id": key,
        "modified": "2026-03-01T12:00:00Z",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": [{kind: version} for kind, version in events]}],
            }
        ],
    }


RECORDS = [
    record("PYSEC-1", "gadget-kit", ("introduced", "0"), ("fixed", "1.2.0")),
    # What mends the first has the second.
    record("PYSEC-2", "gadget-kit", ("introduced", "1.2.0"), ("fixed", "1.3.1")),
    record("PYSEC-3", "widget", ("introduced", "0"), ("fixed", "2.0rc1"), ("introduced", "2.0"), ("fixed", "2.1")),
]


@pytest.fixture
def lookup(tmp_path: Path) -> Lookup:
    for each in RECORDS:
        (tmp_path / f"{each['id']}.json").write_text(json.dumps(each))
    save_index(import_dump([tmp_path]), tmp_path / "osv.gz")
    return Lookup(Weaknesses(tmp_path / "osv.gz"), NOW)


def findings(data: str, file: str, lookup: Lookup) -> list[Finding]:
    return [each for each in check_file(data.encode(), file, BOUNDARY, lookup).findings if "CD-SEC-06" in each.refs]


SCRIPT = """#!/usr/bin/env python
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "gadget_kit==1.1",
#   "widget[fast] >=1, <3",
#   "other==1.0",
# ]
# ///
import gadget_kit
"""


def test_a_script_names_its_packages_at_its_head(lookup: Lookup) -> None:
    found = findings(SCRIPT, "work.py", lookup)
    assert [(each.rule, each.line, each.evidence["package"]) for each in found] == [
        ("vulnerable-dependency", 5, "gadget-kit"),
        ("unpinned-dependency", 6, "widget"),
    ]
    assert [each.evidence["fixed"] for each in found] == ["1.3.1", "2.1"]
    assert findings("import gadget_kit\n", "work.py", lookup) == []


def test_the_versions_that_mend_are_written_in_place(lookup: Lookup) -> None:
    result = mend(SCRIPT.encode(), "work.py", BOUNDARY, lookup=lookup)
    expected = SCRIPT.replace("gadget_kit==1.1", "gadget_kit==1.3.1").replace("[fast] >=1, <3", "[fast]==2.1")
    assert result.data.decode() == expected
    assert findings(result.data.decode(), "work.py", lookup) == []


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("requirements.txt", "gadget.kit == 1.0 ; python_version > '3.9'  # why", "gadget.kit==1.3.1 ; python_version > '3.9'  # why"),
        ("requirements.txt", "  Gadget-Kit\r\nother==1\r\n", "  Gadget-Kit==1.3.1\r\nother==1\r\n"),
        ("requirements-dev.txt", "gadget-kit[a,b]~=1.0.0", "gadget-kit[a,b]~=1.0.0"),
        ("requirements.txt", "gadget-kit[a,b]~=1.3", "gadget-kit[a,b]==1.3.1"),
        ("requirements.txt", "gadget-kit>=1,!=1.2", "gadget-kit==1.3.1"),
        ("requirements.txt", "gadget-kit<1.3", "gadget-kit<1.3"),
        ("requirements.txt", "gadget-kit==1.0 --hash=sha256:00", "gadget-kit==1.0 --hash=sha256:00"),
        ("requirements.txt", "gadget-kit==1.0 \\\n  --hash=sha256:00\n", "gadget-kit==1.0 \\\n  --hash=sha256:00\n"),
        ("requirements.txt", "gadget-kit @ https://example.org/a.whl", "gadget-kit @ https://example.org/a.whl"),
        ("requirements.txt", "gadget-kit-more==1\ngadget-kit==1", "gadget-kit-more==1\ngadget-kit==1.3.1"),
        ("pyproject.toml", '[project]\ndependencies = ["other==1", "gadget-kit (>=1)"]', '[project]\ndependencies = ["other==1", "gadget-kit==1.3.1"]'),
        ("pyproject.toml", '[tool.poetry.dependencies]\ngadget-kit = "1.0"\n', '[tool.poetry.dependencies]\ngadget-kit = "==1.3.1"\n'),
    ],
)  # fmt: skip
def test_only_what_is_known_to_help_is_written(lookup: Lookup, file: str, before: str, after: str) -> None:
    assert mend(before.encode(), file, BOUNDARY, lookup=lookup).data.decode() == after


def test_a_fix_is_offered_after_it_was_tried(lookup: Lookup) -> None:
    data = b"gadget-kit==1.0\nother>=1\n"
    report = verified(data, "requirements.txt", BOUNDARY, lookup=lookup)
    assert [(each.rule, each.fix.checked) for each in report.findings if each.fix] == [
        ("vulnerable-dependency", True),
        ("unpinned-dependency", False),
    ]


def test_missing_and_damaged_data_are_findings_and_never_silence(tmp_path: Path) -> None:
    lookup = Lookup(Weaknesses(tmp_path / "none.gz"), NOW)
    assert [each.rule for each in findings(SCRIPT, "a.py", lookup)] == ["unpinned-dependency", "vulnerability-data-missing"]  # fmt: skip
    (tmp_path / "none.gz").write_bytes(b"\x1f\x8b broken")
    damaged = findings(SCRIPT, "a.py", lookup)
    assert [each.rule for each in damaged] == ["unpinned-dependency", "vulnerability-data-missing"]
    assert "cannot be read" in damaged[1].text


def test_an_import_counts_at_once(tmp_path: Path, lookup: Lookup) -> None:
    assert [each.rule for each in findings("gadget-kit==1.3.1", "requirements.txt", lookup)] == []
    before = lookup.revision
    (tmp_path / "new.json").write_text(json.dumps(record("PYSEC-9", "gadget-kit", ("introduced", "1.3"))))
    save_index(import_dump([tmp_path / "new.json"]), lookup.weaknesses.path)
    found = findings("gadget-kit==1.3.1", "requirements.txt", lookup)
    assert [each.rule for each in found] == ["vulnerable-dependency"]
    assert lookup.revision not in {"", before}


def test_what_cannot_be_read_is_said_with_its_line(lookup: Lookup) -> None:
    broken = "# /// script\n# dependencies = [\n# ///\nprint()\n"
    (found,) = [each for each in check_file(broken.encode(), "a.py", BOUNDARY, lookup).findings if each.rule == "unreadable"]  # fmt: skip
    assert found.severity == "block"
    assert check_file(b"[project", "pyproject.toml", BOUNDARY, lookup).error is not None
    assert check_file(b"\xff\xfe", "requirements.txt", BOUNDARY, lookup).error is not None


def test_no_password_of_an_index_is_shown(lookup: Lookup) -> None:
    address = "https://user:{}@packages.example.org/".format("hunter2secretvalue9")
    data = f"-f {address}\ngadget-kit==1.0\n".encode()
    report = verified(data, "requirements.txt", BOUNDARY, lookup=lookup)
    assert "hunter2secretvalue9" not in repr(report)
    assert report.findings[0].line == 2
