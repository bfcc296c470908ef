"""Where a flow's data goes: labels, the ways they take, and the cheapest cut."""

from handrail.language.leaks.model import Cut, Label, Leak, LeakReport, SinkClass, Unresolved

__all__ = ["Cut", "Label", "Leak", "LeakReport", "SinkClass", "Unresolved"]
