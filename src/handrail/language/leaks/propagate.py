"""How data travels through a flow, from one source at a time.

A step's output carries a source's data when the step passes on what it gets, or answers from what it was given. What
a step is *given* is what its expressions take; only steps that send the whole record need none.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from handrail.language.graph import Step
from handrail.language.leaks.index import Index, Taken
from handrail.language.leaks.sources import Source, reads
from handrail.language.leaks.words import is_about_things, is_harmless, is_link, words_of

_PASSES: Final = frozenset({"logic", "code", "subflow", "trigger"})
# Operations that send the record, or its file, without naming a field of it.
_WHOLE: Final = frozenset(
    {"insert", "upsert", "append", "import", "translate", "detect", "summarize", "extract", "classify", "respond"}
    | {"labels", "map"}
)
_FILES: Final = frozenset({"upload", "transcribe", "analyze", "analyse", "document", "photo", "audio", "video"})
_FILE_FIELDS: Final = frozenset({"formBinaryData", "binaryData", "imageBinary", "binary"})
_FILE_NAMES: Final = frozenset({"inputDataFieldName", "binaryPropertyName", "binaryDataUi"})
_WHERE_TO: Final = frozenset(
    {"chatid", "channelid", "channel", "sendto", "toemail", "recipientphonenumber", "messageid", "threadid"}
)
# What an MCP server is asked is the model's own choice; no field of the step shows it.
_FILLED_IN_ALWAYS: Final = frozenset({"mcp", "mcp-client"})
_CARRIED_UP: Final = frozenset({"ai_tool", "ai_vectorStore", "ai_retriever", "ai_document"})


class Effort:
    """How much work may still be done, in things looked at: large flows may not take for ever."""

    def __init__(self, most: int) -> None:
        self.left = most

    @property
    def spent(self) -> bool:
        """Tell whether nothing more may be done."""
        return self.left < 0

    def spend(self, amount: int) -> bool:
        """Take this much; return whether there was as much."""
        self.left -= amount
        return self.left >= 0


@dataclass(slots=True)
class Travel:
    """Where one source's data goes.

    Attributes:
        came_from: By step id, the step before it on the shortest way; the source itself has none.
        used: By step id that takes the data, what it takes, in order (empty for the whole record).
        carrying: Steps whose output carries the data.
    """

    source: str
    came_from: dict[str, str] = field(default_factory=dict)
    used: dict[str, dict[Taken, None]] = field(default_factory=dict)
    carrying: set[str] = field(default_factory=set)
    wired: set[str] = field(default_factory=set)
    _distances: dict[str, int] = field(default_factory=dict)

    def distance(self, end: str) -> int:
        """Return how many steps the shortest way to a step has before it."""
        way: list[str] = []
        while end not in self._distances and end in self.came_from and len(way) <= len(self.came_from):
            way.append(end)
            end = self.came_from[end]
        held = self._distances.get(end, 0)
        for each in reversed(way):
            held += 1
            self._distances[each] = held
        return held

    def path(self, end: str) -> tuple[str, ...]:
        """Return the shortest way to a step."""
        steps = [end]
        while steps[-1] in self.came_from and len(steps) <= len(self.came_from) + 1:
            steps.append(self.came_from[steps[-1]])
        return tuple(reversed(steps))


def travel(
    index: Index,
    source: Source,
    sources: Mapping[str, Source],
    readers: Mapping[str, list[tuple[str, Taken]]],
    effort: Effort,
    blocked: str = "",
) -> Travel:
    """Follow one source's data, as far as the effort allows.

    Args:
        index: The flow.
        source: Where it starts.
        sources: Every source of the flow: a step that reads anew gives its own data, not what it was asked with.
        readers: By step id, who takes from it by an expression, and what.
        effort: What may still be done.
        blocked: A step that gets nothing of it: for trying a cut.
    """
    start = source.label.origin
    result = Travel(start)
    result.carrying.add(start)
    waiting = deque([start])
    while waiting:
        key = waiting.popleft()
        if not effort.spend(_width(index, result, readers, key)):
            break
        for after, taken in (*((each, None) for each in index.after[key]), *readers.get(key, ())):
            if after != blocked and _arrive(index, result, source, sources, key, after, taken):
                waiting.append(after)
        for kind, parent in index.above[key]:
            if kind in _CARRIED_UP and parent != blocked and _carry_up(index, result, key, parent):
                waiting.append(parent)
        for _, child in index.beneath[key]:
            if child != blocked and _carry_down(index, result, key, child):
                waiting.append(child)
    return result


def _width(index: Index, result: Travel, readers: Mapping[str, list[tuple[str, Taken]]], key: str) -> int:
    """Return how much there is to look at behind a step."""
    near = len(index.after[key]) + len(readers.get(key, ())) + len(index.above[key]) + len(index.beneath[key])
    return 1 + near + sum(len(index.taken[each]) for each in index.after[key] if each not in result.wired)


def _arrive(
    index: Index,
    result: Travel,
    source: Source,
    sources: Mapping[str, Source],
    key: str,
    after: str,
    taken: Taken | None,
) -> bool:
    """Note that data reaches a step; return whether its output carries it and is new."""
    step = index.steps.get(after)
    if step is None or after == result.source:
        return False
    if taken is not None:
        used: Iterable[Taken] = (taken,) if _matters(source, taken) else ()
        given = bool(used)
    elif after in result.wired:
        # What a step takes from its wires is the same, whichever of them brings it.
        return False
    else:
        result.wired.add(after)
        used = [each for each in index.taken[after] if not each.source and _matters(source, each)]
        given = bool(used) or _takes_whole(index, step)
    passes = _passes(step, taken is None and not _writes_anew(index, step), given)
    if not given and not passes:
        return False
    fresh = after not in result.came_from
    if fresh:
        result.came_from[after] = key
    if given:
        result.used.setdefault(after, {}).update(dict.fromkeys(used))
    if after in result.carrying or (after in sources and _replaces(step)):
        return False
    result.carrying.add(after)
    return True


def _carry_up(index: Index, result: Travel, key: str, parent: str) -> bool:
    """A tool's answer, or a document, goes into the step that it belongs to."""
    if parent not in index.steps or parent == result.source:
        return False
    if parent not in result.came_from:
        result.came_from[parent] = key
    result.used.setdefault(parent, {})
    if parent in result.carrying:
        return False
    result.carrying.add(parent)
    return True


