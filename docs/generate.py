# ruff: noqa: INP001 - a script beside the pages that it writes, no package
"""Write the pages of the reference that follow from the code. `make docs` runs it; a test fails when they are stale."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Final

import click
from fastapi.routing import APIRoute

from handrail.surfaces.cli.root import root
from handrail.surfaces.http import routes

REFERENCE: Final = Path(__file__).parent / "reference"

_NOTE: Final = "<!-- Written by `make docs` from the code. Change it there. -->"
_COMMANDS: Final = f"""# Commands
{_NOTE}

Data goes to stdout, everything else to stderr. `-o` chooses the format of the data where a command offers it.

| exit code | means |
|---|---|
| 0 | done |
| 1 | refused, or a check found something |
| 2 | the command line makes no sense |
| 3 | nobody is signed in |
| 4 | there is no such thing, or you may not see it |
| 5 | the server failed, or does not answer |
"""
_API: Final = f"""# HTTP API
{_NOTE}

The whole contract, with every field, is [`schemas/openapi.json`](../../schemas/openapi.json). A running install answers
with the same document at `/api/openapi.json`.

- **Who asks.** Send `Authorization: Bearer hr_...` with an API token (`handrail token new`), or the session cookie of a
  browser. Routes under `/hub/` want a hub's token. `/oauth/token` wants an app's client. Health routes want nothing.
- **Form.** JSON with camelCase names. Lists are `{{"items": [...]}}`. Times are RFC 3339 in UTC. Money is
  `{{"micros", "currency"}}`. Routes under `/hub/` and `/oauth/` use snake_case.
- **Errors.** [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems with a stable `code`, a `fix` and a
  `requestId`. The [codes](../README.md#errors) are part of the contract.
- **Size.** A body may have at most 16 MiB.
"""


def _paragraph(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _paragraph(text).replace("|", "\\|").replace("<", "&lt;")


def _found(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _found(inner, (*path, name))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    # Arguments have no text of their own; the usage line and the help name them.
    records = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context))
    ]
    if records:
        yield "| option | meaning |\n|---|---|"
        yield from (f"| `{_paragraph(names).replace('|', chr(92) + '|')}` | {_cell(told)} |" for names, told in records)
        yield ""


def _command(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(path))
    told = cleandoc(command.help or "").split("\n\n")
    examples = [part for part in [*told, command.epilog or ""] if part.startswith("Example")]
    yield f"## `{' '.join(path)}`\n"
    yield from (f"{_paragraph(part)}\n" for part in told if not part.startswith("Example"))
    yield f"    {_paragraph(command.get_usage(context).removeprefix('Usage: '))}\n"
    yield from _options(command, context)
    yield from (f"{_example(part)}\n" for part in examples)


def _example(text: str) -> str:
    heading, _, commands = text.replace("\b", "").partition(":")
    # Several examples stand on lines of their own, or behind one another.
    lines = commands.replace("; handrail ", "\nhandrail ").splitlines()
    return f"{heading.strip()}:\n\n" + "\n".join(f"    {line.strip()}" for line in lines if line.strip())


def commands() -> str:
    """Return the page of every command."""
    parts = [_COMMANDS]
    for path, command in _found(root, ("handrail",)):
        parts.extend(_command(path, command))
    return "\n".join(parts).rstrip() + "\n"


def api() -> str:
    """Return the page of every route."""
    parts = [_API]
    for found in sorted(pkgutil.iter_modules(routes.__path__), key=lambda module: module.name):
        router = importlib.import_module(f"{routes.__name__}.{found.name}").router
        parts.append(f"## {found.name.replace('_', ' ').capitalize()}\n\n| route | what it does |\n|---|---|")
        for route in router.routes:
            if isinstance(route, APIRoute):
                told = _cell(cleandoc(route.endpoint.__doc__ or "").partition("\n\n")[0])
                parts.extend(f"| `{method} {route.path}` | {told} |" for method in sorted(route.methods))
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def documents() -> dict[Path, str]:
    """Return every generated page by its path."""
    return {REFERENCE / "commands.md": commands(), REFERENCE / "api.md": api()}


def main() -> None:
    """Write the pages that are not as they should be."""
    for path, text in documents().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stderr.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
