"""What a flow does with data that matters, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

SinkClass = Literal["internal", "third_party", "public_or_consumer", "personal_account"]

NO_LABELS: Final[Mapping[str, tuple["Label", ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Label:
    """Data that came from one step.

    Attributes:
        data_class: `confidential` or `restricted`.
        tag: `pii`, `phi`, `pci`, `secret` or `business`.
        what: What it is, in words (`mailbox`, `customer records`).
        origin: Id of the step that read it.
        region: Where it lives, as the boundary says; empty when nobody said.
    """

    data_class: str
    tag: str
    what: str
    origin: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The one change that would end a leak.

    Attributes:
        kind: `redact_before` (a redacting step on this wire), `through_connection` (an approved connection instead),
            `remove_reference` (the field isn't needed), `require_authentication` (of an endpoint).
        step: Id of the step to change.
        before: The step before it on the way: where what should go comes from.
        pointer: Where the change would be made; the step's place when none is exact.
        text: For a builder.
        ends: How many leaks of this flow it ends.
    """

    kind: str
    step: str
    before: str = ""
    pointer: str = ""
    text: str = ""
    ends: int = 1


@dataclass(frozen=True, slots=True)
class Leak:
    """A way of labelled data to a place outside the company.

    Attributes:
        label: What leaves.
        source: Id of the step that read it.
        sink: Id of the step that sends it.
        sink_class: Where it goes.
        destination: In words (`OpenAI`, `hooks.example.net`).
        path: Ids of the steps on the shortest way, both ends included.
        implicit: Whether only a decision depends on the data, not what is sent.
        pointer: Where the sink takes it in.
        why: The reason that the sink counts as outside, in words.
        cut: The cheapest change that ends it.
    """

    label: Label
    source: str
    sink: str
    sink_class: SinkClass
    destination: str
    path: tuple[str, ...]
    implicit: bool = False
    pointer: str = ""
    why: str = ""
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A step that may send data out, to a place that the artefact doesn't tell.

    Attributes:
        step: Id of the step.
        labels: What reaches it.
        text: Why nobody can tell, in words.
        pointer: Where the address stands.
    """

    step: str
    labels: tuple[Label, ...]
    text: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class LeakReport:
    """Everything about where a flow's data goes.

    Attributes:
        leaks: Each (label, sink) once, worst first.
        unresolved: Sinks nobody can place.
        labels: By step id, what its output carries.
        cut: Whether the flow is so large that not everything was followed: what is not here may still be.
    """

    leaks: tuple[Leak, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    labels: Mapping[str, tuple[Label, ...]] = field(default_factory=lambda: NO_LABELS)
    cut: bool = False
