"""What makes two flows the same, or alike: digests that do not depend on names, ids and places."""

import hashlib
import re
from collections import defaultdict
from typing import Final

from handrail.language.graph import Graph, Step

_ROUNDS: Final = 3
_SHAPE_MAX: Final = 256
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def what_of(step: Step) -> str:
    """Return what a step does in another system (`google-sheets append`), or starts with; empty for logic."""
    if step.kind == "trigger":
        return f"starts by {step.connector or _short(step.type)}"
    if step.kind == "http":
        return f"http {step.method or ''} {' '.join(step.hosts)}".strip()
    if step.connector:
        return f"{step.connector} {step.operation or ''}".strip()
    return ""


def exact_of(graph: Graph) -> str:
    """Return a digest that flows share when they do the same with the same parameters, whatever their steps' ids."""
    own = {step.id: _hash("step", *_content(step)) for step in graph.working()}
    around: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for edge in graph.edges:
        if edge.source in own and edge.target in own:
            around[edge.source].append(("out", f"{edge.kind} {edge.port}", edge.target))
            around[edge.target].append(("in", f"{edge.kind} {edge.port}", edge.source))
    colours = dict(own)
    for _ in range(_ROUNDS):
        colours = {
            step: _hash(colour, *sorted(f"{way} {kind} {colours[other]}" for way, kind, other in around[step]))
            for step, colour in colours.items()
        }
    return "e1:" + _hash(graph.platform, *sorted(colours.values()))


def shape_of(graph: Graph) -> tuple[int, ...]:
    """Return hashes of each kind of step and of what follows what; a thing that comes again counts again."""
    labels = {step.id: what_of(step) or _short(step.type) for step in graph.working()}
    counts: dict[str, int] = defaultdict(int)
    found = set()
    things = list(labels.values())
    things += [
        f"{labels[edge.source]} > {labels[edge.target]}"
        for edge in graph.edges
        if edge.source in labels and edge.target in labels
    ]
    for thing in sorted(things):
        counts[thing] += 1
        found.add(int(_hash(thing, str(counts[thing]))[:8], 16))
    return tuple(sorted(found)[:_SHAPE_MAX])


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Return how much two shapes have in common, 0 to 100."""
    first, second = set(one), set(other)
    both = first | second
    return 100 * len(first & second) // len(both) if both else 100


def _content(step: Step) -> list[str]:
    texts = [
        f"{each.field}={_UUID.sub('#', each.text) if step.kind == 'trigger' else each.text}" for each in step.inputs
    ]
    named = [step.kind, step.type, step.connector or "", step.operation or "", step.method or "", step.url or ""]
    return [*named, "off" if step.disabled else "", step.error_policy or "", *sorted(texts)]


def _short(step_type: str) -> str:
    return step_type.rpartition(".")[2]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
