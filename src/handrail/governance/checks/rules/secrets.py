"""Secrets that stand in a file."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step
from handrail.language.importers.model import Secret


def find(look: Look) -> Iterator[Finding]:
    """Yield each secret once per place; those in sample data and notes are less, for they work less often."""
    seen: dict[tuple[str, int], int] = defaultdict(int)
    for secret in look.definition.secrets:
        place = (secret.pointer, secret.line)
        seen[place] += 1
        if secret.certain and seen[place] == 1:
            yield _of(look, secret)


def _of(look: Look, secret: Secret) -> Finding:
    step = _holder(look, secret)
    kind = secret.kind.replace("-", " ")
    pinned = "/pinData/" in secret.pointer
    note = step is not None and step.kind == "comment"
    if pinned or note:
        return look.finding(
            "secret-in-sample-data",
            f"A secret ({kind}) stands in {'a note' if note else 'pinned sample data'}.",
            step,
            pointer=secret.pointer,
            why="Whoever gets a copy of the file gets it.",
            evidence={"kind": secret.kind, "step": step.id if step else ""},
        )
    where = f"in {step.name!r}" if step else "in the flow"
    found = look.finding(
        "hardcoded-secret",
        f"A secret ({kind}) is written {where}.",
        step,
        pointer=secret.pointer,
        why="Everybody who can open or export the flow can read it, and it cannot be replaced in one place.",
        evidence={"kind": secret.kind, "step": step.id if step else ""},
    )
    if secret.line:
        found = replace(found, line=secret.line)
    return found


def _holder(look: Look, secret: Secret) -> Step | None:
    if secret.line:
        before = [step for step in look.graph.steps if 0 < step.line <= secret.line]
        exact = [step for step in before if step.line == secret.line]
        return exact[0] if exact else None
    place = secret.pointer
    while place and place not in look.by_pointer:
        place = place.rpartition("/")[0]
    return look.by_pointer.get(place)
