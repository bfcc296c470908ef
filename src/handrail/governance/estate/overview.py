"""The estate at a glance: how much there is, what is wrong, what to do first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from handrail.governance.estate import listing_store as store
from handrail.governance.estate.findings import leak_rank, title_of
from handrail.governance.estate.model import Origin
from handrail.governance.estate.service import origins, scope_of
from handrail.governance.estate.surveys import Survey, visible
from handrail.kernel.clock import DAY
from handrail.language.estates import CrossLeak, Twins
from handrail.platform.database import Work
from handrail.registry.identity import Caller

WORST: Final = 10
_LEAKS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Platform:
    """What was found of one platform.

    Attributes:
        own_keys: Credentials and written secrets that its flows hold themselves.
        readable: Share of its files that could be read, 0 to 1; None when nothing is known of files.
    """

    platform: str
    origins: tuple[str, ...]
    found: int
    registered: int
    own_keys: int
    restricted: int
    leaks: int
    readable: float | None


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do first; `link` is a query of the list of definitions, or `leaks`, `duplicates` or `files`."""

    kind: str
    title: str
    text: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at a glance.

    Attributes:
        new: Found in the last week, in origins that were read completely before.
        keyed: How many definitions hold keys of their own.
        leaking: How many definitions show a leak.
        scanned_at: When anything was read last; None when nothing ever was.
        took_ms: How long the last complete pass of the origin that was read last took.
    """

    found: int
    new: int
    registered: int
    own_keys: int
    keyed: int
    leaks: int
    leaking: int
    unreadable: int
    scanned_at: int | None
    took_ms: int | None
    origins: tuple[Origin, ...]
    by_platform: tuple[Platform, ...]
    worst: tuple[Mapping[str, Any], ...]
    do_first: tuple[ToDo, ...]


def overview(work: Work, caller: Caller) -> Overview:
    """Return the estate that a caller may see at a glance."""
    scope = scope_of(caller)
    rows = work.all(store.BY_PLATFORM, week=work.now - 7 * DAY, **scope)
    places: dict[str, list[str]] = {}
    for row in work.all(store.ORIGINS_BY_PLATFORM, **scope):
        places.setdefault(row["platform"], []).append(row["origin"])
    states = {(row["platform"], row["state"]): int(row["n"]) for row in work.all(store.FILE_STATES, **scope)}
    found = visible(work, caller)
    listed = origins(work, caller)
    last = max(
        (each for each in listed if each.scanned_at is not None), key=lambda each: each.scanned_at or 0, default=None
    )
    total = {name: sum(int(row[name] or 0) for row in rows) for name in _SUMS}
    unreadable = sum(count for (_, state), count in states.items() if state == "unreadable")
    leaks, worst = leak_rows(work, caller, found, WORST)
    return Overview(
        found=total["found"],
        new=total["new"],
        registered=total["registered"],
        own_keys=total["own_keys"],
        keyed=total["keyed"],
        leaks=leaks,
        leaking=total["leaking"],
        unreadable=unreadable,
        scanned_at=last.scanned_at if last else None,
        took_ms=last.took_ms if last else None,
        origins=tuple(listed),
        by_platform=tuple(_platform(row, places, states) for row in rows),
        worst=tuple(worst),
        do_first=tuple(_do_first(work, scope, total, unreadable, leaks, found)),
    )


_SUMS: Final = ("found", "new", "registered", "own_keys", "keyed", "leaks", "leaking", "personal")


def leak_rows(work: Work, caller: Caller, found: Survey, count: int, skip: int = 0) -> tuple[int, list[dict[str, Any]]]:
    """Return how many leaks there are, in flows and across them, and some of them, the worst first."""
    scope = scope_of(caller)
    whole = int(work.scalar(store.LEAK_COUNT, **scope))
    own = work.all(store.LEAKS, count=min(count + skip, _LEAKS_MAX), skip=0, **scope)
    rows: list[tuple[int, dict[str, Any]]] = [(int(row["rank"]), _own_row(row)) for row in own]
    rows += [(_rank(each), cross_row(each, found)) for each in found.estate.leaks[: count + skip]]
    rows.sort(key=lambda each: each[0])
    return whole + len(found.estate.leaks), [row for _, row in rows[skip : skip + count]]


def cross_row(leak: CrossLeak, found: Survey) -> dict[str, Any]:
    """Return the line of a leak across flows."""
    last = leak.members[-1]
    return {
        "title": title_of(leak.what, leak.destination),
        "dataClass": leak.data_class,
        "tag": leak.tag,
        "certainty": "certain" if leak.certain else "likely",
        "sinkClass": leak.sink_class,
        "destination": leak.destination,
        "stops": [
            {"label": each.label, "detail": each.detail, "kind": each.kind, "definition": each.definition}
            for each in leak.stops
        ],
        "cut": f"Leave {leak.what} out where {leak.stops[0].label} writes {leak.stops[1].label}.",
        "ends": 1,
        "across": True,
        "definition": {
            "id": last,
            "name": found.members[last].name,
            "platform": found.members[last].platform,
            "app": found.members[last].app,
        },
    }


def twins_row(twins: Twins, found: Survey) -> dict[str, Any]:
    """Return the line of a group of flows that do the same."""
    return {
        "kind": twins.kind,
        "similarity": twins.similarity,
        "operations": list(twins.operations),
        "destinations": list(twins.destinations),
        "spare": twins.spare,
        "calls": twins.calls,
        "text": twins.text,
        "definitions": [
            {
                "id": each,
                "name": found.members[each].name,
                "platform": found.members[each].platform,
                "app": found.members[each].app,
            }
            for each in twins.members
        ],
    }


def _own_row(row: Any) -> dict[str, Any]:
    named = {"id": row["id"], "name": row["name"], "platform": row["platform"], "app": row["app"]}
    return {**orjson.loads(row["shown"]), "across": False, "definition": named}


def _rank(leak: CrossLeak) -> int:
    return leak_rank(leak.data_class, leak.sink_class, certain=leak.certain, length=len(leak.members))


def _platform(row: Any, places: Mapping[str, list[str]], states: Mapping[tuple[str, str], int]) -> Platform:
    name = row["platform"]
    read, failed = states.get((name, "read"), 0), states.get((name, "unreadable"), 0)
    return Platform(
        platform=name,
        origins=tuple(places.get(name, ())),
        found=int(row["found"]),
        registered=int(row["registered"]),
        own_keys=int(row["own_keys"] or 0),
        restricted=int(row["restricted"] or 0),
        leaks=int(row["leaks"] or 0),
        readable=read / (read + failed) if read + failed else None,
    )


def _do_first(
    work: Work, scope: Mapping[str, Any], total: Mapping[str, int], unreadable: int, leaks: int, found: Survey
) -> list[ToDo]:
    ownerless = int(work.scalar(store.OWNERLESS, **scope))
    vanished = int(work.scalar(store.VANISHED, **scope))
    spare = sum(each.spare for each in found.estate.twins)
    unregistered = total["found"] - total["registered"]
    every = (
        ToDo("leaks", f"Close {_count(leaks, 'leak path')}", "Each names the one step to change.", leaks, "leaks"),
        ToDo(
            "register",
            f"Register {_count(unregistered, 'app')}",
            "Pre-filled from what was read; owners confirm three fields.",
            unregistered,
            "registered=false",
        ),
        ToDo(
            "keys",
            f"Take {_count(total['own_keys'], 'key')} out of apps",
            "Each of these calls a system with a key of its own, so an approval cannot hold it.",
            total["own_keys"],
            "risk=secret",
        ),
        ToDo(
            "owners",
            f"Name an owner for {_count(ownerless, 'app')}",
            "Their owner left, so nobody answers for them.",
            ownerless,
            "registered=true&owner=none",
        ),
        ToDo(
            "personal",
            f"Move {_count(total['personal'], 'app')} off personal accounts",
            "They stop when one person leaves.",
            total["personal"],
            "risk=personal",
        ),
        ToDo(
            "duplicates",
            f"Merge {_count(spare, 'duplicate')}",
            "Flows with the same operations and the same destination.",
            spare,
            "duplicates",
        ),
        ToDo(
            "vanished",
            f"Retire {_count(vanished, 'app')} that vanished",
            "Registered, and no longer where they were found.",
            vanished,
            "gone=true&registered=true",
        ),
        ToDo(
            "unreadable",
            f"Look at {_count(unreadable, 'file')} that could not be read",
            "They count as unknown, not as safe.",
            unreadable,
            "files",
        ),
    )
    return [each for each in every if each.count]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
