"""Where a flow's data goes: labels, the ways they take, and the cheapest cut."""

from handrail.language.leaks.boundary import Boundary, default_boundary
from handrail.language.leaks.model import Cut, Label, Leak, LeakReport, SinkClass, Unresolved
from handrail.language.leaks.service import analyse

__all__ = [
    "Boundary",
    "Cut",
    "Label",
    "Leak",
    "LeakReport",
    "SinkClass",
    "Unresolved",
    "analyse",
    "default_boundary",
]
