"""Reads n8n exports: one workflow, or one of a list."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Credential, DataEdge, Edge, Graph, Input, Step, StepKind, Subflow
from handrail.language.importers.addresses import kebab, literal_hosts, read_address
from handrail.language.importers.errors import ArtefactInvalid
from handrail.language.importers.model import Finding
from handrail.language.importers.n8n_fields import Texts, literal, object_of, read_inputs
from handrail.language.importers.n8n_types import OUTPUTS, NodeType, node_type_of, operation_of, short_type
from handrail.language.importers.tree import as_dict, as_list, as_text, strings, unique_keys

PLATFORM: Final = "n8n"
_METHOD_FROM: Final = ("method", "requestMethod")
_ADDRESS_FIELDS: Final = ("url", "endpoint", "sseEndpoint", "endpointUrl", "baseUrl", "uri", "webhookUri")
_CODE_FIELDS: Final = frozenset({"jsCode", "pythonCode", "functionCode", "code", "command"})
_ENDPOINTS: Final = frozenset({"webhook", "form", "chat", "mcp"})
_HOLED: Final = "toolHttpRequest"
_CALLED: Final = "executeWorkflowTrigger"
_SELF: Final = re.compile(r"=?\s*\{\{\s*\$workflow\.id\s*\}\}")
_VARIABLE: Final = re.compile(r"\$(vars|env)(?:\.([A-Za-z_]\w{0,80})|\[\s*['\"]([^'\"\]]{1,80})['\"]\s*\])")
# roles that say more of a node than that it is part of another
_NOT_PARTS: Final = frozenset({"trigger", "http", "code", "subflow", "llm", "comment"})


class WorkflowReader:
    """Turns one redacted workflow into a graph, in source form or in the file's own."""

    def __init__(
        self,
        workflow: Mapping[str, Any],
        nodes: Mapping[str, dict[str, Any]],
        name: str,
        known: Mapping[str, str],
        *,
        places: Mapping[str, Any] | None = None,
        pointers: Mapping[str, str] | None = None,
        base: str = "",
    ) -> None:
        """Take a workflow.

        Args:
            workflow: What holds `connections` and `settings`.
            nodes: Its nodes by key.
            name: Its name.
            known: Ids of workflows in the same file and their names.
            places: Canvas positions by node key; without them each node's own.
            pointers: Where each node stands, by key; without them `/nodes/<key>`.
            base: Pointer of the workflow itself.
        """
        self._workflow = workflow
        self._nodes = nodes
        self._name = name
        self._known = known
        self._places = places
        self._pointers = pointers
        self._base = base
        self._credentials: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._calls: dict[str, list[str]] = defaultdict(list)
        self._unknown: set[str] = set()
        self._unresolved: set[str] = set()
        self._data: dict[DataEdge, None] = {}
        self.findings: list[Finding] = []

    def read(self) -> Graph:
        """Return the graph."""
        edges = tuple(dict.fromkeys(self._edges()))
        attached = {edge.source for edge in edges if edge.kind.startswith("ai_")}
        attached -= {end for edge in edges if not edge.kind.startswith("ai_") for end in (edge.source, edge.target)}
        steps = tuple(self._step(key, node, key in attached) for key, node in self._nodes.items())
        self._error_workflow()
        return Graph(
            platform=PLATFORM,
            name=self._name,
            steps=steps,
            edges=edges,
            credentials=tuple(
                Credential(kind, name, tuple(users)) for (kind, name), users in sorted(self._credentials.items())
            ),
            hosts=tuple(sorted({host for step in steps for host in step.hosts})),
            unknown=tuple(sorted(self._unknown)),
            subflows=tuple(
                Subflow(reference, self._known.get(reference, reference), tuple(users), reference in self._known)
                for reference, users in sorted(self._calls.items())
            ),
            data=tuple(self._data),
        )

    @property
    def calls(self) -> tuple[str, ...]:
        """Return the ids of the workflows that it calls."""
        return tuple(sorted(self._calls))

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Return the references that the file does not hold."""
        missing = {f"n8n:workflow:{each}" for each in self._calls if each not in self._known}
        return tuple(sorted(missing | self._unresolved))

    def note_variables(self, texts: Iterable[str]) -> None:
        """Note which variables texts name; their values are never in the file. Call it before `read`."""
        for text in texts:
            for kind, dotted, quoted in _VARIABLE.findall(text) if "$vars" in text or "$env" in text else ():
                name = dotted or quoted
                self._unknown.add(f"the value of ${kind}.{name} is not in this file")
                self._unresolved.add(f"n8n:{'variable' if kind == 'vars' else 'env'}:{name}")

    def _step(self, key: str, node: dict[str, Any], attached: bool) -> Step:
        written_type = as_text(node.get("type"))
        parameters = as_dict(node.get("parameters"))
        node_type = node_type_of(written_type, node.get("typeVersion"))
        kind: StepKind = "subnode" if attached and node_type.kind not in _NOT_PARTS else node_type.kind
        operation, row = operation_of(node_type, parameters)
        name = as_text(node.get("name")) or key
        pointer = self._pointer(key)
        holed = short_type(written_type) == _HOLED
        inputs = tuple(read_inputs(parameters, Texts(self._nodes, kind == "code", holed))) if kind != "comment" else ()
        written = (_located(parameters[field]) for field in _ADDRESS_FIELDS if field in parameters)
        address = next(filter(None, map(read_address, written)), None)
        hosts = {address.host} if address and address.host else set()
        if kind == "code":
            for field in _CODE_FIELDS:
                hosts |= set(literal_hosts(as_text(parameters.get(field))))
        if kind == "http" and (address is None or address.host is None):
            self._unknown.add(f"step {key!r}: its address comes from an expression")
        if kind == "subflow":
            hosts |= self._subflow(key, parameters)
        self._read_data(key, pointer, inputs)
        self._judge(name, written_type, node_type, pointer)
        named = object_of(row, parameters) or (self._own_name(node, node_type.system) if kind == "trigger" else None)
        return Step(
            id=key,
            name=name,
            kind=kind,
            type=written_type,
            connector=node_type.system,
            operation=operation,
            url=address.url if address else None,
            hosts=tuple(sorted(hosts)),
            method=_method(parameters) if kind == "http" else None,
            path=address.path if address else None,
            credential_refs=tuple(self._credential_refs(key, node)),
            error_policy=_error_policy(node),
            disabled=node.get("disabled") is True,
            pointer=pointer,
            position=_position(node.get("position") if self._places is None else self._places.get(key)),
            inputs=inputs,
            resource=_resource(node_type.system, named),
            replaces=short_type(written_type) == "set" and _replaces(parameters),
        )

    def _pointer(self, key: str) -> str:
        return self._pointers[key] if self._pointers is not None else f"{self._base}/nodes/{pointer_segment(key)}"

    def _own_name(self, node: Mapping[str, Any], system: str | None) -> str | None:
        """Return by what others reach a trigger that names nothing: its webhook's id, or the workflow's own."""
        if system in _ENDPOINTS:
            return literal(node.get("webhookId")) or None
        return literal(self._workflow.get("id")) or None if short_type(as_text(node.get("type"))) == _CALLED else None

    def _read_data(self, key: str, pointer: str, inputs: tuple[Input, ...]) -> None:
        for each in inputs:
            for read in each.references:
                if read.kind == "step" and read.resolved:
                    self._data[DataEdge(read.name, key, read.field, pointer + each.field)] = None

    def _judge(self, name: str, written_type: str, node_type: NodeType, pointer: str) -> None:
        if node_type.community:
            package = written_type.rpartition(".")[0]
            text = f"The step {name!r} runs code of the community package {package!r}."
            self.findings.append(Finding("community_node", text, name, f"{pointer}/type"))
        elif node_type.facts is None:
            text = f"The step {name!r} is of a type that is not known here: {written_type!r}."
            self.findings.append(Finding("unknown_step_type", text, name, f"{pointer}/type"))

    def _credential_refs(self, key: str, node: dict[str, Any]) -> Iterator[str]:
        for kind, held in as_dict(node.get("credentials")).items():
            name = as_text(held) or as_text(as_dict(held).get("name"))
            self._credentials[kind, name].append(key)
            yield f"{kind}/{name}"

    def _subflow(self, key: str, parameters: dict[str, Any]) -> set[str]:
        """Note which workflow a step calls; return the hosts that one written inside the step names."""
        origin = as_text(parameters.get("source")) or "database"
        if origin == "parameter":
            self._unknown.add(f"step {key!r}: it calls a workflow written inside the step")
            written = parameters.get("workflowJson")
            return {host for text in strings(written) for host in literal_hosts(text)}
        target = as_text(_located(parameters.get("workflowId")))
        if _SELF.fullmatch(target):
            return set()
        if origin in {"localFile", "url"} or not target or target.startswith("="):
            self._unknown.add(f"step {key!r}: which workflow it calls is decided when it runs")
            self._unresolved.add(f"n8n:workflow-of-step:{key}")
            return set()
        self._calls[target].append(key)
        if target not in self._known:
            self._unknown.add(f"step {key!r}: the workflow {target!r} that it calls is not in this file")
        return set()

    def _edges(self) -> Iterator[Edge]:
        for source, outputs in as_dict(self._workflow.get("connections")).items():
            for kind, ports in as_dict(outputs).items():
                for port, targets in enumerate(as_list(ports)):
                    for target in as_list(targets):
                        yield from self._edge(source, kind, port, as_text(as_dict(target).get("node")))

    def _edge(self, source: str, kind: str, port: int, target: str) -> Iterator[Edge]:
        if source in self._nodes and target in self._nodes:
            node = self._nodes[source]
            regular = OUTPUTS.get(short_type(as_text(node.get("type"))), 1)
            is_error = kind == "main" and node.get("onError") == "continueErrorOutput" and port >= regular
            yield Edge(source, target, "error" if is_error else str(port), "error" if is_error else kind)
        elif target:
            self.findings.append(
                Finding(
                    "dangling_edge",
                    f"A wire from {source!r} to {target!r} leads to or from a step that does not exist.",
                    source,
                    f"{self._base}/connections/{pointer_segment(source)}/{pointer_segment(kind)}/{port}",
                )
            )

    def _error_workflow(self) -> None:
        target = as_text(as_dict(self._workflow.get("settings")).get("errorWorkflow"))
        if target:
            self._calls[target].extend(())
            if target not in self._known:
                self._unknown.add(f"the error workflow {target!r} is not in this file")


def n8n_nodes(workflow: Mapping[str, Any], filename: str) -> dict[str, dict[str, Any]]:
    """Return a workflow's nodes by name.

    Raises:
        ArtefactInvalid: If a node has no name or no type.
    """
    keyed: list[tuple[str, dict[str, Any]]] = []
    for index, node in enumerate(as_list(workflow.get("nodes"))):
        if not isinstance(node, dict) or not as_text(node.get("name")) or not as_text(node.get("type")):
            raise ArtefactInvalid(
                "A node of this workflow has no name or no type.",
                fix="Export the workflow again from n8n.",
                place=f"{filename}#/nodes/{index}",
            )
        keyed.append((node["name"], node))
    return unique_keys(keyed)


def _located(value: Any) -> Any:
    """Return the value of a resource locator, or the value itself."""
    return value.get("value") if isinstance(value, dict) and value.get("__rl") is True else value


def _resource(system: str | None, key: str | None) -> str | None:
    if not system or not key:
        return None
    return f"{system}:/{key}" if system in _ENDPOINTS else f"{system}:{key}"


def _method(parameters: dict[str, Any]) -> str | None:
    written = next((parameters[field] for field in _METHOD_FROM if field in parameters), "GET")
    text = as_text(written).upper()
    return text if text.isalpha() else None


def _error_policy(node: dict[str, Any]) -> str | None:
    words = []
    chosen = as_text(node.get("onError"))
    if chosen and chosen != "stopWorkflow":
        words.append("error-output" if chosen == "continueErrorOutput" else kebab(chosen.removesuffix("RegularOutput")))
    elif node.get("continueOnFail") is True:
        words.append("continue")
    if node.get("retryOnFail") is True:
        words.append("retry")
    return "+".join(words) or None


def _position(value: Any) -> tuple[int, int] | None:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, int) for each in value):
        return value[0], value[1]
    return None


def _replaces(parameters: Mapping[str, Any]) -> bool:
    """Tell whether a step that sets fields drops every other field; what doesn't say so keeps them."""
    if "keepOnlySet" in parameters:
        return parameters["keepOnlySet"] is True
    if "assignments" in parameters or parameters.get("mode") == "raw":
        return parameters.get("includeOtherFields") in {None, False} and "include" not in parameters
    return parameters.get("include") == "none"
