"""What is approved, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from handrail.language.graph import Graph

ALGORITHM: Final = "c1"
_NONE: Final[Mapping[str, str]] = MappingProxyType({})

Severity = Literal["widens", "narrows", "neutral"]


@dataclass(frozen=True, slots=True)
class ClosureInput:
    """Everything that a version of an app consists of, in one environment.

    Attributes:
        root_source_digest: Source digest of the app's own definition.
        reachable: (reference, source digest) of everything that it calls, at any depth; a cycle is just a member.
        operations: (connection name, operation name, interface digest) of each operation it uses.
        connections: (name, id) of each connection it uses.
        scopes: Scopes it asks for.
        egress: Hosts it reaches outside connections; case does not count.
        data_classes: Declared data classes and tags, never detected ones.
        constants: Variables with a fixed value, secrets replaced.
        unknown: References that the definition makes and its export does not hold.
    """

    root_source_digest: str
    reachable: frozenset[tuple[str, str]] = frozenset()
    operations: frozenset[tuple[str, str, str]] = frozenset()
    connections: frozenset[tuple[str, str]] = frozenset()
    scopes: frozenset[str] = frozenset()
    egress: frozenset[str] = frozenset()
    data_classes: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=lambda: _NONE)
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure.

    Attributes:
        digest: `c1:sha256:<hex>` over RFC 8785 of `document`.
        document: JSON types only; what is stored and compared.
    """

    digest: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version as far as a difference needs it.

    Attributes:
        closure: A closure's document.
        graph: What the importer saw.
        source: The artefact's source, secrets replaced. Without it only what the graph shows can be named.
    """

    closure: Mapping[str, Any]
    graph: Graph
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions, in words.

    Attributes:
        kind: Stable name, for example `call_changed` or `operation_added`.
        text: For a builder; one line without control characters, no secret.
        step: Id of the step; empty for the whole app.
        pointer: JSON pointer into the new source, or the old one for what is gone; empty when none fits.
        severity: Whether the app may do more than before, less, or neither as far as this shows.
    """

    kind: str
    text: str
    step: str = ""
    pointer: str = ""
    severity: Severity = "neutral"
