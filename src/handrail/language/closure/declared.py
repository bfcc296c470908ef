"""Differences between two closure documents: what was declared and what is reached."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.closure.errors import ClosureInvalid
from handrail.language.closure.model import ALGORITHM, Change
from handrail.language.closure.words import plain, value_words

_LADDER: Final = ("public", "internal", "confidential", "restricted")
_SETS: Final = (
    ("scopes", "scope", "may now use the scope {}", "no longer uses the scope {}"),
    ("egress", "egress", "may now reach {} outside every connection", "no longer reaches {}"),
    ("unknown", "unknown", "now depends on {}, which its export does not hold", "no longer depends on {}"),
)


def declared_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what changed beside the definition itself."""
    yield from _operations(old, new)
    yield from _connections(old, new)
    for field, kind, more, less in _SETS:
        before, after = set(old.get(field, ())), set(new.get(field, ()))
        for each in sorted(after - before):
            yield Change(f"{kind}_added", "it " + more.format(plain(each)), severity="widens")
        for each in sorted(before - after):
            yield Change(f"{kind}_removed", "it " + less.format(plain(each)), severity="narrows")
    yield from _data_classes(set(old.get("dataClasses", ())), set(new.get("dataClasses", ())))
    yield from _constants(old.get("constants", {}), new.get("constants", {}))
    yield from _reachable(dict(old.get("reachable", ())), dict(new.get("reachable", ())))


def require_readable(document: Mapping[str, Any]) -> None:
    """Refuse a document of another algorithm.

    Raises:
        ClosureInvalid: With the algorithm that it names.
    """
    if document.get("algorithm") != ALGORITHM:
        raise ClosureInvalid(
            f"A closure of the form {str(document.get('algorithm'))[:20]!r} cannot be compared here.",
            fix="Take the closure of this version again.",
            place="closure",
        )


def operations_of(document: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return interface digests by (connection, operation)."""
    return {(connection, name): interface for connection, name, interface in document.get("operations", ())}


def _operations(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = operations_of(old), operations_of(new)
    for key in sorted({*before, *after}):
        name = f"{plain(key[0])}: {plain(key[1])}"
        if key not in before:
            yield Change("operation_added", f"it may now use connection {name}", severity="widens")
        elif key not in after:
            yield Change("operation_removed", f"it no longer uses connection {name}", severity="narrows")
        elif before[key] != after[key]:
            yield Change("interface_changed", f"the interface of {name} changed")


def _connections(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = dict(old.get("connections", ())), dict(new.get("connections", ()))
    for name in sorted({*before, *after}):
        if name not in before:
            yield Change("connection_added", f"it now uses the connection {plain(name)}", severity="widens")
        elif name not in after:
            yield Change("connection_removed", f"it no longer uses the connection {plain(name)}", severity="narrows")
        elif before[name] != after[name]:
            text = f"the connection {plain(name)} is another one under the same name"
            yield Change("connection_changed", text, severity="widens")


def _data_classes(old: set[str], new: set[str]) -> Iterator[Change]:
    rungs_old, rungs_new = _rungs(old), _rungs(new)
    if len(rungs_old) == 1 and len(rungs_new) == 1 and rungs_old != rungs_new:
        raised = rungs_new > rungs_old
        text = f"its data class {'rose' if raised else 'fell'} from {_LADDER[rungs_old[0]]} to {_LADDER[rungs_new[0]]}"
        yield Change("data_class_changed", text, severity="widens" if raised else "narrows")
        old, new = old - set(_LADDER), new - set(_LADDER)
    for each in sorted(new - old):
        yield Change("data_class_added", f"it now handles {plain(each)} data", severity="widens")
    for each in sorted(old - new):
        yield Change("data_class_removed", f"it no longer handles {plain(each)} data", severity="narrows")


def _rungs(classes: set[str]) -> list[int]:
    return [index for index, name in enumerate(_LADDER) if name in classes]


def _constants(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield Change("constant_added", f"constant {plain(name)} was added")
        elif name not in new:
            yield Change("constant_removed", f"constant {plain(name)} was removed")
        elif old[name] != new[name]:
            yield Change("constant_changed", f"constant {plain(name)} changed {value_words(old[name], new[name])}")


def _reachable(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for reference in sorted({*old, *new}):
        if reference not in old:
            yield Change("subflow_added", f"it now calls the flow {plain(reference)}", severity="widens")
        elif reference not in new:
            yield Change("subflow_removed", f"it no longer calls the flow {plain(reference)}", severity="narrows")
        elif old[reference] != new[reference]:
            yield Change("subflow_changed", f"the flow {plain(reference)} that it calls changed")
