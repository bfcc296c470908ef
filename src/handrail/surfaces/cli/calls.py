"""`handrail calls`: what an app really does."""

from typing import Any, Final

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import emit, output_option, say

_MICROS: Final = 1_000_000


def _money(amounts: list[dict[str, Any]]) -> str:
    return ", ".join(f"{amount['micros'] / _MICROS:.6g} {amount['currency']}" for amount in amounts)


def _row(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "environment": item["environment"],
        "connection": item["connection"],
        "operation": item["operation"],
        "calls": item["calls"],
        "errors": item["errors"],
        "refused": item["refused"],
        "limited": item["limited"],
        "p50 ms": item["p50Ms"],
        "p95 ms": item["p95Ms"],
        "max ms": item["maxMs"],
        "cost": _money(item["cost"]),
        "why refused": ", ".join(f"{code} {calls}" for code, calls in item["refusals"].items()),
    }


@click.command(epilog="Examples: handrail calls invoice-approver --since 24h; handrail calls invoice-approver -o json")
@click.argument("app")
@click.option("--since", default="1h", show_default=True, metavar="WHEN", help="How long ago (30m, 1h, 7d) or a time.")
@click.option("--until", default="", metavar="WHEN", help="The same for the end; now by default.")
@output_option
@pass_client
def calls(client: Client, app: str, since: str, until: str, output: str) -> None:
    """Calls, errors and p95 of APP, by operation.

    A dash means that nothing was measured; times in which calls may be missing are named on stderr.
    """
    found = client.get(f"/api/v1/apps/{segment(app)}/calls", since=since, until=until or None, by="operation")
    table = output in ("table", "csv")
    emit(
        [_row(item) for item in found["items"]] if table else found,
        output,
        empty=f"{app} made no call between {found['since']} and {found['until']}.",
    )
    if table:
        for gap in found["gaps"]:
            say(f"calls may be missing from {gap['since']} to {gap['until']} ({gap['reason']})")
        say(f"as of {found['asOf']}" if found["asOf"] else "no hub has reported yet")
