"""From a definition in Microsoft's language to a graph."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Credential, DataEdge, Edge, Graph, Input, Reference, Step, Subflow
from handrail.language.importers.addresses import HOLE, literal_hosts, read_address
from handrail.language.importers.microsoft.connectors import Reach, method_of, reach_of
from handrail.language.importers.microsoft.expressions import Read, code_reads, holed, reads
from handrail.language.importers.microsoft.scopes import INNER, Action, Scopes
from handrail.language.importers.microsoft.variables import Variables, variable_key
from handrail.language.importers.microsoft.wrapper import Wrapped
from handrail.language.importers.model import Finding
from handrail.language.importers.tree import as_dict, as_list, as_text

_NOT_READ: Final = INNER | {"type", "kind", "runAfter", "metadata", "description", "runtimeConfiguration"}
_SCHEMAS: Final = frozenset({"parsejson", "request", "response"})
_OWN_PARAMETERS: Final = frozenset({"$connections", "$authentication"})
_STATES: Final = {"succeeded": "succeeded", "failed": "failed", "skipped": "skipped", "timedout": "timed-out"}
_CODE_TYPES: Final = frozenset({"javascriptcode", "csharpscriptcode", "powershellcode"})
_CONSTANT_MAX: Final = 2000
_TRIGGERS_MAX: Final = 20  # Microsoft allows ten
_EXPRESSION: Final = re.compile(r"@\{[^{}]*\}")


class FlowReader:
    """Turns one redacted definition into a graph."""

    def __init__(self, flow: Wrapped, filename: str) -> None:
        """Take a definition.

        Raises:
            ArtefactInvalid: If a trigger or an action is no object.
        """
        self._flow = flow
        self._definition = flow.definition
        self._scopes = Scopes(flow.definition, flow.pointer, filename)
        self._variables = Variables(self._scopes)
        self._references = connection_references(flow)
        self._parameters = as_dict(flow.definition.get("parameters"))
        self._defaults = dict(self._constants())
        self._credentials: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._calls: dict[str, list[str]] = defaultdict(list)
        self._unknown: set[str] = set()
        self._unresolved: set[str] = set()
        self._results: set[str] = set()
        self._data: dict[DataEdge, None] = {}
        self._uses: dict[str, list[tuple[Action, str, str]]] = defaultdict(list)
        self._handled = self._handlers()
        self.findings: list[Finding] = []

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Return the references that the file does not hold."""
        return tuple(sorted(self._unresolved))

    def read(self) -> Graph:
        """Return the graph."""
        steps = tuple(self._step(action) for action in self._scopes.actions.values())
        self._data_of_variables()
        return Graph(
            platform=self._flow.platform,
            name=self._flow.name,
            steps=steps,
            edges=tuple(dict.fromkeys(self._edges())),
            credentials=tuple(
                Credential(kind, name, tuple(users)) for (kind, name), users in sorted(self._credentials.items())
            ),
            constants=self._defaults,
            hosts=tuple(sorted({host for step in steps for host in step.hosts})),
            unknown=tuple(sorted(self._unknown)),
            subflows=tuple(
                Subflow(reference, reference.rpartition("/")[2], tuple(users))
                for reference, users in sorted(self._calls.items())
            ),
            data=tuple(self._data),
        )

    def _step(self, action: Action) -> Step:
        reach = reach_of(action, self._references, self._defaults)
        inputs = as_dict(action.body.get("inputs"))
        if reach.credential:
            self._credentials[reach.credential].append(action.id)
        url = self._address(action, inputs, reach)
        holes = holed(url, HOLE) if url else ""
        address = read_address(holes)
        hosts = {address.host} if address and address.host else set()
        if reach.kind == "code":
            hosts |= set(literal_hosts(as_text(inputs.get("code"))))
        if reach.kind == "subflow":
            self._subflow(action, inputs)
        return Step(
            id=action.id,
            name=action.name,
            kind=reach.kind,
            type=action.type,
            connector=reach.connector,
            operation=reach.operation,
            url=_without_query(url) or None,
            hosts=tuple(sorted(hosts)),
            method=method_of(inputs) if reach.kind == "http" else None,
            path=address.path if address else None,
            credential_refs=("/".join(reach.credential),) if reach.credential else (),
            error_policy=self._error_policy(action, inputs),
            parent=action.holders[-1] if action.holders else "",
            pointer=action.pointer,
            inputs=tuple(self._inputs(action)),
            resource=self._resource(action, inputs, reach),
        )

    def _resource(self, action: Action, inputs: Mapping[str, Any], reach: Reach) -> str | None:
        if action.trigger and reach.connector == "webhook":
            return f"webhook:{as_text(inputs.get('relativePath')).strip('/') or self._flow.name}"
        return reach.resource

    def _address(self, action: Action, inputs: Mapping[str, Any], reach: Reach) -> str:
        if reach.connector != "http":
            return ""
        subscribe = as_dict(inputs.get("subscribe"))
        url = as_text(inputs.get("uri")) or as_text(inputs.get("url")) or as_text(subscribe.get("uri"))
        if not literal_hosts(holed(url, HOLE).split("{")[0]):
            named = [read.name for read in reads(url) if read.kind == "parameter"]
            what = f"the parameter {named[0]!r}" if named else "an expression"
            self._unknown.add(f"step {action.name!r}: its address comes from {what}")
        return url

    def _subflow(self, action: Action, inputs: Mapping[str, Any]) -> None:
        host = as_dict(inputs.get("host"))
        workflow = as_dict(host.get("workflow"))
        target = next(
            (
                text
                for text in (as_text(host.get("workflowReferenceName")), as_text(workflow.get("id")))
                if text and not text.startswith("@")
            ),
            "",
        )
        if not target:
            self._unknown.add(f"step {action.name!r}: which flow it calls is decided when it runs")
            self._unresolved.add(f"{self._flow.platform}:flow-of-step:{action.id}")
            return
        self._calls[target].append(action.id)
        self._unknown.add(f"step {action.name!r}: the flow {target!r} that it calls is not in this file")
        self._unresolved.add(f"{self._flow.platform}:flow:{target}")

    def _error_policy(self, action: Action, inputs: Mapping[str, Any]) -> str | None:
        words = []
        retry = as_text(as_dict(inputs.get("retryPolicy")).get("type")).lower()
        if retry:
            words.append(f"retry:{retry}")
        words += sorted(self._handled.get(action.id, ()))
        return "+".join(words) or None

    def _handlers(self) -> dict[str, set[str]]:
        """Return for each action what runs when it fails: a handler of its own, or what goes on all the same."""
        found: dict[str, set[str]] = defaultdict(set)
        for action in self._scopes.actions.values():
            for name, states in action.after.items():
                port = _port(states)
                target = self._scopes.sibling(name, action)
                if target and ("failed" in port or "timed-out" in port):
                    found[target.id].add("continue" if "succeeded" in port else "handler")
        return found

    def _edges(self) -> Iterator[Edge]:
        first = [action for _branch, action in self._scopes.children("") if not action.after]
        for trigger in self._scopes.triggers[:_TRIGGERS_MAX]:
            yield from (Edge(trigger.id, action.id, kind="start") for action in first)
        for action in self._scopes.actions.values():
            for branch, inner in self._scopes.children(action.id):
                if not inner.after:
                    yield Edge(action.id, inner.id, branch or "0", "scope")
            for name, states in action.after.items():
                before = self._scopes.sibling(name, action)
                if before:
                    yield Edge(before.id, action.id, _port(states), "run_after")
                else:
                    self.findings.append(
                        Finding(
                            "dangling_edge",
                            f"{action.name!r} runs after {name!r}, which does not exist.",
                            action.id,
                            f"{action.pointer}/runAfter/{pointer_segment(name)}",
                        )
                    )

    def _inputs(self, action: Action) -> Iterator[Input]:
        skipped = {"/inputs/schema"} if action.type.lower() in _SCHEMAS else set()
        is_code = action.type.lower() in _CODE_TYPES
        for key, value in action.body.items():
            if key in _NOT_READ:
                continue
            for at, text in _texts(value, f"/{pointer_segment(key)}", skipped):
                found = (*reads(text), *(code_reads(text) if is_code else ()))
                references: dict[Reference, None] = {}
                for read in found:
                    references.update(dict.fromkeys(self._reference(action, read, at)))
                yield Input(at, text, tuple(references))

    def _reference(self, action: Action, read: Read, at: str) -> Iterator[Reference]:
        if read.kind in {"trigger", "action", "result"}:
            yield from self._of_steps(action, read, at)
        elif read.kind == "item":
            yield self._item(action, read, at)
        elif read.kind == "variable":
            known = bool(read.literal and self._variables.definitions.get(variable_key(read.name)))
            if known:
                self._uses[variable_key(read.name)].append((action, read.field, action.pointer + at))
            yield Reference("variable", read.name, read.field, resolved=known)
        elif read.kind == "parameter" and read.name not in _OWN_PARAMETERS:
            yield Reference("parameter", read.name, read.field, resolved=read.name in self._parameters)
        elif read.kind == "environment":
            yield Reference("environment", read.name, read.field, resolved=False)

    def _of_steps(self, action: Action, read: Read, at: str) -> Iterator[Reference]:
        if read.kind == "trigger":
            if action.trigger:  # its own condition, or what it splits
                yield Reference("item", "", read.field)
                return
            yield from (self._from_step(action, each, read, at) for each in self._scopes.triggers[:_TRIGGERS_MAX])
            return
        found = self._scopes.find(read.name, action) if read.literal else None
        if found is None:
            yield Reference("step", read.name, read.field, resolved=False)
            return
        yield self._from_step(action, found, read, at)
        if read.kind == "result" and found.id not in self._results:
            self._results.add(found.id)
            for _branch, inner in self._scopes.children(found.id):
                self._link(inner, found, "", found.pointer, "result")

    def _from_step(self, action: Action, source: Action, read: Read, at: str) -> Reference:
        self._link(source, action, read.field, action.pointer + at, "expression")
        return Reference("step", source.id, read.field)

    def _item(self, action: Action, read: Read, at: str) -> Reference:
        """Read `item()`: of what a filter goes through, else of the loop around the step."""
        own = as_dict(action.body.get("inputs"))
        loop = next((each for each in reversed(action.holders) if self._scopes.actions[each].loops), None)
        if "from" in own or "foreach" in action.body or loop is None:
            return Reference("item", "", read.field)
        return self._from_step(action, self._scopes.actions[loop], read, at)

    def _link(self, source: Action, target: Action, field: str, pointer: str, via: str) -> None:
        if source.id != target.id:
            self._data[DataEdge(source.id, target.id, field, pointer, via)] = None

    def _data_of_variables(self) -> None:
        for key, uses in self._uses.items():
            places: dict[str, list[tuple[str, str]]] = defaultdict(list)
            users: dict[str, Action] = {}
            for action, field, pointer in uses:
                users[action.id] = action
                places[action.id].append((field, pointer))
            for definition, use in self._variables.reaching(key, list(users.values())):
                for field, pointer in places.get(use.id) or [("", use.pointer)]:
                    self._link(definition, use, field, pointer, f"variable:{key}")

    def _constants(self) -> Iterator[tuple[str, str]]:
        for name, held in self._parameters.items():
            value = as_dict(held).get("defaultValue")
            if isinstance(value, str) and value and name not in _OWN_PARAMETERS and len(value) <= _CONSTANT_MAX:
                yield name, value


