"""Accounts and stores of one person."""

from collections.abc import Iterator

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.graph import Step


def find(look: Look) -> Iterator[Finding]:
    """Yield stores that leave with a person."""
    for step in look.steps.values():
        yield from _store(look, step)


def _store(look: Look, step: Step) -> Iterator[Finding]:
    if step.connector == "google-drive" and look.platform == "n8n":
        for field in ("driveId", "parents", "folderId"):
            held = look.parameters(step).get(field)
            said = held.get("value") if isinstance(held, dict) else None
            if said in {"My Drive", "root"} or (isinstance(held, dict) and held.get("cachedResultName") == "My Drive"):
                yield _personal(look, step, "Google's 'My Drive'", f"{step.pointer}/parameters/{field}")
                return
    if step.connector in {
        "onedrive",
        "one-drive",
        "microsoft-one-drive",
        "onedriveforbusiness",
        "onedrive-for-business",
    }:
        yield _personal(look, step, "somebody's OneDrive", "")


def _personal(look: Look, step: Step, what: str, pointer: str) -> Finding:
    return look.finding(
        "personal-store",
        f"{step.name!r} works on files in {what}.",
        step,
        pointer=pointer,
        why="They are gone, or in the wrong hands, when that person leaves.",
        evidence={"step": step.id},
    )
