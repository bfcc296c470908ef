"""Which steps read data that matters, and how sure that is.

Some systems always hold such data (a mailbox, a CRM). For the others (a sheet, a database, a webhook) only what the
flow says of them tells: the names of fields that are used, of the table, of the step. Content made to be seen
(articles, videos) is none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from handrail.language.graph import Step
from handrail.language.leaks.boundary import Boundary
from handrail.language.leaks.index import Index
from handrail.language.leaks.model import Label
from handrail.language.leaks.systems import EVIDENCE, UNKNOWN, Kind, kinds, system_named, systems
from handrail.language.leaks.words import is_personal, kinds_in, publics_in, words_of

_READS: Final = frozenset(
    {
        "get", "read", "search", "list", "lookup", "look", "download", "select", "retrieve", "find", "fetch", "export",
        "query", "load", "history", "many", "all", "ql", "scan", "receive", "peek", "trigger", "on", "when", "describe",
    }
)  # fmt: skip
_WRITES: Final = frozenset(
    {
        "create", "append", "update", "upsert", "send", "post", "upload", "delete", "insert", "add", "set", "move",
        "share", "reply", "remove", "write", "copy", "put", "patch", "publish", "mark", "clear", "invite", "archive",
        "edit", "draft", "subscribe", "import", "push",
    }
)  # fmt: skip
_SELECT: Final = re.compile(r"\b(select|show|call|exec(?:ute)?)\b", re.IGNORECASE)
_CHANGE: Final = re.compile(r"^\W*(insert|update|delete|merge|create|alter|drop|truncate)\b", re.IGNORECASE)
_NAMES_OBJECT: Final = frozenset(
    {"cachedresultname", "table", "collection", "sheetname", "documentid", "fieldlabel", "path", "entityname"}
)
_TRIGGER_TELLS_NAMES_ONLY: Final = "documents?"
# A file of the machine that runs the flow: settings and pages too, so its name must speak.
_MUST_SPEAK: Final = "file?"
_OF_DOCUMENTS: Final = frozenset(
    {"documents", "employee", "finance", "health", "customer", "lead", "credentials", "transcript"}
)
_FILES_HERE: Final = frozenset({"local-file", "local-files"})
_CERTAIN: Final = frozenset({*kinds(), "documents?"})
# Kinds of which a field's name is evidence enough: `revenue`, `salary`, `diagnosis`.
_TOLD_BY_FIELDS: Final = frozenset({"finance", "health", "employee"})
_ASKS_PEOPLE: Final = frozenset({"form", "webhook"})
_PASS: Final = frozenset({"logic", "code"})
_FAR: Final = 8
_IS_SQL: Final = re.compile(r"^[frb]{0,2}[\"']{1,3}\s*(?:select|with|insert|update|delete|call|exec)\b", re.IGNORECASE)
_QUERY: Final = re.compile(r"\bselect\b[^'\"`;]{1,400}\bfrom\b[^'\"`;]{1,200}", re.IGNORECASE)
_TEXT_MAX: Final = 20_000
_FIELDS_MAX: Final = 500  # more of them tell nothing new


@dataclass(frozen=True, slots=True)
class Source:
    """A step that reads data that matters.

    Attributes:
        label: What its output carries.
        sure: False where only the flow's own name, or nothing but the kind of store, says so.
        guessed: Whether nothing but the kind of store says so: it counts only where anybody can ask for all of it.
        fields: Names of fields that told; where there are any, others of the record count as harmless.
    """

    label: Label
    sure: bool
    guessed: bool = False
    fields: frozenset[str] = frozenset()


def sources_of(index: Index, boundary: Boundary, places: dict[str, str]) -> dict[str, Source]:
    """Return the sources of a flow by step id.

    Args:
        index: The flow.
        boundary: Which kinds of data matter.
        places: System of each step, that of an HTTP step by its host.
    """
    found = {}
    for key, step in index.steps.items():
        system = system_named(_reached_by_name(step) or _database_of(step) or places.get(key, ""))
        # A connector that nobody knows may hold anything: what the flow says of it tells.
        strange = system.side == UNKNOWN and system.name and step.kind != "trigger"
        holds = EVIDENCE if strange or _is_own_service(step, system.name, boundary) else system.holds
        if not holds or not reads(step) or (step.disabled and step.kind != "trigger"):
            continue
        source = _source(index, step, system.name, holds, boundary)
        if source:
            found[key] = source
    return found


def _is_own_service(step: Step, system: str, boundary: Boundary) -> bool:
    """Tell whether an HTTP call asks a service of the company: what the flow says of it tells what it holds."""
    if system != "http" or not step.hosts:
        return False
    return boundary.side_of_host(step.hosts[0], step.path or "")[0] == "internal"


def _reached_by_name(step: Step) -> str:
    """Return the system that a sub-flow used as a tool is called after: its own steps lie elsewhere."""
    if step.kind != "subnode" or not step.type.endswith("toolWorkflow"):
        return ""
    words = words_of(step.name)
    names = {"-".join(words[at : at + size]) for size in (1, 2) for at in range(len(words))}
    return next((name for name in sorted(names) if name in systems() and systems()[name].holds in _CERTAIN), "")


def _database_of(step: Step) -> str:
    """Return the database that an agent asks by itself: it holds the credential, no tool stands for it."""
    if step.kind != "llm":
        return ""
    kinds_held = (each.partition("/")[0].lower() for each in step.credential_refs)
    return next((kind for kind in kinds_held if "own-databases" in system_named(kind).groups), "")


def reads(step: Step) -> bool:
    """Tell whether a step brings data in."""
    if step.kind == "trigger" or _reached_by_name(step) or _database_of(step):
        return True
    words = words_of(step.operation or "")
    if "execute" in words or (words and words[-1] == "query"):
        text = " ".join(each.text for each in step.inputs if "query" in each.field.lower()) or _sql_of_script(step)
        return bool(_SELECT.search(text)) and not _CHANGE.match(text.lstrip("=frb")) if text else True
    verbs = [word for word in words if word in _READS or word in _WRITES]
    if verbs:
        return verbs[-1] in _READS or (verbs[0] in _READS and verbs[-1] not in _WRITES)
    if step.kind == "http":
        return step.method in {None, "GET", "POST"}
    return False


def _source(index: Index, step: Step, system: str, holds: str, boundary: Boundary) -> Source | None:
    base = holds.removesuffix(EVIDENCE)
    if not holds.endswith(EVIDENCE):
        if base == "form":
            return _by_evidence(index, step, system, "lead", boundary)
        return _labelled(step, system, kinds()[base], boundary, sure=True) if base in boundary.kinds else None
    if holds == _TRIGGER_TELLS_NAMES_ONLY and step.kind == "trigger":
        return None
    if base == "documents":
        return _documents(index, step, system, boundary)
    found = _by_evidence(index, step, system, "customer", boundary)
    return None if found and found.guessed and holds == _MUST_SPEAK else found


def _by_evidence(index: Index, step: Step, system: str, otherwise: str, boundary: Boundary) -> Source | None:
    named = [*_names(step), *_asked_before(index, step)]
    used = list(islice(_fields_used(index, step.id), _FIELDS_MAX))
    fields = {field for field in used if is_personal(field)}
    fields |= {text for text in named if step.kind == "trigger" and is_personal(text)}
    wanted = boundary.kinds - {"documents"} if system in _ASKS_PEOPLE else boundary.kinds
    spoken = kinds_in(named, wanted)
    telling = _TOLD_BY_FIELDS | ({"chat"} if system == "webhook" else set())
    for each, count in kinds_in(used, wanted & telling).items():
        spoken[each] = spoken.get(each, 0) + count
    kind = max(spoken, key=lambda each: spoken[each], default="")
    if fields:
        chosen = kind or otherwise
        if chosen not in boundary.kinds:
            return None
        return _labelled(step, system, kinds()[chosen], boundary, sure=True, fields=fields)
    if kind and sum(spoken.values()) > publics_in(named):
        return _labelled(step, system, kinds()[kind], boundary, sure=True)
    of_flow = kinds_in([index.graph.name], wanted)
    kind = max(of_flow, key=lambda each: of_flow[each], default="")
    seen = publics_in([index.graph.name, *named])
    if kind and not seen:
        return _labelled(step, system, kinds()[kind], boundary, sure=False)
    # What a search among embedded texts gives is a passage, not the store.
    passages = step.type.rsplit(".", 1)[-1].startswith("vectorStore")
    if seen or passages or step.kind == "trigger" or "documents" not in boundary.kinds:
        return None
    return replace(_labelled(step, system, kinds()["documents"], boundary, sure=False), guessed=True)


def _documents(index: Index, step: Step, system: str, boundary: Boundary) -> Source | None:
    """A file or page is private unless what it is called speaks of content made to be seen."""
    named = [*_names(step), index.graph.name]
    spoken = kinds_in(named, boundary.kinds & _OF_DOCUMENTS)
    if publics_in(named) > sum(spoken.values()):
        return None
    kind = max(spoken, key=lambda each: spoken[each], default="documents")
    if kind not in boundary.kinds:
        return None
    sure = bool(spoken) and not index.public_names and not publics_in(named)
    return _labelled(step, system, kinds()[kind], boundary, sure=sure)


def _labelled(
    step: Step, system: str, kind: Kind, boundary: Boundary, *, sure: bool, fields: Iterable[str] = ()
) -> Source:
    label = Label(kind.data_class, kind.tag, kind.what, step.id, boundary.region_of(system))
    return Source(label, sure, fields=frozenset(fields))


def _names(step: Step) -> Iterator[str]:
    """Yield what the step and the object it works on are called."""
    yield step.name
    if _database_of(step):
        yield from (each.partition("/")[2] for each in step.credential_refs)
    for each in step.inputs:
        last = each.field.rsplit("/", 1)[-1].lower()
        if (
            (last in _NAMES_OBJECT and "{{" not in each.text and "://" not in each.text)
            or (last == "value" and each.field.lower().rsplit("/", 2)[-2] in _NAMES_OBJECT and "://" not in each.text)
            or last == "query"
            or "sql" in last
        ):
            yield each.text
    yield _sql_of_script(step)
    if step.kind == "http" and step.path:
        yield step.path
    if step.connector in _FILES_HERE and step.resource:
        # Only the file's own name: folders above it are the machine's (`C:/Users`).
        yield re.split(r"[/\\:]", step.resource)[-1]


def _sql_of_script(step: Step) -> str:
    """Return the SQL that a call in a script is given as it stands there; empty where there is none."""
    first = next((each.text for each in step.inputs if each.field in {"/args/0", "/sql"}), "")
    return first if _IS_SQL.match(first) else ""


def _asked_before(index: Index, step: Step) -> Iterator[str]:
    """Yield the queries that the steps just before a Node-RED step put into the message."""
    if index.graph.platform != "node-red" or step.kind != "action":
        return
    for before in index.before[step.id]:
        for each in index.steps[before].inputs:
            yield from _QUERY.findall(each.text[:_TEXT_MAX])


def _fields_used(index: Index, start: str) -> Iterator[str]:
    """Yield the fields of a step's output that others use, through steps that only pass it on."""
    yield from index.read[start]
    seen = {start}
    layer = [start]
    for _ in range(_FAR):
        reached = [after for key in layer for after in index.after[key] if after not in seen]
        for reader in (each for key in layer for each in index.readers[key]):
            if reader not in seen and index.steps[reader].kind in _PASS:
                yield from index.read[reader]
                reached.append(reader)
        layer = []
        for key in dict.fromkeys(reached):
            seen.add(key)
            yield from (taken.field for taken in index.taken[key] if not taken.source and taken.field)
            if index.steps[key].kind in _PASS:
                layer.append(key)
