"""Walks a script as if it ran, with what is known of its values, and notes the calls that reach something."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from handrail.language.importers.python_script.calls import Calls
from handrail.language.importers.python_script.notes import Notes
from handrail.language.importers.python_script.scopes import Function, Scope
from handrail.language.importers.python_script.triggers import main_guard, routes_of
from handrail.language.importers.python_script.values import NOTHING, Value, below, joined

PASSES_MAX: Final = 8
_WORK_MAX: Final = 600_000
_COPIES_MAX: Final = 2_000_000
_TWICE_DEEP: Final = 2

Ways = frozenset[str]
"""Steps after which the next one comes."""

Definable = ast.FunctionDef | ast.AsyncFunctionDef


class ScriptReader:
    """Reads a script several times, until what its functions take and give is settled."""

    def __init__(self, tree: ast.Module, notes: Notes) -> None:
        """Take a parsed script."""
        self._tree = tree
        self._notes = notes
        self._functions: dict[str, Function] = {}
        self._attributes: dict[str, Value] = {}
        self._copies = _COPIES_MAX
        self._loops = 0
        self._calls = Calls(notes, self._functions, self._attributes)

    @property
    def libraries(self) -> frozenset[str]:
        """Return the imported libraries of which nobody knows what they do."""
        return frozenset(self._calls.libraries)

    def read(self, size: int) -> None:
        """Fill the notes.

        Args:
            size: Parts of the script: large ones are read fewer times.
        """
        module = Scope()
        before: object = None
        for _ in range(max(2, min(PASSES_MAX, _WORK_MAX // max(size, 1)))):
            self._notes.begin()
            module = Scope(names=module.names)
            self._calls.ways = frozenset()
            self._block(self._tree.body, module)
            done: set[str] = set()
            while len(done) < len(self._functions):
                for name in [each for each in self._functions if each not in done]:
                    done.add(name)
                    self._body(self._functions[name])
            told = (
                tuple((name, each.told()) for name, each in sorted(self._functions.items())),
                tuple(sorted(self._attributes.items(), key=lambda pair: pair[0])),
                len(self._notes.data),
                len(self._notes.edges),
            )
            if told == before:
                return
            before = told

    def _body(self, function: Function) -> None:
        scope = Scope(function.name, {}, function.outer, function, trigger=function.trigger)
        arguments = function.node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        named += [each for each in (arguments.vararg, arguments.kwarg) if each]
        for at, each in enumerate(named):
            value = function.parameters.get(each.arg, NOTHING)
            if at == 0 and function.owner:
                value = replace(value, dotted=f"local:{function.owner}")
            elif function.trigger:
                value = joined(value, Value(origins=frozenset({(function.trigger, each.arg)})))
            scope.names[each.arg] = value
        for each, default in zip(named[len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults) :],
                                 arguments.defaults, strict=False):  # fmt: skip
            scope.names[each.arg] = joined(scope.names[each.arg], self._calls.value(default, function.outer))
        start = frozenset({function.trigger} if function.trigger else {f"into:{function.name}"})
        self._calls.ways = start
        self._block(function.node.body, scope)
        self._exit(function)
        self._settle(function)

    def _exit(self, function: Function) -> None:
        function.exits |= self._calls.ways

    def _settle(self, function: Function) -> None:
        mark = f"into:{function.name}"
        entries = {edge.target for edge in self._notes.edges if edge.source == mark}
        for edge in [each for each in self._notes.edges if each.source == mark]:
            del self._notes.edges[edge]
        function.entries |= frozenset(entries)
        function.passes_by = mark in function.exits
        function.exits -= {mark}

    def _block(self, statements: Sequence[ast.stmt], scope: Scope) -> None:
        for each in statements:
            self._statement(each, scope)

    def _statement(self, node: ast.stmt, scope: Scope) -> None:  # noqa: C901, PLR0912 - one branch a kind of statement
        value = self._calls.value
        match node:
            case ast.Import():
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    scope.set(name, Value(dotted=alias.name if alias.asname else name))
                    self._calls.imported(alias.name)
            case ast.ImportFrom():
                for alias in node.names:
                    if node.level == 0 and node.module:
                        scope.set(alias.asname or alias.name, Value(dotted=f"{node.module}.{alias.name}"))
                        self._calls.imported(node.module)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._define(node, scope, "")
            case ast.ClassDef():
                self._define_class(node, scope)
            case ast.Assign():
                held = value(node.value, scope)
                for target in node.targets:
                    self._assign(target, held, scope)
            case ast.AnnAssign() if node.value is not None:
                self._assign(node.target, value(node.value, scope), scope)
            case ast.AugAssign():
                held = joined(value(node.value, scope), replace(value(node.target, scope), texts=frozenset()))
                self._assign(node.target, held, scope)
            case ast.Expr():
                value(node.value, scope)
            case ast.Return():
                self._return(node, scope)
            case ast.If():
                self._if(node, scope)
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(node, scope)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    held = value(item.context_expr, scope)
                    if item.optional_vars is not None:
                        self._assign(item.optional_vars, held, scope)
                self._block(node.body, scope)
            case ast.Try() | ast.TryStar():
                self._try(node, scope)
            case ast.Match():
                value(node.subject, scope)
                self._branches([case.body for case in node.cases], scope, covers=False)
            case ast.Global() | ast.Nonlocal():
                scope.open_names |= set(node.names)
            case ast.Raise() | ast.Assert() | ast.Delete():
                for each in ast.iter_child_nodes(node):
                    if isinstance(each, ast.expr):
                        value(each, scope)
            case _:
                pass

    def _define(self, node: Definable, scope: Scope, owner: str) -> None:
        name = ".".join(filter(None, (owner or scope.name, node.name)))
        function = self._functions.get(name)
        if function is None or function.node is not node:
            function = self._functions[name] = Function(name, node, scope, owner)
        function.outer = scope
        for each in node.decorator_list:
            self._calls.value(each, scope)
        if not owner:
            scope.set(node.name, Value(dotted=f"local:{name}"))
        for trigger in routes_of(node, scope, self._notes, self._calls):
            function.trigger = trigger

    def _define_class(self, node: ast.ClassDef, scope: Scope) -> None:
        name = ".".join(filter(None, (scope.name, node.name)))
        inner = Scope(name, {}, scope)
        for each in node.body:
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._define(each, scope, name)
            else:
                self._statement(each, inner)
        for key, value in inner.names.items():
            self._attributes[f"local:{name}.{key}"] = value
        scope.set(node.name, Value(dotted=f"local:{name}"))

    def _assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        match target:
            case ast.Name():
                scope.set(target.id, value)
            case ast.Attribute() | ast.Subscript():
                self._calls.put(target, value, scope)
            case ast.Tuple() | ast.List():
                for each in target.elts:
                    inner = each.value if isinstance(each, ast.Starred) else each
                    self._assign(inner, replace(value, texts=frozenset()), scope)
            case _:
                pass

    def _return(self, node: ast.Return, scope: Scope) -> None:
        if node.value is not None:
            value = self._calls.value(node.value, scope)
            if scope.function is not None:
                scope.function.result = joined(scope.function.result, value)
                if scope.trigger and scope.function.trigger == scope.trigger:
                    self._calls.respond(node, node.value, value, scope)
        if scope.function is not None:
            scope.function.exits |= self._calls.ways
            self._calls.ways = frozenset()

    def _if(self, node: ast.If, scope: Scope) -> None:
        bodies: list[list[ast.stmt]] = []
        last: list[ast.stmt] = [node]
        while len(last) == 1 and isinstance(last[0], ast.If):
            this = last[0]
            self._calls.value(this.test, scope)
            if main_guard(this) and not scope.name:
                self._calls.ways |= {self._calls.start(this)}
            bodies.append(this.body)
            last = this.orelse
        self._branches([*bodies, last], scope, covers=True)

    def _branches(self, bodies: Iterable[Sequence[ast.stmt]], scope: Scope, *, covers: bool) -> None:
        bodies = list(bodies)
        self._copies -= len(scope.names) * len(bodies)
        if self._copies < 0:
            # so many ways through so many names are walked one after the other, which may join too much
            for body in bodies:
                self._block(body, scope)
            return
        before, names = self._calls.ways, dict(scope.names)
        after: Ways = frozenset() if covers else before
        merged: dict[str, Value] = {} if covers else dict(names)
        for body in bodies:
            self._calls.ways, scope.names = before, dict(names)
            self._block(body, scope)
            after |= self._calls.ways
            for name, value in scope.names.items():
                merged[name] = joined(merged[name], value) if name in merged else value
        self._calls.ways, scope.names = after, merged

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> None:
        items = self._calls.value(node.iter if not isinstance(node, ast.While) else node.test, scope)
        before = self._calls.ways
        self._loops += 1
        for _ in range(2 if self._loops <= _TWICE_DEEP else 1):
            self._copies -= len(scope.names)
            names = dict(scope.names)
            if not isinstance(node, ast.While):
                self._assign(node.target, below(items, ""), scope)
            self._block(node.body, scope)
            for name, value in names.items() if self._copies >= 0 else ():
                scope.names[name] = joined(scope.names.get(name, value), value)
        self._loops -= 1
        self._calls.ways |= before
        self._block(node.orelse, scope)

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope) -> None:
        caught = any(not _only_raises(each.body) for each in node.handlers)
        before = self._calls.ways
        scope.guarded += caught
        self._block(node.body, scope)
        scope.guarded -= caught
        inside = self._calls.ways | before
        self._block(node.orelse, scope)
        after = self._calls.ways
        for each in node.handlers:
            self._calls.ways = inside
            self._block(each.body, scope)
            after |= self._calls.ways
        self._calls.ways = after
        self._block(node.finalbody, scope)


def _only_raises(body: Sequence[ast.stmt]) -> bool:
    return all(isinstance(each, ast.Raise) for each in body)
