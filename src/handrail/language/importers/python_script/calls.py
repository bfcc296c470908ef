"""Values of expressions; calls that reach something become steps."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from handrail.language.importers.addresses import kebab, literal_hosts
from handrail.language.importers.node_red_resources import tables
from handrail.language.importers.python_script.known import Known, is_known_library, known
from handrail.language.importers.python_script.notes import Draft, Notes
from handrail.language.importers.python_script.scopes import Function, Scope
from handrail.language.importers.python_script.values import (
    NOTHING,
    Value,
    below,
    called,
    concatenated,
    holding,
    joined,
)

_BUILTINS: Final = frozenset({"open", "eval", "exec", "compile", "__import__", "input"})
_ENVIRONMENT: Final = frozenset(
    {"os.environ.get", "os.getenv", "os.environ.pop", "os.environ.setdefault", "decouple.config"}
)
_ARGUMENTS: Final = ("sys.argv", "argparse.ArgumentParser.parse_args")
_ADDRESS_NAMES: Final = (
    "url",
    "base_url",
    "uri",
    "endpoint",
    "endpoint_url",
    "host",
    "dsn",
    "conninfo",
    "azure_endpoint",
)
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_HOST: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|localhost")
_HOST_PART: Final = re.compile(
    r"\bhost(?:name)?=([A-Za-z0-9._-]+)|^[a-z][a-z0-9+]*://(?:(?:\[secret: [a-z-]+\]|[^@/\s\[])*+@)?([A-Za-z0-9._-]+)"
)
_SCHEMES: Final = {"postgresql": "postgres", "postgres": "postgres", "mysql": "mysql", "mariadb": "mysql",
                   "sqlite": "sqlite", "mssql": "sql-server", "oracle": "oracle", "snowflake": "snowflake",
                   "bigquery": "google-bigquery", "redshift": "aws-redshift"}  # fmt: skip
_SAME_TEXT: Final = frozenset(
    {"urllib.parse.urljoin", "os.path.join", "pathlib.Path", "sqlalchemy.text", "sqlalchemy.sql.text",
     "psycopg.sql.SQL", "psycopg2.sql.SQL", "textwrap.dedent"}
)  # fmt: skip
_EXECUTES: Final = frozenset({"execute", "executemany", "executescript"})
_WRITES: Final = re.compile(r"[wax+]")
_REGEX_GUARD: Final = 2_000
_BOTO: Final = ("boto3.client", "boto3.resource", "boto3.Session.client", "boto3.Session.resource",
                "boto3.session.Session.client", "boto3.session.Session.resource")  # fmt: skip
Ways = frozenset[str]


class Calls:
    """Evaluates expressions without running them."""

    def __init__(self, notes: Notes, functions: dict[str, Function], attributes: dict[str, Value]) -> None:
        """Share what the reader knows of the script's functions and attributes."""
        self._notes = notes
        self._functions = functions
        self._attributes = attributes
        self.ways: Ways = frozenset()
        self.libraries: set[str] = set()
        self._kinds: Mapping[type[ast.AST], Callable[[ast.AST, Scope], Value]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.JoinedStr: self._formatted,
            ast.BinOp: self._operation,
            ast.Lambda: self._lambda,
            ast.NamedExpr: self._named,
            ast.Await: self._inner,
            ast.Starred: self._inner,
            ast.FormattedValue: self._inner,
            ast.Yield: self._yielded,
            ast.YieldFrom: self._yielded,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.IfExp: self._either,
            ast.BoolOp: self._either,
        }

    def value(self, node: ast.AST, scope: Scope) -> Value:
        """Return what an expression may be."""
        known_kind = self._kinds.get(type(node))
        if known_kind is not None:
            return known_kind(node, scope)
        return holding(*(self.value(each, scope) for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)))

    def imported(self, module: str) -> None:
        """Note a library of which nobody knows what it does."""
        root = module.partition(".")[0]
        if not is_known_library(root):
            self.libraries.add(root)

    def put(self, target: ast.Attribute | ast.Subscript, value: Value, scope: Scope) -> None:
        """Note that a value was put into an attribute or item."""
        holder = self.value(target.value, scope)
        if isinstance(target, ast.Attribute) and holder.dotted.startswith("local:"):
            key = f"{holder.dotted}.{target.attr}"
            self._attributes[key] = joined(value, self._attributes.get(key, NOTHING))
            return
        self._absorb(target.value, holding(value), scope)

    def start(self, node: ast.If) -> str:
        """Return the step that a script's `if __name__` block begins with."""
        draft = self._notes.draft(node, "", "__main__", "trigger", "main")
        draft.connector, draft.operation = "manual", "run"
        return draft.id

    def respond(self, node: ast.Return, result: ast.expr, value: Value, scope: Scope) -> None:
        """Note that a web function answers with a value."""
        draft = self._notes.draft(node, scope.name, "http.response", "action", "response")
        draft.connector, draft.operation = "webhook", "respond"
        self._notes.order(self.ways, draft.id)
        self._notes.input(draft, "body", result, value)
        self.ways = frozenset({draft.id})

    def _constant(self, node: ast.AST, _scope: Scope) -> Value:
        held = getattr(node, "value", None)
        if isinstance(held, (str, bytes)):
            text = held if isinstance(held, str) else held.decode("utf-8", "replace")
            text = text[:_REGEX_GUARD]
            # an escape may write half of a character, which no text of ours may hold
            clean = text if text.isascii() else text.encode("utf-8", "replace").decode()
            return Value(texts=frozenset({clean})) if clean else NOTHING
        return Value(texts=frozenset({str(held)})) if isinstance(held, int) and abs(held) < 2**63 else NOTHING

    def _name(self, node: ast.AST, scope: Scope) -> Value:
        name = getattr(node, "id", "")
        held = scope.get(name)
        return held if held is not None else Value(dotted=name) if name in _BUILTINS else NOTHING

    def _attribute(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, ast.Attribute)  # noqa: S101 - the table of kinds says so
        holder = self.value(node.value, scope)
        if holder.dotted.startswith("local:"):
            key = f"{holder.dotted}.{node.attr}"
            return self._attributes.get(key) or Value(dotted=key, origins=holder.origins)
        dotted = f"{holder.dotted}.{node.attr}" if holder.dotted else ""
        if dotted == "flask.request" or dotted.startswith("flask.request."):
            return Value(dotted, origins=frozenset({(scope.trigger, node.attr)}) if scope.trigger else frozenset())
        if dotted == "sys.argv":
            return Value(dotted, parameters=frozenset({"argv"}))
        return replace(below(holder, node.attr), dotted=dotted)

    def _subscript(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, ast.Subscript)  # noqa: S101 - the table of kinds says so
        holder = self.value(node.value, scope)
        index = self.value(node.slice, scope)
        key = next(iter(index.texts)) if len(index.texts) == 1 else ""
        if holder.dotted == "os.environ":
            return Value(environment=frozenset({key}) if key else frozenset())
        part = below(holder, key if key and not key.lstrip("-").isdigit() else "")
        return joined(part, replace(index, texts=frozenset(), dotted=""))

    def _formatted(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, ast.JoinedStr)  # noqa: S101 - the table of kinds says so
        return concatenated([self.value(each, scope) for each in node.values])

    def _operation(self, node: ast.AST, scope: Scope) -> Value:
        parts: list[ast.expr] = []
        at: ast.AST = node
        plus = True
        while isinstance(at, ast.BinOp):
            if isinstance(at.op, ast.Mod) and isinstance(at.left, (ast.Constant, ast.Name, ast.JoinedStr)):
                template = self.value(at.left, scope)
                filled = holding(self.value(at.right, scope), template)
                texts = frozenset(re.sub(r"%[sdrif]|%\(\w{1,60}\)[sdrif]", "{}", text) for text in template.texts)
                return joined(replace(filled, texts=texts), holding(*(self.value(each, scope) for each in parts)))
            plus = plus and isinstance(at.op, ast.Add)
            parts.append(at.right)
            at = at.left
        values = [self.value(each, scope) for each in (at, *reversed(parts)) if isinstance(each, ast.expr)]
        is_text = any(not text.lstrip("-").isdigit() for each in values for text in each.texts)
        result = concatenated(values) if plus and is_text and len(values) <= 200 else holding(*values)
        paths = [each.dotted for each in values if each.dotted.startswith("pathlib.")]
        if paths:
            texts = concatenated([part for each in values for part in (Value(texts=frozenset({"/"})), each)][1:]).texts
            return replace(result, dotted=paths[0], base=texts)
        frames = [each.dotted for each in values if each.dotted.startswith("pandas.")]
        return replace(result, dotted=frames[0]) if frames else result

    def _lambda(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, ast.Lambda)  # noqa: S101 - the table of kinds says so
        return holding(self.value(node.body, Scope(scope.name, {}, scope, scope.function, trigger=scope.trigger)))

    def _named(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, ast.NamedExpr)  # noqa: S101 - the table of kinds says so
        value = self.value(node.value, scope)
        scope.set(node.target.id, value)
        return value

    def _inner(self, node: ast.AST, scope: Scope) -> Value:
        return (
            self.value(node.value, scope) if isinstance(node, (ast.Await, ast.Starred, ast.FormattedValue)) else NOTHING
        )

    def _yielded(self, node: ast.AST, scope: Scope) -> Value:
        held = getattr(node, "value", None)
        value = self.value(held, scope) if held is not None else NOTHING
        if scope.function is not None:
            scope.function.result = joined(scope.function.result, value)
        return NOTHING

    def _comprehension(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp))  # noqa: S101
        inner = Scope(scope.name, {}, scope, scope.function, guarded=scope.guarded, trigger=scope.trigger)
        conditions = []
        for each in node.generators:
            items = below(self.value(each.iter, inner), "")
            for name in _targets(each.target):
                inner.names[name] = items
            conditions += [self.value(test, inner) for test in each.ifs]
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return holding(*(self.value(each, inner) for each in results))

    def _either(self, node: ast.AST, scope: Scope) -> Value:
        if isinstance(node, ast.IfExp):
            self.value(node.test, scope)
            return joined(self.value(node.body, scope), self.value(node.orelse, scope))
        result = NOTHING
        for each in getattr(node, "values", []):
            result = joined(result, self.value(each, scope))
        return result

    # -- calls

    def _call(self, node: ast.AST, scope: Scope) -> Value:
        assert isinstance(node, ast.Call)  # noqa: S101 - the table of kinds says so
        callee = self.value(node.func, scope)
        if isinstance(node.func, ast.Attribute):
            callee = called(callee, node.func.attr)
        arguments = {str(at): self.value(each, scope) for at, each in enumerate(node.args)}
        arguments |= {each.arg or "**": self.value(each.value, scope) for each in node.keywords}
        if isinstance(node.func, ast.Name) and node.func.id == "len" and scope.get("len") is None:
            return below(holding(*arguments.values()), "length")
        dotted = _client(callee.dotted, arguments)
        if dotted.startswith("local:"):
            return self._local(node, dotted.removeprefix("local:"), callee, arguments)
        special = self._environment(dotted, arguments)
        if special is not None:
            return special
        if dotted == "open" or dotted.endswith(("pathlib.Path.open", "io.open", "codecs.open")):
            return self._open(node, dotted, callee, arguments, scope)
        made = dotted != callee.dotted
        row = known(dotted) if dotted and not made else None
        if row is not None and row.kind != "logic" and not _gives_back(row, arguments):
            return self._step(node, row, dotted, callee, arguments, scope)
        return self._plain(node, dotted, callee, arguments, scope)

    def _environment(self, dotted: str, arguments: Mapping[str, Value]) -> Value | None:
        if dotted in _ENVIRONMENT:
            name = arguments.get("0", NOTHING).texts
            otherwise = arguments.get("1") or arguments.get("default") or NOTHING
            return replace(otherwise, environment=otherwise.environment | name)
        return Value(parameters=frozenset({"arguments"})) if dotted in _ARGUMENTS else None

    def _plain(self, node: ast.Call, dotted: str, callee: Value, arguments: Mapping[str, Value], scope: Scope) -> Value:
        """Return the answer of a function that is no step: everything that goes in may come out."""
        given = holding(*arguments.values())
        handle = next((each.handle for each in (callee, *arguments.values()) if each.handle), "")
        if handle:
            self._notes.flow(handle, given)
        texts: frozenset[str] = frozenset()
        if isinstance(node.func, ast.Attribute):
            if given.origins or given.environment or given.parameters:
                self._absorb(node.func.value, given, scope)
            if node.func.attr in {"strip", "rstrip", "lstrip", "format", "lower"}:
                texts = self.value(node.func.value, scope).texts
        if dotted in _SAME_TEXT or not dotted:
            texts = texts or arguments.get("0", NOTHING).texts if dotted else texts
        # an object of a library does not give away what its maker was given: a cursor holds no password
        from_callee = replace(callee, environment=frozenset()) if dotted else callee
        result = joined(holding(from_callee, given), Value(texts=texts))
        for each in arguments.values():
            if each.dotted.startswith("local:"):
                result = joined(result, self._handed(each.dotted, joined(from_callee, given)))
        opened = frozenset().union(*(_addresses(arguments))) or callee.base
        return replace(result, dotted=dotted, base=opened, keys=callee.keys | given.environment, handle=handle)

    def _absorb(self, holder: ast.expr, given: Value, scope: Scope) -> None:
        """Let what a method was given become part of the variable that it was called on."""
        while isinstance(holder, (ast.Attribute, ast.Subscript)):
            holder = holder.value
        if isinstance(holder, ast.Name):
            held = scope.get(holder.id)
            if held is not None and not (held.dotted and known(held.dotted) is None and "." not in held.dotted):
                scope.set(holder.id, joined(held, given))

    def _local(self, node: ast.Call, name: str, callee: Value, arguments: Mapping[str, Value]) -> Value:
        function = self._functions.get(name)
        made = f"{name}.__init__"
        if function is None and made in self._functions:
            self._bind(self._functions[made], arguments, 1)
            self._through(self._functions[made])
            return Value(dotted=f"local:{name}")
        if function is None:
            return replace(holding(callee, *arguments.values()), dotted=f"local:{name}" if name[:1].isupper() else "")
        self._bind(function, arguments, 1 if function.owner and isinstance(node.func, ast.Attribute) else 0)
        self._through(function)
        return function.result

    def _bind(self, function: Function, arguments: Mapping[str, Value], skipped: int) -> None:
        spec = function.node.args
        positional = [each.arg for each in (*spec.posonlyargs, *spec.args)][skipped:]
        names = {*positional, *(each.arg for each in spec.kwonlyargs)}
        for key, value in arguments.items():
            if key.isdigit():
                at = int(key)
                name = positional[at] if at < len(positional) else spec.vararg.arg if spec.vararg else ""
            else:
                name = key if key in names else spec.kwarg.arg if spec.kwarg else ""
            if name:
                function.parameters[name] = joined(value, function.parameters.get(name, NOTHING))

    def _through(self, function: Function) -> None:
        """Let the order of steps lead into a function and out of it."""
        for each in sorted(function.entries):
            self._notes.order(self.ways, each)
        if function.entries:
            self.ways = function.exits | (self.ways if function.passes_by else frozenset())

    def _handed(self, dotted: str, given: Value) -> Value:
        """Return what a function gives that another one calls, such as the function of `map`."""
        function = self._functions.get(dotted.removeprefix("local:"))
        if function is None:
            return NOTHING
        spec = function.node.args
        for each in [*spec.posonlyargs, *spec.args][1 if function.owner else 0 :]:
            held = function.parameters.get(each.arg, NOTHING)
            function.parameters[each.arg] = joined(held, holding(given))
        self._through(function)
        return holding(function.result)

    # -- steps

    def _open(self, node: ast.Call, dotted: str, callee: Value, arguments: Mapping[str, Value], scope: Scope) -> Value:
        at = "1" if dotted in {"open", "io.open", "codecs.open"} else "0"
        mode = next(iter(sorted((arguments.get(at) or arguments.get("mode") or NOTHING).texts)), "r")
        writes = bool(_WRITES.search(mode))
        path = arguments.get("0", NOTHING) if at == "1" else callee
        draft = self._notes.draft(node, scope.name, "open", "action", "open")
        draft.connector, draft.operation = "local-file", "write" if writes else "read"
        self._note(draft, node, arguments, scope)
        draft.resources |= {f"local-file:{each}" for each in path.texts | path.base if "{}" not in each}
        self._pass(draft)
        if writes:
            return Value(dotted="open()", handle=draft.id)
        return Value(dotted="open()", origins=frozenset({(draft.id, "")}))

    def _step(
        self, node: ast.Call, row: Known, dotted: str, callee: Value, arguments: Mapping[str, Value], scope: Scope
    ) -> Value:
        label = _label(node.func) or dotted
        draft = self._notes.draft(node, scope.name, _type(row, dotted), row.kind, label)
        last = dotted.rpartition(".")[2]
        draft.operation = row.operation or last
        _tell_place(draft, row, dotted, callee, arguments)
        self._note(draft, node, arguments, scope)
        if callee.keys and isinstance(node.func, ast.Attribute):
            self._notes.input(draft, "client", node.func.value, Value(environment=callee.keys))
        answer = Value(f"{dotted}()", origins=frozenset({(draft.id, "")}), base=callee.base)
        if last in _EXECUTES:
            # what is fetched later comes from this; what was fetched before does not go into it
            self._hold(node.func, answer, scope)
        else:
            self._notes.flow(draft.id, callee)
        if row.kind == "trigger":
            self._start(draft, row, answer, arguments)
        else:
            self._pass(draft)
        return answer

    def _hold(self, callee: ast.expr, answer: Value, scope: Scope) -> None:
        holder = callee.value if isinstance(callee, ast.Attribute) else None
        held = scope.get(holder.id) if isinstance(holder, ast.Name) else None
        if isinstance(holder, ast.Name) and held is not None:
            scope.set(holder.id, replace(held, origins=answer.origins))

    def _start(self, draft: Draft, row: Known, answer: Value, arguments: Mapping[str, Value]) -> None:
        """Let a trigger start the functions that it was given."""
        before, self.ways = self.ways, frozenset({draft.id})
        given = NOTHING if row.system == "schedule" else holding(answer)
        for each in arguments.values():
            if each.dotted.startswith("local:"):
                self._handed(each.dotted, given)
        self.ways = before

    def _note(self, draft: Draft, node: ast.Call, arguments: Mapping[str, Value], scope: Scope) -> None:
        for at, each in enumerate(node.args):
            self._notes.input(draft, f"args/{at}", each, arguments[str(at)])
        for keyword in node.keywords:
            self._notes.input(draft, keyword.arg or "**", keyword.value, arguments[keyword.arg or "**"])
        if scope.guarded:
            draft.error_policy = "handled"
        elif scope.function is not None and _retries(scope.function):
            draft.error_policy = "retry"

    def _pass(self, draft: Draft) -> None:
        self._notes.order(self.ways, draft.id)
        self.ways = frozenset({draft.id})


