"""From one flow to what its estate has to know of it."""

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from handrail.language.estates.model import Carry, Part, Share, Through
from handrail.language.estates.shapes import exact_of, shape_of, what_of
from handrail.language.estates.ways import ways_of
from handrail.language.graph import Graph, Step
from handrail.language.leaks import Boundary, Label, LeakReport, analyse

_SHARES_MAX: Final = 200
_THROUGHS_MAX: Final = 400
# Wires that bring data; `run_after` is an order only, and what a handler listens to is an event.
_CARRYING: Final = frozenset({"main", "link", "subflow"})
_HOOK: Final = re.compile(r"^/?(?:webhook|webhook-test|rest/webhook)/")
_NEAR_HOST: Final = re.compile(r"^(?:localhost|[^.]+|.*\.(?:local|internal|lan)|10\..*|192\.168\..*|127\..*)$")
_ENTRANCES: Final = frozenset({None, "webhook", "schedule", "manual", "form", "chat"})
_NO_THING: Final = re.compile(
    r"\*{3}|\.{3}|<|\{|\[|\b(?:your|my|example|placeholder|todo|xxx+)\b|your[_-]?(?:id|sheet|base|table|file)"
    r"|^(?:root|primary|default|me|main|id|null|undefined|none|test|/)$|^[A-Z][a-z]+ID$",
    re.IGNORECASE,
)
_RANK: Final = {"restricted": 0, "confidential": 1}


def part_of(
    graph: Graph,
    report: LeakReport,
    boundary: Boundary,
    *,
    names: Iterable[str] = (),
    personal: Collection[str] = (),
) -> Part:
    """Return what an estate has to know of a flow.

    Args:
        graph: What it does.
        report: Where its data goes.
        boundary: What counts as inside; to follow what is read from something shared, whatever it is.
        names: The ids and names by which other flows call this one.
        personal: Ids of steps that use a person's own account.
    """
    steps = {step.id: step for step in graph.working() if not step.disabled}
    shares = list(_shares(graph, steps.values(), names))[:_SHARES_MAX]
    before, after = _ways_between(graph, steps)
    arriving = {
        step: {label for one in sources for label in report.labels.get(one, ())} for step, sources in before.items()
    }
    by_step: dict[str, list[Share]] = defaultdict(list)
    for share, step_id in shares:
        by_step[step_id].append(share)
    keyed = [step.id for step in steps.values() if step.credential_refs]
    return Part(
        exact=exact_of(graph),
        operations=tuple(sorted({what for step in steps.values() if (what := what_of(step))})),
        destinations=tuple(sorted(set(_destinations(steps.values())))),
        shape=shape_of(graph),
        calls=sum(1 for step in steps.values() if _calls(step)),
        personal=bool(keyed) and all(each in personal for each in keyed),
        shares=tuple(sorted({share for share, _ in shares}, key=lambda each: (each.resource, each.way, each.step))),
        carries=_carries(by_step, steps, arriving),
        throughs=_throughs(by_step, steps, after, before, _of_shared(graph, report, boundary, by_step)),
    )


def _shares(graph: Graph, steps: Iterable[Step], names: Iterable[str]) -> Iterator[tuple[Share, str]]:
    called = {step: flow.reference for flow in graph.subflows if not flow.included for step in flow.steps}
    entrance = next((step for step in graph.working() if step.kind == "trigger" and not step.disabled), None)
    for step in steps:
        if step.resource and is_told(step.resource):
            for way in ways_of(step):
                yield Share(_plain(step.resource), way, step.name), step.id
        if step.id in called:
            yield Share(f"flow:{graph.platform}:{called[step.id]}", "write", step.name), step.id
        elif step.kind != "trigger" and (hook := _hook_of(step)):
            yield Share(f"webhook:{hook}", "write", step.name), step.id
    if entrance is not None:
        for name in sorted({name for name in names if name}):
            yield Share(f"flow:{name}", "read", entrance.name), entrance.id


def is_told(resource: str) -> bool:
    """Tell whether a resource names one thing: no placeholder, and nothing that everybody has one of."""
    system, _, key = resource.partition(":")
    return bool(key) and not _NO_THING.search(key) and system not in _ENTRANCES - {"webhook"}


def _plain(resource: str) -> str:
    """Return a webhook's path, and another flow, in one form: `webhook:intake` and `webhook:/intake` are the same."""
    system, _, key = resource.partition(":")
    if system == "n8n-workflow":
        return f"flow:n8n:{key}"
    return f"webhook:{key.strip('/')}" if system == "webhook" else resource


