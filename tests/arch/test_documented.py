"""What people can meet is in the reference: settings, commands, error codes, routes."""

import importlib
import pkgutil
import re
from pathlib import Path

import click
import pytest

import handrail
from handrail.kernel.errors import HandrailError
from handrail.platform.settings.model import NAMES
from handrail.surfaces.cli.root import COMMANDS, root
from handrail.surfaces.http.problem import STATUS, status_of

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def _every_error() -> list[type[HandrailError]]:
    for module in pkgutil.walk_packages(handrail.__path__, "handrail."):
        if ".migrations." not in module.name and not module.name.endswith(".main"):
            importlib.import_module(module.name)
    found: list[type[HandrailError]] = []
    waiting = [HandrailError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__.startswith("handrail.")]


def _commands(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            sub = command.get_command(context, name)
            assert sub is not None, f"{name} does not load"
            if not sub.hidden:
                found.extend(_commands(sub, (*path, name)))
    return found


ERRORS = _every_error()
COMMAND_LIST = _commands(root, ("handrail",))


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (REFERENCE / "settings.md").read_text()


@pytest.mark.parametrize("code", sorted({kind.code for kind in ERRORS}))
def test_every_error_code_is_documented(code: str) -> None:
    assert f"`{code}`" in "".join(path.read_text() for path in (REFERENCE / "errors").glob("*.md"))


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_every_error_is_mapped_to_a_status(kind: type[HandrailError]) -> None:
    assert 400 <= status_of(kind) < 600
    assert kind in STATUS or "code" in vars(kind), f"{kind.__name__} has no code of its own"


def test_every_error_has_its_own_code() -> None:
    codes = [kind.code for kind in ERRORS if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize(
    ("path", "command"), COMMAND_LIST, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_is_documented_and_shows_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help, f"{path} has no help"
    assert "xample" in (command.epilog or "") + (command.help or ""), f"{' '.join(path)} shows no example"
    assert f"`{' '.join(path)}`" in (REFERENCE / "commands.md").read_text()


def test_the_table_of_commands_is_what_loads() -> None:
    context = click.Context(root)
    assert isinstance(root, click.Group)
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        assert command.name == name


def test_every_route_is_documented() -> None:
    from handrail.surfaces.http import routes

    text = (REFERENCE / "api.md").read_text()
    missing = []
    for found in pkgutil.iter_modules(routes.__path__):
        router = importlib.import_module(f"{routes.__name__}.{found.name}").router
        for route in router.routes:
            missing.extend(
                f"{method} {route.path}" for method in sorted(route.methods) if f"`{method} {route.path}`" not in text
            )
            assert re.match(r"\S.+", route.endpoint.__doc__ or ""), f"{route.path} says nothing of itself"
    assert missing == []
