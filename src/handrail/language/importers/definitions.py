"""From the bytes of a file to its definitions, in the file's own form.

Each platform is one line of `_JSON_READERS` (or `_TEXT_READERS`, by the name's ending).
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from handrail.language.classify import pointer_segment, redact
from handrail.language.graph import Graph
from handrail.language.importers import microsoft, n8n, node_red, open_workflow, python_script
from handrail.language.importers.errors import ArtefactUnknown
from handrail.language.importers.faces import platform_of, workflow_id, workflow_name, workflows
from handrail.language.importers.model import Definition, Finding, Secret
from handrail.language.importers.node_red_definition import node_red_definition
from handrail.language.importers.strict_json import plain, read_plain_json
from handrail.language.importers.tree import as_dict, as_text


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read and redacted.

    Attributes:
        filename: With its folder.
        document: Plain JSON without secrets; None for a script.
        text: A script as it stands in the file; empty for JSON.
        digest: `sha256:` of its bytes.
        secrets: Where secrets stood in the document.
    """

    filename: str
    document: Any
    text: str = ""
    digest: str = ""
    secrets: tuple[Secret, ...] = ()

    def definition(
        self,
        platform: str,
        graph: Graph,
        *,
        index: int = 0,
        pointer: str = "",
        findings: Sequence[Finding] = (),
        secrets: Sequence[Secret] | None = None,
    ) -> Definition:
        """Return one definition of this file.

        Args:
            platform: As in `Definition`.
            graph: As in `Definition`; names it.
            index: As in `Definition`.
            pointer: As in `Definition`.
            findings: As in `Definition`.
            secrets: The secrets below its pointer; None takes all of the file's.
        """
        return Definition(
            file=self.filename,
            index=index,
            platform=platform,
            name=graph.name,
            document=self.document,
            graph=graph,
            pointer=pointer,
            secrets=self.secrets if secrets is None else tuple(secrets),
            findings=tuple(findings),
            digest=self.digest,
            text=self.text,
        )

    def secrets_by(self, depth: int) -> Mapping[str, Sequence[Secret]]:
        """Return the secrets by the first segments of their pointers, this many of them."""
        result: dict[str, list[Secret]] = defaultdict(list)
        for each in self.secrets:
            result["/".join(each.pointer.split("/", depth + 1)[: depth + 1])].append(each)
        return result


Reader = Callable[[Opened], tuple[Definition, ...]]


def read_definitions(data: bytes, filename: str, *, kept: bool = False) -> tuple[Definition, ...]:
    """Read every definition of a file.

    Args:
        data: The file.
        filename: With its folder: it names the definitions, and a script's ending tells its language.
        kept: Whether it is one that we kept: then a placeholder is where a secret stood, and counts as one.

    Raises:
        ArtefactInvalid: With the place.
        ArtefactTooLarge: Above a limit.
        ArtefactUnknown: If the file is no flow of a known platform.
    """
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    for ending, read_text in _TEXT_READERS.items():
        if filename.lower().endswith(ending):
            return read_text(data, filename, digest, kept)
    document = read_plain_json(data, filename)
    platform = platform_of(document, filename)
    clean, secrets = _redacted(document, platform, kept=kept)
    return _JSON_READERS[platform](Opened(filename, clean, digest=digest, secrets=secrets))


def definition_of_source(platform: str, name: str, source: Any) -> Definition:
    """Open a stored source form again, as `Artefact.source` held it.

    Args:
        platform: As in `Artefact`.
        name: The flow's name.
        source: Redacted; numbers may be marked.

    Raises:
        ArtefactUnknown: If stored flows of this platform cannot be opened.
    """
    if platform == python_script.PLATFORM:
        text = as_text(as_dict(source).get("text"))
        (opened,) = _read_python(text.encode(), name, "", kept=True)
        return opened
    reader = _SOURCE_READERS.get(platform)
    if reader is None:
        raise ArtefactUnknown(f"Stored flows of {platform!r} cannot be opened.", place=name)
    document = plain(source)
    secrets = tuple(_placeholders(document, ""))
    graph, findings = reader(name, as_dict(document))
    return Opened(name, document, secrets=secrets).definition(platform, graph, findings=findings)


def _read_n8n(file: Opened) -> tuple[Definition, ...]:
    held = workflows(file.document)
    known = {workflow_id(each): workflow_name(each, file.filename) for _place, each in held if each.get("id")}
    secrets = file.secrets_by(held[0][0].count("/"))
    result = []
    for index, (base, workflow) in enumerate(held):
        nodes = n8n.n8n_nodes(workflow, f"{file.filename}#{base}" if base else file.filename)
        pointers = {key: f"{base}/nodes/{place}" for place, key in enumerate(nodes)}
        reader = n8n.WorkflowReader(
            workflow, nodes, workflow_name(workflow, file.filename), known, pointers=pointers, base=base
        )
        graph = reader.read()
        inner, found = secrets.get(base, ()), reader.findings
        result.append(file.definition(n8n.PLATFORM, graph, index=index, pointer=base, findings=found, secrets=inner))
    return tuple(result)


