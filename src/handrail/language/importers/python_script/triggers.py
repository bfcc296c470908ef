"""What makes a script run: a web route, a schedule, a queue, a person."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from handrail.language.importers.python_script.notes import Notes
from handrail.language.importers.python_script.scopes import Scope
from handrail.language.importers.python_script.values import NOTHING

if TYPE_CHECKING:
    from handrail.language.importers.python_script.calls import Calls

_ROUTES: Final = frozenset({"route", "get", "post", "put", "patch", "delete", "api_route", "websocket"})
_WEB: Final = ("flask.", "fastapi.", "starlette.", "quart.", "sanic.", "bottle.", "aiohttp.web.", "litestar.")
_HANDLERS: Final = {"lambda_handler": ("aws-lambda", "event"), "handler": ("aws-lambda", "event")}
_TIMED: Final = frozenset({"scheduled_job", "periodic_task", "on_schedule", "schedule", "every", "repeat", "cron"})


_ASKS: Final = re.compile(r"auth|login|token|jwt|api_?key|permission|current_user|security", re.IGNORECASE)


_REFUSED: Final = frozenset({401, 403})


def _authentication(node: ast.FunctionDef | ast.AsyncFunctionDef, route: ast.expr) -> ast.expr | None:
    """Return what asks a caller who they are: another decorator, or a default such as `Depends(current_user)`."""
    beside = [each for each in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults) if each is not None]
    for each in beside:
        names = {getattr(part, "id", "") or getattr(part, "attr", "") for part in ast.walk(each)}
        if each is not route and any(map(_ASKS.search, names)):
            return each
    for part in ast.walk(node):
        # The function refuses whoever it doesn't know.
        if isinstance(part, ast.Constant) and type(part.value) is int and part.value in _REFUSED:
            return part
    return next((each.value for each in getattr(route, "keywords", ()) if each.arg == "dependencies"), None)


def main_guard(node: ast.If) -> bool:
    """Tell whether this is `if __name__ == "__main__"`."""
    test = node.test
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and len(test.comparators) == 1
        and isinstance(test.comparators[0], ast.Constant)
    )


def routes_of(
    node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, notes: Notes, calls: "Calls"
) -> Iterator[str]:
    """Yield the ids of the steps that start a function from outside."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        dotted = calls.value(called, scope).dotted
        last = dotted.rpartition(".")[2]
        if dotted.startswith(_WEB) and last in _ROUTES and isinstance(decorator, ast.Call):
            first = decorator.args[0] if decorator.args else None
            first = first or next((each.value for each in decorator.keywords if each.arg in {"path", "rule"}), None)
            texts = sorted(calls.value(first, scope).texts) if first is not None else []
            path = texts[0] if len(texts) == 1 else ""
            draft = notes.draft(decorator, node.name, dotted, "trigger", f"route {path}".strip())
            draft.connector, draft.operation = "webhook", "receive"
            draft.method = last.upper() if last in _ROUTES - {"route", "api_route", "websocket"} else None
            draft.resources |= {f"webhook:{path}"} if path.startswith("/") else set()
            for keyword in decorator.keywords:
                notes.input(draft, keyword.arg or "**", keyword.value, calls.value(keyword.value, scope))
            asks = _authentication(node, decorator)
            if asks is not None:
                notes.input(draft, "authentication", asks, NOTHING)
            yield draft.id
        elif dotted in {"functions_framework.http", "azure.functions.FunctionApp.route"}:
            draft = notes.draft(decorator, node.name, dotted, "trigger", f"http {node.name}")
            draft.connector, draft.operation = "webhook", "receive"
            yield draft.id
        elif last in _TIMED and dotted and not dotted.startswith("local:"):
            draft = notes.draft(decorator, node.name, dotted, "trigger", f"schedule {node.name}")
            draft.connector, draft.operation = "schedule", "schedule"
            yield draft.id
    arguments = [each.arg for each in node.args.args]
    if node.name in _HANDLERS and not scope.name and arguments[:2] == ["event", "context"]:
        draft = notes.draft(node, "", node.name, "trigger", node.name)
        draft.connector, draft.operation = _HANDLERS[node.name]
        yield draft.id
