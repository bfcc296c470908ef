"""From many flows to one estate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from handrail.language.estates.crossing import cross_leaks
from handrail.language.estates.model import Estate, Link, Member
from handrail.language.estates.twins import twins_of

_LINKS_OF_ONE: Final = 400
_LINKS_MAX: Final = 50_000


def survey(members: Iterable[Member]) -> Estate:
    """Return what flows share, how data leaves through several of them, and which do the same.

    Work and answer are bounded: `Estate.cut` says when something was left out.
    """
    everybody = sorted(members, key=lambda each: each.id)
    by_id = {each.id: each for each in everybody}
    writers, readers = touching(everybody)
    links, cut = _links(writers, readers)
    leaks, more = cross_leaks(everybody, readers, by_id)
    return Estate(links, leaks, twins_of(everybody), cut or more)


def touching(members: Sequence[Member]) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Return by resource the ids of who writes it, and of who reads it, in order."""
    writers: dict[str, dict[str, None]] = defaultdict(dict)
    readers: dict[str, dict[str, None]] = defaultdict(dict)
    for member in members:
        for share in member.part.shares:
            (writers if share.way == "write" else readers)[share.resource][member.id] = None
    return {key: list(each) for key, each in writers.items()}, {key: list(each) for key, each in readers.items()}


def _links(writers: Mapping[str, list[str]], readers: Mapping[str, list[str]]) -> tuple[tuple[Link, ...], bool]:
    found: list[Link] = []
    cut = False
    for resource in sorted(writers.keys() & readers.keys()):
        pairs = [
            Link(one, other, resource)
            for one in writers[resource][:_LINKS_OF_ONE]
            for other in readers[resource][: max(1, _LINKS_OF_ONE // len(writers[resource][:_LINKS_OF_ONE]))]
            if one != other
        ]
        whole = len(writers[resource]) * len(readers[resource])
        cut = cut or whole > _LINKS_OF_ONE or len(found) > _LINKS_MAX
        found += pairs if len(found) <= _LINKS_MAX else []
    return tuple(sorted(found, key=lambda each: (each.source, each.target, each.resource))), cut
