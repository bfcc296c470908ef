"""What a flow does, in one form for every builder platform."""

from handrail.language.graph.model import Credential, Edge, Graph, Step, StepKind, Subflow
from handrail.language.graph.serial import from_json, to_json

__all__ = ["Credential", "Edge", "Graph", "Step", "StepKind", "Subflow", "from_json", "to_json"]
