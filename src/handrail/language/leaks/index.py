"""A graph as the analysis walks it: what leads to a step, and what the step takes from it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from handrail.language.graph import DataEdge, Edge, Graph, Reference, Step
from handrail.language.leaks.words import publics_in

# Wires that carry no data to their target.
_NO_DATA: Final = frozenset(
    {"run_after", "scope", "status", "complete", "ai_languageModel", "ai_embedding", "ai_memory"}
)
_LISTENING: Final = frozenset({"status", "complete"})
_SUB_NODE: Final = "ai_"
WHOLE: Final = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that a step takes: from the wire (`source` empty) or from a named step.

    Attributes:
        source: Id of the step, empty for whatever the wire brings.
        field: Dotted path, empty for the whole.
        pointer: Where it stands in the source.
        input: Field of the step that takes it, as a pointer below the step.
    """

    source: str
    field: str
    pointer: str
    input: str


@dataclass
class Index:
    """A graph with its neighbours at hand.

    Attributes:
        steps: By id, comments and configuration left out.
        before: By step id, the steps whose output the wire brings.
        after: The other way round.
        onward: By step id, what runs after it, with or without its data.
        beneath: By step id, its sub-nodes: (edge kind, step).
        above: By sub-node id, its parents: (edge kind, step).
        taken: By step id, what its fields take.
        read: By step id, the fields of its output that others name.
        readers: By step id, who takes from it by an expression.
    """

    graph: Graph
    steps: dict[str, Step]
    before: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    after: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    onward: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    beneath: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    above: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[str, tuple[Taken, ...]] = field(default_factory=dict)
    read: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    readers: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    @cached_property
    def public_names(self) -> bool:
        """Tell whether the name of any step speaks of content made to be seen."""
        return bool(publics_in([step.name for step in self.steps.values()]))


def index_of(graph: Graph) -> Index:
    """Return a graph with its neighbours at hand; steps of n8n that nothing ever runs are left out."""
    steps = {step.id: step for step in graph.steps if step.kind not in {"comment", "config"}}
    if graph.platform == "n8n":
        live = _live(graph, steps)
        steps = {key: step for key, step in steps.items() if key in live}
    index = Index(graph, steps)
    seen: set[tuple[str, str]] = set()
    for edge in graph.edges:
        _wire(index, edge, seen)
    beside: dict[str, list[Taken]] = defaultdict(list)
    for each in graph.data:
        if each.field:
            index.read[each.source].append(each.field)
        if each.target in steps:
            index.readers[each.source][each.target] = None
            field_of_step = each.pointer.removeprefix(steps[each.target].pointer)
            if field_of_step == "/inputs/from" and _selects(steps[each.target]):
                beside[each.target] += _selected(steps[each.target], each)
                continue
            beside[each.target].append(Taken(each.source, each.field, each.pointer, field_of_step))
    for key, step in index.steps.items():
        index.taken[key] = (*_from_wire(step), *beside[key])
    return index


def _selects(step: Step) -> bool:
    return step.type == "Select" and any(_is_picked(each.references) for each in step.inputs)


def _is_picked(references: tuple[Reference, ...]) -> bool:
    return any(each.kind == "item" for each in references)


def _selected(step: Step, edge: DataEdge) -> list[Taken]:
    """Return what Microsoft's Select takes of a list: the fields of its items that it names."""
    return [
        Taken(edge.source, reference.field, step.pointer + each.field, each.field)
        for each in step.inputs
        for reference in each.references
        if reference.kind == "item"
    ]


def _live(graph: Graph, steps: Mapping[str, Step]) -> set[str]:
    """Return the steps that a trigger leads to, with their sub-nodes; all, where there is no trigger.

    A disabled trigger counts: it is one click away.
    """
    triggers = [key for key, step in steps.items() if step.kind == "trigger"]
    if not triggers:
        return set(steps)
    leads: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.kind.startswith(_SUB_NODE):
            leads[edge.target].append(edge.source)
        else:
            leads[edge.source].append(edge.target)
    live = set(triggers)
    waiting = list(triggers)
    while waiting:
        for after in leads[waiting.pop()]:
            if after not in live:
                live.add(after)
                waiting.append(after)
    return live


def _wire(index: Index, edge: Edge, seen: set[tuple[str, str]]) -> None:
    if edge.source not in index.steps or edge.target not in index.steps:
        return
    if edge.kind.startswith(_SUB_NODE):
        index.beneath[edge.target].append((edge.kind, edge.source))
        index.above[edge.source].append((edge.kind, edge.target))
        return
    if edge.kind not in _LISTENING:
        index.onward[edge.source].append(edge.target)
    if edge.kind not in _NO_DATA and (edge.source, edge.target) not in seen:
        seen.add((edge.source, edge.target))
        index.before[edge.target].append(edge.source)
        index.after[edge.source].append(edge.target)


def _from_wire(step: Step) -> list[Taken]:
    return [
        Taken("", reference.field, step.pointer + each.field, each.field)
        for each in step.inputs
        for reference in each.references
        if reference.kind == "item"
    ]


def texts_of(step: Step) -> Mapping[str, str]:
    """Return a step's fields that hold text."""
    return {each.field: each.text for each in step.inputs}
