"""Keeps the index equal to the catalog's rows, in the same transaction as their change.

A use case only says whose rows it changed (`touch`). Just before the commit the index is made anew for those apps,
behind a lock that is the last one a transaction takes: no count is lost, and nobody waits in a circle.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from handrail.platform.database import Row, Work
from handrail.registry.catalog.search import index_store as store
from handrail.registry.catalog.search.facts import ALL, Facts, Shape, gather
from handrail.registry.catalog.search.similar import forget_words, keep_words
from handrail.registry.catalog.search.text import text_index

_CHUNK: Final = 400


def touch(work: Work, app_id: str) -> None:
    """Say that rows which the index is made from have changed."""
    work.before_commit(_refresh, app_id)


def touch_person(work: Work, person_id: str) -> None:
    """Say that a person was disabled or enabled, or is called something else; call it in the same transaction."""
    for row in work.all(store.APPS_OF, person_id=person_id):
        touch(work, row["id"])


def set_held(work: Work, app_id: str, *, held: bool) -> None:
    """Note that an app is in quarantine, or no longer; access decides and records it."""
    work.run(store.SET_HELD, id=app_id, held=int(held))
    touch(work, app_id)


def set_allowed(work: Work, app_id: str, environment_id: str, digest: str, *, allowed: bool) -> None:
    """Note whether an approval lets a version run; access decides and records it."""
    work.run(store.SET_ALLOWED, app_id=app_id, environment_id=environment_id, digest=digest, allowed=int(allowed))
    touch(work, app_id)


def rebuild(work: Work) -> int:
    """Make the whole index anew; return how many apps it holds."""
    _lock(work)
    for statement in store.CLEAR:
        work.run(statement)
    forget_words(work)
    text_index(work).clear(work)
    return _write(work, [row["id"] for row in work.all(store.ALL_APPS)])


def ensure_index(work: Work) -> int:
    """Take in the apps that the index lacks, as after a migration; return how many."""
    lacking = [row["id"] for row in work.all(store.UNINDEXED)]
    if lacking:
        _lock(work)
        _write(work, lacking)
    return len(lacking)


def index_faults(work: Work) -> int:
    """Return how many apps or counts the index lacks; `rebuild` repairs it."""
    return int(work.scalar(store.LACKING)) + int(work.scalar(store.MISCOUNTED))


def _lock(work: Work) -> None:
    work.lock("catalog-index")


def _refresh(work: Work, ids: list[str]) -> None:
    _lock(work)
    _write(work, ids)


def _write(work: Work, ids: list[str]) -> int:
    """Write rows of apps, and what changes in the counts."""
    written = 0
    shapes: dict[Shape, int] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        known = {row["app_id"]: row for row in work.all(store.KNOWN, ids=chunk)}
        facts = gather(work, chunk, known)
        counts: Counter[tuple[str, int]] = Counter()
        words: dict[int, str] = {}
        moved: dict[int, tuple[str, int]] = {}
        for each in facts:
            before = known.get(each.app_id)
            shape = _shape(work, shapes, each.shape)
            doc = _put(work, each, shape, before)
            if before is None or before["words"] != each.words:
                words[doc] = each.words
            if before is None or (before["team_id"], before["shape"]) != (each.team_id, shape):
                moved[doc] = (each.team_id, shape)
                _count(counts, each.team_id, shape, 1)
                if before is not None:
                    _count(counts, before["team_id"], before["shape"], -1)
        text_index(work).write(work, words)
        keep_words(work, list(words.values()))
        # Also those that come out even: an app may have taken another's place.
        cells = {
            (team, shape): work.scalar(store.COUNT, team_id=team, shape=shape, n=n)
            for (team, shape), n in sorted(counts.items())
        }
        work.run_many(store.PUT_CELL, [{"doc": doc, "cell": cells[cell]} for doc, cell in moved.items()])
        written += len(facts)
    return written


def _count(counts: Counter[tuple[str, int]], team: str, shape: int, n: int) -> None:
    counts[team, shape] += n
    counts[ALL, shape] += n


def _put(work: Work, facts: Facts, shape: int, before: Row | None) -> int:
    row = {
        "app_id": facts.app_id,
        "name": facts.name,
        "team_id": facts.team_id,
        "owner_id": facts.owner_id,
        "shape": shape,
        "attention": facts.attention,
        "in_review": facts.in_review,
        "created_at": facts.created_at,
    }
    content = {name: getattr(facts.content, name) for name in facts.content.__slots__} | {"words": facts.words}
    if before is None or any(before[name] != value for name, value in content.items()):
        work.run(store.PUT_CONTENT, app_id=facts.app_id, **content)
    if before is not None and all(before[name] == value for name, value in row.items()):
        return int(before["doc"])
    return int(work.scalar(store.PUT, **row))


def _shape(work: Work, shapes: dict[Shape, int], shape: Shape) -> int:
    if shape not in shapes:
        names: Iterable[str] = ("stage", "runs", "platform", "data_class", "flags")
        values = dict(zip(names, shape, strict=True))
        found = work.scalar(store.SHAPE, **values)
        shapes[shape] = int(work.scalar(store.ADD_SHAPE, **values) if found is None else found)
    return shapes[shape]
