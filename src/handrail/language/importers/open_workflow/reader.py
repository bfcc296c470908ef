"""From an Open Workflow document to a graph."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from handrail.language.classify import pointer_segment
from handrail.language.graph import Credential, DataEdge, Edge, Graph, Input, Reference, Step, StepKind, Subflow
from handrail.language.importers.addresses import HOLE, literal_hosts, read_address
from handrail.language.importers.model import Finding
from handrail.language.importers.open_workflow.document import PLATFORM, START, Task, tasks_of
from handrail.language.importers.open_workflow.expressions import Read, holed, reads, template_reads
from handrail.language.importers.tree import as_dict, as_list, as_text

_LOGIC: Final = frozenset({"set", "switch", "try", "for", "fork", "wait", "do", "raise"})
_HOLDS_TASKS: Final = frozenset({"do", "try", "foreach"})
_CONDITIONS: Final = frozenset({"if", "when", "while", "in", "exceptWhen"})
_JUMPS: Final = frozenset({"", "continue", "exit", "end"})
_PAIRS_MAX: Final = 20_000
_SYSTEMS: Final = {
    "http": "http",
    "openapi": "http",
    "grpc": "grpc",
    "asyncapi": "asyncapi",
    "mcp": "mcp",
    "a2a": "a2a",
}


class WorkflowReader:
    """Turns one redacted document into a graph."""

    def __init__(self, document: Mapping[str, Any], filename: str) -> None:
        """Take a document.

        Raises:
            ArtefactInvalid: If a task is no object with one name.
        """
        self._document = document
        self._head = as_dict(document.get("document"))
        self._use = as_dict(document.get("use"))
        self._tasks = tasks_of(document, filename)
        self._lists: dict[tuple[str, str], list[Task]] = defaultdict(list)
        for task in self._tasks.values():
            self._lists[task.parent, task.branch].append(task)
        self._credentials: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._used: dict[str, dict[str, None]] = defaultdict(dict)
        self._setters = [task.id for task in self._tasks.values() if "export" in task.body]
        self._calls: dict[str, list[str]] = defaultdict(list)
        self._unknown: set[str] = set()
        self._unresolved: set[str] = set()
        self._data: dict[DataEdge, None] = {}
        self._context: list[tuple[str, str, str]] = []
        self.findings: list[Finding] = []

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Return the references that the document does not hold."""
        return tuple(sorted(self._unresolved))

    def read(self) -> Graph:
        """Return the graph."""
        steps = (self._start(), *(self._step(task) for task in self._tasks.values()))
        self._through_context()
        return Graph(
            platform=PLATFORM,
            name=as_text(self._head.get("name")) or "workflow",
            steps=steps,
            edges=tuple(dict.fromkeys(self._edges())),
            credentials=tuple(
                Credential(kind, name, tuple(users)) for (kind, name), users in sorted(self._credentials.items())
            ),
            hosts=tuple(sorted({host for step in steps for host in step.hosts})),
            unknown=tuple(sorted(self._unknown)),
            subflows=tuple(
                Subflow(reference, reference.rpartition("/")[2], tuple(users))
                for reference, users in sorted(self._calls.items())
            ),
            data=tuple(self._data),
        )

    def _start(self) -> Step:
        schedule = as_dict(self._document.get("schedule"))
        verb = next(iter(schedule), "")
        if verb == "on":
            return Step(
                id=START, name="Start", kind="trigger", type="schedule:on", connector="events", operation="listen",
                pointer="/schedule", resource=_event(_types(schedule["on"])),
            )  # fmt: skip
        system, operation = ("schedule", verb) if verb else ("manual", "run")
        return Step(
            id=START,
            name="Start",
            kind="trigger",
            type=f"schedule:{verb}" if verb else "input",
            connector=system,
            operation=operation,
            pointer="/schedule" if verb else "/do",
        )

    def _step(self, task: Task) -> Step:
        verb, held = task.verb, as_dict(task.body.get(task.verb))
        function = task.type.partition(":")[2]
        if verb == "call" and function not in _SYSTEMS:
            return self._custom_call(task, function)
        if verb == "call":
            return self._call(task, function, as_dict(task.body.get("with")))
        if verb == "run":
            return self._run(task, function, as_dict(held.get(function)))
        if verb in {"emit", "listen"}:
            types = _types(held)
            return self._made(task, "action", connector="events", operation=verb, resource=_event(types))
        return self._made(task, "logic" if verb in _LOGIC else "action")

    def _custom_call(self, task: Task, function: str) -> Step:
        defined = as_dict(as_dict(self._use.get("functions")).get(function))
        inner = as_text(defined.get("call"))
        if inner in _SYSTEMS:
            return self._call(task, inner, {**as_dict(defined.get("with")), **as_dict(task.body.get("with"))})
        self._unknown.add(f"step {task.name!r}: the function {function!r} that it calls is not in this file")
        self._unresolved.add(f"open-workflow:function:{function}")
        hosts = literal_hosts(function)
        return self._made(task, "action", connector="function", operation=function or None, hosts=hosts)

    def _call(self, task: Task, function: str, given: Mapping[str, Any]) -> Step:
        written = _endpoint(given, function)
        address = read_address(holed(written, HOLE))
        hosts = (address.host,) if address and address.host else ()
        service = as_dict(given.get("service"))
        method = as_text(given.get("method")).upper() if function == "http" else ""
        operation = {
            "http": method,
            "grpc": f"{as_text(service.get('name'))}.{as_text(given.get('method'))}".strip("."),
            "openapi": as_text(given.get("operationId")),
        }.get(function, as_text(given.get("operation")) or as_text(given.get("method")))
        if not hosts:
            self._unknown.add(f"step {task.name!r}: its address comes from an expression")
        self._authentication(task, given)
        return self._made(
            task,
            "http" if _SYSTEMS[function] == "http" else "action",
            connector=_SYSTEMS[function],
            operation=operation or None,
            hosts=hosts,
            url=written.partition("?")[0] or None,
            method=method or None,
            path=address.path if address else None,
        )

    def _run(self, task: Task, what: str, held: Mapping[str, Any]) -> Step:
        if what == "workflow":
            reference = "/".join(as_text(held.get(part)) for part in ("namespace", "name")).strip("/")
            self._calls[reference].append(task.id)
            self._unknown.add(f"step {task.name!r}: the flow {reference!r} that it calls is not in this file")
            self._unresolved.add(f"open-workflow:workflow:{reference}")
            return self._made(task, "subflow")
        code = f"{as_text(held.get('code'))} {as_text(held.get('command'))}"
        image = as_text(held.get("image"))
        source = read_address(_endpoint(held, "source"))
        hosts = {*literal_hosts(code), *((source.host,) if source and source.host else ())}
        return self._made(
            task,
            "code",
            hosts=tuple(sorted(hosts)),
            resource=f"container:{image}" if image and "$" not in image else None,
        )

    def _made(
        self,
        task: Task,
        kind: StepKind,
        *,
        connector: str | None = None,
        operation: str | None = None,
        resource: str | None = None,
        hosts: tuple[str, ...] = (),
        url: str | None = None,
        method: str | None = None,
        path: str | None = None,
    ) -> Step:
        inputs = tuple(self._inputs(task))
        return Step(
            id=task.id,
            name=task.name,
            kind=kind,
            type=task.type,
            connector=connector,
            operation=operation,
            url=url,
            hosts=hosts,
            method=method,
            path=path,
            credential_refs=tuple(self._used[task.id]),
            error_policy=_error_policy(task),
            parent=task.parent,
            pointer=task.pointer,
            inputs=inputs,
            resource=resource,
        )

    def _authentication(self, task: Task, given: Mapping[str, Any]) -> None:
        endpoints = [given, *(as_dict(each) for each in given.values())]
        for endpoint in [*endpoints, *(as_dict(each.get("endpoint")) for each in endpoints)]:
            held = as_dict(endpoint.get("authentication"))
            if as_text(held.get("use")):
                self._uses("authentication", held["use"], task)
            for policy in map(as_dict, held.values()):
                if as_text(policy.get("use")):
                    self._uses("secret", policy["use"], task)

    def _uses(self, kind: str, name: str, task: Task) -> None:
        if f"{kind}/{name}" not in self._used[task.id]:
            self._used[task.id][f"{kind}/{name}"] = None
            self._credentials[kind, name].append(task.id)

    def _edges(self) -> Iterator[Edge]:
        for task in self._lists["", "do"][:1]:
            yield Edge(START, task.id, kind="start")
        for (parent, branch), tasks in self._lists.items():
            if parent:
                first = tasks if branch == "branches" else tasks[:1]
                for task in first:
                    yield Edge(parent, task.id, *(("error", "error") if branch == "catch" else (branch, "scope")))
            names = {task.name: task.id for task in reversed(tasks)}
            for task in tasks:
                yield from self._leaving(task, names)

    def _leaving(self, task: Task, names: Mapping[str, str]) -> Iterator[Edge]:
        """Yield where a task leads within its list."""
        ways = [("0", as_text(task.body.get("then")), "/then")]
        if task.verb == "switch":
            cases = [
                (name, as_dict(case), f"/switch/{index}/{pointer_segment(name)}/then")
                for index, each in enumerate(as_list(task.body["switch"]))
                for name, case in as_dict(each).items()
            ]
            ways = [(name, as_text(case.get("then")), at) for name, case, at in cases]
            if all("when" in case for _name, case, _at in cases):
                ways.append(("0", "", ""))
        elif "if" in task.body and ways[0][1] not in {"", "continue"}:
            ways.append(("0", "", ""))
        for port, then, at in ways:
            target = task.following if then in {"", "continue"} else names.get(then, "")
            if target:
                yield Edge(task.id, target, port)
            elif then not in _JUMPS:
                self.findings.append(
                    Finding(
                        "dangling_edge",
                        f"{task.name!r} leads to {then!r}, which does not exist beside it.",
                        task.id,
                        f"{task.pointer}{at}",
                    )
                )

    def _inputs(self, task: Task) -> Iterator[Input]:
        for at, text, bare in _texts(task):
            references: dict[Reference, None] = {}
            template = template_reads(text) if task.verb == "call" and "endpoint" in at else ()
            for read in (*reads(text, bare=bare), *template):
                reference = self._reference(task, read, at)
                if reference:
                    references[reference] = None
            yield Input(at, text, tuple(references))

    def _reference(self, task: Task, read: Read, at: str) -> Reference | None:
        pointer = task.pointer + at
        head, _, rest = read.field.partition(".")
        if read.variable in {"", "input", "output"}:
            return Reference("item", "", read.field)
        if read.variable == "context":
            self._context.append((task.id, read.field, pointer))
            return Reference("variable", "context", read.field, resolved=bool(self._setters))
        if read.variable == "secrets":
            self._uses("secret", head, task)
            return Reference("parameter", f"secrets.{head}", rest)
        if read.variable == "workflow" and head == "input":
            return self._from(START, task, rest, pointer)
        around = self._around(task, read.variable)
        if around:
            return self._from(around, task, read.field, pointer)
        own = read.variable in {"task", "runtime", "workflow", "authorization", "error"}
        return None if own else Reference("variable", read.variable, read.field, resolved=False)

    def _from(self, source: str, task: Task, field: str, pointer: str) -> Reference:
        if source != task.id:
            self._data[DataEdge(source, task.id, field, pointer)] = None
        return Reference("step", source, field)

    def _around(self, task: Task, variable: str) -> str:
        """Return the loop or the catch around a task that gives a variable its value."""
        here = task
        while True:
            loop = as_dict(here.body.get("for"))
            caught = as_text(as_dict(here.body.get("catch")).get("as")) or "error"
            given = {as_text(loop.get("each")) or "item", as_text(loop.get("at")) or "index"} if loop else set[str]()
            if variable in given or ("catch" in here.body and variable == caught):
                return here.id
            if here.parent not in self._tasks:
                return ""
            here = self._tasks[here.parent]

    def _through_context(self) -> None:
        setters = self._setters
        if len(setters) * len(self._context) > _PAIRS_MAX:
            for before, after in pairwise(setters):
                self._data[DataEdge(before, after, "", self._tasks[after].pointer, "context:flow")] = None
            setters = setters[-1:]
        for reader, field, pointer in self._context:
            for setter in setters:
                if setter != reader:
                    via = f"context:flow.{field.partition('.')[0]}".rstrip(".")
                    self._data[DataEdge(setter, reader, field, pointer, via)] = None


