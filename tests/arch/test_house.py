"""The repository speaks of itself alone, its floors are checked, and its migrations are one line."""

import ast
import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "handrail"
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yaml", ".yml", ".js", ".ts", ".sh", ""}
MIGRATIONS = SOURCE / "platform" / "database" / "migrations"


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\n") if name and (ROOT / name).suffix in TEXT]


def _lines_with(pattern: str, *, outside: tuple[str, ...] = ()) -> list[str]:
    forbidden = re.compile(pattern)
    found = []
    for path in _tracked():
        name = str(path.relative_to(ROOT))
        if path == Path(__file__) or name.startswith(outside or ("\0",)) or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{name}:{number}: {line.strip()[:120]}")
    return found


def test_no_registry_host_and_no_machine_path_is_written_down() -> None:
    lock_files_name_hosts_by = r"--(?:extra-)?index-url|--find-links|\"resolved\": \"http"
    home_folders = r"(?<![\w.~}])/(?:home|root)/\w"
    assert _lines_with(rf"(?:{lock_files_name_hosts_by}|{home_folders})") == []


def test_only_tests_know_of_data_beside_the_repository() -> None:
    assert _lines_with(r"\.\./shared", outside=("tests/", "pyproject.toml")) == []


def _folders(parent: Path) -> set[str]:
    return {path.name for path in parent.iterdir() if (path / "__init__.py").exists()}


def test_every_floor_with_rooms_has_an_exhaustive_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    drawn = {
        container: {room.strip() for row in contract["layers"] for room in re.split(r"[|:]", row)}
        for contract in contracts
        if contract["type"] == "layers" and contract.get("exhaustive")
        for container in contract["containers"]
    }
    assert drawn["handrail"] - {"main"} == _folders(SOURCE)
    for floor in sorted(_folders(SOURCE)):
        if rooms := _folders(SOURCE / floor):
            assert drawn.get(f"handrail.{floor}") == rooms, f"the rooms of {floor} have no order, or another one"


def test_the_gate_checks_the_contracts() -> None:
    makefile = (ROOT / "Makefile").read_text()
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert lint
    assert "lint-imports" in lint[1]
    assert re.search(r"^test: .*\blint\b", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_packages_meet_each_other_at_their_public_face() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        own = path.relative_to(SOURCE).parts
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or not node.module or not node.module.startswith("handrail."):
                continue
            parts = tuple(node.module.split(".")[1:])
            if len(parts) > 2 and parts[:2] != own[:2] and parts[-1] in {"store", "service", "errors", "jobs"}:
                found.append(f"{'/'.join(own)}: {node.module}")
    assert found == []


def test_migrations_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions("base", "heads"))[::-1]
    assert scripts[0].down_revision is None
    for before, after in pairwise(scripts):
        assert after.down_revision == before.revision
    files = sorted((MIGRATIONS / "versions").glob("*.py"))
    assert [Path(script.path).name for script in scripts] == [path.name for path in files]
    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]


@pytest.mark.parametrize("path", sorted((MIGRATIONS / "versions").glob("*.py")), ids=lambda path: path.stem)
def test_a_migration_only_adds(path: Path) -> None:
    # Expand-only: the version before must run on the schema after.
    upgrade = next(
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    text = ast.unparse(upgrade)
    assert not re.search(r"(?i)\bdrop_(?:table|column)\b|\bDROP (?:TABLE|COLUMN)\b|\bRENAME\b|rename_table", text)
