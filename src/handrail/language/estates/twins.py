"""Flows that do the same: found by what they share, never by comparing each with each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from handrail.language.estates.model import Member, Twins
from handrail.language.estates.shapes import alike

ALIKE: Final = 50
_LEADERS_MAX: Final = 40
_TWINS_MAX: Final = 1_000


def twins_of(members: Sequence[Member]) -> tuple[Twins, ...]:
    """Return the groups of flows that do the same, the largest saving first.

    Exact ones share a digest. Near ones have the same operations and the same destinations, and a shape that is at
    least 50 % the same as that of the group's first; a group is compared through its first only, of at most 40.
    """
    worth = [each for each in members if each.part.calls and each.part.operations]
    ordered = sorted(worth, key=lambda each: (not each.app, each.name, each.id))
    exact: dict[str, list[Member]] = defaultdict(list)
    blocks: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Member]] = defaultdict(list)
    for member in ordered:
        same = exact[member.part.exact]
        same.append(member)
        # Of flows that are exactly the same, one stands for all.
        if len(same) == 1 and member.part.destinations:
            blocks[member.part.operations, member.part.destinations].append(member)
    found = [_twins("exact", group, 100) for group in exact.values() if len(group) > 1]
    for block in blocks.values():
        if len(block) > 1:
            found += _near(block)
    return tuple(sorted(found, key=lambda each: (-each.spare, -each.calls, each.kind, each.members))[:_TWINS_MAX])


def _near(block: list[Member]) -> list[Twins]:
    groups: list[tuple[list[Member], list[int]]] = []
    for member in block:
        for group, likeness in groups:
            found = alike(group[0].part.shape, member.part.shape)
            if found >= ALIKE:
                group.append(member)
                likeness.append(found)
                break
        else:
            if len(groups) < _LEADERS_MAX:
                groups.append(([member], []))
    return [_twins("near", group, min(likeness)) for group, likeness in groups if len(group) > 1]


def _twins(kind: str, group: list[Member], similarity: int) -> Twins:
    first = group[0].part
    spare = len(group) - 1
    calls = sum(each.part.calls for each in group[1:])
    ones = "One integration" if spare == 1 else f"{spare} integrations"
    steps = "1 call" if calls == 1 else f"{calls} calls"
    return Twins(
        kind="exact" if kind == "exact" else "near",
        members=tuple(each.id for each in group),
        similarity=similarity,
        operations=first.operations,
        destinations=first.destinations,
        spare=spare,
        calls=calls,
        text=f"{ones} fewer to look after, with {steps} to other systems in them.",
    )