def _hook_of(step: Step) -> str:
    """Return the path of a webhook that a step calls, if its address looks like one of a builder's own."""
    path = step.path or ""
    if step.kind != "http" or not path.strip("/") or "{" in path:
        return ""
    if _HOOK.match(path):
        return _HOOK.sub("", path).strip("/")
    near = all(_NEAR_HOST.match(host) for host in step.hosts)
    return path.strip("/") if near else ""


def _ways_between(graph: Graph, steps: Mapping[str, Step]) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    pairs = [(edge.source, edge.target) for edge in graph.edges if edge.kind in _CARRYING]
    # A sub-node's arrow leads to the step that it belongs to, which gives it what it works on.
    pairs += [(edge.target, edge.source) for edge in graph.edges if edge.kind.startswith("ai_")]
    pairs += [(edge.source, edge.target) for edge in graph.edges if edge.kind.startswith("ai_")]
    pairs += [(edge.source, edge.target) for edge in graph.data]
    for source, target in pairs:
        if source in steps and target in steps and source != target:
            before[target].add(source)
            after[source].add(target)
    return before, after


def _carries(
    by_step: Mapping[str, list[Share]], steps: Mapping[str, Step], arriving: Mapping[str, set[Label]]
) -> tuple[Carry, ...]:
    found = set()
    for step, shares in by_step.items():
        for share in shares:
            if share.way != "write":
                continue
            for label in arriving.get(step, ()):
                source = steps[label.origin].name if label.origin in steps else label.origin
                found.add(Carry(share.resource, label.data_class, label.tag, label.what, source, share.step))
    ordered = sorted(
        found,
        key=lambda each: (_RANK.get(each.data_class, 2), each.resource, each.tag, each.what, each.source, each.step),
    )
    return tuple(ordered[:_THROUGHS_MAX])


def _of_shared(
    graph: Graph, report: LeakReport, boundary: Boundary, by_step: Mapping[str, list[Share]]
) -> tuple[LeakReport, ...]:
    """Follow what is read from something shared: whatever it seems to be, another flow may have put anything there."""
    told = {label.origin for labels in report.labels.values() for label in labels}
    told |= {leak.source for leak in report.leaks}
    reading = [step for step, shares in by_step.items() if any(each.way == "read" for each in shares)]
    seeds = {step: Label("confidential", "business", "shared data", step) for step in reading if step not in told}
    return (report, analyse(graph, boundary, seeds)) if seeds else (report,)


def _throughs(
    by_step: Mapping[str, list[Share]],
    steps: Mapping[str, Step],
    after: Mapping[str, set[str]],
    before: Mapping[str, set[str]],
    reports: Sequence[LeakReport],
) -> tuple[Through, ...]:
    found: set[Through] = set()
    for step, shares in sorted(by_step.items()):
        reads = sorted({share.resource for share in shares if share.way == "read"})
        if not reads or len(found) > _THROUGHS_MAX:
            continue
        carrying = {
            key
            for report in reports
            for key, labels in report.labels.items()
            if any(label.origin == step for label in labels)
        }
        reached = _reached(step, after)
        for resource in reads:
            found |= set(_leaving(resource, step, steps, reports))
            for other in reached:
                for share in by_step.get(other, ()):
                    if share.way == "write" and share.resource != resource:
                        certain = bool(carrying & before.get(other, set()))
                        found.add(Through(resource, steps[step].name, share.resource, "", "", share.step, certain))
    ordered = sorted(found, key=lambda each: (each.resource, each.to, each.destination, each.step, each.last))
    return tuple(ordered[:_THROUGHS_MAX])


def _leaving(resource: str, step: str, steps: Mapping[str, Step], reports: Sequence[LeakReport]) -> Iterator[Through]:
    for leak in (leak for report in reports for leak in report.leaks):
        if leak.source == step and not leak.implicit:
            last = steps[leak.sink].name if leak.sink in steps else leak.sink
            yield Through(resource, steps[step].name, "", leak.destination, leak.sink_class, last, certain=True)


def _reached(step: str, after: Mapping[str, set[str]]) -> list[str]:
    seen = {step}
    waiting = deque([step])
    while waiting:
        for each in sorted(after.get(waiting.popleft(), ())):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    seen.discard(step)
    return sorted(seen)


def _calls(step: Step) -> bool:
    """Tell whether a step works on another system: not one that starts a flow, or answers who started it."""
    return step.kind != "trigger" and (step.kind in {"http", "llm"} or step.connector not in _ENTRANCES)


def _destinations(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if step.kind == "subnode" or not _calls(step) or "write" not in ways_of(step):
            continue
        if step.resource and is_told(step.resource):
            yield _plain(step.resource)
        elif step.connector or step.hosts:
            yield from step.hosts or (str(step.connector),)
