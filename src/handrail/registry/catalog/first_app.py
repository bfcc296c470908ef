"""When the first app came: what a new install still lacks."""

from handrail.platform.database import Work
from handrail.registry.catalog import store


def first_app_at(work: Work) -> int | None:
    """Return when the first app was registered, or None."""
    found: int | None = work.scalar(store.FIRST)
    return found
