"""The repository speaks of itself alone."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yaml", ".yml", ".js", ".ts", ".sh", ""}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\n") if name and (ROOT / name).suffix in TEXT]


def test_no_registry_host_and_no_machine_path_is_written_down() -> None:
    forbidden = re.compile(
        r"(?:/work/main|/opt/pypi|/root/|files\.pythonhosted\.org|registry\.npmjs\.org|pypi\.org/simple)"
    )
    found = []
    for path in _tracked():
        if path == Path(__file__) or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert found == []
