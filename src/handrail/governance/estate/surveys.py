"""The estate as one graph, put together when it is asked for and kept in this process while nothing changes."""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import orjson

from handrail.governance.estate import listing_store as store
from handrail.governance.estate.service import TOPIC, scope_of
from handrail.language.estates import CrossLeak, Estate, Link, Member, Part, Twins, part_from_json, survey
from handrail.platform.database import Work, revisions
from handrail.registry.identity import Caller

_AT_ONCE: Final = 1_000
# While an estate is being read it changes with each batch: the graph is put together anew at most 5 % of the time.
_REST: Final = 20
_KEPT_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A member without its part: what rows about it show."""

    name: str
    platform: str
    team_id: str
    app: str
    owner: str


@dataclass(frozen=True, slots=True)
class Survey:
    """An estate, and who is in it by id.

    Attributes:
        at: When it was put together; microseconds since 1970.
        person_bound: Ids of flows that use nothing but a person's own accounts.
    """

    estate: Estate
    members: Mapping[str, Known]
    at: int
    person_bound: frozenset[str] = frozenset()
    by_source: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    by_target: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Held:
    revision: int
    made: float
    took: float
    survey: Survey


_held: dict[str, _Held] = {}
_lock: Final = threading.Lock()


def whole(work: Work) -> Survey:
    """Return the whole estate, whoever asks; at most a little old while an estate is being read."""
    key = str(work.connection.engine.url)
    held = _held.get(key)
    # Who may have the last one does not wait for another who puts the next one together.
    if not _lock.acquire(blocking=held is None) and held is not None:
        return held.survey
    try:
        held = _held.get(key)
        revision = revisions.current(work, TOPIC)
        if held is not None and held.revision == revision:
            return held.survey
        begun = time.monotonic()
        if held is not None and begun - held.made < held.took * _REST:
            return held.survey
        survey_ = _survey(work)
        done = time.monotonic()
        _held.pop(key, None)
        while len(_held) >= _KEPT_MAX:
            _held.pop(next(iter(_held)))
        _held[key] = _Held(revision, done, done - begun, survey_)
        return survey_
    finally:
        _lock.release()


def visible(work: Work, caller: Caller) -> Survey:
    """Return what a caller may know of the estate: only ways whose every flow they may see."""
    found = whole(work)
    scope = scope_of(caller)
    if scope["all_teams"]:
        return found
    own = {key: each for key, each in found.members.items() if each.team_id in scope["teams"]}
    leaks = tuple(each for each in found.estate.leaks if all(member in own for member in each.members))
    links = tuple(each for each in found.estate.links if each.source in own and each.target in own)
    return _indexed(
        Estate(links, leaks, tuple(_narrowed(found.estate.twins, own)), found.estate.cut),
        own,
        found.at,
        found.person_bound & own.keys(),
    )


def leaks_through(found: Survey, definition_id: str) -> list[CrossLeak]:
    """Return the ways across flows that lead through a definition."""
    return [each for each in found.estate.leaks if definition_id in each.members]


def twins_with(found: Survey, definition_id: str) -> list[Twins]:
    """Return the groups that a definition is in."""
    return [each for each in found.estate.twins if definition_id in each.members]


def _narrowed(twins: tuple[Twins, ...], own: Mapping[str, Known]) -> Iterator[Twins]:
    """Keep to what a caller may see; what other teams' part of a group would save is not told."""
    for each in twins:
        members = tuple(member for member in each.members if member in own)
        if members == each.members:
            yield each
        elif len(members) > 1:
            spare = len(members) - 1
            text = f"{spare} of these would go if they were one."
            yield replace(each, members=members, spare=spare, calls=0, text=text)


def _survey(work: Work) -> Survey:
    known: dict[str, Known] = {}
    bound: set[str] = set()
    members: list[Member] = []
    for member, team_id in _members(work):
        members.append(member)
        known[member.id] = Known(member.name, member.platform, team_id, member.app, member.owner)
        if member.part.personal:
            bound.add(member.id)
    return _indexed(survey(members), known, work.now, frozenset(bound))


def _indexed(estate: Estate, known: Mapping[str, Known], at: int, bound: frozenset[str]) -> Survey:
    sources: dict[str, list[Link]] = {}
    targets: dict[str, list[Link]] = {}
    for link in estate.links:
        sources.setdefault(link.source, []).append(link)
        targets.setdefault(link.target, []).append(link)
    return Survey(
        estate,
        known,
        at,
        bound,
        {key: tuple(each) for key, each in sources.items()},
        {key: tuple(each) for key, each in targets.items()},
    )


def _members(work: Work) -> Iterator[tuple[Member, str]]:
    after = ""
    shapes: dict[str, Part] = {}
    while rows := work.all(store.MEMBERS, after=after, count=_AT_ONCE):
        for row in rows:
            part = _part(row["part"], row["origin_id"], shapes)
            yield Member(row["id"], row["name"], row["platform"], part, row["app"], row["owner"]), row["team_id"]
        after = str(rows[-1]["id"])


def _part(text: str, origin_id: str, shapes: dict[str, Part]) -> Part:
    # Ids of sub-flows are of one builder instance alone.
    text = text.replace('"flow:', f'"flow:{origin_id}/') if '"flow:' in text else text
    held = shapes.get(text)
    if held is None:
        held = shapes[text] = part_from_json(orjson.loads(text))
    return held
