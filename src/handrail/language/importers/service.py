"""From the bytes of a file to an artefact."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from handrail.kernel.canonical import digest
from handrail.kernel.errors import Invalid
from handrail.language.classify import Found, redact
from handrail.language.graph import Graph
from handrail.language.importers import microsoft, n8n, node_red, open_workflow, python_script
from handrail.language.importers.errors import ArtefactInvalid, ArtefactPartUnknown
from handrail.language.importers.faces import platform_of, stem, workflow_id, workflow_name, workflows
from handrail.language.importers.model import Artefact, Finding, Part
from handrail.language.importers.node_red_parts import cut_part, node_red_nodes, parts_of
from handrail.language.importers.normal import n8n_source, node_red_source
from handrail.language.importers.strict_json import read_json
from handrail.language.importers.tree import as_list, strings


def sniff(data: bytes, filename: str) -> str:
    """Return the platform that a file comes from, as in `Graph.platform`.

    Raises:
        ArtefactInvalid: If it is no strict JSON.
        ArtefactTooLarge: Above a limit.
        ArtefactUnknown: If it is something else, naming what it looks like.
    """
    if python_script.is_script(filename):
        python_script.parse_script(data, filename)
        return python_script.PLATFORM
    return _document(data, filename)[1]


def parts(data: bytes, filename: str) -> tuple[Part, ...]:
    """Return the flows of a file: the workflows of an n8n list or an Azure template, the tabs of a Node-RED file.

    Raises:
        Invalid: As `sniff`.
    """
    if python_script.is_script(filename):
        graph = python_script.graph_of(python_script.parse_script(data, filename))
        return (Part(graph.name, graph.name, len(graph.steps)),)
    document, platform = _document(data, filename)
    clean, _found = redact(document, platform)
    if platform == node_red.PLATFORM:
        return parts_of(node_red_nodes(clean, filename)[0])
    if platform in microsoft.PLATFORMS:
        return tuple(part for part, _flow in _microsoft_parts(clean, filename))
    if platform == open_workflow.PLATFORM:
        graph, _reader = open_workflow.read_workflow(clean, filename)
        return (Part(graph.name, graph.name, len(graph.steps)),)
    return tuple(
        Part(workflow_id(each), workflow_name(each, filename), len(as_list(each.get("nodes"))))
        for _place, each in workflows(clean)
    )


def read_artefact(data: bytes, filename: str, *, part: str | None = None) -> Artefact:
    """Read a definition into its canonical form.

    Args:
        data: The file, UTF-8 JSON; an Open Workflow document may be YAML, a file named `.py` is Python.
        filename: For messages and, where the flow has none, its name.
        part: Id or label of one flow of a file that holds several. A Node-RED file is read whole without it; an n8n
            list or an Azure template of several workflows needs it.

    Raises:
        ArtefactInvalid: With the place.
        ArtefactTooLarge: Above a limit.
        ArtefactUnknown: If the file is no flow of a known platform.
        ArtefactPartUnknown: If the part does not exist, or one must be chosen.
    """
    if python_script.is_script(filename):
        return _read_python(data, filename, part)
    document, platform = _document(data, filename)
    clean, found = redact(document, platform)
    return _with_secrets_named(_READING[platform](clean, filename, part), found)


def _read_n8n(document: Any, filename: str, part: str | None) -> Artefact:
    listed = [each for _place, each in workflows(document)]
    root = _choose_workflow(listed, filename, part)
    by_id = {workflow_id(each): each for each in listed if each.get("id")}
    known = {key: workflow_name(each, filename) for key, each in by_id.items()}
    source, reader, graph = _n8n_parts(root, filename, known)
    unresolved = set(reader.unresolved)
    reachable: dict[str, str] = {}
    waiting = list(reader.calls)
    while waiting:
        reference = waiting.pop()
        if reference in by_id and reference not in reachable and by_id[reference] is not root:
            inner_source, inner, _graph = _n8n_parts(by_id[reference], filename, known)
            reachable[reference] = _digest(inner_source, filename)
            unresolved |= set(inner.unresolved)
            waiting += inner.calls
    return Artefact(
        platform=n8n.PLATFORM,
        name=graph.name,
        source=source,
        source_digest=_digest(source, filename),
        graph=graph,
        part=workflow_id(root) if len(listed) > 1 else "",
        reachable=tuple((f"n8n:workflow:{key}", each) for key, each in sorted(reachable.items())),
        unresolved=tuple(sorted(unresolved)),
        findings=tuple(reader.findings),
    )


def _n8n_parts(
    workflow: Mapping[str, Any], filename: str, known: Mapping[str, str]
) -> tuple[dict[str, Any], n8n.WorkflowReader, Graph]:
    nodes = n8n.n8n_nodes(workflow, filename)
    source = n8n_source(workflow, nodes)
    places = {key: node.get("position") for key, node in nodes.items()}
    reader = n8n.WorkflowReader(source, source["nodes"], workflow_name(workflow, filename), known, places=places)
    reader.note_variables(strings(source))
    return source, reader, reader.read()


def _read_node_red(document: Any, filename: str, part: str | None) -> Artefact:
    nodes, rest = node_red_nodes(document, filename)
    tabs = parts_of(nodes)
    name = tabs[0].label if len(tabs) == 1 else stem(filename)
    chosen = ""
    if part is not None:
        tab = _choose_part(tabs, filename, part)
        nodes, name, chosen = cut_part(nodes, tab.id), tab.label, tab.id
    source = node_red_source(nodes, rest)
    places = {key: (node.get("x"), node.get("y")) for key, node in nodes.items()}
    reader = node_red.FlowReader(source["nodes"], name, places)
    graph = reader.read()
    return Artefact(
        platform=node_red.PLATFORM,
        name=name,
        source=source,
        source_digest=_digest(source, filename),
        graph=graph,
        part=chosen,
        unresolved=reader.unresolved,
        findings=tuple(reader.findings),
    )


def _read_microsoft(document: Any, filename: str, part: str | None) -> Artefact:
    held = _microsoft_parts(document, filename)
    listed = tuple(each for each, _flow in held)
    chosen = listed[0] if part is None and len(listed) == 1 else _choose_part(listed, filename, part)
    flow = held[listed.index(chosen)][1]
    source = microsoft.flow_source(flow)
    graph, reader = microsoft.read_flow(microsoft.stored_flow(flow.platform, flow.name, source), filename)
    return Artefact(
        platform=flow.platform,
        name=flow.name,
        source=source,
        source_digest=_digest(source, filename),
        graph=graph,
        part=chosen.id if len(listed) > 1 else "",
        unresolved=reader.unresolved,
        findings=tuple(reader.findings),
    )


def _microsoft_parts(document: Any, filename: str) -> list[tuple[Part, microsoft.Wrapped]]:
    result = []
    counts: dict[str, int] = {}
    for flow in microsoft.flows_of(document, filename):
        counts[flow.name] = counts.get(flow.name, 0) + 1
        key = flow.name if counts[flow.name] == 1 else f"{flow.name}#{counts[flow.name]}"
        result.append((Part(key, flow.name, len(microsoft.read_flow(flow, filename)[0].steps)), flow))
    return result


def _read_open_workflow(document: Any, filename: str, part: str | None) -> Artefact:
    graph, reader = open_workflow.read_workflow(document, filename)
    listed = (Part(graph.name, graph.name, len(graph.steps)),)
    if part is not None:
        _choose_part(listed, filename, part)
    return Artefact(
        platform=open_workflow.PLATFORM,
        name=graph.name,
        source=document,
        source_digest=_digest(document, filename),
        graph=graph,
        unresolved=reader.unresolved,
        findings=tuple(reader.findings),
    )


def _read_python(data: bytes, filename: str, part: str | None) -> Artefact:
    script = python_script.parse_script(data, filename)
    graph = python_script.graph_of(script)
    if part is not None:
        _choose_part((Part(graph.name, graph.name, len(graph.steps)),), filename, part)
    source = python_script.source_of(script)
    return Artefact(
        platform=python_script.PLATFORM,
        name=graph.name,
        source=source,
        source_digest=_digest(source, filename),
        graph=graph,
        unresolved=python_script.unresolved_of(graph),
        findings=python_script.findings_of(script.secrets),
    )


def _document(data: bytes, filename: str) -> tuple[Any, str]:
    """Return what a file holds, and its platform."""
    if filename.lower().endswith((".yaml", ".yml")):
        return open_workflow.read_document(data, filename), open_workflow.PLATFORM
    document = read_json(data, filename)
    return document, platform_of(document, filename)


def _choose_workflow(held: list[dict[str, Any]], filename: str, part: str | None) -> dict[str, Any]:
    if part is None and len(held) == 1:
        return held[0]
    listed = tuple(
        Part(workflow_id(each), workflow_name(each, filename), len(as_list(each.get("nodes")))) for each in held
    )
    return held[listed.index(_choose_part(listed, filename, part))]


def _choose_part(listed: tuple[Part, ...], filename: str, part: str | None) -> Part:
    matching = [each for each in listed if part is not None and part == each.id]
    matching = matching or [each for each in listed if part is not None and part == each.label]
    if len(matching) == 1:
        return matching[0]
    names = ", ".join(f"{each.label!r} ({each.id})" for each in listed[:10])
    more = f" and {len(listed) - 10} more" if len(listed) > 10 else ""
    why = {
        True: f"This file holds {len(listed)} flows; choose one.",
        False: "Several flows of this file have that name." if matching else "This file has no such flow.",
    }[part is None]
    raise ArtefactPartUnknown(why, fix=f"It holds {names}{more}; name one by its id.", place=filename)


def _digest(source: Mapping[str, Any], filename: str) -> str:
    try:
        return digest(source)
    except Invalid as error:
        raise ArtefactInvalid(
            "A text in this file holds half of a character (a lone surrogate), so it has no canonical form.",
            fix="Remove the broken character and export again.",
            place=filename,
            internal=error.message,
        ) from error


def _with_secrets_named(artefact: Artefact, found: tuple[Found, ...]) -> Artefact:
    """Add a finding for every placeholder that stands in the source."""
    if not found:
        return artefact
    named = []
    for pointer, text in _placeholders(artefact.source, ""):
        step = next((each for each in artefact.graph.steps if f"{pointer}/".startswith(f"{each.pointer}/")), None)
        kind = text.partition("[secret: ")[2].partition("]")[0].replace("-", " ")
        where = f"in step {step.name!r}" if step else "in the flow"
        named.append(
            Finding("secret_in_source", f"A secret ({kind}) is written {where}.", step.name if step else "", pointer)
        )
    return replace(artefact, findings=(*artefact.findings, *named))


def _placeholders(value: Any, pointer: str) -> Any:
    if isinstance(value, str) and "[secret: " in value:
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _placeholders(each, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _placeholders(each, f"{pointer}/{index}")


_READING: Final[Mapping[str, Callable[[Any, str, str | None], Artefact]]] = {
    n8n.PLATFORM: _read_n8n,
    node_red.PLATFORM: _read_node_red,
    microsoft.POWER_AUTOMATE: _read_microsoft,
    microsoft.LOGIC_APPS: _read_microsoft,
    open_workflow.PLATFORM: _read_open_workflow,
}
