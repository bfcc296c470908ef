"""Data goes to stdout in the form that was asked for; everything else goes to stderr."""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def output_option(command: F) -> F:
    """Add `-o table|json|jsonl|yaml|csv` to a command, as the parameter `output`."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice(["table", "json", "jsonl", "yaml", "csv"]),
        default="table",
        show_default=True,
        help="How to print the data.",
    )(command)


def dry_run_option(command: F) -> F:
    """Add `--dry-run` to a command, as the parameter `dry_run`."""
    return click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")(command)


def if_match_option(command: F) -> F:
    """Add `--if-match ETAG` to a command, as the parameter `if_match`."""
    return click.option(
        "--if-match",
        metavar="ETAG",
        help="Change it only if it is still what you saw: the etag that show -o json prints.",
    )(command)


def say(message: str) -> None:
    """Tell a person something; never part of the data."""
    click.echo(message, err=True)


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_cell(item) for item in value) or "-"
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column)
        for row in rows:
            table.add_row(*(Text(_cell(row.get(column))) for column in columns))
        Console().print(table)
        return
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max([len(column), *(len(line[index]) for line in cells)]) for index, column in enumerate(columns)]
    for line in [list(columns), *cells]:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _details(value: Mapping[str, Any], indent: int = 0) -> None:
    pad = " " * indent
    width = max((len(str(name)) for name in value), default=0)
    for name, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], Mapping):
            click.echo(f"{pad}{name}:")
            for entry in item:
                click.echo(f"{pad}  - " + "  ".join(f"{key}={_cell(part)}" for key, part in entry.items()))
        elif isinstance(item, Mapping) and item:
            click.echo(f"{pad}{name}:")
            _details(item, indent + 2)
        else:
            click.echo(f"{pad}{str(name).ljust(width)}  {_cell(item)}")


def emit(
    data: Any,
    output: str = "table",
    *,
    columns: Sequence[str] | None = None,
    empty: str = "Nothing yet.",
) -> None:
    """Print rows or one object.

    Args:
        data: A list of mappings, `{"items": [...]}`, or one mapping.
        output: `table`, `json`, `jsonl`, `yaml` or `csv`.
        columns: Keys to show in a table; all of the first row by default.
        empty: What a person reads (on stderr) when there are no rows; say how to get the first one.
    """
    rows = data.get("items") if isinstance(data, Mapping) and isinstance(data.get("items"), list) else data
    if output == "json":
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif output == "yaml":
        import yaml

        click.echo(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), nl=False)
    elif output == "jsonl":
        for row in rows if isinstance(rows, list) else [rows]:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif not isinstance(rows, list):
        _details(rows or {})
    elif not rows:
        say(empty)
    else:
        shown = list(columns or rows[0].keys())
        if output == "csv":
            writer = csv.writer(sys.stdout)
            writer.writerow(shown)
            writer.writerows([[_cell(row.get(column)) for column in shown] for row in rows])
        else:
            _table(rows, shown)
