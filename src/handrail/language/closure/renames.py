"""Steps that only got another name are the same steps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handrail.language.closure.calls import held_at
from handrail.language.closure.model import Snapshot
from handrail.language.graph import Graph, Step


def with_new_names(old: Snapshot, new: Snapshot) -> Snapshot:
    """Return the old version with the new ids of steps that kept everything but their name.

    Only platforms whose names are ids (n8n) need it: elsewhere a rename changes one field.
    """
    renames = renamed_steps(old, new)
    if not renames:
        return old
    pointers = {step.id: step.pointer for step in new.graph.steps}
    steps = tuple(
        replace(step, id=renames[step.id], pointer=pointers[renames[step.id]]) if step.id in renames else step
        for step in old.graph.steps
    )
    edges = tuple(
        replace(
            edge,
            source=renames.get(edge.source, edge.source),
            target=renames.get(edge.target, edge.target),
        )
        for edge in old.graph.edges
    )
    graph = replace(old.graph, steps=steps, edges=edges)
    return replace(old, graph=graph, source=_source(old.source, renames))


def renamed_steps(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """Return the new id of each step that kept everything but its name."""
    gone = _only_in(old.graph, new.graph)
    # Once for each step: where everything was exchanged there are as many pairs as steps squared.
    came = [(_nameless(step), _content(new, step), step.id) for step in _only_in(new.graph, old.graph)]
    result: dict[str, str] = {}
    for step in gone:
        same, content = _nameless(step), _content(old, step)
        for number, (other, held, other_id) in enumerate(came):
            if same == other and content == held:
                result[step.id] = other_id
                del came[number]
                break
    return result


def _only_in(one: Graph, other: Graph) -> list[Step]:
    ids = {step.id for step in other.steps}
    return [step for step in one.steps if step.id not in ids]


def _nameless(step: Step) -> Step:
    return replace(step, id="", name="", pointer="", position=None)


def _content(snapshot: Snapshot, step: Step) -> Any:
    held = held_at(snapshot.source, step.pointer)
    return {key: each for key, each in held.items() if key != "name"} if isinstance(held, Mapping) else None


def _source(source: Mapping[str, Any] | None, renames: Mapping[str, str]) -> dict[str, Any] | None:
    if source is None:
        return None
    result = dict(source)
    for field in ("nodes", "connections"):
        held = source.get(field)
        if isinstance(held, Mapping):
            result[field] = {renames.get(key, key): each for key, each in held.items()}
    if "connections" in result:
        result["connections"] = _targets(result["connections"], renames)
    return result


def _targets(value: Any, renames: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: renames.get(each, each) if key == "node" and isinstance(each, str) else _targets(each, renames)
            for key, each in value.items()
        }
    return [_targets(each, renames) for each in value] if isinstance(value, list) else value
