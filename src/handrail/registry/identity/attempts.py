"""Counts tries that led nowhere, so that guessing stops early and costs little."""

import hashlib
from typing import Final

from handrail.kernel.clock import MINUTE, SECOND
from handrail.kernel.ids import new_id
from handrail.platform.database import Work
from handrail.registry.identity import store_access
from handrail.registry.identity.errors import TooManySignIns

WINDOW: Final = 15 * MINUTE


def subject_of(kind: str, text: str) -> str:
    """Return what tries are counted under: people type passwords into the field for the name, so a text is not kept."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}"


def require_room(work: Work, subject: str, limit: int, what: str) -> None:
    """Forget old tries, and return if one more is allowed; others wait until this unit of work has ended.

    Raises:
        TooManySignIns: There were too many within the window.
    """
    work.run(store_access.FORGET_ATTEMPTS, before=work.now - WINDOW)
    work.lock(f"sign-in:{subject}")
    found = work.one(store_access.COUNT_ATTEMPTS, subject=subject, after=work.now - WINDOW)
    if found is None or found["count"] < limit:
        return
    wait_s = max(1, (found["oldest"] + WINDOW - work.now) // SECOND)
    raise TooManySignIns(what, fix=f"Wait {-(-wait_s // 60)} minutes.", details={"retry_after_s": wait_s})


def note_attempt(work: Work, subject: str) -> str:
    """Count a try; return its id."""
    attempt_id = new_id()
    work.run(store_access.INSERT_ATTEMPT, id=attempt_id, subject=subject, now=work.now)
    return attempt_id
