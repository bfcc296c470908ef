"""From a graph to the ways its data takes."""

from collections import defaultdict, deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from handrail.language.graph import Graph, Step
from handrail.language.leaks.boundary import Boundary
from handrail.language.leaks.cuts import with_cuts
from handrail.language.leaks.index import Index, Taken, index_of
from handrail.language.leaks.model import Label, Leak, LeakReport, Unresolved
from handrail.language.leaks.propagate import Effort, Travel, travel
from handrail.language.leaks.sinks import Sink, endpoint_of, place_of, sink_of
from handrail.language.leaks.sources import Source, sources_of
from handrail.language.leaks.systems import system_named

NO_SEEDS: Final[Mapping[str, Label]] = MappingProxyType({})
_WORST: Final = {"restricted": 0, "confidential": 1}
_EFFORT: Final = 2_000_000
_LEAKS_MAX: Final = 2_000
_OUTSIDE: Final = {"personal_account": 0, "public_or_consumer": 1, "third_party": 2, "internal": 3}


def analyse(graph: Graph, boundary: Boundary, seeds: Mapping[str, Label] = NO_SEEDS) -> LeakReport:
    """Return where a flow's data goes: every (source, sink) once with its shortest way and its cheapest cut.

    Work and answer are bounded: `LeakReport.cut` says when something was left out.

    Args:
        graph: With its inputs and data edges, as importers read them.
        boundary: What counts as inside.
        seeds: By step id what somebody else knows of its output; what the flow itself tells wins.
    """
    index = index_of(graph)
    places = {key: place_of(step) for key, step in index.steps.items()}
    sources = {key: Source(label, sure=True) for key, label in seeds.items() if key in index.steps}
    sources |= sources_of(index, boundary, places)
    if not sources:
        return LeakReport()
    sinks = {
        key: sink
        for key, step in index.steps.items()
        if (sink := sink_of(index, step, places[key], boundary)) is not None
    }
    publishes = any(sink.published for sink in sinks.values())
    told = {key: each for key, each in sources.items() if each.sure or not publishes}
    readers = _readers(index)
    effort = Effort(_EFFORT)
    travels = {key: travel(index, each, sources, readers, effort) for key, each in told.items() if not effort.spent}
    told = {key: told[key] for key in travels}
    leaks, unresolved = _judge(index, told, sinks, travels, places, boundary, effort)
    leaks += _handed_out(index, told, travels, effort)
    leaks = with_cuts(
        index, leaks, travels, lambda key, step, most: travel(index, told[key], sources, readers, most, step)
    )
    leaks.sort(key=lambda each: (each.implicit, _OUTSIDE[each.sink_class], _WORST.get(each.label.data_class, 2)))
    labels: dict[str, list[Label]] = defaultdict(list)
    for key, way in travels.items():
        for step in way.carrying if not told[key].guessed else ():
            labels[step].append(told[key].label)
    return LeakReport(
        tuple(leaks),
        tuple(unresolved),
        {key: tuple(sorted(each, key=lambda one: one.origin)) for key, each in sorted(labels.items())},
        cut=effort.spent,
    )


def _readers(index: Index) -> dict[str, list[tuple[str, Taken]]]:
    result: dict[str, list[tuple[str, Taken]]] = defaultdict(list)
    for key, taken in index.taken.items():
        for each in taken:
            if each.source:
                result[each.source].append((key, each))
    return result


def _judge(
    index: Index,
    sources: dict[str, Source],
    sinks: dict[str, Sink],
    travels: dict[str, Travel],
    places: dict[str, str],
    boundary: Boundary,
    effort: Effort,
) -> tuple[list[Leak], list[Unresolved]]:
    leaks: list[Leak] = []
    unknown: dict[str, list[Label]] = defaultdict(list)
    order = {step: number for number, step in enumerate(index.steps)}
    for key, source in sources.items():
        way = travels[key]
        for step in sorted(way.used.keys() & sinks.keys(), key=order.__getitem__):
            sink = sinks[step]
            if step == key and index.steps[key].kind != "llm":
                continue
            if _comes_back(index, places, key, sink) or (sink.published and not source.sure):
                continue
            if source.guessed and not sink.open:
                continue
            if sink.unresolved:
                unknown[step].append(source.label)
            elif sink.side != "internal" or _leaves_region(source.label, sink, boundary):
                if not _may_add(leaks, effort):
                    continue
                pointer = next((each.pointer for each in way.used[step]), index.steps[step].pointer)
                why = sink.why or _leaves_region(source.label, sink, boundary)
                leaks.append(
                    Leak(source.label, key, step, sink.side, sink.destination, way.path(step), pointer=pointer, why=why)
                )
                effort.spend(len(leaks[-1].path))
    leaks += _implied(index, sources, sinks, travels, places, leaks, effort)
    return leaks, [
        Unresolved(step, tuple(labels), "Where it sends data is known only when it runs.", sinks[step].unresolved)
        for step, labels in unknown.items()
    ]


