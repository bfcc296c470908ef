"""Times as answers show them."""

from handrail.kernel.clock import rfc3339


def when(at_us: int | None) -> str | None:
    """Return a time as answers show it; None stays."""
    return None if at_us is None else rfc3339(at_us)
