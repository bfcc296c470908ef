"""What `handrail check` prints of three files, in every form. Read the difference before you accept it."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from handrail.surfaces.cli import root

FOLDER = Path(__file__).parent / "checks"
FORMS = {"table": "txt", "sarif": "sarif", "junit": "xml", "jsonl": "jsonl"}


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_exactly_this(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from handrail.governance import checks

    monkeypatch.delenv("HANDRAIL_BOUNDARY", raising=False)
    monkeypatch.setattr("handrail.governance.checks.ENGINE", "k0:golden")
    assert checks.ENGINE == "k0:golden"
    done = CliRunner().invoke(root, ["check", str(FOLDER), "-o", form])
    assert done.exit_code == 1, done.output
    expected = FOLDER / f"report.{FORMS[form]}"
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == expected.read_text(encoding="utf-8")


def test_what_would_be_fixed_is_exactly_this() -> None:
    done = CliRunner().invoke(root, ["fix", str(FOLDER), "--dry-run"])
    assert done.exit_code == 0, done.output
    expected = FOLDER / "report.diff"
    if os.environ.get("TEST_GOLDEN") == "write":
        assert not os.environ.get("CI"), "golden files are written by hand, never in CI"
        expected.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == expected.read_text(encoding="utf-8")
