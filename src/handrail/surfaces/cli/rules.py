"""`handrail rules`: what is looked for."""

from typing import Any

import click

from handrail.surfaces.cli.client import MISSING, fail
from handrail.surfaces.cli.output import emit, output_option


@click.group(epilog="Example: handrail rules list")
def rules() -> None:
    """What is looked for in flows; locally, without a server."""


@rules.command("list", epilog="Example: handrail rules list -o json")
@output_option
def list_(output: str) -> None:
    """List every rule with its severity and the risks it belongs to."""
    from handrail.governance.checks import RULES

    emit({"items": [_row(each) for each in RULES]}, output, columns=["id", "severity", "refs", "title"])


@rules.command(epilog="Example: handrail rules show leak")
@click.argument("rule_id", metavar="ID")
@output_option
def show(rule_id: str, output: str) -> None:
    """Show one rule: what it means and what to do about it."""
    from handrail.governance.checks import rule
    from handrail.kernel.errors import HandrailError

    try:
        found = rule(rule_id)
    except HandrailError as error:
        fail(error.message, MISSING, fix=error.fix)
    emit(_row(found), output)


def _row(each: Any) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": each.title,
        "severity": each.severity,
        "refs": list(each.refs),
        "help": each.help,
        "page": f"docs/reference/rules/{each.id}.md",
    }
