"""What people can meet is in the reference: settings, commands, error codes, routes. Generated pages are as generated."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from docs import generate, schemas

import handrail
from handrail.kernel.errors import HandrailError
from handrail.platform.settings import read_settings
from handrail.platform.settings.model import NAMES
from handrail.surfaces.cli.root import COMMANDS, root
from handrail.surfaces.http.problem import STATUS, status_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "handrail"
REFERENCE = ROOT / "docs" / "reference"
ERROR_PAGES = "".join(path.read_text() for path in sorted((REFERENCE / "errors").glob("*.md")))
# Calls and classes whose second argument is the code of a problem that no exception stands for.
ANSWERING = {"Denial", "problem", "_Refused"}


def _every_error() -> list[type[HandrailError]]:
    for module in pkgutil.walk_packages(handrail.__path__, "handrail."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
    # A class with two parents is met twice.
    found: dict[type[HandrailError], None] = {}
    waiting = [HandrailError]
    while waiting:
        kind = waiting.pop()
        found[kind] = None
        waiting.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__.startswith("handrail.")]


def _answered_codes() -> Iterator[str]:
    """Return the codes that are written into answers directly: the hub's, the HTTP surface's, the sidecar's."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ANSWERING and len(node.args) > 1:
                yield from _text(node.args[1])
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "code":
                        yield from _text(value)
            elif isinstance(node, ast.keyword) and node.arg == "code":
                yield from _text(node.value)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


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
CODES = sorted({kind.code for kind in ERRORS} | set(_answered_codes()))
COMMAND_LIST = _commands(root, ("handrail",))


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in (REFERENCE / "settings.md").read_text()


def test_the_documented_defaults_are_the_real_ones() -> None:
    rows = re.findall(r"^\| `(HANDRAIL_\w+)` \| `([^`<]+)` \|", (REFERENCE / "settings.md").read_text(), re.MULTILINE)
    real = read_settings({})
    assert dict(rows) == {
        "HANDRAIL_HOME": real.home.name,
        "HANDRAIL_HTTP": str(real.http),
        "HANDRAIL_HUB": str(real.hub),
        "HANDRAIL_SNAPSHOT_HOURS": str(real.snapshot_hours),
    }


@pytest.mark.parametrize("code", CODES)
def test_every_error_code_is_documented(code: str) -> None:
    assert re.search(rf"^\| `{code}` \|", ERROR_PAGES, re.MULTILINE), f"docs/reference/errors says nothing of {code}"


def test_every_documented_code_exists() -> None:
    source = "".join(path.read_text() for path in SOURCE.rglob("*.py"))
    documented = set(re.findall(r"^\| `(\w+)` \|", ERROR_PAGES, re.MULTILINE))
    assert sorted(code for code in documented if f'"{code}"' not in source) == []


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)
def test_every_error_is_mapped_to_a_status(kind: type[HandrailError]) -> None:
    assert 400 <= status_of(kind) < 600
    assert kind in STATUS or "code" in vars(kind), f"{kind.__name__} has no code of its own"


def test_every_error_has_its_own_code() -> None:
    owners: dict[str, list[str]] = {}
    for kind in ERRORS:
        # One that keeps its family's code on purpose says no more than the family: it may not exist for the caller.
        if "code" in vars(kind) and kind.code not in {parent.code for parent in kind.__bases__ if parent in ERRORS}:
            owners.setdefault(kind.code, []).append(f"{kind.__module__}.{kind.__name__}")
    assert {code: names for code, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("path", "command"), COMMAND_LIST, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_is_documented_and_shows_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help, f"{path} has no help"
    assert "Example" in (command.epilog or "") + (command.help or ""), f"{' '.join(path)} shows no example"
    assert f"## `{' '.join(path)}`\n" in (REFERENCE / "commands.md").read_text()


@pytest.mark.parametrize(
    ("path", "command"), COMMAND_LIST, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_option_says_what_it_is_for(path: tuple[str, ...], command: click.Command) -> None:
    silent = [option.name for option in command.params if isinstance(option, click.Option) and not option.help]
    assert silent == [], f"{' '.join(path)}: {silent}"


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


@pytest.mark.parametrize(
    ("path", "text"),
    [*generate.documents().items(), *schemas.documents().items()],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_no_generated_page_is_stale(path: Path, text: str) -> None:
    # Not compared by assert: the difference of 9,000 lines takes minutes to print.
    if path.read_text(encoding="utf-8") != text:
        pytest.fail(f"{path.relative_to(ROOT)} is stale: run make docs schemas, and read the difference")


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=str)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = (page.parent / file).resolve() if file else page
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")), ids=lambda page: page.stem)
def test_every_decision_says_its_cost_and_is_listed(page: Path) -> None:
    text = page.read_text()
    for part in ("**Context.**", "**Decision.**", "**Cost.**", "**Revisit when**"):
        assert part in text, f"{page.name} lacks {part}"
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert page.name in (page.parent / "README.md").read_text()


def _audited() -> Iterator[str]:
    """Yield the actions that are written to the audit log under a name of their own."""
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "record":
                yield from (
                    each.value
                    for each in call.args
                    if isinstance(each, ast.Constant)
                    and isinstance(each.value, str)
                    and re.fullmatch(r"\w+\.\w+", each.value)
                )


def test_the_portal_has_words_for_every_audited_action() -> None:
    words = (ROOT / "portal" / "src" / "words" / "events.ts").read_text()
    assert sorted({each for each in _audited() if f"'{each}'" not in words}) == []
