"""Accounts and stores of one person."""

from collections.abc import Iterator
from typing import Any, Final

from handrail.governance.checks.json_patch import resolve
from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.language.classify import account_of_credential, accounts_in
from handrail.language.graph import Step
from handrail.language.leaks.recipients import recipients_of

_WORDS: Final = {
    "freemail": "an account on a free-mail domain",
    "named_user": "the account of a named person",
}
_ONE_DRIVES: Final = frozenset(
    {"onedrive", "one-drive", "microsoft-one-drive", "onedriveforbusiness", "onedrive-for-business"}
)


def find(look: Look) -> Iterator[Finding]:
    """Yield accounts and stores that leave with a person; once per step, the account never named."""
    for step in look.graph.steps:
        if step.kind == "comment":
            continue
        yield from _account(look, step)
        if step.kind != "config":
            yield from _store(look, step)


def _account(look: Look, step: Step) -> Iterator[Finding]:
    raw: Any = resolve(look.definition.document, step.pointer, None) if step.pointer else None
    found = [(each.value, step.pointer + each.pointer) for each in accounts_in(_own(look, raw), look.platform)]
    if not found:
        # Where a file keeps credentials apart from steps, their names still tell whose they are.
        said = (account_of_credential(each.partition("/")[2]) for each in step.credential_refs)
        found = [(each, step.pointer) for each in said if each]
    if not found and (look.definition.document is None or step.type == "e-mail") and recipients_of(step)[0]:
        found = [("freemail", step.pointer)]
    if found:
        value, pointer = min(found, key=lambda each: each[0])
        yield look.finding(
            "personal-account",
            f"{step.name!r} uses {_WORDS[value]}.",
            step,
            pointer=pointer,
            why="It stops when that person leaves, and what it handles lies in that person's account.",
            evidence={"value": value, "step": step.id},
        )


def _own(look: Look, raw: Any) -> Any:
    """Return a step without the steps inside it, which have findings of their own."""
    if not look.is_microsoft or not isinstance(raw, dict):
        return raw
    return {key: each for key, each in raw.items() if key not in {"actions", "else", "cases", "default"}}


def _store(look: Look, step: Step) -> Iterator[Finding]:
    if step.connector == "google-drive" and look.platform == "n8n":
        for field in ("driveId", "parents", "folderId"):
            held = look.parameters(step).get(field)
            said = held.get("value") if isinstance(held, dict) else None
            if said in {"My Drive", "root"} or (isinstance(held, dict) and held.get("cachedResultName") == "My Drive"):
                yield _personal(look, step, "Google's 'My Drive'", f"{step.pointer}/parameters/{field}")
                return
    if step.connector in _ONE_DRIVES:
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
