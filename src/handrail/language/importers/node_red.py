"""Reads Node-RED flows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Credential, Edge, Graph, Step, StepKind, Subflow
from handrail.language.importers.addresses import literal_hosts, read_address
from handrail.language.importers.errors import ArtefactTooLarge
from handrail.language.importers.model import Finding
from handrail.language.importers.node_red_context import EDGES_MAX, Context
from handrail.language.importers.node_red_edges import edges_of
from handrail.language.importers.node_red_resources import Chats, resource_of
from handrail.language.importers.node_red_types import CONTAINERS, is_known, kind_of, operation_of, system_of
from handrail.language.importers.tree import as_dict, as_list, as_text, strings

PLATFORM: Final = "node-red"
_SERVER_FIELDS: Final = ("broker", "server", "host", "hostname", "url", "endpoint", "baseApiUrl", "address")
_BARE_HOST: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|localhost")
_ENV: Final = re.compile(r"\$\{([^\s{}]{1,80})\}|\$\(([^\s()]{1,80})\)")
_EDGES_MAX: Final = 400_000
_VISITS: Final = 500_000


class FlowReader:
    """Turns a redacted flow file into a graph."""

    def __init__(
        self,
        nodes: Mapping[str, dict[str, Any]],
        name: str,
        places: Mapping[str, tuple[Any, Any]],
        pointers: Mapping[str, str] | None = None,
    ) -> None:
        """Take a flow.

        Args:
            nodes: Nodes by id.
            name: Its name.
            places: Canvas positions by node id.
            pointers: JSON pointer of each node in its document; without them that of the source form.
        """
        self._name = name
        self._places = places
        self._pointers = pointers
        self._nodes = nodes
        self._kinds: dict[str, StepKind] = {
            key: kind_of(node) for key, node in self._nodes.items() if node.get("type") not in CONTAINERS
        }
        self._configs = {key for key, kind in self._kinds.items() if kind == "config"}
        self._users: dict[str, list[str]] = defaultdict(list)
        self._sources: dict[str, list[str]] = defaultdict(list)
        self._address_setters: dict[str, list[str]] = {}
        self._visits = _VISITS
        self._unknown: set[str] = set()
        self._unresolved: set[str] = set()
        self.findings: list[Finding] = []

    def read(self) -> Graph:
        """Return the graph."""
        self._context = Context(self._nodes, self._configs)
        self._note_wires()
        self._chats = Chats(self._nodes)
        steps = tuple(self._step(key, self._nodes[key], kind) for key, kind in self._kinds.items())
        edges = self._bounded_edges()
        data = self._context.edges({step.id: step.pointer for step in steps if step.kind != "comment"})
        if len(data) >= EDGES_MAX:
            self._unknown.add("more nodes share variables than could be followed")
        constants = dict(self._constants())
        self._variables({name.rsplit(".", 1)[-1] for name in constants})
        return Graph(
            platform=PLATFORM,
            name=self._name,
            steps=steps,
            edges=edges,
            credentials=tuple(sorted(self._credentials(), key=lambda each: each.key)),
            constants=constants,
            hosts=tuple(sorted({host for step in steps for host in step.hosts})),
            unknown=tuple(sorted(self._unknown)),
            subflows=tuple(self._subflows()),
            data=data,
        )

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Return the references that the file does not hold."""
        return tuple(sorted(self._unresolved))

    def _bounded_edges(self) -> tuple[Edge, ...]:
        edges: dict[Edge, None] = {}
        for made, edge in enumerate(edges_of(self._nodes, self._kinds, self._dangling)):
            edges[edge] = None
            if len(edges) > _EDGES_MAX or made > 2 * _EDGES_MAX:
                raise ArtefactTooLarge(
                    f"The flow joins its nodes in more than {_EDGES_MAX:,} ways.",
                    fix="Export one tab at a time.",
                    place=self._name,
                )
        return tuple(edges)

    def _step(self, key: str, node: dict[str, Any], kind: StepKind) -> Step:
        node_type = as_text(node.get("type"))
        name = self._label(key)
        connector = system_of(node) if kind not in {"config", "comment"} else None
        address = read_address(node.get("url")) if kind in {"http", "config"} or connector else None
        if not is_known(node_type) and kind != "config":
            text = f"Nobody knows what a node of the type {node_type[:60]!r} does."
            self.findings.append(Finding("unknown_step_type", text, name, self._pointer(key)))
        hosts = {address.host} if address and address.host else set()
        if kind == "http" and not hosts:
            hosts |= set(self._addresses_set_before(key))
            self._unknown.add(f"step {name!r}: its address comes from the message or a variable")
        if kind == "code":
            hosts |= {host for text in strings(node) for host in literal_hosts(text)}
        if kind == "config":
            hosts |= set(_servers(node))
        refs = [each for each in self._configs_used(node) if each != key]
        for each in refs:
            self._users[each].append(key)
        if node_type == "link call" and node.get("linkType") == "dynamic":
            self._unknown.add(f"step {name!r}: which flow it calls is decided when it runs")
            self._unresolved.add(f"node-red:link-of-step:{key}")
        method = as_text(node.get("method")).upper()
        return Step(
            id=key,
            name=name,
            kind=kind,
            type=node_type,
            connector=connector,
            operation=operation_of(node) if kind not in {"config", "comment"} else None,
            url=address.url if address else None,
            hosts=tuple(sorted(hosts)),
            method=method if kind == "http" and method.isalpha() and method != "USE" else None,
            path=address.path if address else None,
            credential_refs=tuple(dict.fromkeys(self._credential_key(each) for each in refs)),
            error_policy="error-output" if node.get("senderr") is True else None,
            disabled=self._is_disabled(node),
            parent=as_text(node.get("z")),
            pointer=self._pointer(key),
            position=_position(self._places.get(key)),
            inputs=self._context.inputs(key),
            resource=self._resource(key, node, kind),
            replaces=_replaces(node),
        )

    def _pointer(self, key: str) -> str:
        return self._pointers[key] if self._pointers is not None else f"/nodes/{pointer_segment(key)}"

    def _resource(self, key: str, node: dict[str, Any], kind: StepKind) -> str | None:
        if node.get("type") in {"telegram sender", "telegram reply"} and kind == "action":
            return self._chats.resource(key)
        return resource_of(node, self._nodes) if kind != "config" else None

    def _label(self, key: str) -> str:
        node = self._nodes[key]
        node_type = as_text(node.get("type"))
        written = as_text(node.get("name")) or as_text(node.get("label"))
        if node_type == "e-mail" and "@" in written:
            # The step keeps its receivers in its name, and what a step is called stands in findings and drawings.
            return node_type
        if not written and node_type.startswith("subflow:"):
            written = as_text(self._nodes.get(node_type.removeprefix("subflow:"), {}).get("name"))
        return written or node_type

    def _is_disabled(self, node: dict[str, Any]) -> bool:
        home = self._nodes.get(as_text(node.get("z")), {})
        return node.get("d") is True or home.get("disabled") is True

    def _configs_used(self, node: dict[str, Any]) -> Iterator[str]:
        for field, value in node.items():
            if field not in {"id", "type", "z", "g", "wires", "links", "scope"}:
                yield from dict.fromkeys(text for text in strings(value) if text in self._configs)

    def _credential_key(self, key: str) -> str:
        return f"{as_text(self._nodes[key].get('type'))}/{self._label(key)}"

    def _credentials(self) -> Iterator[Credential]:
        merged: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, users in self._users.items():
            merged[as_text(self._nodes[key].get("type")), self._label(key)] += users
        for (kind, name), users in merged.items():
            yield Credential(kind, name, tuple(users))

    def _dangling(self, key: str, target: Any) -> None:
        text = f"A wire from {self._label(key)!r} leads to a node that does not exist ({as_text(target)[:40]!r})."
        self.findings.append(Finding("dangling_edge", text, self._label(key), f"{self._pointer(key)}/wires"))

    def _addresses_set_before(self, key: str) -> Iterator[str]:
        """Yield the hosts that change nodes upstream put into `msg.url`."""
        if not self._address_setters:
            return
        seen = {key}
        waiting = [key]
        while waiting and self._visits > 0:
            self._visits -= 1
            for before in self._sources[waiting.pop()]:
                if before not in seen:
                    seen.add(before)
                    waiting.append(before)
                    yield from self._address_setters.get(before, ())

    def _note_wires(self) -> None:
        for key in self._kinds:
            for targets in as_list(self._nodes[key].get("wires")):
                for target in as_list(targets):
                    self._sources[as_text(target)].append(key)
            for rule in as_list(self._nodes[key].get("rules")):
                held = as_dict(rule)
                if held.get("p") == "url" and held.get("tot", "str") == "str":
                    self._address_setters.setdefault(key, []).extend(literal_hosts(as_text(held.get("to"))))

    def _constants(self) -> Iterator[tuple[str, str]]:
        for node in self._nodes.values():
            prefix = "" if node.get("type") == "global-config" else f"{as_text(node.get('label') or node.get('name'))}."
            for entry in as_list(node.get("env")):
                held = as_dict(entry)
                if (
                    as_text(held.get("name"))
                    and held.get("type") != "cred"
                    and not isinstance(held.get("value"), (dict, list))
                ):
                    yield f"{prefix}{held['name']}", str(held.get("value", ""))

    def _variables(self, defined: set[str]) -> None:
        for node in self._nodes.values():
            for text in strings(node):
                for modern, old in _ENV.findall(text) if "${" in text or "$(" in text else ():
                    name = (modern or old).removeprefix("$parent.")
                    if name not in defined and (modern or text == f"$({old})") and not name.startswith("NR_"):
                        self._unknown.add(f"the value of the environment variable {name} is not in this file")
                        self._unresolved.add(f"node-red:env:{name}")

    def _subflows(self) -> Iterator[Subflow]:
        users: dict[str, list[str]] = defaultdict(list)
        for key in self._kinds:
            node_type = as_text(self._nodes[key].get("type"))
            if node_type.startswith("subflow:"):
                users[node_type.removeprefix("subflow:")].append(key)
        for reference in sorted(users):
            definition = self._nodes.get(reference)
            if definition is None:
                self._unresolved.add(f"node-red:subflow:{reference}")
            yield Subflow(
                reference,
                as_text((definition or {}).get("name")) or reference,
                tuple(users[reference]),
                definition is not None,
            )


def _servers(node: dict[str, Any]) -> Iterator[str]:
    for field in _SERVER_FIELDS:
        text = as_text(node.get(field)).strip()
        yield from literal_hosts(text)
        if _BARE_HOST.fullmatch(text):
            yield text.lower()


def _position(place: tuple[Any, Any] | None) -> tuple[int, int] | None:
    numbers = [each for each in place or () if isinstance(each, (int, float)) and not isinstance(each, bool)]
    return (round(numbers[0]), round(numbers[1])) if len(numbers) == 2 and max(map(abs, numbers)) < 2**53 else None


def _replaces(node: dict[str, Any]) -> bool:
    """Tell whether a node puts something of its own in place of the whole payload."""
    if node.get("type") == "template":
        return bool(node.get("field", "payload") == "payload" and node.get("fieldType", "msg") == "msg")
    rules = [as_dict(each) for each in as_list(node.get("rules"))] if node.get("type") == "change" else []
    return any(
        each.get("t") == "set" and each.get("p") == "payload" and each.get("pt", "msg") == "msg" for each in rules
    )
