"""What only the text of a script shows: who checks callers, how a command's text is made, which certificates count."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from handrail.governance.checks.look import Look
from handrail.language.graph import Input, Step

_ASKS: Final = frozenset(
    {"auth", "authenticate", "authenticated", "authentication", "authorize", "authorized", "authorization", "login",
     "jwt", "token", "permission", "permissions", "role", "roles", "protected", "secured", "signature", "hmac",
     "apikey", "credentials", "oauth", "oauth2", "bearer", "user", "admin", "sso"}
)  # fmt: skip
_CHECKS: Final = re.compile(
    r"compare_digest|(?:^|_)(?:is_)?(?:authenticate|authenticated|authorize|authorized)(?:_|$)"
    r"|^(?:verify|check|require|validate|ensure)_\w{0,40}(?:auth|token|signature|password|jwt|key|user|login|hmac|admin)"
)
_REFUSED: Final = frozenset({401, 403})
_BEFORE: Final = frozenset({"before_request", "middleware", "before_app_request"})
_DEEP: Final = 5
_LOOKS_MAX: Final = 500
_SQL_FIELDS: Final = frozenset({"/args/0", "/sql", "/query", "/statement", "/operation", "/command"})
_SHELLS: Final = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
     "paramiko.SSHClient.exec_command"}
)  # fmt: skip
_EVALUATES: Final = frozenset({"eval", "exec", "compile"})
_SHELL_LIST: Final = re.compile(r"""["'](?:/bin/)?(?:ba|da|z)?sh["']\s{0,9},\s{0,9}["']-c["']""")
_NO_PROGRAM: Final = frozenset({"importlib.import_module", "pickle.load", "pickle.loads", "compile"})
_NUMBERS: Final = frozenset({"int", "float", "len", "bool", "round", "UUID", "date", "datetime"})
_TEXT_METHODS: Final = frozenset(
    {"format", "join", "replace", "strip", "rstrip", "lstrip", "lower", "upper", "encode", "decode", "format_map",
     "get", "pop", "getlist", "get_json", "get_data", "read", "body", "json"}
)  # fmt: skip
_WRAPS: Final = frozenset({"text", "SQL", "dedent", "str", "cast"})
_VERIFIES: Final = frozenset({"verify", "verify_ssl", "verify_certs", "ssl", "check_hostname"})
_TRUSTS_ALL: Final = frozenset({"_create_unverified_context", "CERT_NONE", "disable_warnings"})
_CURL: Final = re.compile(r"\bcurl\b[^\n]{0,400}\s(?:-k|--insecure)\b")

