"""From an artefact to the manifest of its app, with as few questions as possible."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from handrail.kernel.ids import suggest_name
from handrail.language.graph import Credential, Graph, Step
from handrail.language.importers.addresses import HOLE, Address, read_address
from handrail.language.importers.model import Artefact
from handrail.language.importers.tree import as_dict, strings
from handrail.language.manifest import API_VERSION

_HOST: Final = re.compile(
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[1-9][0-9]{0,4})?"
)
_IN_TEXT: Final = re.compile(r"(?:https?://|\{\{\{?[^{}\n]{1,200}\}?\}\}/|\$\{[^{}\n]{1,200}\}/)[^\s\"'`<>\\]{1,500}")
_QUESTIONS: Final = {
    "owner": "Who answers for it?",
    "deputy": "Who answers when the owner is away?",
    "purpose": "What is it for, in a sentence?",
}
_STEPS_TOLD: Final = 40


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation of a connection: its name, HTTP method and path template (`/repos/{owner}/issues`)."""

    name: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class KnownConnection:
    """A connection that addresses may mean.

    Attributes:
        name: Its name, also the first segment of its path at the hub.
        connector: The connector's name.
        upstream_host: Host that it calls; flows that call it directly get a suggestion.
    """

    name: str
    connector: str = ""
    upstream_host: str = ""
    operations: tuple[KnownOperation, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a step through the hub.

    Attributes:
        step: Id of the step.
        connection: Name of the connection.
        operation: Name of the operation; None when no operation has that method and path.
        method: As the step says it; None when it comes from the message.
        path: The path below the connection, `{}` for each expression.
    """

    step: str
    connection: str
    operation: str | None
    method: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that nobody but a person knows: the manifest's field and how to ask."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class AppDraft:
    """A manifest as far as the artefact tells.

    Attributes:
        name: Suggested readable id.
        title: The flow's own name.
        platform: Where it was built.
        summary: What it does, in one line.
        steps: What each step does, in order, comments left out; long flows are cut.
        connectors: Systems that its steps name, whoever holds the credential.
        calls: What it calls through the hub.
        egress: Hosts that it reaches without a connection.
        credentials: Credentials that the builder's platform holds: these calls bypass the hub.
        suggestions: What could go through a connection instead, in words.
        questions: What is still unknown of owner, deputy and purpose.
        document: The app manifest as JSON; without the fields that nobody gave.
    """

    name: str
    title: str
    platform: str
    summary: str
    steps: tuple[str, ...]
    connectors: tuple[str, ...]
    calls: tuple[Call, ...]
    egress: tuple[str, ...]
    credentials: tuple[Credential, ...]
    suggestions: tuple[str, ...]
    questions: tuple[Question, ...]
    document: Mapping[str, Any] = field(default_factory=dict)


def draft_app(
    artefact: Artefact,
    known: Sequence[KnownConnection] = (),
    *,
    hub_hosts: Iterable[str] = (),
    team: str | None = None,
    owner: str | None = None,
    deputy: str | None = None,
    purpose: str | None = None,
) -> AppDraft:
    """Pre-fill an app's manifest from its definition.

    Args:
        artefact: What was read.
        known: Connections of the environment.
        hub_hosts: Authorities of hubs, with their port where it is not the scheme's own (`hub.example.com`,
            `127.0.0.1:8780`). An address that begins with an expression counts as the hub's when its first segment
            is a connection's name.
        team: Name of the team, if known.
        owner: Name of a person, if known.
        deputy: Name of a person, if known.
        purpose: In a sentence, if known.
    """
    graph = artefact.graph
    resolver = _Resolver(known, frozenset(host.lower() for host in hub_hosts))
    calls, egress = resolver.read(artefact)
    given = {"owner": owner, "deputy": deputy, "purpose": purpose}
    name = suggest_name(artefact.name)
    title = artefact.name[:200]
    spec = {
        "title": title,
        "team": team,
        **given,
        "platform": artefact.platform,
        "connections": _connections(calls),
        "egress": [host for host in egress if _HOST.fullmatch(host)],
    }
    told = [f"{step.name}: {_does(step)}" for step in graph.working()]
    return AppDraft(
        name=name,
        title=title,
        platform=artefact.platform,
        summary=_summary(graph, egress, calls),
        steps=tuple(told[:_STEPS_TOLD]) + ((f"and {len(told) - _STEPS_TOLD} more",) if len(told) > _STEPS_TOLD else ()),
        connectors=graph.connectors,
        calls=calls,
        egress=egress,
        credentials=graph.credentials,
        suggestions=tuple(_suggestions(graph, egress, known)),
        questions=tuple(Question(each, text) for each, text in _QUESTIONS.items() if not given[each]),
        document={
            "apiVersion": API_VERSION,
            "kind": "App",
            "metadata": {"name": name},
            "spec": {key: each for key, each in spec.items() if each},
        },
    )


class _Resolver:
    def __init__(self, known: Sequence[KnownConnection], hub_hosts: frozenset[str]) -> None:
        self._known = {each.name: each for each in known}
        self._hubs = hub_hosts

    def read(self, artefact: Artefact) -> tuple[tuple[Call, ...], tuple[str, ...]]:
        """Return the calls through the hub, and every other host."""
        calls: dict[Call, None] = {}
        egress: set[str] = set()
        for step in artefact.graph.steps:
            if step.kind == "comment":
                continue
            through: set[str] = set()
            around: set[str] = set()
            for address, method in _addresses(step, artefact.source):
                call = self._call(step, address, method)
                if call:
                    calls[call] = None
                if address.host:
                    (through if call or self._is_hub(address) else around).add(address.host)
            egress |= set(step.hosts) - (through - around)
        return tuple(calls), tuple(sorted(egress))

    def _is_hub(self, address: Address) -> bool:
        authority = address.authority
        return authority in self._hubs or authority.partition(".")[2] in self._hubs

    def _call(self, step: Step, address: Address, method: str | None) -> Call | None:
        authority = address.authority
        segments = (address.path or "").split("/", 2)
        below = "/" + segments[2] if len(segments) > 2 else "/"
        if authority in self._hubs or address.host is None:
            name = segments[1] if len(segments) > 1 else ""
        else:
            name, _, rest = authority.partition(".")
            below = address.path or "/"
            if rest not in self._hubs:
                return None
        connection = self._known.get(name)
        if connection is None:
            return None
        return Call(step.id, name, _operation(connection, method, below), method, below)


def _addresses(step: Step, source: Mapping[str, Any]) -> Iterator[tuple[Address, str | None]]:
    own = read_address(step.url)
    if own:
        yield own, step.method
    if step.kind in {"code", "logic", "action", "llm", "subnode"}:
        for text in strings(as_dict(source.get("nodes")).get(step.id)):
            for found in _IN_TEXT.findall(text) if "://" in text or "}/" in text else ():
                address = read_address(found)
                if address:
                    yield address, None


def _operation(connection: KnownConnection, method: str | None, path: str) -> str | None:
    """Return the only operation that fits; exact segments win over variables."""
    fitting = [
        (score, each.name)
        for each in connection.operations
        if method in {None, each.method} and (score := _fit(each.path, path)) is not None
    ]
    best = [name for score, name in fitting if score == max(fitting)[0]]
    return best[0] if len(best) == 1 else None


def _fit(template: str, path: str) -> int | None:
    wanted, written = template.strip("/").split("/"), path.strip("/").split("/")
    if len(wanted) != len(written):
        return None
    exact = 0
    for one, other in zip(wanted, written, strict=True):
        if one.startswith("{"):
            continue
        if one != other or HOLE in other:
            return None
        exact += 1
    return exact


def _connections(calls: Iterable[Call]) -> list[dict[str, Any]]:
    used: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        used[call.connection] |= {call.operation} if call.operation else set()
    return [{"connection": name, "operations": sorted(used[name])} for name in sorted(used)]


def _does(step: Step) -> str:
    what = " ".join(each for each in (step.connector, step.operation) if each)
    if step.kind in {"http", "code"} and step.hosts:
        what = f"{step.kind} {step.method or ''} {', '.join(step.hosts)}"
    off = ", switched off" if step.disabled else ""
    return " ".join((what or step.type.rsplit(".", 1)[-1]).split()) + off


def _summary(graph: Graph, egress: Sequence[str], calls: Sequence[Call]) -> str:
    working = list(graph.working())
    triggers = [step.name for step in working if step.kind == "trigger" and not step.disabled]
    parts = [f"{len(working)} step{'' if len(working) == 1 else 's'}"]
    parts += [f"starts with {', '.join(triggers[:3])}"] if triggers else ["no trigger"]
    parts += [f"uses {', '.join(graph.connectors[:5])}"] if graph.connectors else []
    through = sorted({call.connection for call in calls})
    parts += [f"calls {', '.join(through[:5])} through the hub"] if through else []
    parts += [f"reaches {', '.join(egress[:5])} directly"] if egress else []
    return "; ".join(parts)


def _suggestions(graph: Graph, egress: Sequence[str], known: Sequence[KnownConnection]) -> Iterator[str]:
    for connection in known:
        if connection.upstream_host and connection.upstream_host.lower() in egress:
            host = connection.upstream_host.lower()
            yield f"{host} can be called through the connection {connection.name}"
        elif connection.connector and connection.connector in graph.connectors:
            yield f"{connection.connector} can be called through the connection {connection.name}"