def _may_add(leaks: list[Leak], effort: Effort) -> bool:
    """Tell whether one more leak has room; what has none is noted as left out."""
    if len(leaks) >= _LEAKS_MAX:
        effort.left = -1
    return not effort.spent


def _handed_out(index: Index, sources: dict[str, Source], travels: dict[str, Travel], effort: Effort) -> list[Leak]:
    """Return what endpoints hand out that answer with whatever the flow ends with."""
    result: list[Leak] = []
    for trigger in index.steps.values():
        endpoint = endpoint_of(trigger)
        if endpoint is None:
            continue
        reached = _came_from(index, [trigger.id], effort)
        ends = {step for step in reached if not index.onward[step] and step != trigger.id}
        for key, way in travels.items():
            if index.steps[key].kind == "trigger" or not effort.spend(min(len(ends), len(way.carrying))):
                continue
            last = min(ends & way.carrying, key=lambda step: (way.distance(step), step), default="")
            if last and _may_add(result, effort):
                path = (*way.path(last), trigger.id)
                result.append(
                    Leak(
                        sources[key].label,
                        key,
                        trigger.id,
                        endpoint.side,
                        endpoint.destination,
                        path,
                        pointer=trigger.pointer,
                        why=endpoint.why,
                    )
                )
    return result


def _implied(
    index: Index,
    sources: dict[str, Source],
    sinks: dict[str, Sink],
    travels: dict[str, Travel],
    places: dict[str, str],
    told: list[Leak],
    effort: Effort,
) -> list[Leak]:
    """Return sinks outside that only a decision on the data leads to: that they are called says something of it."""
    known = {(each.source, each.sink) for each in told}
    result: list[Leak] = []
    for key, way in travels.items():
        decisions = [step for step, taken in way.used.items() if taken and _decides(index.steps[step])]
        if not sources[key].sure or not decisions:
            continue
        before = _came_from(index, decisions, effort)
        for step in before:
            sink = sinks.get(step)
            if (
                sink is None
                or not before[step]
                or sink.side == "internal"
                or sink.unresolved
                or (key, step) in known
                or sink.answers
            ):
                continue
            if step == key or _comes_back(index, places, key, sink):
                continue
            if not _may_add(result, effort):
                continue
            known.add((key, step))
            path = [step]
            while before[path[-1]]:
                path.append(before[path[-1]])
            ways = (*way.path(path[-1]), *reversed(path[:-1]))
            effort.spend(len(ways))
            if len(set(ways)) < len(ways):
                # A decision that only leads back to where the data came from decides nothing about what follows it.
                continue
            why = f"whether {index.steps[step].name!r} is called depends on it"
            result.append(
                Leak(
                    sources[key].label,
                    key,
                    step,
                    sink.side,
                    sink.destination,
                    ways,
                    True,
                    index.steps[step].pointer,
                    why,
                )
            )
    return result


def _decides(step: Step) -> bool:
    return step.kind == "logic" and step.type.rsplit(".", 1)[-1].lower() in {"if", "switch", "filter", "until"}


def _came_from(index: Index, starts: list[str], effort: Effort) -> dict[str, str]:
    """Return for each step that runs after some others the one before it on the shortest way; empty for the first."""
    before = dict.fromkeys(starts, "")
    waiting = deque(starts)
    while waiting:
        key = waiting.popleft()
        if not effort.spend(1 + len(index.onward[key])):
            break
        for after in index.onward[key]:
            if after not in before:
                before[after] = key
                waiting.append(after)
    return before


def _comes_back(index: Index, places: dict[str, str], source: str, sink: Sink) -> bool:
    """Tell whether data returns to where it was: the same system, or the person it is about."""
    origin = places[source]
    start = index.steps[source]
    if sink.system and sink.system == origin:
        return not (sink.fixed and "messengers" in system_named(origin).groups)
    if start.kind != "trigger" or not sink.answers:
        return False
    talk = "messengers" in system_named(sink.system).groups
    return sink.system == "webhook" or (talk and origin in {"webhook", "chat"})


def _leaves_region(label: Label, sink: Sink, boundary: Boundary) -> str:
    """Say that data leaves its region; empty when it doesn't, or nobody said where things are."""
    to = boundary.region_of(sink.system)
    return f"it leaves the region {label.region} for {to}" if label.region and to and to != label.region else ""
