"""Which system a step reaches, what it does there and on which object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from handrail.language.graph import StepKind
from handrail.language.importers.addresses import HOLE, kebab
from handrail.language.importers.microsoft.expressions import holed
from handrail.language.importers.microsoft.pack import Route, Row, routes, step_row
from handrail.language.importers.microsoft.scopes import Action
from handrail.language.importers.tree import as_dict, as_text

_KEY: Final = re.compile(r"\['\$connections'\]\['([^']{1,200})'\]|parameters\('\$connections'\)\['([^']{1,200})'\]")
_NUMBERED: Final = re.compile(r"[-_]\d{1,3}$")
_CUSTOM: Final = re.compile(r"-5f[0-9a-f]{6,}(?:-[0-9a-f]+)*$")
_ESCAPED: Final = re.compile(r"-(?:20|2d|2e|28|29|5f)")
_PARAMETER: Final = re.compile(r"@\{?parameters\('((?:[^']|'')*+)'\)\}?")
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Reach:
    """What a step reaches.

    Attributes:
        kind: Its role.
        connector: The system; None for built-in logic.
        operation: What it does there.
        resource: `system:object`; None when there is none or an expression chooses it.
        credential: (type, name) of the connection that it uses.
    """

    kind: StepKind
    connector: str | None = None
    operation: str | None = None
    resource: str | None = None
    credential: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Api:
    name: str
    operation: str | None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    connection: str = ""


def reach_of(action: Action, references: Mapping[str, Any], defaults: Mapping[str, str]) -> Reach:
    """Return what a step reaches.

    Args:
        action: The step.
        references: The flow's connections by their key (`connectionReferences`, or the values of `$connections`).
        defaults: Parameters with a fixed text, which may name the object that a step works on.
    """
    inputs = as_dict(action.body.get("inputs"))
    said = as_text(as_dict(as_dict(action.body.get("metadata")).get("flowSystemMetadata")).get("swaggerOperationId"))
    api = _api(inputs, references, said)
    if api is None:
        return _built_in(action, inputs)
    row = step_row(api.name, api.operation) or step_row(f"shared_{_bare(api.name)}", api.operation)
    system = (row.system if row else None) or system_of(api.name)
    return Reach(
        kind="trigger" if action.trigger else ((row.kind if row else None) or "action"),
        connector=system,
        operation=api.operation,
        resource=_resource(system, row, api.parameters, defaults),
        credential=(api.name, api.connection) if api.connection else None,
    )


def system_of(name: str) -> str:
    """Return our name of a connector that no row names."""
    bare = _CUSTOM.sub("", _bare(name))
    return kebab(_ESCAPED.sub("-", bare)) or "unnamed"


def method_of(inputs: Mapping[str, Any]) -> str | None:
    """Return an HTTP method in upper case; None when an expression decides."""
    method = as_text(inputs.get("method")).upper()
    return method if method in _METHODS else None


def _built_in(action: Action, inputs: Mapping[str, Any]) -> Reach:
    prefix = "trigger:" if action.trigger else ""
    names = (f"{prefix}{action.type}.{as_text(action.body.get('kind'))}", f"{prefix}{action.type}")
    row = next((found for each in names if (found := step_row(each))), None)
    system = row.system if row else None
    operation = row.operation if row else None
    if system == "http":
        operation = method_of(inputs) or operation
    if not action.trigger and system == "azure-functions":
        operation = as_text(as_dict(inputs.get("function")).get("id")).rpartition("/")[2] or operation
    if system == "azure-api-management":
        template = as_text(as_dict(inputs.get("pathTemplate")).get("template"))
        operation = f"{method_of(inputs) or 'ANY'} {template or '/'}"
    kind = "trigger" if action.trigger else ((row.kind if row else None) or "action")
    return Reach(kind, system, operation)


def _api(inputs: Mapping[str, Any], references: Mapping[str, Any], said: str) -> _Api | None:
    host = as_dict(inputs.get("host"))
    provider = as_dict(inputs.get("serviceProviderConfiguration"))
    if provider:
        return _Api(
            name=as_text(provider.get("serviceProviderId")) or "/serviceProviders/",
            operation=as_text(provider.get("operationId")) or None,
            parameters=as_dict(inputs.get("parameters")),
            connection=as_text(provider.get("connectionName")),
        )
    key = _connection_key(host)
    path = as_text(inputs.get("path")) or as_text(
        as_dict(as_dict(inputs.get("fetch")).get("pathTemplate")).get("template")
    )
    api = as_dict(host.get("api"))
    api_id = as_text(host.get("apiId")) or as_text(api.get("id")) or as_text(api.get("runtimeUrl"))
    if not (api_id or key or as_text(host.get("operationId"))):
        return None
    held = as_dict(references.get(key))
    name = _api_name(api_id, held, key)
    operation = as_text(host.get("operationId")) or as_text(inputs.get("operationId")) or said
    parameters = {**as_dict(inputs.get("queries")), **as_dict(inputs.get("parameters"))}
    if path:
        method = as_text(inputs.get("method")) or as_text(as_dict(inputs.get("fetch")).get("method"))
        routed, found = _route(name, method.upper(), tuple(holed(path, HOLE).split("?")[0].split("/")[1:]))
        operation = operation or routed
        parameters |= found
    logical = as_text(as_dict(held.get("connection")).get("connectionReferenceLogicalName"))
    return _Api(
        name=name,
        operation=operation or None,
        parameters=parameters,
        connection=logical or as_text(held.get("connectionName")) or key,
    )


def _connection_key(host: Mapping[str, Any]) -> str:
    connection = as_dict(host.get("connection"))
    named = as_text(connection.get("referenceName")) or as_text(host.get("connectionReferenceName"))
    if not named:
        found = _KEY.search(as_text(connection.get("name")))
        named = (found[1] or found[2]) if found else ""
    return named or as_text(host.get("connectionName")) or as_text(host.get("connectionReferenceLogicalName"))


def _api_name(api_id: str, held: Mapping[str, Any], key: str) -> str:
    api = as_dict(held.get("api"))
    written = api_id or as_text(held.get("id")) or as_text(api.get("id")) or as_text(api.get("name"))
    name = written.rstrip("/").rpartition("/")[2]
    usable = name and not set(name) & set("[]{}()'@")
    return name if usable else _NUMBERED.sub("", key)


def _route(name: str, method: str, parts: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Return the operation of a path and its parameters; the path itself where no row knows it."""
    for route in routes(f"shared_{_bare(name)}"):
        if route.method in {"", method} and (found := _matched(route, parts)) is not None:
            return route.operation, found
    shown = "/".join(("", *(each or HOLE for each in parts)))
    return f"{method} {shown or '/'}".strip(), {}


def _matched(route: Route, parts: tuple[str, ...]) -> dict[str, str] | None:
    if len(route.parts) != len(parts):
        return None
    found = {}
    for pattern, part in zip(route.parts, parts, strict=True):
        if pattern.startswith("{"):
            found[pattern[1:-1]] = part.replace("%2F", "/")
        elif pattern.lower() != part.lower():
            return None
    return found


def _resource(system: str, row: Row | None, parameters: Mapping[str, Any], defaults: Mapping[str, str]) -> str | None:
    if row is None or not row.objects:
        return None
    written = [_written(parameters, name) for name in row.objects]
    values = [
        holed(_PARAMETER.sub(lambda found: defaults.get(found[1].replace("''", "'"), HOLE), each), HOLE)
        for each in written
    ]
    if not all(values) or any(HOLE in each for each in values):
        return None
    return f"{system}:{'/'.join(each.strip('/') for each in values)}"


def _written(parameters: Mapping[str, Any], name: str) -> str:
    value: Any = parameters.get(name)
    if value is None:
        value = parameters
        for part in name.split("."):
            value = as_dict(value).get(part)
    return as_text(value)


def _bare(name: str) -> str:
    return name.lower().rpartition("/")[2].removeprefix("shared_")
