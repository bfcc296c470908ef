"""`handrail needs`: what needs you."""

from typing import Any

import click

from handrail.surfaces.cli.client import Client, pass_client
from handrail.surfaces.cli.output import emit, output_option, say

_COLUMNS = ["kind", "app", "version", "due", "person", "reason"]


@click.command(epilog="Example: handrail needs -o json | jq .needs")
@click.option("--waiting", is_flag=True, help="What others must do for you, instead.")
@output_option
@pass_client
def needs(client: Client, waiting: bool, output: str) -> None:
    """List what needs you, the most urgent first."""
    found = client.get("/api/v1/home")
    asked = found["waiting" if waiting else "needs"]
    if output in {"json", "yaml"}:
        emit(found, output)
    elif output == "jsonl":
        emit(asked, output)
    else:
        empty = "You wait for nobody." if waiting else "Nothing needs you."
        emit([_row(each) for each in asked], output, columns=_COLUMNS, empty=empty)
    if output == "table":
        for kind in found["cut"]:
            say(f"There are more of {kind} than are listed.")
        others = found["needs" if waiting else "waiting"]
        if others and not waiting:
            say(f"You wait for {len(others)} more: handrail needs --waiting")


def _row(need: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": need["kind"],
        "app": need["app"],
        "version": need["number"],
        "due": need["dueAt"],
        "person": need["person"],
        "reason": need["reason"],
    }
