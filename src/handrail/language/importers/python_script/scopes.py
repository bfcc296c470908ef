"""Names of a script and what they stand for."""

import ast
from dataclasses import dataclass, field

from handrail.language.importers.python_script.values import NOTHING, Value, joined


@dataclass(slots=True)
class Function:
    """A function of the script, and what is known of it so far."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    outer: "Scope"
    owner: str = ""
    parameters: dict[str, Value] = field(default_factory=dict)
    result: Value = NOTHING
    entries: frozenset[str] = frozenset()
    exits: frozenset[str] = frozenset()
    passes_by: bool = True
    trigger: str = ""

    def told(self) -> tuple[object, ...]:
        """Return what another look may change."""
        return tuple(self.parameters.items()), self.result, self.entries, self.exits, self.passes_by


@dataclass(slots=True)
class Scope:
    """Names that can be seen at a place.

    Attributes:
        name: Of the function, empty for the module.
        names: Values by name.
        outer: Where a name is looked up next.
        function: The function whose body this is.
        open_names: Names declared `global` or `nonlocal`.
        guarded: Whether an error here is caught.
        trigger: Step whose input the function `request` object of web frameworks holds.
    """

    name: str = ""
    names: dict[str, Value] = field(default_factory=dict)
    outer: "Scope | None" = None
    function: Function | None = None
    open_names: set[str] = field(default_factory=set)
    guarded: int = 0
    trigger: str = ""

    def get(self, name: str) -> Value | None:
        """Return what a name stands for."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def set(self, name: str, value: Value, *, adds: bool = False) -> None:
        """Give a name a value; with `adds` what it was stays possible."""
        scope = self
        while name in scope.open_names and scope.outer is not None:
            scope = scope.outer
        outside = scope is not self
        held = scope.names.get(name)
        scope.names[name] = joined(value, held) if held is not None and (adds or outside) else value
