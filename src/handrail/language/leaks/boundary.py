"""What counts as inside the company, and what does not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where the company ends."""


def default_boundary() -> Boundary:
    """Return the boundary of a company that has said nothing."""
    return Boundary()