def _open_n8n(name: str, source: dict[str, Any]) -> tuple[Graph, Sequence[Finding]]:
    nodes = {key: as_dict(node) for key, node in as_dict(source.get("nodes")).items()}
    reader = n8n.WorkflowReader(source, nodes, name, {})
    return reader.read(), reader.findings


def _read_node_red(file: Opened) -> tuple[Definition, ...]:
    return (node_red_definition(file.document, file.filename, secrets=file.secrets, digest=file.digest),)


def _open_node_red(name: str, source: dict[str, Any]) -> tuple[Graph, Sequence[Finding]]:
    nodes = {key: as_dict(node) for key, node in as_dict(source.get("nodes")).items()}
    reader = node_red.FlowReader(nodes, name, {})
    return reader.read(), reader.findings


def _read_microsoft(file: Opened) -> tuple[Definition, ...]:
    flows = microsoft.flows_of(file.document, file.filename)
    inner: dict[str, list[Secret]] = {flow.holder_pointer: [] for flow in flows}
    for each in file.secrets:
        held = each.pointer
        while held and held not in inner:
            held = held.rpartition("/")[0]
        # What stands beside the flows of a file, such as a template's parameters, may be in any of them.
        for listed in [inner[held]] if held in inner else inner.values():
            listed.append(each)
    result = []
    for index, flow in enumerate(flows):
        graph, reader = microsoft.read_flow(flow, file.filename)
        result.append(
            file.definition(
                flow.platform,
                graph,
                index=index,
                pointer=flow.holder_pointer,
                findings=reader.findings,
                secrets=inner[flow.holder_pointer],
            )
        )
    return tuple(result)


def _open_microsoft(platform: str, name: str, source: dict[str, Any]) -> tuple[Graph, Sequence[Finding]]:
    graph, reader = microsoft.read_flow(microsoft.stored_flow(platform, name, source), name)
    return graph, reader.findings


def _read_open_workflow(file: Opened) -> tuple[Definition, ...]:
    graph, reader = open_workflow.read_workflow(file.document, file.filename)
    return (file.definition(open_workflow.PLATFORM, graph, findings=reader.findings),)


def _open_open_workflow(name: str, source: dict[str, Any]) -> tuple[Graph, Sequence[Finding]]:
    graph, reader = open_workflow.read_workflow(source, name)
    return graph, reader.findings


def _read_yaml(data: bytes, filename: str, digest: str, kept: bool) -> tuple[Definition, ...]:
    document = open_workflow.read_document(data, filename)
    clean, secrets = _redacted(document, open_workflow.PLATFORM, kept=kept)
    return _read_open_workflow(Opened(filename, clean, digest=digest, secrets=secrets))


def _read_python(data: bytes, filename: str, digest: str, kept: bool) -> tuple[Definition, ...]:
    definition = python_script.python_definition(data, filename, digest=digest)
    if not kept:
        return (definition,)
    known = {each.line for each in definition.secrets}
    lines = enumerate(definition.text.split("\n"), 1)
    more = [Secret(kind, "", number) for number, line in lines if number not in known and (kind := _kind_in(line))]
    secrets = sorted((*definition.secrets, *more), key=lambda each: (each.line, each.kind))
    return (replace(definition, secrets=tuple(secrets)),)


def _redacted(document: Any, platform: str, *, kept: bool) -> tuple[Any, tuple[Secret, ...]]:
    clean, found = redact(document, platform)
    secrets = [Secret(each.kind, each.pointer, certain=each.certain) for each in found]
    if kept:
        known = {each.pointer for each in found}
        secrets += [each for each in _placeholders(clean, "") if each.pointer not in known]
    return clean, tuple(secrets)


def _kind_in(text: str) -> str:
    """Return the kind that the first placeholder of a text names; empty when there is none."""
    return text.partition("[secret: ")[2].partition("]")[0]


def _placeholders(value: Any, pointer: str) -> Iterator[Secret]:
    if isinstance(value, str) and (kind := _kind_in(value)):
        yield Secret(kind, pointer)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _placeholders(each, f"{pointer}/{pointer_segment(key)}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _placeholders(each, f"{pointer}/{index}")


_JSON_READERS: Final[Mapping[str, Reader]] = {
    n8n.PLATFORM: _read_n8n,
    node_red.PLATFORM: _read_node_red,
    microsoft.POWER_AUTOMATE: _read_microsoft,
    microsoft.LOGIC_APPS: _read_microsoft,
    open_workflow.PLATFORM: _read_open_workflow,
}
_TEXT_READERS: Final[Mapping[str, Callable[[bytes, str, str, bool], tuple[Definition, ...]]]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    **dict.fromkeys(python_script.SUFFIXES, _read_python),
}
_SOURCE_READERS: Final[Mapping[str, Callable[[str, dict[str, Any]], tuple[Graph, Sequence[Finding]]]]] = {
    n8n.PLATFORM: _open_n8n,
    node_red.PLATFORM: _open_node_red,
    microsoft.POWER_AUTOMATE: partial(_open_microsoft, microsoft.POWER_AUTOMATE),
    microsoft.LOGIC_APPS: partial(_open_microsoft, microsoft.LOGIC_APPS),
    open_workflow.PLATFORM: _open_open_workflow,
}
