"""One graph for every builder platform: what a flow does, step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

StepKind = Literal["trigger", "action", "logic", "code", "http", "llm", "subnode", "subflow", "comment", "config"]
"""`llm` sends what it gets to a language model. `subnode` is part of another step (its model, memory or tool).
`config` is a Node-RED configuration node: shared settings that steps point at, no step of the flow itself."""

ReferenceKind = Literal["step", "item", "variable", "environment", "parameter", "model"]
"""What an expression reads: a named step's output, what comes in by the wire, a variable of the flow, the builder's
environment, a parameter of the definition, or what a language model fills in."""

BUILT_IN: Final = frozenset({"http", "webhook", "form", "chat", "schedule", "manual", "n8n-workflow"})
"""Names in `Step.connector` for what a builder's platform does by itself; nobody registers a connection for them."""

NO_CONSTANTS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reference:
    """One place that an expression reads from.

    Attributes:
        kind: What it reads.
        name: Step id, or the variable's name; empty for `item` and `model`.
        field: Path below it, dotted (`body.email`); empty for the whole.
        resolved: Whether the artefact holds what it names.
    """

    kind: ReferenceKind
    name: str = ""
    field: str = ""
    resolved: bool = True


@dataclass(frozen=True, slots=True)
class Input:
    """One field that a step is given, with text in it.

    Attributes:
        field: JSON pointer below the step's own pointer (`/parameters/text`).
        text: As written, secrets replaced; code too.
        references: What its expressions read, in order, each once.
    """

    field: str
    text: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One node of a flow.

    Attributes:
        id: What edges name: the node's name in n8n, its id in Node-RED.
        name: What the builder sees on the canvas; several steps may share it.
        kind: Coarse role.
        type: The platform's own node type, for example `n8n-nodes-base.slack`.
        connector: The system it reaches, in lower case with hyphens (`google-sheets`), one of `BUILT_IN` where the
            platform itself does it; None for logic.
        operation: The platform's name of what it does there (`message.post`); None when the source doesn't say.
        url: The address as written, with its expressions and without its query; None when there is none.
        hosts: Literal host names found in the address or the code, lower case, sorted.
        method: HTTP method in upper case; None when it comes from the message or does not apply.
        path: Path of `url`, without its query; None when the address begins with an expression and has no path.
        credential_refs: Keys of `Graph.credentials` (`Credential.key`) that it uses.
        error_policy: What the builder chose on failure (`continue`, `error-output`, `retry`, `retry:none`,
            `handler` for a step that runs only when this one fails), joined by `+`; None is the platform's default.
        disabled: The platform skips it.
        parent: The tab or sub-flow it lies in; empty where the platform has none.
        pointer: JSON pointer into the artefact's source.
        position: Place on the canvas; never part of a digest.
        inputs: Its fields that hold text, in the order of the source. Read anew from the source, never stored.
        resource: The object it works on, `system:key` (`google-sheets:1AbC`, `mqtt:orders/new`, `webhook:/intake`), the
            same for each app that uses it; None when there is none or an expression chooses it.
        line: Line in a script, from 1; 0 where `pointer` tells the place.
        replaces: Whether it gives only what its fields write, and nothing else of what came in. Never stored.
    """

    id: str
    name: str
    kind: StepKind
    type: str
    connector: str | None = None
    operation: str | None = None
    url: str | None = None
    hosts: tuple[str, ...] = ()
    method: str | None = None
    path: str | None = None
    credential_refs: tuple[str, ...] = ()
    error_policy: str | None = None
    disabled: bool = False
    parent: str = ""
    pointer: str = ""
    position: tuple[int, int] | None = None
    inputs: tuple[Input, ...] = ()
    resource: str | None = None
    line: int = 0
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class DataEdge:
    """A value that a step takes from another, beside the wires: an expression, a variable, a context.

    Attributes:
        source: Id of the step whose output is read, or which sets the variable.
        target: Id of the step that reads it.
        field: Path in the source's output, dotted; empty for the whole.
        pointer: JSON pointer of the text that reads it.
        via: How: `expression`, `variable:<name>`, `context:<flow|global>.<name>`, `result` (a scope's, of what lies
            in it).
    """

    source: str
    target: str
    field: str = ""
    pointer: str = ""
    via: str = "expression"


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a step to another.

    Attributes:
        source: Step id.
        target: Step id.
        port: The output it leaves by: an index as text, `error`, or `any` for a catch of a whole tab. For `run_after`
            the states it follows, as in `succeeded+failed` or `failed+timed-out`; `0` is success alone. For `scope`
            the branch (`true`, `false`, the name of a case).
        kind: `main`; `run_after` (Microsoft's order of actions), `start` (from a trigger to what runs first) and
            `scope` (from a scope to what runs first in it); `error`, `status` and `complete` (what a handler
            listens to); `link` and `subflow` (a jump); `ai_*` as in n8n, which run from the sub-node to its parent,
            against the data.
    """

    source: str
    target: str
    port: str = "0"
    kind: str = "main"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential that the builder's platform holds, by type and name, never its value."""

    type: str
    name: str
    steps: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what steps use to refer to it."""
        return f"{self.type}/{self.name}"


@dataclass(frozen=True, slots=True)
class Subflow:
    """Another flow that this one calls.

    Attributes:
        reference: The platform's own id for it.
        name: Its name where the source tells, else the reference.
        steps: Ids of the steps that call it.
        included: Whether its definition lies in the artefact.
    """

    reference: str
    name: str
    steps: tuple[str, ...] = ()
    included: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """A flow as one value.

    Attributes:
        platform: `n8n`, `node-red`, `power-automate`, `logic-apps`, `open-workflow`, `python`.
        name: The flow's own name.
        hosts: Every literal host of every step, sorted.
        unknown: What the source cannot show, in words, sorted. For people; closures take `Artefact.unresolved`.
        constants: Variables with a fixed value, secrets replaced.
        data: Values taken beside the wires. Read anew from the source, never stored.
    """

    platform: str
    name: str
    steps: tuple[Step, ...] = ()
    edges: tuple[Edge, ...] = ()
    credentials: tuple[Credential, ...] = ()
    constants: Mapping[str, str] = field(default_factory=lambda: NO_CONSTANTS)
    hosts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    subflows: tuple[Subflow, ...] = ()
    data: tuple[DataEdge, ...] = ()

    def step(self, step_id: str) -> Step | None:
        """Return the step with this id, if there is one."""
        return next((step for step in self.steps if step.id == step_id), None)

    def working(self) -> Iterator[Step]:
        """Yield the steps that do something: no comments, no configuration nodes."""
        return (step for step in self.steps if step.kind not in {"comment", "config"})

    @property
    def connectors(self) -> tuple[str, ...]:
        """Return the systems that enabled and disabled steps name, without what is built in, sorted."""
        return tuple(sorted({step.connector for step in self.working() if step.connector} - BUILT_IN))
