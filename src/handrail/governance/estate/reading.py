"""From the bytes of a file to what is kept of it; pure, so that no transaction waits for it."""

import hashlib
import logging
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import orjson

from handrail.governance import checks
from handrail.governance.checks import Finding, Lookup
from handrail.governance.estate.archives import files_of, is_archive
from handrail.governance.estate.dependencies import Shelf
from handrail.governance.estate.findings import finding_document, leak_document, leak_row
from handrail.governance.estate.model import FILE_MAX, Fault, FileIn, FileRead, Found
from handrail.kernel.errors import HandrailError
from handrail.language import leaks
from handrail.language.estates import part_of, part_to_json
from handrail.language.graph import Graph, layout, to_json
from handrail.language.importers import ArtefactUnknown, Definition, read_definitions
from handrail.language.importers.dependencies import names_dependencies
from handrail.language.importers.python_script import is_script
from handrail.language.leaks import Boundary, LeakReport

log: Final = logging.getLogger("handrail.estate")
_MOST: Final = 999
_SNIFFED: Final = 64 * 1024
_MARKS: Final = (
    (b"n8n-nodes-", "n8n"),
    (b"Microsoft.Logic", "logic-apps"),
    (b"Microsoft.Flow", "power-automate"),
    (b"workflowdefinition.json", "logic-apps"),
    (b'"wires"', "node-red"),
)
_CLASSES: Final = ("restricted", "confidential")
# One that is only compressed to be read back: speed counts more than the last tenth.
_LEVEL: Final = 3


def engine(boundary: Boundary) -> str:
    """Return the revision of everything that decides what is found: what another one read is read again."""
    return f"{checks.ENGINE}+{boundary.revision}" if boundary.revision else checks.ENGINE


def engine_for(path: str, boundary: Boundary, packages: str) -> str:
    """Return the revision of what checks one file.

    Args:
        path: Its name: of scripts it also matters what is known of packages.
        boundary: What counts as inside.
        packages: `Lookup.revision`; empty when nothing was imported.
    """
    revision = engine(boundary)
    return f"{revision}+{packages}" if packages and (is_script(path) or names_dependencies(path)) else revision


def read_files(files: Iterable[FileIn], boundary: Boundary, lookup: Lookup | None = None) -> list[FileRead]:
    """Read files, each on its own: one that cannot be read says so and stops none.

    What a folder's dependency files ask for belongs to the scripts of that folder.

    Args:
        files: Dependency files may come before their scripts or after them.
        boundary: What counts as inside.
        lookup: Where packages are looked up; None leaves them alone.
    """
    reads: list[FileRead] = []
    scripts: list[tuple[int, FileIn]] = []
    shelf = Shelf(lookup)
    for at, file in enumerate(files):
        if lookup and is_script(file.path):
            scripts.append((at, file))
            reads.append(FileRead(file.path, "", 0, "other", ""))
        else:
            shelf.put(file)
            reads.append(_read(file, boundary, shelf))
    for at, file in scripts:
        reads[at] = _read(file, boundary, shelf)
    return reads


