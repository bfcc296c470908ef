"""Manifests on this machine: check them, print their JSON Schemas, send them to be applied."""

import sys
from pathlib import Path
from typing import Any

import click

from handrail.surfaces.cli.client import MISSING, REFUSED, Client, fail
from handrail.surfaces.cli.output import emit, output_option, say

_FILES = click.Path(dir_okay=False, allow_dash=True)


@click.group(epilog="Example: handrail manifest check slack.yaml")
def manifest() -> None:
    """Manifests, without a server."""


@manifest.command(epilog="Example: handrail manifest check connectors/*.yaml -o json")
@click.argument("files", nargs=-1, required=True, type=_FILES, metavar="FILE...")
@output_option
def check(files: tuple[str, ...], output: str) -> None:
    """Check manifests of any kind; print every problem with its place, and exit 1 if there is one."""
    from handrail.language.manifest import ManifestInvalid, parse_manifest

    found: list[Any] = []
    for file in files:
        try:
            parse_manifest(read_text(file), file)
        except ManifestInvalid as error:
            found += error.details["problems"]
    if found or output != "table":
        emit({"items": found}, output, columns=["place", "code", "detail", "fix"])
    say(f"{len(found)} problem{'s'[: len(found) != 1]} in {len(files)} file{'s'[: len(files) != 1]}")
    sys.exit(REFUSED if found else 0)


@manifest.command(epilog="Example: handrail manifest schema connector > connector.schema.json")
@click.argument("kind", type=click.Choice(["app", "connector", "connection"], case_sensitive=False))
@click.option("--markdown", is_flag=True, help="Print the tables of the reference instead.")
def schema(kind: str, markdown: bool) -> None:
    """Print the JSON Schema of a kind of manifest, for editors."""
    from handrail.language.manifest import reference, schema_text

    click.echo((reference if markdown else schema_text)(kind.capitalize()), nl=False)


def read_text(file: str) -> str:
    """Return a file's text (`-` is stdin), or end the command with what is wrong with it."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", MISSING)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fail(f"{file} is not UTF-8 text.", REFUSED, fix="Save it as UTF-8.", place=f"{file}:{line}:1")


def apply_file(client: Client, path: str, file: str, *, dry_run: bool, output: str, etag: str | None = None) -> None:
    """Send one manifest to be applied, and tell what it changed."""
    body = {"manifest": read_text(file), "file": Path(file).name or "-", "dryRun": dry_run}
    answer = client.post(path, body, etag=etag)
    if output != "table":
        emit(answer, output)
        return
    word = {"created": "create", "updated": "change", "unchanged": "leave"}[answer["outcome"]]
    did = f"would {word}" if dry_run else answer["outcome"]
    say(f"{answer['subject']}: {did}{' as it is' if word == 'leave' and dry_run else ''}")
    for change in answer["changes"]:
        click.echo(change)
