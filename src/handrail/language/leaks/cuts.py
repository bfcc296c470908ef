"""The cheapest change that ends a leak, tried with the same propagation before it is named."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from handrail.language.leaks.index import Index
from handrail.language.leaks.model import Cut, Leak
from handrail.language.leaks.propagate import Effort, Travel

_TRIED_MAX: Final = 12
_STEPS_MAX: Final = 400
_LEAKS_MAX: Final = 120
_EFFORT: Final = 400_000

Blocked = Callable[[str, str, Effort], Travel]
"""Follow the data of a source (first) while a step (second) gets nothing of it."""


def with_cuts(index: Index, leaks: Sequence[Leak], travels: dict[str, Travel], blocked: Blocked) -> list[Leak]:
    """Return leaks with the change that ends most of them at once, the nearest to the sink among equals.

    Of a large flow, or one with many leaks, the cut is at the sink: nobody could look at so many ways anyhow.
    """
    reached: dict[tuple[str, str], frozenset[str]] = {}
    effort = Effort(_EFFORT)

    def reaches(source: str, step: str) -> frozenset[str]:
        if (source, step) not in reached:
            reached[source, step] = frozenset(blocked(source, step, effort).used)
        return reached[source, step]

    at_sink = Counter(each.sink for each in leaks if not each.implicit)
    result = []
    for leak in leaks:
        if len(index.steps) > _STEPS_MAX or len(leaks) > _LEAKS_MAX or effort.spent:
            ends = max(at_sink[leak.sink], 1)
            result.append(replace(leak, cut=_cut(index, leak, leak.sink, ends, travels[leak.source])))
            continue
        tried = list(leak.path[1:][-_TRIED_MAX:])
        best, ends = leak.sink, 0
        for step in reversed(tried):
            if step != leak.sink and leak.sink in reaches(leak.source, step):
                continue
            ended = sum(
                each.sink == step or each.sink not in reaches(each.source, step) for each in leaks if not each.implicit
            )
            if ended > ends:
                best, ends = step, ended
        if effort.spent:
            # What was not followed to its end proves nothing.
            best, ends = leak.sink, at_sink[leak.sink]
        result.append(replace(leak, cut=_cut(index, leak, best, max(ends, 1), travels[leak.source])))
    return result


def _cut(index: Index, leak: Leak, step: str, ends: int, travel: Travel) -> Cut:
    at = index.steps[step]
    taken = list(travel.used.get(step, ()))
    before = leak.path[leak.path.index(step) - 1] if step in leak.path[1:] else leak.source
    others = f" This ends {ends} leaks." if ends > 1 else ""
    fields = sorted({each.field for each in taken if each.field})
    if leak.sink_class == "public_or_consumer" and at.kind == "trigger":
        text = f"Ask who calls {at.name!r}: choose an authentication for it.{others}"
        return Cut("require_authentication", step, before, at.pointer, text, ends)
    if len(taken) == 1 and fields:
        text = f"Leave {fields[0]} out of what {at.name!r} takes, or mask it before.{others}"
        return Cut("remove_reference", step, before, taken[0].pointer, text, ends)
    what = ", ".join(fields[:4]) or leak.label.what
    way = f"between {index.steps[before].name!r} and {at.name!r}"
    text = f"Mask {what} {way}, or send it through an approved connection.{others}"
    return Cut("redact_before", step, before, taken[0].pointer if taken else at.pointer, text, ends)
