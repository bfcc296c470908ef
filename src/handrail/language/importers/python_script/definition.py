"""A Python script as a definition, and as the source form of an artefact."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, Final

from handrail.language.classify import redact_text
from handrail.language.graph import Graph
from handrail.language.importers.addresses import read_address
from handrail.language.importers.model import Definition, Finding, Secret
from handrail.language.importers.python_script.notes import EDGES_MAX, Draft, Notes, step_of
from handrail.language.importers.python_script.parse import Script, Segments, parse_script
from handrail.language.importers.python_script.reader import ScriptReader

PLATFORM: Final = "python"
SUFFIXES: Final = (".py", ".pyw")


def is_script(filename: str) -> bool:
    """Tell whether a file is a Python script, by its name."""
    return filename.lower().endswith(SUFFIXES)


def python_definition(data: bytes, filename: str, *, digest: str = "") -> Definition:
    """Return the definition that a script is.

    Args:
        data: Its bytes, UTF-8.
        filename: With its folder.
        digest: Of the bytes.

    Raises:
        ArtefactInvalid: If it is no Python, with line and column.
        ArtefactTooLarge: Above a limit.
    """
    script = parse_script(data, filename)
    graph = graph_of(script)
    return Definition(
        file=filename,
        index=0,
        platform=PLATFORM,
        name=graph.name,
        document=None,
        graph=graph,
        secrets=script.secrets,
        findings=findings_of(script.secrets),
        digest=digest,
        text=script.text,
    )


def source_of(script: Script) -> dict[str, Any]:
    """Return a script's source form; nothing in it is volatile, line ends are normalised."""
    return {"kind": PLATFORM, "text": script.text}


def findings_of(secrets: Iterable[Secret]) -> tuple[Finding, ...]:
    """Return a finding for every secret in a script."""
    return tuple(
        Finding("secret_in_source", f"A secret ({each.kind.replace('-', ' ')}) is written in line {each.line}.")
        for each in secrets
    )


def unresolved_of(graph: Graph) -> tuple[str, ...]:
    """Return what a script needs and its file doesn't hold: environment variables."""
    named = {
        f"python:env:{each.name}"
        for step in graph.steps
        for field in step.inputs
        for each in field.references
        if each.kind == "environment"
    }
    return tuple(sorted(named))


def graph_of(script: Script) -> Graph:
    """Return what a script does."""
    notes = Notes(Segments(script.text))
    reader = ScriptReader(script.tree, notes)
    reader.read(script.text.count("\n") * 8)
    drafts = sorted(notes.drafts.values(), key=lambda each: (each.line, each.id))
    known = {each.id for each in drafts}
    unknown = {f"what the library {name} does is not known" for name in reader.libraries}
    steps = []
    for draft in drafts:
        url, path = _address(draft)
        if draft.kind == "http" and not draft.hosts:
            unknown.add(f"step {draft.name!r}: its address is not written in the script")
        steps.append(step_of(draft, url, path))
    if max(len(notes.edges), len(notes.data)) >= EDGES_MAX:
        unknown.add("more values are passed on than could be followed")
    variables = {
        each.name for step in steps for field in step.inputs for each in field.references if each.kind == "environment"
    }
    unknown |= {f"the value of the environment variable {name} is not in this file" for name in variables}
    return Graph(
        platform=PLATFORM,
        name=redact_text(PurePath(script.filename).stem) or "script",
        steps=tuple(steps),
        edges=tuple(each for each in notes.edges if each.source in known and each.target in known),
        hosts=tuple(sorted({host for step in steps for host in step.hosts})),
        unknown=tuple(sorted(unknown)),
        data=tuple(sorted(notes.data, key=lambda each: (each.source, each.target, each.field, each.via))),
    )


def _address(draft: Draft) -> tuple[str | None, str | None]:
    texts = sorted(draft.texts)
    if draft.kind != "http" or len(texts) != 1:
        return None, None
    address = read_address(redact_text(texts[0]))
    return (address.url, address.path) if address else (None, None)
