"""From a graph to the ways its data takes."""

from handrail.language.graph import Graph
from handrail.language.leaks.boundary import Boundary
from handrail.language.leaks.model import LeakReport


def analyse(_graph: Graph, _boundary: Boundary) -> LeakReport:
    """Return where a flow's data goes."""
    return LeakReport()
