"""Reads Node-RED flows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Credential, Edge, Graph, Step, StepKind, Subflow
from handrail.language.importers.addresses import literal_hosts, read_address
from handrail.language.importers.model import Finding
from handrail.language.importers.node_red_parts import jumps
from handrail.language.importers.node_red_types import CONTAINERS, LISTENERS, kind_of, operation_of, system_of
from handrail.language.importers.tree import as_dict, as_list, as_text, strings

PLATFORM: Final = "node-red"
_SERVER_FIELDS: Final = ("broker", "server", "host", "hostname", "url", "endpoint", "baseApiUrl", "address")
_BARE_HOST: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+|localhost")
_ENV: Final = re.compile(r"\$\{([^\s{}]{1,80})\}|\$\(([^\s()]{1,80})\)")
_NOT_LISTENED: Final = frozenset({"comment", "config"})


class FlowReader:
    """Turns a redacted flow file in source form into a graph."""

    def __init__(self, source: Mapping[str, Any], name: str, places: Mapping[str, tuple[Any, Any]]) -> None:
        """Take a flow.

        Args:
            source: The source form (`normal.node_red_source`).
            name: Its name.
            places: Canvas positions by node id.
        """
        self._name = name
        self._places = places
        self._nodes: dict[str, dict[str, Any]] = source["nodes"]
        self._kinds: dict[str, StepKind] = {
            key: kind_of(node) for key, node in self._nodes.items() if node.get("type") not in CONTAINERS
        }
        self._configs = {key for key, kind in self._kinds.items() if kind == "config"}
        self._users: dict[str, list[str]] = defaultdict(list)
        self._unknown: set[str] = set()
        self._unresolved: set[str] = set()
        self.findings: list[Finding] = []

    def read(self) -> Graph:
        """Return the graph."""
        steps = tuple(self._step(key, self._nodes[key], kind) for key, kind in self._kinds.items())
        constants = dict(self._constants())
        self._variables({name.rsplit(".", 1)[-1] for name in constants})
        return Graph(
            platform=PLATFORM,
            name=self._name,
            steps=steps,
            edges=tuple(dict.fromkeys(self._edges())),
            credentials=tuple(sorted(self._credentials(), key=lambda each: each.key)),
            constants=constants,
            hosts=tuple(sorted({host for step in steps for host in step.hosts})),
            unknown=tuple(sorted(self._unknown)),
            subflows=tuple(self._subflows()),
        )

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Return the references that the file does not hold."""
        return tuple(sorted(self._unresolved))

    def _step(self, key: str, node: dict[str, Any], kind: StepKind) -> Step:
        node_type = as_text(node.get("type"))
        name = self._label(key)
        connector = system_of(node_type)
        address = read_address(node.get("url")) if kind in {"http", "config"} or connector else None
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
            connector=connector if kind != "config" else None,
            operation=operation_of(node) if connector and kind != "config" else None,
            url=address.url if address else None,
            hosts=tuple(sorted(hosts)),
            method=method if kind == "http" and method.isalpha() and method != "USE" else None,
            path=address.path if address else None,
            credential_refs=tuple(dict.fromkeys(self._credential_key(each) for each in refs)),
            error_policy="error-output" if node.get("senderr") is True else None,
            disabled=self._is_disabled(node),
            parent=as_text(node.get("z")),
            pointer=f"/nodes/{pointer_segment(key)}",
            position=_position(self._places.get(key)),
        )

    def _label(self, key: str) -> str:
        node = self._nodes[key]
        node_type = as_text(node.get("type"))
        written = as_text(node.get("name")) or as_text(node.get("label"))
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

    def _edges(self) -> Iterator[Edge]:
        for key in self._kinds:
            node = self._nodes[key]
            for port, targets in enumerate(as_list(node.get("wires"))):
                for target in as_list(targets):
                    if as_text(target) in self._kinds:
                        yield Edge(key, target, str(port))
                    else:
                        self._dangling(key, target)
            listens_to = LISTENERS.get(as_text(node.get("type")))
            if listens_to:
                yield from self._listening(key, node, listens_to)
            node_type = as_text(node.get("type"))
            if node_type.startswith("subflow:"):
                yield from self._entering(key, self._nodes.get(node_type.removeprefix("subflow:"), {}))
        for source, target in jumps(self._nodes):
            yield Edge(source, target, "0", "link")

    def _listening(self, key: str, node: dict[str, Any], kind: str) -> Iterator[Edge]:
        scope = node.get("scope")
        if isinstance(scope, list):
            yield from (Edge(each, key, kind, kind) for each in scope if as_text(each) in self._kinds)
            return
        for other, other_kind in self._kinds.items():
            held = self._nodes[other]
            if other_kind in _NOT_LISTENED or held.get("type") in LISTENERS or held.get("z") != node.get("z"):
                continue
            if scope != "group" or (held.get("g") and held.get("g") == node.get("g")):
                yield Edge(other, key, "any", kind)

    def _entering(self, key: str, definition: dict[str, Any]) -> Iterator[Edge]:
        for port in as_list(definition.get("in")):
            for wire in as_list(as_dict(port).get("wires")):
                target = as_text(as_dict(wire).get("id"))
                if target in self._kinds:
                    yield Edge(key, target, "0", "subflow")

    def _dangling(self, key: str, target: Any) -> None:
        text = f"A wire from {self._label(key)!r} leads to a node that does not exist ({as_text(target)[:40]!r})."
        self.findings.append(Finding("dangling_edge", text, self._label(key), f"/nodes/{pointer_segment(key)}/wires"))

    def _addresses_set_before(self, key: str) -> Iterator[str]:
        """Yield the hosts that change nodes upstream put into `msg.url`."""
        sources: dict[str, list[str]] = defaultdict(list)
        for other in self._kinds:
            for targets in as_list(self._nodes[other].get("wires")):
                for target in as_list(targets):
                    sources[str(target)].append(other)
        seen = {key}
        waiting = [key]
        while waiting:
            for before in sources[waiting.pop()]:
                if before not in seen:
                    seen.add(before)
                    waiting.append(before)
                    for rule in as_list(self._nodes[before].get("rules")):
                        held = as_dict(rule)
                        if held.get("p") == "url" and held.get("tot", "str") == "str":
                            yield from literal_hosts(as_text(held.get("to")))

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
    if place and all(isinstance(each, int) and not isinstance(each, bool) for each in place):
        return place
    return None