Definable = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """A script's tree, and what is asked of it more than once."""

    def __init__(self, tree: ast.Module) -> None:
        """Walk the tree once."""
        self.tree = tree
        nodes = list(ast.walk(tree))
        functions = [each for each in nodes if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
        functions.sort(key=lambda each: (each.lineno, each.col_offset))
        self.routes = {decorator.lineno: (each, decorator) for each in functions for decorator in each.decorator_list}
        self._around = {
            line: each for each in functions for line in range(each.lineno, (each.end_lineno or each.lineno) + 1)
        }
        self._assigned: dict[int, dict[str, list[ast.expr]]] = {}
        self.checking = _checking(functions)
        self.guards_all = any(
            _last(each.func if isinstance(each, ast.Call) else each) in _BEFORE and function.name in self.checking
            for function in functions
            for each in function.decorator_list
        )
        self.guarded: set[str] = set()
        for node in nodes:
            self._note_guard(node)

    def around(self, line: int) -> Definable | None:
        """Return the innermost function that a line stands in."""
        return self._around.get(line)

    def assigned(self, place: ast.AST, name: str) -> list[ast.expr]:
        """Return what a name is set to in a function, or in the whole script."""
        held = self._assigned.get(id(place))
        if held is None:
            held = self._assigned[id(place)] = {}
            for target, value in _assignments(place):
                held.setdefault(target, []).append(value)
        return held.get(name, [])

    def _note_guard(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _has_dependencies(node.value):
            self.guarded |= {each.id for each in node.targets if isinstance(each, ast.Name)}
        if not isinstance(node, ast.Call):
            return
        if _last(node.func) == "add_middleware" and any(map(_hits, node.args)):
            self.guards_all = True
        if _last(node.func) == "include_router" and _has_dependencies(node):
            self.guarded |= {each.id for each in node.args if isinstance(each, ast.Name)}


def source_of(look: Look) -> Source | None:
    """Return the script that is looked at; None for everything else."""
    if look.tree is None:
        return None
    held = look.memo.get("script")
    if not isinstance(held, Source):
        held = look.memo["script"] = Source(look.tree)
    return held


# -- who may call


def unasked(look: Look, step: Step) -> str:
    """Return why anybody may call a web route; empty when something asks who calls, or it is no route."""
    if step.connector != "webhook" or step.kind != "trigger":
        return ""
    source = source_of(look)
    found = source.routes.get(step.line) if source else None
    if source is None or found is None:
        return "Nothing in the script that can be read asks who calls."
    function, route = found
    if step.type.startswith("azure."):
        return "Its authentication level is anonymous." if "ANONYMOUS" in ast.dump(route).upper() else ""
    others = [each for each in function.decorator_list if each is not route]
    depends = [each for each in _annotations(function) if _depends(each)]
    if isinstance(route, ast.Call):
        depends += [each.value for each in route.keywords if each.arg == "dependencies"]
    called = route.func if isinstance(route, ast.Call) else route
    owner = called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else ""
    asks = (
        any(map(_hits, (*others, *depends)))
        or function.name in source.checking
        or source.guards_all
        or owner in source.guarded
    )
    return "" if asks else "Neither the route nor the function asks who calls."


def _checking(functions: list[Definable]) -> set[str]:
    """Return the functions that look at who calls and may refuse, and those that call one of them."""
    found: set[str] = set()
    callers: dict[str, set[str]] = {}
    for function in functions:
        for node in (each for statement in function.body for each in ast.walk(statement)):
            if _is_check(node):
                found.add(function.name)
            if isinstance(node, ast.Call):
                callers.setdefault(_last(node.func), set()).add(function.name)
    waiting = sorted(found)
    while waiting:
        new = callers.get(waiting.pop(), set()) - found
        found |= new
        waiting += sorted(new)
    return found


def _is_check(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, bool) and node.value in _REFUSED
    if isinstance(node, ast.Attribute):
        return node.attr in {"authorization", "is_authenticated"} or node.attr.startswith(("HTTP_401", "HTTP_403"))
    if isinstance(node, ast.Call):
        name = _last(node.func)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        return bool(_CHECKS.search(name)) or (name == "decode" and owner is not None and _last(owner) == "jwt")
    return False


def _annotations(function: Definable) -> Iterator[ast.expr]:
    spec = function.args
    yield from (each for each in (*spec.defaults, *spec.kw_defaults) if each is not None)
    yield from (each.annotation for each in (*spec.args, *spec.kwonlyargs) if each.annotation is not None)


def _depends(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Call) and _last(each.func) in {"Depends", "Security"} for each in ast.walk(node))


def _hits(node: ast.AST) -> bool:
    """Tell whether a name in an expression speaks of who calls."""
    return any(set(_words(name)) & _ASKS or name == "Security" for name in _names(node))


def _names(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def _words(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("api_key", "apikey").split("_")


def _has_dependencies(node: ast.Call) -> bool:
    return any(each.arg == "dependencies" and _hits(each.value) for each in node.keywords)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# -- what text becomes


def sink(look: Look, step: Step, held: Input, sql_systems: frozenset[str]) -> str:
    """Return what an argument's text is for whoever gets it; empty where it is only a value."""
    if not held.references:
        return ""
    if step.kind == "code":
        return _command(step, held)
    is_sql = step.connector in sql_systems or step.connector in {"sql", "duckdb", "aws-redshift"}
    if not is_sql or held.field not in _SQL_FIELDS:
        return ""
    return "the SQL" if _is_made(look, step, held) else ""


def _command(step: Step, held: Input) -> str:
    if step.type in _EVALUATES:
        return "evaluated code" if held.field == "/args/0" else ""
    if held.field not in {"/args/0", "/args", "/cmd", "/command"} or "quote(" in held.text:
        return ""
    asked = any(each.field == "/shell" and each.text == "True" for each in step.inputs)
    if step.type in _SHELLS or (step.type.startswith("subprocess.") and asked) or _SHELL_LIST.search(held.text):
        return "a command"
    return ""


def runs(step: Step) -> str:
    """Return what a step of a script runs; empty when it runs nothing but what the script says."""
    if step.kind != "code" or step.type in _NO_PROGRAM:
        return ""
    return "text as code" if step.type in _EVALUATES else "another program"


def _is_made(look: Look, step: Step, held: Input) -> bool:
    try:
        node = ast.parse(f"({held.text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    source = source_of(look)
    return source is None or _Values(source, step).is_text(node)


class _Values:
    """What names of one function stand for."""

    def __init__(self, source: Source, step: Step) -> None:
        self._source = source
        self._function = source.around(step.line)
        self._left = _LOOKS_MAX

    def is_text(self, node: ast.expr, depth: int = 0) -> bool:  # noqa: PLR0911 - one a kind of expression
        """Tell whether an expression puts text together, or is somebody's text as it came."""
        self._left -= 1
        if depth > _DEEP or self._left < 0:
            return True
        match node:
            case ast.JoinedStr() | ast.BinOp():
                return not all(self._is_harmless(each, depth + 1) for each in _parts(node))
            case ast.Call():
                return self._called(node, depth)
            case ast.Attribute() | ast.Subscript():
                return True
            case ast.Name():
                assigned = self._assigned(node.id)
                return not assigned or any(self.is_text(each, depth + 1) for each in assigned)
            case ast.IfExp():
                return self.is_text(node.body, depth + 1) or self.is_text(node.orelse, depth + 1)
            case ast.BoolOp():
                return any(self.is_text(each, depth + 1) for each in node.values)
            case ast.Await() | ast.NamedExpr():
                return self.is_text(node.value, depth + 1)
        return False

    def _called(self, node: ast.Call, depth: int) -> bool:
        name = _last(node.func)
        if name in _WRAPS:
            return bool(node.args) and self.is_text(node.args[0], depth + 1)
        if name == "format" and isinstance(node.func, ast.Attribute):
            if isinstance(node.func.value, ast.Call) and _last(node.func.value.func) == "SQL":
                # psycopg puts identifiers and values together itself, with their quotes.
                return False
            return not all(
                self._is_harmless(each, depth + 1) for each in (*node.args, *(k.value for k in node.keywords))
            )
        return name in _TEXT_METHODS and isinstance(node.func, ast.Attribute)

    def _is_harmless(self, node: ast.expr, depth: int) -> bool:  # noqa: PLR0911 - one a kind of expression
        self._left -= 1
        if depth > _DEEP or self._left < 0:
            return False
        match node:
            case ast.Constant():
                return True
            case ast.Call():
                return _last(node.func) in _NUMBERS
            case ast.JoinedStr() | ast.BinOp():
                return all(self._is_harmless(each, depth + 1) for each in _parts(node))
            case ast.Tuple():
                return all(self._is_harmless(each, depth + 1) for each in node.elts)
            case ast.Name():
                assigned = self._assigned(node.id)
                if assigned:
                    return all(self._is_harmless(each, depth + 1) for each in assigned)
                return self._is_number(node.id)
        return False

    def _assigned(self, name: str) -> list[ast.expr]:
        own = self._source.assigned(self._function, name) if self._function else []
        return own or self._source.assigned(self._source.tree, name)

    def _is_number(self, name: str) -> bool:
        """Tell whether a parameter can only be a number: its annotation or its route says so."""
        if self._function is None:
            return False
        spec = self._function.args
        for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs):
            if each.arg == name and each.annotation is not None and _last(each.annotation) in _NUMBERS:
                return True
        typed = re.compile(rf"<(?:int|float|uuid):{re.escape(name)}>")
        return any(
            isinstance(each, ast.Constant) and isinstance(each.value, str) and typed.search(each.value)
            for decorator in self._function.decorator_list
            for each in ast.walk(decorator)
        )


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        return [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp):
        found.append(node.right)
        node = node.left
    return [*found, node]


def _assignments(place: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for each in ast.walk(place):
        value: ast.expr | None = None
        targets: list[ast.expr] = []
        if isinstance(each, ast.Assign):
            targets, value = each.targets, each.value
        elif isinstance(each, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            targets, value = [each.target], each.value
        if value is not None:
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


# -- which certificates count


def trusting_lines(tree: ast.Module) -> list[int]:
    """Return the lines that say that any certificate will do, in order."""
    told = {
        id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
    }
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last(node.func) != "decode":
            found |= {each.value.lineno for each in node.keywords if each.arg in _VERIFIES and _is_false(each.value)}
        elif isinstance(node, ast.Assign) and _is_false(node.value):
            found |= {
                each.lineno for each in node.targets if isinstance(each, ast.Attribute) and each.attr in _VERIFIES
            }
        elif isinstance(node, (ast.Attribute, ast.Name)) and _last(node) in _TRUSTS_ALL:
            found.add(node.end_lineno or node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            found |= {node.lineno} if _CURL.search(node.value) else set()
    return sorted(found)


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
