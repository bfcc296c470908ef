"""What an AI agent may do, and who can talk to it."""

import re
from collections.abc import Iterator
from typing import Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step

_DESTROYS: Final = re.compile(
    r"(?:^|[._-])(?:delete|remove|update|upsert|clear|drop|purge|trash|archive|cancel|move|execute|deleteall)",
    re.IGNORECASE,
)
_WRITES: Final = re.compile(
    r"(?:^|[._-])(?:create|send|post|add|append|insert|upload|reply|publish|invite|write|set|push|put|patch)",
    re.IGNORECASE,
)
_SENDS: Final = re.compile(r"\bfetch\s{0,20}\(|httpRequest|\baxios\b|\brequests?\b\s{0,20}[.(]|\burllib\b")
_READS_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def find(look: Look) -> Iterator[Finding]:
    """Yield tools that destroy, and agents that strangers can talk to."""
    for step in look.steps.values():
        tools = [
            tool
            for kind, each in look.parts.get(step.id, ())
            if kind == "ai_tool" and (tool := look.steps.get(each)) is not None
        ]
        if not tools:
            continue
        for tool in tools:
            if not tool.disabled and _destroys(tool):
                yield look.finding(
                    "destructive-tool",
                    f"{step.name!r} may use {tool.name!r} to {_act(tool)} on its own.",
                    tool,
                    why="A model decides when to use a tool; nobody confirms it.",
                    evidence={"agent": step.id, "step": tool.id},
                )
        yield from _steered(look, step, tools)


def _steered(look: Look, step: Step, tools: list[Step]) -> Iterator[Finding]:
    if step.kind == "trigger":
        return
    acting = [tool for tool in tools if not tool.disabled and (_destroys(tool) or _writes(tool))]
    if not acting:
        return
    origins: set[str] = set()
    place = ""
    for held in step.inputs:
        found = look.strangers_in(step, held)
        if found and not place:
            place = step.pointer + held.field
        origins |= found
    # An agent without a prompt of its own takes the chat's message from what comes in.
    origins |= look.items_of(step.id) if not origins else set()
    if origins:
        origin = min(origins)
        names = ", ".join(repr(tool.name) for tool in acting[:3])
        yield look.finding(
            "prompt-injection",
            f"Text from {look.label(origin)!r} reaches the agent {step.name!r}, which can act by {names}.",
            step,
            pointer=place,
            why="A text may hold instructions, and a model cannot tell them from yours.",
            evidence={"from": origin, "tools": [tool.id for tool in acting]},
        )


def _destroys(tool: Step) -> bool:
    return bool(_DESTROYS.search(_operation(tool))) or tool.method in {"DELETE", "PUT", "PATCH"}


def _writes(tool: Step) -> bool:
    short = tool.type.rsplit(".", 1)[-1]
    if short == "executeCommandTool":
        return True
    if tool.kind == "code":
        return any(_SENDS.search(held.text) for held in tool.inputs)
    if tool.method:
        return tool.method not in _READS_METHODS
    return bool(_WRITES.search(_operation(tool)))


def _operation(tool: Step) -> str:
    return (tool.operation or "").rsplit(".", 1)[-1]


def _act(tool: Step) -> str:
    operation = _operation(tool)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", operation).lower()
    return words or f"{(tool.method or 'change').lower()} things"
