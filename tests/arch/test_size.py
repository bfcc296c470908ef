"""Small files, one purpose each."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("src", "tests", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_has_more_than_600_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 600


def test_the_median_file_has_at_most_150_lines() -> None:
    lengths = sorted(len(path.read_text().splitlines()) for path in (ROOT / "src").rglob("*.py"))
    assert lengths[len(lengths) // 2] <= 150


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "common", "core", "helpers", "helper", "manager", "misc"}
    found = [path for path in (ROOT / "src").rglob("*.py") if path.stem in drawers or path.parent.name in drawers]
    assert found == []
