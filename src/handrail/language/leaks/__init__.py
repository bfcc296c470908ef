"""Where a flow's data goes: labels, the ways they take, and the cheapest cut."""

from handrail.language.leaks.boundary import Boundary, BoundaryInvalid, default_boundary, read_boundary
from handrail.language.leaks.model import Cut, Label, Leak, LeakReport, SinkClass, Unresolved
from handrail.language.leaks.service import analyse

__all__ = [
    "Boundary",
    "BoundaryInvalid",
    "Cut",
    "Label",
    "Leak",
    "LeakReport",
    "SinkClass",
    "Unresolved",
    "analyse",
    "default_boundary",
    "read_boundary",
]
