"""Data that leaves through several flows: written to something shared in one, read from there in another."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handrail.language.estates.model import Carry, CrossLeak, Member, Stop, Through

_DEEP: Final = 6
_STATES_MAX: Final = 2_000
_READERS_MAX: Final = 500
_LEAKS_MAX: Final = 2_000
_RANK: Final = {"restricted": 0, "confidential": 1}


@dataclass(frozen=True, slots=True)
class _Hop:
    """One flow on the way, and how it passed the data on."""

    member: str
    through: Through


def cross_leaks(
    members: Sequence[Member], readers: Mapping[str, list[str]], by_id: Mapping[str, Member]
) -> tuple[tuple[CrossLeak, ...], bool]:
    """Return the shortest way of each kind of data from each flow to each place outside, and whether bounds cut."""
    ways: dict[tuple[str, str], list[Through]] = defaultdict(list)
    for member in members:
        for through in member.part.throughs:
            ways[member.id, through.resource].append(through)
    found: dict[tuple[str, ...], CrossLeak] = {}
    beyond: dict[str, tuple[list[tuple[_Hop, ...]], bool]] = {}
    cut = False
    for member in members:
        for carry in _each_once(member):
            # What lies beyond something shared is the same for everybody who writes it.
            if carry.resource not in beyond:
                beyond[carry.resource] = _trails(carry.resource, readers, ways)
            trails, complete = beyond[carry.resource]
            cut = cut or not complete
            out: set[tuple[str, str]] = set()
            for trail in trails:
                place = (trail[-1].through.destination, trail[-1].through.sink_class)
                if trail[0].member != member.id and place not in out:
                    out.add(place)
                    leak = _leak(member, carry, trail, by_id)
                    found.setdefault((leak.data_class, leak.tag, leak.what, *leak.members, leak.destination), leak)
            if len(found) >= _LEAKS_MAX:
                return _ordered(found), True
    return _ordered(found), cut


def _each_once(member: Member) -> Iterator[Carry]:
    seen = set()
    for carry in member.part.carries:
        key = (carry.resource, carry.data_class, carry.tag)
        if key not in seen:
            seen.add(key)
            yield carry


def _trails(
    start: str, readers: Mapping[str, list[str]], ways: Mapping[tuple[str, str], list[Through]]
) -> tuple[list[tuple[_Hop, ...]], bool]:
    """Return the shortest ways from something shared to each place outside, and whether the search was complete.

    To a place by two first readers at most: who writes it may be one of them, and needs the other.
    """
    seen = {start}
    firsts: dict[tuple[str, str], set[str]] = defaultdict(set)
    found: list[tuple[_Hop, ...]] = []
    waiting: deque[tuple[str, tuple[_Hop, ...]]] = deque([(start, ())])
    states = 0
    complete = True
    while waiting:
        resource, trail = waiting.popleft()
        listed = readers.get(resource, ())
        complete = complete and len(listed) <= _READERS_MAX
        for reader in listed[:_READERS_MAX]:
            states += 1
            if states > _STATES_MAX:
                return found, False
            for through in ways.get((reader, resource), ()):
                further = (*trail, _Hop(reader, through))
                if through.destination:
                    place = (through.destination, through.sink_class)
                    if len(firsts[place]) < 2 and further[0].member not in firsts[place]:
                        firsts[place].add(further[0].member)
                        found.append(further)
                elif through.to not in seen and len(further) < _DEEP:
                    seen.add(through.to)
                    waiting.append((through.to, further))
    return found, complete


def _leak(start: Member, carry: Carry, trail: tuple[_Hop, ...], by_id: Mapping[str, Member]) -> CrossLeak:
    stops = [Stop(start.name, f"{carry.source}, {carry.step}", "definition", start.id)]
    for hop in trail:
        member, through = by_id[hop.member], hop.through
        stops.append(_resource(through.resource))
        stops.append(Stop(member.name, f"{through.step}, {through.last}", "definition", member.id))
    last = trail[-1].through
    stops.append(Stop(last.destination, last.sink_class, "sink"))
    return CrossLeak(
        data_class=carry.data_class,
        tag=carry.tag,
        what=carry.what,
        members=(start.id, *(hop.member for hop in trail)),
        stops=tuple(stops),
        destination=last.destination,
        sink_class=last.sink_class,
        certain=all(hop.through.certain for hop in trail),
    )


def _resource(resource: str) -> Stop:
    system, _, key = resource.partition(":")
    return Stop(key or system, system, "resource")


def _ordered(found: Mapping[tuple[str, ...], CrossLeak]) -> tuple[CrossLeak, ...]:
    return tuple(
        sorted(
            found.values(),
            key=lambda each: (
                _RANK.get(each.data_class, 2),
                not each.certain,
                len(each.members),
                each.what,
                each.destination,
                each.members,
            ),
        )
    )
