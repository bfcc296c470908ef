"""`handrail calls`: what an app really does."""

from typing import Any, Final

import click

from handrail.surfaces.cli.client import Client, pass_client, segment
from handrail.surfaces.cli.output import emit, output_option, say

_MICROS: Final = 1_000_000
# How far back a step of a length looks by default.
_SUITS: Final = {"1m": "1h", "5m": "6h", "15m": "24h", "1h": "24h", "6h": "7d", "1d": "28d"}


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


def _step(item: dict[str, Any]) -> dict[str, Any]:
    sure = item["known"] or item["calls"]
    return {
        "from": item["at"],
        # What nobody knows is never shown as none.
        **{name: item[name] if sure else "unknown" for name in ("calls", "answered", "refused", "limited", "errors")},
        "p95 ms": item["p95Ms"],
        "cost": _money(item["cost"]),
    }


def _over_time(client: Client, app: str, window: dict[str, Any], step: str, environment: str, output: str) -> None:
    found = client.get(
        f"/api/v1/apps/{segment(app)}/calls/series", **window, step=step, environment=environment or None
    )
    table = output in ("table", "csv")
    emit([_step(item) for item in found["items"]] if table else found, output)
    if table:
        _say_how_sure(found)


def _say_how_sure(found: dict[str, Any]) -> None:
    for gap in found["gaps"]:
        say(f"calls may be missing from {gap['since']} to {gap['until']} ({gap['reason']})")
    say(f"as of {found['asOf']}" if found["asOf"] else "no hub has reported yet")


@click.command(
    epilog="Examples: handrail calls invoice-approver --since 24h;"
    " handrail calls invoice-approver --by time --step 1d; handrail calls invoice-approver -o json"
)
@click.argument("app")
@click.option(
    "--since",
    default=None,
    metavar="WHEN",
    help="How long ago (30m, 1h, 7d) or a time; 1h by default, with --by time whatever suits the step.",
)
@click.option("--until", default="", metavar="WHEN", help="The same for the end; now by default.")
@click.option(
    "--by",
    type=click.Choice(["operation", "time"]),
    default="operation",
    show_default=True,
    help="One row for each operation, or for each step of time.",
)
@click.option(
    "--step",
    type=click.Choice(["1m", "5m", "15m", "1h", "6h", "1d"]),
    default=None,
    help="With --by time: how long each step is, in UTC; 1h by default.",
)
@click.option("--environment", default="", help="With --by time: only calls of this environment.")
@output_option
@pass_client
def calls(
    client: Client, app: str, since: str | None, until: str, by: str, step: str | None, environment: str, output: str
) -> None:
    """Calls, errors and p95 of APP, by operation or over time.

    A dash means that nothing was measured; times in which calls may be missing are named on stderr.
    """
    if by == "time":
        step = step or "1h"
        window = {"since": since or _SUITS[step], "until": until or None}
        _over_time(client, app, window, step, environment, output)
        return
    if step or environment:
        raise click.UsageError("--step and --environment need --by time")
    found = client.get(f"/api/v1/apps/{segment(app)}/calls", since=since or "1h", until=until or None, by="operation")
    table = output in ("table", "csv")
    emit(
        [_row(item) for item in found["items"]] if table else found,
        output,
        empty=f"{app} made no call between {found['since']} and {found['until']}.",
    )
    if table:
        _say_how_sure(found)