def _type(row: Known, dotted: str) -> str:
    """Return the step type: the pack's own name without its gap, so that a type is a row."""
    return row.type.replace("*.", "") if "*." in row.type else dotted.replace("()", "")


def _tell_place(draft: Draft, row: Known, dotted: str, callee: Value, arguments: Mapping[str, Value]) -> None:
    """Note the system, address and object that a call reaches."""
    last = dotted.rpartition(".")[2]
    texts = frozenset().union(*_addresses(arguments)) | callee.base
    written = arguments.get(_address_key(row, last), NOTHING).texts | _kw(arguments, "url")
    if row.kind == "http":
        draft.method = _method(last, arguments)
        if written and not any("://" in each for each in written):
            written = frozenset(_under(base, each) for base in callee.base or {""} for each in written)
    if row.system == "sql":
        texts |= frozenset(text for each in arguments.values() for text in each.texts if "://" in text)
    draft.texts |= written
    draft.hosts |= {host for each in draft.texts | texts for host in _hosts(each)}
    draft.connector = _system(row, dotted, texts)
    draft.resources |= set(_resources(row, draft.connector, arguments, callee))


def _gives_back(row: Known, arguments: Mapping[str, Value]) -> bool:
    """Tell whether a call that could write a file gives the text back instead: `frame.to_csv()`."""
    if row.system != "local-file" or row.operation != "write" or "base" in row.objects:
        return False
    return not any(name in arguments for name in row.objects)


