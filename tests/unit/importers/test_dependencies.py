"""What a file asks for: requirements, a project, metadata inside a script."""

from pathlib import Path

import pytest

from handrail.kernel.errors import Invalid
from handrail.language.importers.dependencies import Dependencies, names_dependencies, read_dependencies

REQUIREMENTS = """
# what we need
requests==2.31.0  # pinned
Flask[async] >= 2.0, < 3
PyYAML
numpy==1.26.*
urllib3==2.0.7 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
zope.interface===5.0 ; python_version < "3.12"
-r more/dev-requirements.txt
--trusted-host https://user:canary-7f3e9b21@example.test/index
-e ./local
git+https://token:canary-7f3e9b21@example.test/x.git#egg=x
thing @ https://user:canary-7f3e9b21@example.test/thing.whl
what is this?
"""


def _told(asked: Dependencies) -> list[tuple[str, str, str | None, int]]:
    return [(each.name, each.specifier, each.pinned, each.line) for each in asked.found]


def test_a_requirements_file() -> None:
    asked = read_dependencies(REQUIREMENTS.encode(), "requirements.txt")
    assert _told(asked) == [
        ("requests", "==2.31.0", "2.31.0", 3),
        ("flask", "<3,>=2.0", None, 4),
        ("pyyaml", "", None, 5),
        ("numpy", "==1.26.*", None, 6),
        ("urllib3", "==2.0.7", "2.0.7", 7),
        ("zope-interface", "===5.0", "5.0", 10),
        ("thing", "@", None, 15),
    ]
    assert [(each.kind, each.name, each.line) for each in asked.unresolved] == [
        ("file", "dev-requirements.txt", 11),
        ("address", "", 13),
        ("address", "", 14),
        ("invalid", "", 16),
    ]
    assert "canary" not in repr(asked)


def test_a_project() -> None:
    text = """[build-system]
requires = ["hatchling==1.0"]
[project]
dependencies = [
  "requests>=2",
  "flask==3.0.0",
]
[project.optional-dependencies]
dev = ["pytest"]
[dependency-groups]
lint = ["ruff==0.1.0", {include-group = "dev"}]
[tool.poetry.dependencies]
python = "^3.11"
httpx = "^0.27"
rich = "13.7.0"
click = {version = "==8.1.7", extras = ["x"]}
"""
    asked = read_dependencies(text.encode(), "pyproject.toml")
    assert _told(asked) == [
        ("requests", ">=2", None, 5),
        ("flask", "==3.0.0", "3.0.0", 6),
        ("pytest", "", None, 9),
        ("ruff", "==0.1.0", "0.1.0", 11),
        ("hatchling", "==1.0", "1.0", 2),
        ("httpx", "^0.27", None, 14),
        ("rich", "==13.7.0", "13.7.0", 15),
        ("click", "==8.1.7", "8.1.7", 16),
    ]


def test_metadata_inside_a_script() -> None:
    text = '#!/usr/bin/env python\n# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "requests==2.31.0",\n# ]\n# ///\nimport requests\n'
    assert _told(read_dependencies(text.encode(), "a.py")) == [("requests", "==2.31.0", "2.31.0", 5)]
    assert read_dependencies(b"# /// script\nimport os\n", "a.py") == Dependencies()
    assert read_dependencies(b"import os\n", "a.py") == Dependencies()


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("requirements.txt", True),
        ("app/requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("requirements.in", True),
        ("pyproject.toml", True),
        ("notes.txt", False),
        ("flow.json", False),
    ],
)
def test_files_that_list_packages(name: str, named: bool) -> None:
    assert names_dependencies(name) is named


@pytest.mark.parametrize(
    ("data", "name", "place"),
    [
        (b"\xff", "requirements.txt", "requirements.txt"),
        (b"[project\n", "pyproject.toml", "pyproject.toml:1"),
        (b"# /// script\n# dependencies = [\n# ///\n", "a.py", "a.py"),
        (b"a\n" * 1_100_000, "requirements.txt", "requirements.txt"),
        (b"".join(b"a%d\n" % each for each in range(30_000)), "requirements.txt", "requirements.txt"),
        (b"a=" + b"[" * 100_000, "pyproject.toml", "pyproject.toml"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(data: bytes, name: str, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_dependencies(data, name)
    assert str(refused.value.place).startswith(place)


def test_this_project_s_own_locks_are_read() -> None:
    root = Path(__file__).parents[3]
    asked = read_dependencies((root / "requirements" / "run.txt").read_bytes(), "run.txt")
    assert len(asked.found) > 30
    assert asked.unresolved == ()
    assert all(each.pinned for each in asked.found)
