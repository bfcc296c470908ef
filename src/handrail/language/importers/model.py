"""What reading a file gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handrail.language.graph import Graph


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a source that a person should know.

    Attributes:
        rule: Stable name, for example `secret_in_source`.
        text: In words, never with a secret.
        step: Name of the step; empty for the whole flow.
        pointer: JSON pointer into the artefact's source.
    """

    rule: str
    text: str
    step: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One flow of a file that holds several.

    Attributes:
        id: What `read_artefact(part=...)` takes.
        label: Its name on the platform.
        steps: How many steps it has, comments not counted.
    """

    id: str
    label: str
    steps: int


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that stood in a source: what kind and where, never its value.

    Attributes:
        kind: For example `slack-token` or `password`.
        pointer: JSON pointer into the document of the file.
        line: Line in a script, from 1; 0 where the pointer tells the place.
        certain: Whether a person would take it for a live secret. False for what is replaced out of caution only.
    """

    kind: str
    pointer: str
    line: int = 0
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Definition:
    """One flow of a file, in the file's own form: what checks read and fixes change.

    Attributes:
        file: Name of the file, with its folder; inside an archive `archive.zip!folder/name.json`.
        index: Which definition of the file, from 0.
        platform: As in `Graph.platform`.
        name: The flow's own name, else the file's.
        document: The whole file's JSON with secrets replaced, numbers as they are; None for a script. Shared by all
            definitions of the file.
        pointer: Where in `document` this definition begins; empty for the whole.
        graph: What it does; its pointers lead into `document`.
        secrets: Secrets that stand in it.
        findings: What reading showed.
        digest: `sha256:` of the file's bytes: an unchanged file need not be read again.
        text: Source of a script, secrets replaced; empty for JSON.
    """

    file: str
    index: int
    platform: str
    name: str
    document: Any
    graph: Graph
    pointer: str = ""
    secrets: tuple[Secret, ...] = ()
    findings: tuple[Finding, ...] = ()
    digest: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A definition in its canonical form.

    Attributes:
        platform: `n8n` or `node-red`.
        name: The flow's own name, else the file's.
        part: Id of the part that was read; empty for the whole file.
        source: The definition without secrets and volatile fields, nodes by their key: exactly what is digested.
        source_digest: `sha256:` over RFC 8785 of `source`.
        reachable: (reference, source digest) of the other flows in the file that this one calls, at any depth.
        unresolved: References the definition makes and the file doesn't hold, sorted (`n8n:workflow:42`,
            `node-red:env:HOST`): what a closure lists as unknown.
        graph: What it does.
        findings: What reading showed.
    """

    platform: str
    name: str
    source: Mapping[str, Any]
    source_digest: str
    graph: Graph
    part: str = ""
    reachable: tuple[tuple[str, str], ...] = ()
    unresolved: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