def _targets(node: ast.expr) -> Iterator[str]:
    yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _label(node: ast.expr) -> str:
    """Return a callee as written, when it is plain names: `client.chat.create`."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value.func if isinstance(node.value, ast.Call) else node.value
    if isinstance(node, ast.Name):
        names.append(node.id)
    return ".".join(reversed(names))[:100]


def _client(dotted: str, arguments: Mapping[str, Value]) -> str:
    """Return the name of what a call makes; a boto3 client is named by its service."""
    if dotted in _BOTO:
        service = arguments.get("0") or arguments.get("service_name") or NOTHING
        name = next(iter(service.texts)) if len(service.texts) == 1 else "unknown"
        return f"boto3.client.{kebab(name)}"
    return dotted


def _kw(arguments: Mapping[str, Value], name: str) -> frozenset[str]:
    return arguments.get(name, NOTHING).texts


def _addresses(arguments: Mapping[str, Value]) -> Iterator[frozenset[str]]:
    yield frozenset()
    for key, value in arguments.items():
        if key == "0" or key in _ADDRESS_NAMES:
            yield value.texts
        yield value.base


def _address_key(row: Known, last: str) -> str:
    if row.kind != "http":
        return "url"
    return "1" if last in {"request", "stream"} else "0"


def _under(base: str, path: str) -> str:
    return f"{base.rstrip('/')}/{path.lstrip('/')}" if "://" in base else path


def _method(last: str, arguments: Mapping[str, Value]) -> str | None:
    if last in _METHODS:
        return last.upper()
    said = _kw(arguments, "method") or (_kw(arguments, "0") if last in {"request", "stream"} else frozenset())
    word = next(iter(said)) if len(said) == 1 else ""
    if word.isalpha():
        return word.upper()
    return None if last in {"request", "stream"} or "data" in arguments or "1" in arguments else "GET"


def _hosts(text: str) -> Iterator[str]:
    head = text[:_REGEX_GUARD]
    yield from literal_hosts(head)
    for one, other in _HOST_PART.findall(head):
        if one or other:
            yield (one or other).lower().rstrip(".")
    if _HOST.fullmatch(head) and not head.endswith((".csv", ".json", ".txt", ".db", ".xlsx", ".sqlite", ".py", ".log")):
        yield head.lower()


def _system(row: Known, dotted: str, texts: frozenset[str]) -> str | None:
    if row.system == "aws-*":
        return f"aws-{dotted.split('.')[2]}"
    if row.system == "sql":
        found = {_SCHEMES.get(each.partition("://")[0].partition("+")[0]) for each in texts if "://" in each} - {None}
        return next(iter(found)) if len(found) == 1 else "sql"
    return row.system or None


def _resources(row: Known, system: str | None, arguments: Mapping[str, Value], callee: Value) -> Iterator[str]:
    for place in row.objects:
        sql, name = place.startswith("sql:"), place.removeprefix("sql:")
        texts = callee.base if name == "base" else _kw(arguments, name)
        if sql:
            texts = frozenset(table for each in texts for table in tables(each))
        if len(texts) == 1 and system and (sql or "{}" not in next(iter(texts))):
            yield f"{system}:{next(iter(texts))}"[:300]
            return


def _retries(function: Function) -> bool:
    names = {
        getattr(each.func if isinstance(each, ast.Call) else each, "attr", "") for each in function.node.decorator_list
    }
    names |= {
        getattr(each.func if isinstance(each, ast.Call) else each, "id", "") for each in function.node.decorator_list
    }
    return bool(names & {"retry", "on_exception", "on_predicate"})
