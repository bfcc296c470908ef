"""The list of abuse cases names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "security" / "abuse-cases.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+)\. ([^|]+) \| ([^|]+) \| ([^|]+) \|$", TABLE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[a-z0-9_/]+\.py)(?:::(test_[a-z0-9_]+))?`", TABLE)))


def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_the_table_is_read_whole() -> None:
    assert len(ROWS) == len([line for line in TABLE.splitlines() if re.match(r"\| \d", line)])
    assert len({number for number, *_ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_case_has_a_control_and_a_test(row: tuple[str, ...]) -> None:
    _number, case, control, tests = row
    assert case
    assert control
    assert re.search(r"`tests/[^`]+`", tests)


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_a_named_test_exists(file: str) -> None:
    wanted = {name for found, name in NAMED if found == file and name}
    assert wanted <= names_in(file), f"{file} has no {sorted(wanted - names_in(file))}"


def test_each_file_of_red_tests_but_this_is_named() -> None:
    here = {f"tests/red/{path.name}" for path in (ROOT / "tests" / "red").glob("test_*.py")}
    assert here - {file for file, _ in NAMED} <= {"tests/red/test_abuse_cases.py"}
