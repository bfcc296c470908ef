"""The actions of a definition at any depth, and which of them runs before which."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.importers.errors import ArtefactInvalid
from handrail.language.importers.strict_json import is_number
from handrail.language.importers.tree import as_dict, as_text

LOOPS: Final = frozenset({"foreach", "until"})
INNER: Final = frozenset({"actions", "else", "cases", "default", "tools"})
_ORDERED_MAX: Final = 1500  # actions in one scope; Microsoft allows 500 in a whole flow
_SAME_NAME_MAX: Final = 50
# A scope is one branch of an action that holds others: (id of the holder, branch).
Scope = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Action:
    """One trigger or action.

    Attributes:
        id: Its name; when the file uses a name twice, the later one gets `#2`.
        name: As written.
        body: What the definition says about it.
        pointer: JSON pointer to it.
        holders: Ids of the scopes it lies in, the outermost first.
        branches: For each holder the branch that it lies in (`true`, `false`, the name of a case; else empty).
        trigger: Whether it starts the flow.
    """

    id: str
    name: str
    body: Mapping[str, Any]
    pointer: str
    holders: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    trigger: bool = False

    @property
    def type(self) -> str:
        """Return its type as written."""
        return as_text(self.body.get("type"))

    @property
    def loops(self) -> bool:
        """Tell whether it runs what lies in it more than once."""
        return self.type.lower() in LOOPS

    @property
    def after(self) -> Mapping[str, Any]:
        """Return what it waits for: names and the states they may end in."""
        return as_dict(self.body.get("runAfter"))


class Scopes:
    """Every action of a definition by its name, as expressions name it.

    Attributes:
        actions: Triggers and actions by id, in the order of the definition.
        triggers: What starts the flow.
    """

    def __init__(self, definition: Mapping[str, Any], pointer: str, filename: str) -> None:
        """Take a definition.

        Raises:
            ArtefactInvalid: If a trigger or an action is no object, with its place.
        """
        self._filename = filename
        self._ids: dict[str, int] = {}
        self.actions: dict[str, Action] = {}
        self._named: dict[str, list[Action]] = defaultdict(list)
        self._siblings: dict[Scope, list[Action]] = defaultdict(list)
        self._scopes_of: dict[str, list[Scope]] = defaultdict(list)
        self._by_scope: dict[tuple[Scope, str], Action] = {}
        self._places: dict[Scope, dict[str, int]] = {}
        self._before: dict[Scope, dict[str, int]] = {}
        self.triggers: list[Action] = []
        triggers = self._read(definition.get("triggers"), f"{pointer}/triggers", (), (), trigger=True)
        for action in triggers:
            self.triggers.append(action)
            self.actions[action.id] = action
        for action in self._walk(definition.get("actions"), f"{pointer}/actions"):
            self.actions[action.id] = action
            self._named[_key(action.name)].append(action)
            scope = _scope(action)
            if scope not in self._siblings:
                self._scopes_of[scope[0]].append(scope)
            self._siblings[scope].append(action)
            self._by_scope.setdefault((scope, _key(action.name)), action)

    def find(self, name: str, seen_from: Action) -> Action | None:
        """Return the action that a name means: case does not count, and the nearest wins where a name is doubled."""
        found = self._named.get(_key(name))
        if not found or len(found) == 1:
            return found[0] if found else None
        near = {("", ""), *zip(seen_from.holders, seen_from.branches, strict=True)}
        return max(found[:_SAME_NAME_MAX], key=lambda each: len(each.holders) if _scope(each) in near else -1)

    def sibling(self, name: str, of: Action) -> Action | None:
        """Return what an action's `runAfter` names: one of the same scope, else any of that name."""
        return self._by_scope.get((_scope(of), _key(name))) or self.find(name, of)

    def children(self, holder: str) -> Iterator[tuple[str, Action]]:
        """Yield what lies directly in a scope (empty: in the flow), with its branch."""
        for scope in self._scopes_of.get(holder, ()):
            yield from ((scope[1], action) for action in self._siblings[scope])

    def comes_before(self, first: Action, second: Action) -> bool:
        """Tell whether one action always ends before the other begins, in one pass through the flow.

        False also when nobody can tell, and between branches of which only one runs.
        """
        depth = shared_depth(first, second)
        if first.branches[:depth] != second.branches[:depth]:
            return False
        one = first.holders[depth] if len(first.holders) > depth else first.id
        other = second.holders[depth] if len(second.holders) > depth else second.id
        scope = (first.holders[depth - 1], first.branches[depth - 1]) if depth else ("", "")
        if scope not in self._places:
            self._order(scope)
        place = self._places[scope].get(one)
        return one != other and place is not None and bool(self._before[scope].get(other, 0) >> place & 1)

    def _order(self, scope: Scope) -> None:
        """Note for each action of a scope which ones come before it, as bits; nothing for a scope that is too large."""
        actions = self._siblings[scope] if len(self._siblings[scope]) <= _ORDERED_MAX else []
        place = {action.id: index for index, action in enumerate(actions)}
        self._places[scope] = place
        done = self._before.setdefault(scope, {})
        waits = {
            action.id: [
                found.id for name in action.after if (found := self.sibling(name, action)) and found.id in place
            ]
            for action in actions
        }
        for start in place:
            stack, entered = [start], set[str]()
            while stack:
                here = stack[-1]
                missing = [each for each in waits[here] if each not in done and each not in entered]
                if here not in entered and missing:
                    entered.add(here)
                    stack += missing
                    continue
                entered.add(here)
                stack.pop()
                bits = 0
                for each in waits[here]:
                    bits |= done.get(each, 0) | 1 << place[each]
                done[here] = bits

    def _walk(self, actions: Any, pointer: str) -> Iterator[Action]:
        stack = [iter(self._read(actions, pointer, (), ()))]
        while stack:
            action = next(stack[-1], None)
            if action is None:
                stack.pop()
                continue
            yield action
            stack.extend(
                iter(self._read(inner, at, (*action.holders, action.id), (*action.branches, branch)))
                for inner, at, branch in reversed(list(_inner(action)))
            )

    def _read(
        self, held: Any, pointer: str, holders: tuple[str, ...], branches: tuple[str, ...], *, trigger: bool = False
    ) -> Iterator[Action]:
        for name, body in as_dict(held).items():
            at = f"{pointer}/{pointer_segment(name)}"
            if not isinstance(body, dict) or is_number(body):
                raise ArtefactInvalid(
                    "A step of this flow is no object.",
                    fix="Export the flow again.",
                    place=f"{self._filename}#{at}",
                )
            yield Action(self._unique(name), name, body, at, holders, branches, trigger)

    def _unique(self, name: str) -> str:
        self._ids[name] = self._ids.get(name, 0) + 1
        unique = name if self._ids[name] == 1 else f"{name}#{self._ids[name]}"
        while unique != name and unique in self._ids:
            unique += "'"
        self._ids.setdefault(unique, 1)
        return unique


def _scope(action: Action) -> Scope:
    return (action.holders[-1], action.branches[-1]) if action.holders else ("", "")


def shared_depth(first: Action, second: Action) -> int:
    """Return how many scopes hold both actions."""
    depth = 0
    for one, other in zip(first.holders, second.holders, strict=False):
        if one != other:
            break
        depth += 1
    return depth


def _inner(action: Action) -> Iterator[tuple[Any, str, str]]:
    body, at = action.body, action.pointer
    is_choice = action.type.lower() == "if"
    yield body.get("actions"), f"{at}/actions", "true" if is_choice else ""
    yield as_dict(body.get("else")).get("actions"), f"{at}/else/actions", "false"
    for kind in ("cases", "tools"):
        for name, case in as_dict(body.get(kind)).items():
            yield as_dict(case).get("actions"), f"{at}/{kind}/{pointer_segment(name)}/actions", name
    yield as_dict(body.get("default")).get("actions"), f"{at}/default/actions", "default"


def _key(name: str) -> str:
    return name.lower().replace(" ", "_")
