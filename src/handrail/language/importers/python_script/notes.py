"""What a reading of a script collects: steps, the order of them, and the values between them."""

import ast
import re
from dataclasses import dataclass, field
from typing import Final

from handrail.language.classify import redact_text
from handrail.language.graph import DataEdge, Edge, Input, Reference, Step, StepKind
from handrail.language.importers.python_script.parse import Segments
from handrail.language.importers.python_script.values import Value

EDGES_MAX: Final = 100_000
_INPUT_MAX: Final = 20_000
_ADDRESS: Final = re.compile(r"[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


@dataclass(slots=True)
class Draft:
    """A step while it is being read; what several looks at it show is kept together."""

    id: str
    name: str
    kind: StepKind
    type: str
    line: int
    connector: str | None = None
    operation: str | None = None
    method: str | None = None
    texts: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)
    credentials: set[str] = field(default_factory=set)
    error_policy: str | None = None
    parent: str = ""
    inputs: dict[str, tuple[str, dict[Reference, None]]] = field(default_factory=dict)


class Notes:
    """Steps by the node that makes them; edges of the pass that is under way."""

    def __init__(self, segments: Segments) -> None:
        """Take the source."""
        self.segments = segments
        self.drafts: dict[int, Draft] = {}
        self.edges: dict[Edge, None] = {}
        self.data: dict[DataEdge, None] = {}
        self._ids: set[str] = set()

    def begin(self) -> None:
        """Forget the edges of an earlier pass."""
        self.edges, self.data = {}, {}

    def draft(self, node: ast.AST, scope: str, type_: str, kind: StepKind, label: str) -> Draft:
        """Return the step that a node makes, new at the first look."""
        held = self.drafts.get(id(node))
        if held is None:
            line = getattr(node, "lineno", 1)
            name = f"{scope}:{line} {label}" if scope else f"{line} {label}"
            unique, number = name, 1
            while unique in self._ids:
                number += 1
                unique = f"{name} #{number}"
            self._ids.add(unique)
            held = Draft(unique, label, kind, type_, line, parent=scope)
            self.drafts[id(node)] = held
        return held

    def input(self, draft: Draft, name: str, node: ast.AST, value: Value) -> None:
        """Note an argument of a step, and the data edges that it makes."""
        place = f"/{name}"
        text, reads = draft.inputs.get(place, ("", {}))
        if not text:
            text = redact_text(_address_in(node, value) or self.segments.of(node))[:_INPUT_MAX]
        reads |= dict.fromkeys(Reference("step", step, path) for step, path in sorted(value.origins))
        reads |= dict.fromkeys(Reference("environment", each, resolved=False) for each in sorted(value.environment))
        reads |= dict.fromkeys(Reference("parameter", each) for each in sorted(value.parameters))
        draft.inputs[place] = (text, reads)
        via = f"variable:{node.id}" if isinstance(node, ast.Name) else "expression"
        self.flow(draft.id, value, via)

    def flow(self, target: str, value: Value, via: str = "expression") -> None:
        """Note that a value reaches a step."""
        for step, path in sorted(value.origins):
            if step != target and len(self.data) < EDGES_MAX:
                self.data[DataEdge(step, target, path, "", via)] = None

    def order(self, before: frozenset[str], after: str, kind: str = "main") -> None:
        """Note that a step comes after others."""
        for each in sorted(before) if len(self.edges) < EDGES_MAX else ():
            if each != after and len(self.edges) < EDGES_MAX:
                self.edges[Edge(each, after, "0", kind)] = None


def _address_in(node: ast.AST, value: Value) -> str:
    """Return the mail address that a name stands for: who gets a mail matters more than what the variable is called."""
    known = next(iter(value.texts)) if isinstance(node, ast.Name) and len(value.texts) == 1 else ""
    return known if "@" in known and _ADDRESS.fullmatch(known) else ""


def step_of(draft: Draft, url: str | None, path: str | None) -> Step:
    """Return a step as it stands in the graph."""
    resources = sorted(draft.resources)
    return Step(
        id=draft.id,
        name=draft.name,
        kind=draft.kind,
        type=draft.type,
        connector=draft.connector,
        operation=draft.operation,
        url=url,
        hosts=tuple(sorted(draft.hosts)),
        method=draft.method,
        path=path,
        credential_refs=tuple(sorted(draft.credentials)),
        error_policy=draft.error_policy,
        parent=draft.parent,
        inputs=tuple(Input(place, text, tuple(reads)) for place, (text, reads) in draft.inputs.items()),
        resource=resources[0] if len(resources) == 1 else None,
        line=draft.line,
    )
