"""Which steps a variable's value may come from: definitions that reach a use.

A step that surely runs later gives nothing to an earlier one, nor does the other branch of a choice, and a value that
a step in between surely replaces is gone. What nobody can tell counts as reaching: a leak is better drawn than lost.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from handrail.language.importers.microsoft.scopes import Action, Scopes, shared_depth
from handrail.language.importers.tree import as_dict, as_list, as_text

_CHANGING: Final = frozenset(
    {"appendtoarrayvariable", "appendtostringvariable", "incrementvariable", "decrementvariable"}
)
_REPLACING: Final = frozenset({"initializevariable", "setvariable"})
_PAIRS_MAX: Final = 20_000
_DEFINITIONS_MAX: Final = 60


class Variables:
    """The variables of one definition."""

    def __init__(self, scopes: Scopes) -> None:
        """Take every action."""
        self._scopes = scopes
        self.definitions: dict[str, list[Action]] = defaultdict(list)
        for action in scopes.actions.values():
            for name in defined(action):
                self.definitions[variable_key(name)].append(action)

    def reaching(self, name: str, uses: list[Action]) -> Iterator[tuple[Action, Action]]:
        """Yield (definition, use) for all uses of a variable; above a limit a chain through its definitions."""
        found = self.definitions.get(variable_key(name), [])
        if len(found) * len(uses) > _PAIRS_MAX:
            yield from pairwise(found)
            yield from ((found[-1], use) for use in uses)
            return
        for use in uses:
            near = [each for each in found if each.id != use.id and self._may_reach(each, use)]
            replacing = [each for each in near if each.type.lower() in _REPLACING]
            replacing = replacing if len(near) <= _DEFINITIONS_MAX else []
            for each in near:
                if not any(other is not each and self._replaces(other, each, use) for other in replacing):
                    yield each, use

    def _may_reach(self, definition: Action, use: Action) -> bool:
        depth = shared_depth(definition, use)
        if self._loop(definition.holders[:depth]):
            return True
        if use.id in definition.holders:  # what a scope itself reads is read before what lies in it runs
            return use.type.lower() == "until"
        if definition.branches[:depth] != use.branches[:depth]:
            return False
        return not self._scopes.comes_before(use, definition)

    def _replaces(self, between: Action, definition: Action, use: Action) -> bool:
        """Tell whether a step surely runs before the use, and always after the definition."""
        if not self._scopes.comes_before(between, use) or not self._always_runs(between, use):
            return False
        loop = self._loop(definition.holders[: shared_depth(definition, use)])
        if not loop:
            return self._scopes.comes_before(definition, between)
        if loop not in between.holders:
            return False
        return self._scopes.comes_before(definition, between) or self._scopes.comes_before(use, definition)

    def _always_runs(self, action: Action, other: Action) -> bool:
        inner = action.holders[shared_depth(action, other) :]
        return all(self._scopes.actions[holder].type.lower() == "scope" for holder in inner)

    def _loop(self, holders: tuple[str, ...]) -> str:
        """Return the innermost loop among scopes."""
        return next((holder for holder in reversed(holders) if self._scopes.actions[holder].loops), "")


def defined(action: Action) -> Iterator[str]:
    """Yield the names of the variables that an action sets or changes."""
    kind = action.type.lower()
    held = as_dict(action.body.get("inputs"))
    if kind == "initializevariable":
        for each in as_list(held.get("variables")):
            if name := as_text(as_dict(each).get("name")):
                yield name
    elif (kind == "setvariable" or kind in _CHANGING) and (name := as_text(held.get("name"))):
        yield name


def variable_key(name: str) -> str:
    """Return a variable's name as the platform compares it."""
    return name.lower()
