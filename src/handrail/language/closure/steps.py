"""Differences between the steps of two versions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handrail.language.closure.leaves import MISSING, Leaf
from handrail.language.closure.model import Change, Severity
from handrail.language.closure.words import does, lines_changed, listed, plain, quoted, value_words
from handrail.language.graph import BUILT_IN, Step

_ADDRESS: Final = frozenset({"url", "endpoint", "sseEndpoint", "endpointUrl", "baseUrl", "uri"})
_METHOD: Final = frozenset({"method", "requestMethod"})
_OPERATION: Final = frozenset({"operation", "resource", "action"})
_CODE: Final = frozenset({"func", "jsCode", "pythonCode", "functionCode", "code", "command"})
_TEXT_LONG: Final = 200

Covers = Callable[[Leaf], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """A step in both versions, and where its source differs (paths begin inside the step)."""

    old: Step
    new: Step
    name: str
    leaves: Sequence[Leaf]


def changes_of(pair: Pair) -> Iterator[Change]:
    """Yield what changed in one step. Every leaf is either said in words or named by its place."""
    covering: list[Covers] = []
    for change, covers in _worded(pair):
        covering.append(covers)
        yield change
    for leaf in pair.leaves:
        if not any(covers(leaf) for covers in covering):
            yield _field(pair, leaf)


def added(step: Step, name: str, after: Sequence[str], before: Sequence[str]) -> Change:
    """Say that a step is new, and where it sits."""
    if step.kind == "comment":
        return Change("comment_added", f"new comment {name}", step.id, step.pointer)
    place = (f", after {listed(after)}" if after else "") + (f", before {listed(before)}" if before else "")
    outside = step.connector and step.connector not in BUILT_IN
    reaches = outside or step.hosts or step.credential_refs or step.kind in {"http", "code", "subflow"}
    what = "configuration" if step.kind == "config" else "step"
    severity: Severity = "widens" if reaches else "neutral"
    return Change("step_added", f"new {what} {name} ({does(step)}){place}", step.id, step.pointer, severity)


def removed(step: Step, name: str) -> Change:
    """Say that a step is gone."""
    if step.kind == "comment":
        return Change("comment_removed", f"comment {name} removed", step.id, step.pointer)
    return Change("step_removed", f"step {name} removed ({does(step)})", step.id, step.pointer, "narrows")


def _worded(pair: Pair) -> Iterator[tuple[Change, Covers]]:
    old, new = pair.old, pair.new

    def change(kind: str, text: str, severity: Severity = "neutral") -> Change:
        return Change(kind, text, new.id, new.pointer, severity)

    if old.name != new.name:
        text = f"step {quoted(old.name)} is now called {quoted(new.name)}"
        yield change("step_renamed", text), _at("name", "label")
    if old.type != new.type:
        text = f"step {pair.name} is now a {plain(new.type)} instead of a {plain(old.type)}"
        yield change("type_changed", text, "widens"), _at("type")
    if (old.hosts, old.url, old.method) != (new.hosts, new.url, new.method):
        yield change("call_changed", _call_words(pair), _call_severity(old, new)), _covers_call(old, new)
    if _does_other(pair):
        text = f"step {pair.name} now does {does(new)} instead of {does(old)}"
        yield change("call_changed", text, "widens"), _at(*_OPERATION)
    if old.disabled != new.disabled:
        text = f"step {pair.name} is switched {'off' if new.disabled else 'on'}"
        kind, severity = ("step_disabled", "narrows") if new.disabled else ("step_enabled", "widens")
        yield Change(kind, text, new.id, new.pointer, _severity(severity)), _at("disabled", "d")
    if old.error_policy != new.error_policy:
        text = f"step {pair.name} on failure: {new.error_policy or 'stop'} instead of {old.error_policy or 'stop'}"
        yield change("error_policy_changed", text), _at("onError", "continueOnFail", "retryOnFail", "senderr")
    if old.credential_refs != new.credential_refs:
        before, after = (listed(map(plain, each.credential_refs)) or "none" for each in (old, new))
        text = f"step {pair.name} now uses the credential {after} instead of {before}"
        yield change("credential_changed", text, "widens"), _covers_credentials(old, new)


def _does_other(pair: Pair) -> bool:
    """Tell whether a step does something else; a request's method is part of its call, said elsewhere.

    A graph that was stored earlier may know less of a type than we do now: without a change in its source, or with
    another type, the step does what it did.
    """
    old, new = pair.old, pair.new
    if (old.operation, old.connector) == (new.operation, new.connector) or new.kind == "http":
        return False
    return any(_inner(leaf) for leaf in pair.leaves)


def _severity(word: str) -> Severity:
    return "narrows" if word == "narrows" else "widens"


def _at(*fields: str) -> Covers:
    """Cover a field that stands directly in the step, or directly in its parameters."""
    return lambda leaf: len(_inner(leaf)) == 1 and _inner(leaf)[0] in fields


def _inner(leaf: Leaf) -> tuple[str, ...]:
    return leaf.path[1:] if leaf.path[:1] == ("parameters",) else leaf.path


def _covers_call(old: Step, new: Step) -> Covers:
    def covers(leaf: Leaf) -> bool:
        path = _inner(leaf)
        if path[:1] and path[0] in _METHOD and len(path) == 1:
            return old.method != new.method
        is_address = path[:1] != () and path[0] in _ADDRESS and path[1:] in {(), ("value",)}
        return is_address and _said_in_full(leaf, old, new)

    return covers


def _said_in_full(leaf: Leaf, old: Step, new: Step) -> bool:
    """Tell whether the words about a call leave nothing of the address's change unsaid."""
    if not isinstance(leaf.old, str) or not isinstance(leaf.new, str):
        return False
    if old.hosts != new.hosts:
        return len(old.hosts) == len(new.hosts) == 1 and leaf.old.replace(old.hosts[0], new.hosts[0], 1) == leaf.new
    return leaf.old.replace(old.url or "\0", "", 1) == leaf.new.replace(new.url or "\0", "", 1)


