"""What a flow does, in one form for every builder platform, and where its steps are drawn."""

from handrail.language.graph.boxes import Places
from handrail.language.graph.layout import layout
from handrail.language.graph.model import (
    BUILT_IN,
    Credential,
    DataEdge,
    Edge,
    Graph,
    Input,
    Reference,
    Step,
    StepKind,
    Subflow,
)
from handrail.language.graph.serial import from_json, to_json

__all__ = [
    "BUILT_IN",
    "Credential",
    "DataEdge",
    "Edge",
    "Graph",
    "Input",
    "Places",
    "Reference",
    "Step",
    "StepKind",
    "Subflow",
    "from_json",
    "layout",
    "to_json",
]