def read_workflow(document: Mapping[str, Any], filename: str) -> tuple[Graph, WorkflowReader]:
    """Return the graph of a document and the reader, which knows what it could not see."""
    reader = WorkflowReader(document, filename)
    return reader.read(), reader


def _endpoint(given: Mapping[str, Any], function: str) -> str:
    """Return the address that a call names first."""
    transport = as_dict(as_dict(given.get("transport")).get("http"))
    places = {
        "grpc": [as_dict(given.get("service")).get("host")],
        "source": [as_dict(given.get("source")).get("endpoint")],
    }.get(
        function,
        [
            given.get("endpoint"),
            as_dict(given.get("document")).get("endpoint"),
            as_dict(given.get("agentCard")).get("endpoint"),
            transport.get("endpoint"),
            as_dict(given.get("server")).get("endpoint"),
            as_dict(given.get("server")).get("url"),
        ],
    )
    for place in places:
        written = as_text(place) or as_text(as_dict(place).get("uri"))
        if written:
            return f"grpc://{written}" if function == "grpc" and "://" not in written else written
    return ""


def _types(value: Any) -> list[str]:
    """Return the types of events that something emits or waits for, sorted."""
    found = set()
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            for key, each in here.items():
                if key == "with" and as_text(as_dict(each).get("type")):
                    found.add(each["type"])
                elif key not in {"until", "data"}:
                    stack.append(each)
        elif isinstance(here, list):
            stack += here
    return sorted(found)


