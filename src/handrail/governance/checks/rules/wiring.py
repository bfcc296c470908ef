"""Steps that nothing leads to, are switched off, or are named and not there."""

from collections.abc import Iterator

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding

_STAND_ALONE = frozenset({"catch", "status", "complete", "link in", "comment", "inject"})


def find(look: Look) -> Iterator[Finding]:
    """Yield what the drawing shows and nobody looks at."""
    several = sum(1 for step in look.steps.values()) > 1
    for step in look.steps.values():
        if step.disabled:
            yield look.finding("disabled-step", f"{step.name!r} is switched off.", step)
        if (
            several
            and look.platform in {"n8n", "node-red"}
            and step.id not in look.wired
            and step.kind not in {"trigger", "config", "comment"}
            and step.type not in _STAND_ALONE
            and not step.type.startswith("subflow:")
        ):
            yield look.finding(
                "unwired-step",
                f"Nothing leads to {step.name!r}.",
                step,
                why="It does nothing now, and may once somebody wires it.",
            )
    for read in look.definition.findings:
        if read.rule == "dangling_edge":
            origin = look.named(read.step)
            yield look.finding("dangling-edge", read.text, origin, pointer=read.pointer)
