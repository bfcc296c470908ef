"""What kind of steps there are: code, strangers' packages, unknown ones, and how often they ask."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.governance.checks.rules.scripts import runs
from handrail.language.graph import Step
from handrail.language.importers import load_pack

_OWN_PACKAGES: Final = ("n8n-nodes-base.", "@n8n/", "n8n-nodes-langchain.")
_EVERY_MINUTES: Final = 5
# A trigger that asks another system for something new is made to ask often; only every few seconds is too often.
_ASKS_TOO_OFTEN: Final = 60
_RUNS: Final = frozenset({"executeCommand", "executeCommandTool", "ssh", "exec"})
_REACHES: Final = re.compile(
    r"\bfetch\s{0,9}\(|\brequire\s{0,9}\(|\bimport\s{0,9}\(|\baxios\b|httpRequest|\bXMLHttpRequest\b|child_process"
    r"|\bprocess\.env\b|\bfs\.\w|\beval\s{0,9}\(|\bnew\s{1,9}Function\b|\burllib\b|\brequests\.\w|\bsubprocess\b|\bos\.\w"
)
_CRON_OFTEN: Final = re.compile(r"^\s*(?:\*|\*/[1-4]|\d+/[1-4])\s+\S+\s+\S+\s+\S+\s+\S+\s*$")
_CRON_SECONDS: Final = re.compile(r"^\s*(?:\*|\*/\d+|\S+)\s+(?:\*|\*/[1-4])\s+\S+\s+\S+\s+\S+\s+\S+\s*$")


def find(look: Look) -> Iterator[Finding]:
    """Yield what a reviewer should look at: a package once, and code that only shapes data once for the whole flow."""
    packages: set[str] = set()
    yield from _code(look)
    for step in look.steps.values():
        if look.platform == "n8n" and not step.type.startswith(_OWN_PACKAGES):
            package = step.type.rpartition(".")[0] or step.type
            if package in packages:
                continue
            packages.add(package)
            yield look.finding(
                "community-node",
                f"{step.name!r} comes from the package {package[:80]!r}.",
                step,
                pointer=f"{step.pointer}/type",
                why="It runs with the rights of n8n itself, and nobody of n8n looked at it.",
                evidence={"package": package[:80]},
            )
        elif not _is_known(look, step):
            yield look.finding(
                "unknown-step-type",
                f"{step.name!r} is of the kind {step.type[:80]!r}, which is in no pack.",
                step,
                pointer=f"{step.pointer}/type",
                why="What it reaches and does is in no other finding.",
                evidence={"type": step.type[:80]},
            )
        if step.kind == "trigger" and not step.disabled:
            yield from _polling(look, step)


def _code(look: Look) -> Iterator[Finding]:
    if look.platform == "python":
        for step in look.steps.values():
            if what := runs(step):
                yield look.finding("code-step", f"{step.name!r} runs {what}.", step)
        return
    plain = []
    for step in look.steps.values():
        if step.kind != "code":
            continue
        if _reaches_out(step):
            yield look.finding(
                "code-step",
                f"{step.name!r} runs code that reaches out of the flow.",
                step,
                why="What it reaches and does is in no other finding.",
                evidence={"steps": [step.id]},
            )
        else:
            plain.append(step)
    if plain:
        more = f" (and so do {len(plain) - 1} others)" if plain[1:] else ""
        yield look.finding(
            "code-step",
            f"{plain[0].name!r} runs code{more}.",
            plain[0],
            evidence={"steps": [step.id for step in plain]},
        )


def _reaches_out(step: Step) -> bool:
    program = step.type.rsplit(".", 1)[-1] in _RUNS
    return program or bool(step.hosts) or any(_REACHES.search(held.text) for held in step.inputs)


def _is_known(look: Look, step: Step) -> bool:
    pack = load_pack(look.platform)
    # Where a platform has no table of its own, or where its readers know types by their form, nothing is unknown.
    return (
        not pack.rows
        or look.platform not in {"n8n", "node-red"}
        or step.type.startswith("subflow:")
        or pack.find(step.type) is not None
        # n8n makes a tool of every step: `gmailTool` is a `gmail` that an agent may use.
        or pack.find(step.type.removesuffix("Tool")) is not None
    )


def _polling(look: Look, step: Step) -> Iterator[Finding]:
    raw = look.raw(step)
    found = (
        _n8n(look.parameters(step))
        if look.platform == "n8n"
        else _microsoft(raw)
        if look.is_microsoft
        else _node_red(raw)
        if look.platform == "node-red"
        else None
    )
    if found and (found[1] < _ASKS_TOO_OFTEN or not _asks_another(step)):
        place, seconds = found
        often = "every second" if seconds == 1 else f"every {seconds} seconds" if seconds < 60 else _minutes(seconds)
        yield look.finding(
            "fast-polling",
            f"{step.name!r} starts {often}.",
            step,
            pointer=step.pointer + place,
            why="It costs calls and money while nothing happens.",
            evidence={"seconds": seconds},
        )


def _asks_another(step: Step) -> bool:
    """Tell a trigger that polls a system from one that only keeps time."""
    return step.connector is not None and step.connector not in {"schedule", "manual"}


def _minutes(seconds: int) -> str:
    return "every minute" if seconds < 120 else f"every {seconds // 60} minutes"


def _n8n(parameters: dict[str, Any]) -> tuple[str, int] | None:
    for base, holder, listed in (
        ("/parameters/rule/interval", parameters.get("rule"), "interval"),
        ("/parameters/triggerTimes/item", parameters.get("triggerTimes"), "item"),
        ("/parameters/pollTimes/item", parameters.get("pollTimes"), "item"),
    ):
        for index, each in enumerate(_list(holder, listed)):
            seconds = _interval(each) if isinstance(each, dict) else 0
            if 0 < seconds < _EVERY_MINUTES * 60:
                return f"{base}/{index}", seconds
    if parameters.get("unit") in {"seconds", "minutes"} or "interval" in parameters:
        seconds = _number(parameters.get("interval"), 1) * (60 if parameters.get("unit") == "minutes" else 1)
        if 0 < seconds < _EVERY_MINUTES * 60 and parameters.get("unit") != "hours":
            return "/parameters", seconds
    return None


def _list(holder: Any, key: str) -> list[Any]:
    held = holder.get(key) if isinstance(holder, dict) else None
    return held if isinstance(held, list) else []


def _interval(each: Mapping[str, Any]) -> int:
    field, mode = each.get("field"), each.get("mode")
    expression = each.get("expression") or each.get("cronExpression")
    if isinstance(expression, str) and (field == "cronExpression" or mode == "custom"):
        return 60 if _CRON_OFTEN.match(expression) or _CRON_SECONDS.match(expression) else 0
    if field == "seconds":
        return _number(each.get("secondsInterval"), 30)
    if field == "minutes":
        return 60 * _number(each.get("minutesInterval"), 5)
    if mode == "everyMinute":
        return 60
    if mode == "everyX" and each.get("unit") == "minutes":
        return 60 * _number(each.get("value"), 2)
    return 0


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default if value is None else 0


def _microsoft(raw: dict[str, Any]) -> tuple[str, int] | None:
    recurrence = raw.get("recurrence")
    if not isinstance(recurrence, dict):
        return None
    unit = {"second": 1, "minute": 60}.get(str(recurrence.get("frequency", "")).lower(), 0)
    seconds = unit * _number(recurrence.get("interval"), 1)
    return ("/recurrence", seconds) if 0 < seconds < _EVERY_MINUTES * 60 else None


def _node_red(raw: dict[str, Any]) -> tuple[str, int] | None:
    written = raw.get("repeat")
    if raw.get("type") != "inject" or not isinstance(written, str) or not written.isascii() or not written.isdigit():
        return None
    seconds = int(written) if len(written) < 10 else 0
    return ("/repeat", seconds) if 0 < seconds < _EVERY_MINUTES * 60 else None
