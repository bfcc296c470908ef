"""`handrail vulnerabilities`, and the commands that look packages up."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handrail.surfaces.cli import root


def run(home: Path, *arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(root, ["--home", str(home), *(str(each) for each in arguments)])
    assert done.exit_code == code, f"{arguments}: {done.output} {done.exception!r}"
    return done


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HANDRAIL_BOUNDARY", raising=False)
    return tmp_path / "home"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write_dump(tmp_path, datetime.now(UTC) - timedelta(days=1))


def write_dump(folder: Path, modified: datetime) -> Path:
    record = {
        "id": "GHSA-aaaa-bbbb-cccc",
        "aliases": ["CVE-2026-0001"],
        "modified": modified.isoformat(),
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "gadget-kit"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}],
            }
        ],
    }
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GHSA-aaaa-bbbb-cccc.json", json.dumps(record))
        archive.writestr("broken.json", "{")
    return path


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "one.py").write_text("import gadget_kit\n")
    (folder / "two.py").write_text('# /// script\n# dependencies = ["other==1"]\n# ///\nimport other\n')
    (folder / "requirements.txt").write_text("# what it needs\ngadget_kit==1.0\n")
    return folder


def found(done: Result) -> list[tuple[str, str, int]]:
    return [(each["file"], each["rule"], each["line"]) for each in json.loads(done.stdout)["items"]]


def test_a_dump_is_imported_once_and_shown(home: Path, dump: Path) -> None:
    run(home, "vulnerabilities", "show", code=4)
    told = json.loads(run(home, "vulnerabilities", "import", dump, "-o", "json").stdout)
    told.pop("newest")
    assert told == {"records": 1, "packages": 1, "stale": False, "skipped": 1, "file": str(home / "osv.json.gz")}
    assert json.loads(run(home, "vulnerabilities", "show", "-o", "json").stdout)["packages"] == 1


def test_what_is_no_dump_replaces_nothing(home: Path, dump: Path, tmp_path: Path) -> None:
    run(home, "vulnerabilities", "import", dump)
    (tmp_path / "other.json").write_text("{}")
    done = run(home, "vulnerabilities", "import", tmp_path / "other.json", code=1)
    assert "nothing was imported" in done.stderr
    run(home, "vulnerabilities", "import", tmp_path / "missing.zip", code=4)
    assert json.loads(run(home, "vulnerabilities", "show", "-o", "json").stdout)["records"] == 1
    (home / "osv.json.gz").write_bytes(b"x")
    run(home, "vulnerabilities", "show", code=1)


def test_an_app_is_its_scripts_and_its_dependency_files(home: Path, dump: Path, app: Path) -> None:
    run(home, "vulnerabilities", "import", dump)
    expected = [("requirements.txt", "vulnerable-dependency", 2)]
    assert found(run(home, "check", app, "-o", "json", code=1)) == expected
    # A script that somebody names brings them.
    assert found(run(home, "check", app / "one.py", app / "two.py", "-o", "json", code=1)) == expected
    sarif = json.loads(run(home, "check", app, "-o", "sarif", code=1).stdout)
    (result,) = sarif["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "gadget_kit==1.2\n"
    table = run(home, "check", app, code=1).stdout
    assert "CVE-2026-0001" in table
    assert "Use gadget-kit 1.2 or newer. (handrail fix can do it)" in table
    rows = [json.loads(line) for line in run(home, "scan", app, "-o", "jsonl").stdout.splitlines()]
    assert [(each["file"], [one["rule"] for one in each["findings"]]) for each in rows] == [
        ("one.py", []),
        ("requirements.txt", ["vulnerable-dependency"]),
        ("two.py", []),
    ]


def test_the_fix_is_written_where_the_package_is_listed(home: Path, dump: Path, app: Path) -> None:
    run(home, "vulnerabilities", "import", dump)
    shown = run(home, "fix", app, "--dry-run").stdout
    assert "-gadget_kit==1.0\n+gadget_kit==1.2\n" in shown
    run(home, "fix", app, "--write")
    assert (app / "requirements.txt").read_text() == "# what it needs\ngadget_kit==1.2\n"
    assert found(run(home, "check", app, "-o", "json")) == []


def test_missing_and_old_data_are_told_once_a_run(home: Path, app: Path, tmp_path: Path) -> None:
    assert found(run(home, "check", app, "-o", "json")) == [("requirements.txt", "vulnerability-data-missing", 1)]
    index = tmp_path / "elsewhere" / "known.gz"
    old = write_dump(tmp_path, datetime.now(UTC) - timedelta(days=40))
    done = run(home, "vulnerabilities", "import", old, "--index", index)
    assert "old" in done.stderr
    rules = [rule for _, rule, _ in found(run(home, "check", app, "--index", index, "-o", "json", code=1))]
    assert sorted(rules) == ["vulnerability-data-stale", "vulnerable-dependency"]


def test_an_archive_of_an_app_is_read_as_its_folder(home: Path, dump: Path, app: Path, tmp_path: Path) -> None:
    run(home, "vulnerabilities", "import", dump)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        for each in sorted(app.iterdir()):
            archive.write(each, each.name)
    done = run(home, "check", tmp_path / "app.zip", "-o", "json", code=1)
    assert found(done) == [("app.zip!requirements.txt", "vulnerable-dependency", 2)]


def test_settings_of_tools_are_no_list_of_packages(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert found(run(home, "check", folder, "-o", "json")) == []
    rows: list[Any] = json.loads(run(home, "scan", folder, "-o", "json").stdout)["items"]
    assert rows == []
