"""The command line against a real application over loopback HTTP, as one of several people."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handrail.surfaces.cli import root


def as_somebody(
    url: str,
    people: Mapping[str, Any],
    token_of: Callable[[Any], dict[str, str]],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """Return a function that runs one command as one of these people and expects an exit code."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("HANDRAIL_URL", url)
    tokens = {name: token_of(caller)["authorization"].removeprefix("Bearer ") for name, caller in people.items()}

    def run(who: str, *arguments: str, code: int = 0) -> Result:
        monkeypatch.setenv("HANDRAIL_TOKEN", tokens[who])
        found = CliRunner().invoke(root, arguments)
        assert found.exit_code == code, f"{arguments}: {found.output} {found.exception!r}"
        return found

    return run
