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
from handrail.language.leaks.propagate import Travel, travel
from handrail.language.leaks.sinks import Sink, endpoint_of, place_of, sink_of
from handrail.language.leaks.sources import Source, sources_of
from handrail.language.leaks.systems import system_named

NO_SEEDS: Final[Mapping[str, Label]] = MappingProxyType({})
_WORST: Final = {"restricted": 0, "confidential": 1}
_OUTSIDE: Final = {"personal_account": 0, "public_or_consumer": 1, "third_party": 2, "internal": 3}


def analyse(graph: Graph, boundary: Boundary, seeds: Mapping[str, Label] = NO_SEEDS) -> LeakReport:
    """Return where a flow's data goes: every (source, sink) once with its shortest way and its cheapest cut.

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
    travels = {key: travel(index, each, sources, readers) for key, each in told.items()}
    leaks, unresolved = _judge(index, told, sinks, travels, places, boundary)
    leaks += _handed_out(index, told, travels)
    leaks = with_cuts(index, leaks, travels, lambda key, step: travel(index, told[key], sources, readers, step))
    leaks.sort(key=lambda each: (each.implicit, _OUTSIDE[each.sink_class], _WORST.get(each.label.data_class, 2)))
    labels: dict[str, list[Label]] = defaultdict(list)
    for key, way in travels.items():
        for step in way.carrying if not told[key].guessed else ():
            labels[step].append(told[key].label)
    return LeakReport(
        tuple(leaks),
        tuple(unresolved),
        {key: tuple(sorted(each, key=lambda one: one.origin)) for key, each in sorted(labels.items())},
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
) -> tuple[list[Leak], list[Unresolved]]:
    leaks: list[Leak] = []
    unknown: dict[str, list[Label]] = defaultdict(list)
    for key, source in sources.items():
        way = travels[key]
        for step in index.steps:
            sink = sinks.get(step)
            if sink is None or step == key or step not in way.used:
                continue
            if _comes_back(index, places, key, sink) or (sink.published and not source.sure):
                continue
            if source.guessed and not sink.open:
                continue
            if sink.unresolved:
                unknown[step].append(source.label)
            elif sink.side != "internal" or _leaves_region(source.label, sink, boundary):
                pointer = next((each.pointer for each in way.used[step]), index.steps[step].pointer)
                why = sink.why or _leaves_region(source.label, sink, boundary)
                leaks.append(
                    Leak(source.label, key, step, sink.side, sink.destination, way.path(step), pointer=pointer, why=why)
                )
    leaks += _implied(index, sources, sinks, travels, places, leaks)
    return leaks, [
        Unresolved(step, tuple(labels), "Where it sends data is known only when it runs.", sinks[step].unresolved)
        for step, labels in unknown.items()
    ]


def _handed_out(index: Index, sources: dict[str, Source], travels: dict[str, Travel]) -> list[Leak]:
    """Return what endpoints hand out that answer with whatever the flow ends with."""
    result = []
    for trigger in index.steps.values():
        endpoint = endpoint_of(trigger)
        if endpoint is None:
            continue
        reached = {trigger.id, *_ways_on(index, [trigger.id])}
        ends = [step for step in reached if not index.onward[step] and step != trigger.id]
        for key, way in travels.items():
            last = min(
                (step for step in ends if step in way.carrying), key=lambda step: len(way.path(step)), default=""
            )
            if last and index.steps[key].kind != "trigger":
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
) -> list[Leak]:
    """Return sinks outside that only a decision on the data leads to: that they are called says something of it."""
    known = {(each.source, each.sink) for each in told}
    result = []
    for key, way in travels.items():
        decisions = [step for step, taken in way.used.items() if taken and _decides(index.steps[step])]
        if not sources[key].sure or not decisions:
            continue
        for step, path in _ways_on(index, decisions).items():
            sink = sinks.get(step)
            if sink is None or sink.side == "internal" or sink.unresolved or (key, step) in known or sink.answers:
                continue
            if step == key or _comes_back(index, places, key, sink):
                continue
            known.add((key, step))
            ways = (*way.path(path[0]), *path[1:])
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


def _ways_on(index: Index, starts: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the shortest way from a decision to each step after it."""
    ways: dict[str, tuple[str, ...]] = {start: (start,) for start in starts}
    waiting = deque(starts)
    while waiting:
        key = waiting.popleft()
        for after in index.onward[key]:
            if after not in ways:
                ways[after] = (*ways[key], after)
                waiting.append(after)
    return {key: way for key, way in ways.items() if len(way) > 1}


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