def _event(types: list[str]) -> str | None:
    return f"event:{types[0]}" if len(types) == 1 and not types[0].startswith("${") else None


def _error_policy(task: Task) -> str | None:
    caught = as_dict(task.body.get("catch"))
    words = ["retry"] if caught.get("retry") else []
    if task.verb == "try" and "catch" in task.body:
        words.append("handler" if as_list(caught.get("do")) else "continue")
    return "+".join(words) or None


def _texts(task: Task) -> Iterator[tuple[str, str, bool]]:
    """Yield (pointer below the task, text, whether it is evaluated as it stands), without the tasks in it."""
    stack: list[tuple[str, str, Any]] = [
        (f"/{pointer_segment(key)}", key, value)
        for key, value in reversed(list(task.body.items()))
        if key not in _HOLDS_TASKS and not (key == "fork" and task.verb == "fork")
    ]
    while stack:
        at, key, value = stack.pop()
        if isinstance(value, str):
            yield at, value, key in _CONDITIONS
        elif isinstance(value, dict):
            inner = [each for each in value.items() if not (at == "/catch" and each[0] == "do")]
            stack += [(f"{at}/{pointer_segment(name)}", name, each) for name, each in reversed(inner)]
        elif isinstance(value, list):
            stack += [(f"{at}/{index}", "", each) for index, each in reversed(list(enumerate(value)))]