def _carry_down(index: Index, result: Travel, key: str, child: str) -> bool:
    """An agent fills in the fields of its tools."""
    step = index.steps.get(child)
    if step is None or child == result.source or child in result.came_from or reads(step):
        return False
    filled = [each for each in step.inputs if any(one.kind == "model" for one in each.references)]
    if step.connector in _FILLED_IN_ALWAYS:
        result.came_from[child] = key
        result.used[child] = {Taken(key, "", step.pointer, ""): None}
        return False
    if not filled:
        return False
    result.came_from[child] = key
    result.used[child] = {Taken(key, "", step.pointer + each.field, each.field): None for each in filled}
    return False


def _passes(step: Step, by_wire: bool, given: bool) -> bool:
    """Tell whether what comes in is in what goes out."""
    if step.kind in _PASSES:
        return given or by_wire
    return given


def _replaces(step: Step) -> bool:
    return step.kind not in _PASSES


def _writes_anew(index: Index, step: Step) -> bool:
    """Tell whether a step gives only what its fields write; code after a Node-RED step may read what else is there."""
    if index.graph.platform == "node-red" and any(index.steps[each].kind == "code" for each in index.after[step.id]):
        return False
    # An address may be all that it takes to read what lies there.
    links = any(is_link(reference.field) for each in step.inputs for reference in each.references)
    return step.replaces and not links


def _takes_whole(index: Index, step: Step) -> bool:
    """Tell whether a step sends the record that comes in without naming a field of it."""
    if index.graph.platform == "node-red":
        return step.kind != "logic" or step.type == "http response"
    if step.kind in {"logic", "code"}:
        return step.type.rsplit(".", 1)[-1] == "respondToWebhook" and not _speaks(index, step)
    operation = set(words_of(step.operation or ""))
    if operation & _FILES or any(
        each.text in _FILE_FIELDS or each.field.rsplit("/", 1)[-1] in _FILE_NAMES for each in step.inputs
    ):
        return True
    if any(not each.source for each in index.taken[step.id]):
        return False
    if step.kind == "llm":
        return not any(each.field.rsplit("/", 1)[-1] in {"text", "prompt"} for each in step.inputs)
    return bool(operation & _WHOLE) or any(each.text == "autoMapInputData" for each in step.inputs)


def _speaks(index: Index, step: Step) -> bool:
    return bool(index.taken[step.id]) or any(each.field.endswith("responseBody") for each in step.inputs)


def _matters(source: Source, taken: Taken) -> bool:
    """Tell whether what is taken can say something about anybody."""
    if taken.input.rsplit("/", 1)[-1].lower() in _WHERE_TO or is_harmless(taken.field):
        return False
    return not (source.fields and taken.field and is_about_things(taken.field))