def read_flow(flow: Wrapped, filename: str) -> tuple[Graph, FlowReader]:
    """Return the graph of a definition and the reader, which knows what it could not see."""
    reader = FlowReader(flow, filename)
    return reader.read(), reader


def connection_references(flow: Wrapped) -> dict[str, Any]:
    """Return the connections of a flow by their key."""
    found: dict[str, Any] = {}
    holder = flow.holder
    for parameters in (as_dict(holder.get("parameters")), holder):
        connections = as_dict(parameters.get("$connections"))
        found.update(as_dict(connections.get("value")) or {})
    default = as_dict(as_dict(flow.definition.get("parameters")).get("$connections")).get("defaultValue")
    found.update(as_dict(default))
    found.update(as_dict(holder.get("connectionReferences")))
    return found


def _port(states: Any) -> str:
    """Return the states by which an action leaves, in Microsoft's order; `0` is the ordinary way."""
    said = {_STATES.get(as_text(each).lower(), "") for each in as_list(states)} - {""}
    if said <= {"succeeded"}:
        return "0"
    return "+".join(state for state in _STATES.values() if state in said)


def _without_query(url: str) -> str:
    """Cut at the first `?` that does not stand in an expression; a text that is one expression stays whole."""
    if url.startswith("@") and not url.startswith("@{"):
        return url
    blank = _EXPRESSION.sub(lambda found: " " * len(found[0]), url)
    return url[: len(blank.partition("?")[0])]


def _texts(value: Any, at: str, skipped: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (pointer, text) of every text in a value, without what only describes it."""
    if isinstance(value, str):
        yield at, value
    elif at in skipped:
        return
    elif isinstance(value, dict):
        for key, each in value.items():
            if at != "/inputs/host" or key not in {"connection", "apiId", "connectionName"}:
                yield from _texts(each, f"{at}/{pointer_segment(key)}", skipped)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, f"{at}/{index}", skipped)
