"""Reads n8n exports: one workflow, or one of a list."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Credential, Edge, Graph, Step, Subflow
from handrail.language.importers.addresses import kebab, literal_hosts, read_address
from handrail.language.importers.errors import ArtefactInvalid
from handrail.language.importers.model import Finding
from handrail.language.importers.n8n_types import OUTPUTS, kind_of, operation_of, short_type, system_of
from handrail.language.importers.tree import as_dict, as_list, as_text, strings, unique_keys

PLATFORM: Final = "n8n"
_METHOD_FROM: Final = ("method", "requestMethod")
_ADDRESS_FIELDS: Final = ("url", "endpoint", "sseEndpoint", "endpointUrl", "baseUrl", "uri", "webhookUri")
_CODE_FIELDS: Final = ("jsCode", "pythonCode", "functionCode", "code", "command")
_SELF: Final = re.compile(r"=?\s*\{\{\s*\$workflow\.id\s*\}\}")
_VARIABLE: Final = re.compile(r"\$(vars|env)(?:\.([A-Za-z_]\w{0,80})|\[\s*['\"]([^'\"\]]{1,80})['\"]\s*\])")


class WorkflowReader:
    """Turns one redacted workflow in source form into a graph."""

    def __init__(
        self, source: Mapping[str, Any], name: str, known: Mapping[str, str], places: Mapping[str, Any]
    ) -> None:
        """Take a workflow.

        Args:
            source: The source form (`normal.n8n_source`).
            name: Its name.
            known: Ids of workflows in the same file and their names.
            places: Canvas positions by node key.
        """
        self._source = source
        self._name = name
        self._known = known
        self._places = places
        self._nodes: dict[str, dict[str, Any]] = source["nodes"]
        self._credentials: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._calls: dict[str, list[str]] = defaultdict(list)
        self._unknown: set[str] = set()
        self._unresolved: set[str] = set()
        self.findings: list[Finding] = []

    def read(self) -> Graph:
        """Return the graph."""
        steps = tuple(self._step(key, node) for key, node in self._nodes.items())
        edges = tuple(dict.fromkeys(self._edges()))
        self._error_workflow()
        self._variables()
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

    def _step(self, key: str, node: dict[str, Any]) -> Step:
        node_type = as_text(node.get("type"))
        parameters = as_dict(node.get("parameters"))
        kind = kind_of(node_type)
        connector = system_of(node_type)
        address = next(
            (found for field in _ADDRESS_FIELDS if (found := read_address(_located(parameters.get(field))))), None
        )
        hosts = {address.host} if address and address.host else set()
        if kind == "code":
            for field in _CODE_FIELDS:
                hosts |= set(literal_hosts(as_text(parameters.get(field))))
        if kind == "http" and (address is None or address.host is None):
            self._unknown.add(f"step {key!r}: its address comes from an expression")
        if kind == "subflow":
            self._subflow(key, node_type, parameters)
        return Step(
            id=key,
            name=as_text(node.get("name")) or key,
            kind=kind,
            type=node_type,
            connector=connector,
            operation=operation_of(node_type, parameters) if connector else None,
            url=address.url if address else None,
            hosts=tuple(sorted(hosts)),
            method=_method(parameters) if kind == "http" else None,
            path=address.path if address else None,
            credential_refs=tuple(self._credential_refs(key, node)),
            error_policy=_error_policy(node),
            disabled=node.get("disabled") is True,
            pointer=f"/nodes/{pointer_segment(key)}",
            position=_position(self._places.get(key)),
        )

    def _credential_refs(self, key: str, node: dict[str, Any]) -> Iterator[str]:
        for kind, held in as_dict(node.get("credentials")).items():
            name = as_text(held) or as_text(as_dict(held).get("name"))
            self._credentials[kind, name].append(key)
            yield f"{kind}/{name}"

    def _subflow(self, key: str, node_type: str, parameters: dict[str, Any]) -> None:
        if short_type(node_type) == "agentTool":
            return
        origin = as_text(parameters.get("source")) or "database"
        if origin == "parameter":
            self._unknown.add(f"step {key!r}: it calls a workflow written inside the step")
            return
        target = as_text(_located(parameters.get("workflowId")))
        if _SELF.fullmatch(target):
            return
        if origin in {"localFile", "url"} or not target or target.startswith("="):
            self._unknown.add(f"step {key!r}: which workflow it calls is decided when it runs")
            self._unresolved.add(f"n8n:workflow-of-step:{key}")
            return
        self._calls[target].append(key)
        if target not in self._known:
            self._unknown.add(f"step {key!r}: the workflow {target!r} that it calls is not in this file")

    def _edges(self) -> Iterator[Edge]:
        for source, outputs in as_dict(self._source.get("connections")).items():
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
                    f"/connections/{pointer_segment(source)}/{pointer_segment(kind)}/{port}",
                )
            )

    def _error_workflow(self) -> None:
        target = as_text(as_dict(self._source.get("settings")).get("errorWorkflow"))
        if target:
            self._calls[target].extend(())
            if target not in self._known:
                self._unknown.add(f"the error workflow {target!r} is not in this file")

    def _variables(self) -> None:
        for text in strings(self._source):
            for kind, dotted, quoted in _VARIABLE.findall(text) if "$vars" in text or "$env" in text else ():
                name = dotted or quoted
                self._unknown.add(f"the value of ${kind}.{name} is not in this file")
                self._unresolved.add(f"n8n:{'variable' if kind == 'vars' else 'env'}:{name}")


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
