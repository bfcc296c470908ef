"""What changed between two versions, in words a builder understands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from handrail.kernel.canonical import canonical
from handrail.language.closure.calls import operations_named
from handrail.language.closure.declared import declared_changes, require_readable
from handrail.language.closure.leaves import MISSING, Leaf, leaves, parse_pointer
from handrail.language.closure.model import ALGORITHM, Change, Severity, Snapshot
from handrail.language.closure.renames import with_new_names
from handrail.language.closure.steps import Pair, added, changes_of, removed
from handrail.language.closure.wires import is_wiring, wire_changes
from handrail.language.closure.words import listed, plain, quoted, step_names, value_words
from handrail.language.graph import Graph, Step

CHANGES_MAX: Final = 500
_EMPTY: Final[Mapping[str, Any]] = {"algorithm": ALGORITHM}
_ORDER: Final[Mapping[Severity, int]] = {"widens": 0, "neutral": 1, "narrows": 2}
_LEAF_WORDS: Final = 3


def diff(old: Snapshot | None, new: Snapshot) -> tuple[Change, ...]:
    """Return every difference; empty only when both closures are the same.

    Words come from the graphs; each changed field of the sources that no words cover is named by its place, so that a
    loud change cannot hide a quiet one.

    Args:
        old: What was approved; None when nothing was.
        new: What is asked for, or what runs.

    Raises:
        ClosureInvalid: If a closure has another algorithm than this code reads.
    """
    require_readable(new.closure)
    if old is None:
        return _cut([*_first(new)])
    require_readable(old.closure)
    if canonical(dict(old.closure)) == canonical(dict(new.closure)):
        return ()
    definition = [*_definition(with_new_names(old, new), new)]
    if old.closure.get("source") != new.closure.get("source") and not definition:
        definition.append(_unnamed(old, new))
    changes = [*definition, *declared_changes(old.closure, new.closure)]
    if not changes:
        first = next(leaves(dict(old.closure), dict(new.closure)))
        text = f"the closure differs at {plain(first.pointer)}"
        changes.append(Change("closure_changed", text, pointer=first.pointer))
    return _cut(changes)


def summarise(changes: Sequence[Change], limit: int = 3) -> str:
    """Return the most important changes on one line, what widens first.

    Args:
        changes: As `diff` gives them.
        limit: How many are said in full.
    """
    ranked = sorted(changes, key=lambda each: _ORDER[each.severity])
    more = f"; and {len(ranked) - limit} more" if len(ranked) > limit else ""
    return "; ".join(plain(each.text, 160) for each in ranked[:limit]) + more


def _cut(changes: list[Change]) -> tuple[Change, ...]:
    """Keep what widens when there is too much to read."""
    if len(changes) <= CHANGES_MAX:
        return tuple(changes)
    kept = sorted(changes, key=lambda each: _ORDER[each.severity])[:CHANGES_MAX]
    rest = f"and {len(changes) - CHANGES_MAX} more changes"
    return (*kept, Change("more", rest, severity="widens"))


def _first(new: Snapshot) -> Iterator[Change]:
    names = step_names(new.graph)
    steps = list(new.graph.working())
    text = f"first version of {quoted(new.graph.name)}: {len(steps)} steps"
    yield Change("first_version", text, severity="widens")
    yield from (added(step, names[step.id], (), ()) for step in steps)
    yield from _credentials(Graph(new.graph.platform, ""), new.graph)
    yield from declared_changes(_EMPTY, new.closure)


def _definition(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    found = source_leaves(old, new)
    before, after = ({step.id: step for step in each.graph.steps} for each in (old, new))
    names_old, names_new = step_names(old.graph), step_names(new.graph)
    names = {**names_old, **names_new}
    touched = before.keys() ^ after.keys()
    for key, step in after.items():
        if key not in before:
            yield added(step, names[key], *_neighbours(new.graph, key, names_new))
    yield from (removed(step, names[key]) for key, step in before.items() if key not in after)
    per_step, rest = _by_step(found, before, after)
    spoken = operations_named(old, new)
    for key, step in after.items():
        if key in before:
            called = spoken.get(key, ())
            if called:
                text = f"step {names[key]} {called}"
                yield Change("call_changed", text, key, step.pointer, "widens")
            yield from changes_of(Pair(before[key], step, names[key], per_step.get(key, ())))
    wiring = [leaf for leaf in found if is_wiring(leaf)]
    yield from wire_changes(old.graph, new.graph, touched, names, wiring)
    yield from _credentials(old.graph, new.graph)
    yield from (_elsewhere(leaf, new) for leaf in rest)


def source_leaves(old: Snapshot, new: Snapshot) -> list[Leaf]:
    """Return where the sources differ; nothing when one of them is not kept."""
    if old.source is None or new.source is None:
        return []
    return list(leaves(dict(old.source), dict(new.source)))


def _by_step(
    found: Iterable[Leaf], before: Mapping[str, Step], after: Mapping[str, Step]
) -> tuple[dict[str, list[Leaf]], list[Leaf]]:
    """Split leaves by the step they lie in; wires and steps that came or went are said elsewhere."""
    places = {parse_pointer(step.pointer): key for steps in (before, after) for key, step in steps.items()}
    lengths = sorted({len(place) for place in places}, reverse=True)
    per_step: dict[str, list[Leaf]] = defaultdict(list)
    rest: list[Leaf] = []
    for leaf in found:
        if is_wiring(leaf):
            continue
        length = next((each for each in lengths if each and leaf.path[:each] in places), 0)
        if not length:
            rest.append(leaf)
            continue
        key = places[leaf.path[:length]]
        if key in before and key in after:
            per_step[key].append(Leaf(leaf.path[length:], leaf.old, leaf.new))
    return per_step, rest


def _neighbours(graph: Graph, key: str, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    edges = [each for each in graph.edges if each.port != "any"]
    into = [names[each.source] for each in edges if each.target == key and each.source in names]
    out = [names[each.target] for each in edges if each.source == key and each.target in names]
    return list(dict.fromkeys(into)), list(dict.fromkeys(out))


def _credentials(old: Graph, new: Graph) -> Iterator[Change]:
    before = {each.key: each for each in old.credentials}
    after = {each.key: each for each in new.credentials}
    for key in sorted(after.keys() - before.keys()):
        held = after[key]
        text = f"it now uses the credential {quoted(held.name)} ({plain(held.type)}) of its own platform"
        yield Change("credential_added", text, severity="widens")
    for key in sorted(before.keys() - after.keys()):
        held = before[key]
        text = f"it no longer uses the credential {quoted(held.name)} ({plain(held.type)})"
        yield Change("credential_removed", text, severity="narrows")


def _elsewhere(leaf: Leaf, new: Snapshot) -> Change:
    path = ".".join(leaf.path)
    if leaf.path[:1] == ("nodes",) and new.source is not None and len(leaf.path) > 1:
        held = new.source.get("nodes", {}).get(leaf.path[1])
        if isinstance(held, Mapping):
            title = held.get("label") or held.get("name") or leaf.path[1]
            path = f"{'.'.join(leaf.path[2:])} of {held.get('type', '')} {title}"
    if leaf.old is MISSING:
        text = f"setting {quoted(path)} was added"
    elif leaf.new is MISSING:
        text = f"setting {quoted(path)} was removed"
    else:
        text = f"setting {quoted(path)} changed {value_words(leaf.old, leaf.new)}"
    return Change("field_changed", text, pointer=leaf.pointer)


def _unnamed(old: Snapshot, new: Snapshot) -> Change:
    found = source_leaves(old, new)
    if found:
        text = f"the definition changed at {listed((plain(each.pointer) for each in found), _LEAF_WORDS)}"
        return Change("definition_changed", text, pointer=found[0].pointer)
    text = "the definition changed in a field that is not shown here"
    return Change("definition_changed", text, pointer="/")