def _covers_credentials(old: Step, new: Step) -> Covers:
    changed = {each.split("/", 1)[0] for each in set(old.credential_refs) ^ set(new.credential_refs)}
    return lambda leaf: leaf.path[:1] == ("credentials",) and (leaf.path[1:2] == () or leaf.path[1] in changed)


def _call_words(pair: Pair) -> str:
    old, new = pair.old, pair.new
    more, less = sorted(set(new.hosts) - set(old.hosts)), sorted(set(old.hosts) - set(new.hosts))
    methods = old.method != new.method
    verb_old, verb_new = (f"{each.method or 'any method'} " if methods else "" for each in (old, new))
    if more and less:
        return (
            f"step {pair.name} now calls {verb_new}{listed(map(plain, more))}"
            f" instead of {verb_old}{listed(map(plain, less))}"
        )
    if not methods and more:
        return f"step {pair.name} now also calls {listed(map(plain, more))}"
    if not methods and less:
        return f"step {pair.name} no longer calls {listed(map(plain, less))}"
    return f"step {pair.name} now calls {verb_new}{_where(new)} instead of {verb_old}{_where(old)}"


def _where(step: Step) -> str:
    host = step.hosts[0] if len(step.hosts) == 1 else ""
    return plain(host + (step.path or "")) if host else plain(step.url or "an address from the message")


def _call_severity(old: Step, new: Step) -> Severity:
    return "narrows" if set(new.hosts) < set(old.hosts) and old.method == new.method else "widens"


def _field(pair: Pair, leaf: Leaf) -> Change:
    pointer = pair.new.pointer + leaf.pointer
    path = ".".join(leaf.path)
    if isinstance(leaf.old, str) and isinstance(leaf.new, str):
        is_code = leaf.path[-1:] != () and leaf.path[-1] in _CODE
        if is_code or "\n" in leaf.old + leaf.new or len(leaf.old) > _TEXT_LONG:
            what = f"function code of {pair.name}" if is_code else f"text {quoted(path)} of step {pair.name}"
            text = f"{what} changed ({lines_changed(leaf.old, leaf.new)})"
            return Change("code_changed" if is_code else "text_changed", text, pair.new.id, pointer)
    if leaf.old is MISSING:
        text = f"step {pair.name}: {quoted(path)} was added"
    elif leaf.new is MISSING:
        text = f"step {pair.name}: {quoted(path)} was removed"
    else:
        text = f"step {pair.name}: {quoted(path)} changed {value_words(leaf.old, leaf.new)}"
    return Change("field_changed", text, pair.new.id, pointer)