def unread(
    path: str, why: Literal["too_large", "cannot_open"], digest: str, size_bytes: int, boundary: Boundary
) -> FileRead:
    """Return what is kept of a file whose content nobody has: its sender could not read it either."""
    if why == "too_large":
        fault = _too_large(path, size_bytes)
    else:
        fault = Fault(
            "file_unreadable", "The file could not be opened.", "Let whoever adopts the folder read it.", path
        )
    return FileRead(path, digest, size_bytes, "unreadable", "", fault=fault, engine=engine(boundary))


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong with one definition of a file that nobody keeps.

    Attributes:
        held: As in a definition's page: graph, positions, findings, leaks, labels.
    """

    index: int
    name: str
    platform: str
    steps: int
    data_class: str
    held: Mapping[str, Any]


def report_of(file: FileIn, boundary: Boundary, lookup: Lookup | None = None) -> list[Report]:
    """Read and check a file without keeping anything.

    Raises:
        ArtefactInvalid: With the place.
        ArtefactTooLarge: Above a limit.
        ArtefactUnknown: If the file is no flow of a known platform.
    """
    reports = []
    for definition in read_definitions(file.content, file.path):
        report = leaks.analyse(definition.graph, boundary)
        held = _detail(definition, report, checks.check(definition, boundary, report, lookup))
        steps = sum(1 for _ in definition.graph.working())
        name = _short(definition.name)
        reports.append(Report(definition.index, name, definition.platform, steps, _data_class(report), held))
    return reports


def pack(value: Any) -> bytes:
    """Return a JSON value compressed."""
    return zlib.compress(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), _LEVEL)


def unpack(data: bytes) -> Any:
    """Read what `pack` wrote."""
    return orjson.loads(zlib.decompress(data))


def _read(file: FileIn, boundary: Boundary, shelf: Shelf) -> FileRead:
    return replace(_read_alone(file, boundary, shelf), engine=engine_for(file.path, boundary, shelf.revision))


def _read_alone(file: FileIn, boundary: Boundary, shelf: Shelf) -> FileRead:
    digest = "sha256:" + hashlib.sha256(file.content).hexdigest()
    size = len(file.content)

    def failed(fault: Fault) -> FileRead:
        return FileRead(file.path, digest, size, "unreadable", _guess(file.content), fault=fault)

    if size > FILE_MAX:
        return failed(_too_large(file.path, size))
    try:
        documents: dict[str, tuple[bytes, int]] = {}
        definitions, partly = _definitions(file, shelf)
        found = tuple(_found(each, index, boundary, documents, shelf) for index, each in enumerate(definitions))
    except ArtefactUnknown as error:
        fault = Fault(error.code, error.message, error.fix, error.place or file.path)
        return FileRead(file.path, digest, size, "other", "", fault=fault)
    except HandrailError as error:
        return failed(Fault(error.code, error.message, error.fix, error.place or file.path))
    except Exception as error:
        log.exception("a definition could not be read: %s", type(error).__name__)
        text = "Reading this file failed in a way nobody foresaw."
        return failed(Fault("unreadable", text, "Tell whoever runs this install; its log has the cause.", file.path))
    if not found:
        return failed(partly) if partly else FileRead(file.path, digest, size, "other", "")
    return FileRead(file.path, digest, size, "read", found[0].platform, found, documents, partly)


def _too_large(path: str, size: int) -> Fault:
    text = f"The file has {size:,} bytes; at most {FILE_MAX:,} can be read."
    return Fault("artefact_too_large", text, "Export one flow at a time, without pinned data.", path)


def _definitions(file: FileIn, shelf: Shelf) -> tuple[list[Definition], Fault | None]:
    """Return the definitions of a file, of all files in it when it is an archive, and why one of those failed."""
    if names_dependencies(file.path):
        # It is no flow of its own; what it asks for is shown by the scripts beside it.
        return [], None
    if not is_archive(file.content):
        return list(read_definitions(file.content, file.path)), None
    found: list[Definition] = []
    failed: list[Fault] = []
    for inner in files_of(file.content, file.path):
        if shelf.put(inner):
            continue
        try:
            definitions = read_definitions(inner.content, inner.path)
        except ArtefactUnknown:
            continue
        except HandrailError as error:
            failed.append(Fault(error.code, error.message, error.fix, error.place or inner.path))
            continue
        found += definitions
    return found, failed[0] if failed else None


def _found(
    definition: Definition,
    index: int,
    boundary: Boundary,
    documents: dict[str, tuple[bytes, int]],
    shelf: Shelf,
) -> Found:
    graph = definition.graph
    report = leaks.analyse(graph, boundary)
    own = checks.check(definition, boundary, report, shelf.lookup)
    findings = checks.worst_first(checks.without_told((*own, *shelf.beside(definition)), set()))
    document = _keep(definition, documents)
    personal = {each.step for each in findings if each.rule == "personal-account" and each.step}
    part = part_of(graph, report, boundary, names=_names(definition), personal=personal)
    counts = _counts(definition, report, findings, personal_bound=part.personal)
    return Found(
        index=index,
        platform=definition.platform,
        name=_short(definition.name),
        pointer=definition.pointer,
        exact=part.exact if counts["steps"] else "",
        document=document,
        counts=counts,
        data_class=_data_class(report),
        connectors=graph.connectors,
        part=orjson.dumps(part_to_json(part)).decode(),
        detail=pack(_detail(definition, report, findings)),
        leaks=tuple(leak_row(graph, leak) for leak in report.leaks),
    )


def _keep(definition: Definition, documents: dict[str, tuple[bytes, int]]) -> str:
    plain = orjson.dumps(definition.text or definition.document)
    digest = "sha256:" + hashlib.sha256(plain).hexdigest()
    if digest not in documents:
        documents[digest] = (zlib.compress(plain, _LEVEL), len(plain))
    return digest


def _names(definition: Definition) -> Iterable[str]:
    """Return what other flows call this one by: its id in the builder's tool."""
    place = definition.document
    for step in definition.pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        place = place[int(key)] if isinstance(place, list) else place[key]
    held = place.get("id") if isinstance(place, Mapping) else None
    return (f"{definition.platform}:{held}",) if isinstance(held, (str, int)) and held else ()


def _counts(
    definition: Definition, report: LeakReport, findings: Sequence[Finding], *, personal_bound: bool
) -> dict[str, int]:
    severities = [each.severity for each in findings]
    secrets = sum(1 for each in definition.secrets if each.certain)
    blocks, warns = severities.count("block"), severities.count("warn")
    rank = min(len(report.leaks), _MOST) * 10**6 + min(blocks, _MOST) * 10**3 + min(warns, _MOST)
    return {
        "steps": sum(1 for _ in definition.graph.working()),
        "leaks": len(report.leaks),
        "blocks": blocks,
        "warns": warns,
        "notes": severities.count("note"),
        "secrets": secrets,
        "own_keys": len(definition.graph.credentials) + secrets,
        "personal": int(personal_bound),
        "rank": rank,
    }


def _data_class(report: LeakReport) -> str:
    held = {label.data_class for labels in report.labels.values() for label in labels}
    held |= {leak.label.data_class for leak in report.leaks}
    return next((each for each in _CLASSES if each in held), "")


def _detail(definition: Definition, report: LeakReport, findings: Sequence[Finding]) -> dict[str, Any]:
    graph = definition.graph
    return {
        "file": definition.file,
        "number": definition.index,
        "graph": {**to_json(graph), "data": _data(graph)},
        "positions": {step: list(place) for step, place in layout(graph).items()},
        "findings": [
            finding_document(key, each, checks.offer(definition, each))
            for key, each in checks.keyed(findings, graph.steps)
        ],
        "leaks": [leak_document(each) for each in report.leaks],
        "labels": {
            step: sorted({f"{label.data_class} {label.tag}" for label in labels})
            for step, labels in sorted(report.labels.items())
            if labels
        },
        "unknown": list(graph.unknown),
    }


def _data(graph: Graph) -> list[dict[str, str]]:
    return [{"source": each.source, "target": each.target, "field": each.field, "via": each.via} for each in graph.data]


def _guess(content: bytes) -> str:
    head = content[:_SNIFFED]
    return next((platform for mark, platform in _MARKS if mark in head), "")


def _short(name: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:200] or "flow"
