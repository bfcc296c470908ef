"""When the first people came: what a new install still lacks."""

from handrail.platform.database import Work
from handrail.registry.identity import store


def first_admin_at(work: Work) -> int | None:
    """Return since when there is an active administrator, or None."""
    found: int | None = work.scalar(store.FIRST_ADMIN)
    return found


def second_person_at(work: Work) -> int | None:
    """Return since when a second active person holds a role, or None: alone nobody can approve anything."""
    found = work.all(store.FIRST_TWO, now=work.now)
    return None if len(found) < 2 else int(found[1]["since"])
