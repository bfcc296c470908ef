"""Many flows as one, as values."""

from dataclasses import dataclass
from typing import Literal

Way = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Share:
    """Something outside of a flow that it works on, and others may too.

    Attributes:
        resource: `system:key` as in `Step.resource`, `webhook:<path>`, `flow:<id>` or `host:<name>`.
        way: Whether data comes from there or goes there.
        step: Name of the step.
    """

    resource: str
    way: Way
    step: str


@dataclass(frozen=True, slots=True)
class Carry:
    """Data that matters and that a flow writes into something shared.

    Attributes:
        resource: Where it is written.
        data_class: `confidential` or `restricted`.
        tag: As `Label.tag`.
        what: In words.
        source: Name of the step that read it.
        step: Name of the step that writes it.
    """

    resource: str
    data_class: str
    tag: str
    what: str
    source: str
    step: str


@dataclass(frozen=True, slots=True)
class Through:
    """A way from something shared to somewhere else.

    Attributes:
        resource: What is read.
        step: Name of the step that reads it.
        to: The resource it is written to; empty when it leaves the company.
        destination: Where it leaves to, in words; empty otherwise.
        sink_class: As `Leak.sink_class`; empty when it stays.
        last: Name of the step that writes or sends it.
        certain: Whether the engine followed the data; False when only the wires say so.
    """

    resource: str
    step: str
    to: str
    destination: str
    sink_class: str
    last: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What the estate has to know of one flow.

    Attributes:
        exact: The same for flows that do the same with the same parameters, whatever they are called.
        operations: What it does, each operation once, sorted: `google-sheets append`.
        destinations: Where it writes or sends to, sorted.
        shape: Hashes of what follows what, sorted: the more two flows share, the more alike they are.
        calls: How many of its steps call another system.
        personal: Whether it has credentials, and all of them are a person's own.
    """

    exact: str
    operations: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    calls: int = 0
    personal: bool = False
    shares: tuple[Share, ...] = ()
    carries: tuple[Carry, ...] = ()
    throughs: tuple[Through, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One flow of an estate.

    Attributes:
        id: Of the definition.
        name: The flow's own name.
        platform: As `Graph.platform`.
        app: Name of the registered app that it is; empty when it is none.
        owner: Name of who answers for it; empty when nobody does.
    """

    id: str
    name: str
    platform: str
    part: Part
    app: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One flow writes what another reads."""

    source: str
    target: str
    resource: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on a way across flows: a flow (with its definition's id), or what two of them share."""

    label: str
    detail: str
    kind: Literal["definition", "resource", "sink"]
    definition: str = ""


@dataclass(frozen=True, slots=True)
class CrossLeak:
    """Data that leaves the company through several flows, none of which shows it alone.

    Attributes:
        data_class: Of what leaves.
        tag: As `Label.tag`.
        what: In words.
        members: Ids of the flows on the way, in order.
        stops: The way, flows and resources in turn, and where it leaves to.
        destination: In words.
        sink_class: As `Leak.sink_class`.
        certain: Whether the engine followed the data in every flow.
    """

    data_class: str
    tag: str
    what: str
    members: tuple[str, ...]
    stops: tuple[Stop, ...]
    destination: str
    sink_class: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """Flows that do the same.

    Attributes:
        kind: `exact`: the same steps with the same parameters. `near`: the same operations, the same destination, a
            similar shape.
        members: Ids, those of registered apps first.
        similarity: 0 to 100, of the least alike with the first.
        operations: What they all do.
        destinations: Where they all write or send to.
        spare: How many would go if they were one.
        calls: How many calling steps would go with them.
        text: The saving in words.
    """

    kind: Literal["exact", "near"]
    members: tuple[str, ...]
    similarity: int
    operations: tuple[str, ...]
    destinations: tuple[str, ...]
    spare: int
    calls: int
    text: str


@dataclass(frozen=True, slots=True)
class Estate:
    """Many flows as one.

    Attributes:
        links: Who reads what another writes, sorted.
        leaks: Worst first.
        twins: The largest saving first.
        cut: Whether bounds left something out: then there may be more.
    """

    links: tuple[Link, ...] = ()
    leaks: tuple[CrossLeak, ...] = ()
    twins: tuple[Twins, ...] = ()
    cut: bool = False
