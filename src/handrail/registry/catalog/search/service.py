"""Search the catalog: one page of apps, and the counts around it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import TextClause

from handrail.platform.database import Row, Work
from handrail.registry.catalog.search import index_store, store
from handrail.registry.catalog.search.beginnings import whole_words
from handrail.registry.catalog.search.cursor import read_cursor, write_cursor
from handrail.registry.catalog.search.facts import ALL, running_of, runs_word
from handrail.registry.catalog.search.model import BITS, FACETS, LIMIT_MAX, Asked, Count, Found, Item
from handrail.registry.catalog.search.query import Query, parse
from handrail.registry.catalog.search.similar import similar
from handrail.registry.catalog.search.store import Form
from handrail.registry.catalog.search.text import text_index
from handrail.registry.identity import Caller, Permission

# With fewer apps than this, collecting and sorting them is cheaper than walking the order.
_FEW: Final = 4000
# When so large a part of all apps passes, filters hide little of what comes first in any order.
_MOST: Final = 0.4
_SHAPED: Final = FACETS[:-1]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A question as the SQL takes it.

    Attributes:
        chosen: Values that were asked for, by facet.
        values: Parameters, of which each statement takes those that it names.
        probe_cost: Asking whether one app matches costs as much as collecting so many that do; 0: do not.
    """

    form: Form
    chosen: dict[str, frozenset[str]]
    values: dict[str, Any]
    probe_cost: int


def search(work: Work, caller: Caller, asked: Asked) -> Found:
    """Return a page of the apps that the caller may see, and counts of them.

    Raises:
        QueryInvalid: If the text is too long.
        CursorInvalid: If the cursor is none of this order.
    """
    query = parse(asked.q)
    after = read_cursor(asked.cursor, asked.sort) if asked.cursor else None
    teams: dict[str, str] = {row["id"]: row["name"] for row in work.all(store.TEAMS)}
    text_index(work).prepare(work)
    plan = _plan(work, caller, asked, query, teams)
    matched = "words"
    cells, by_team = _counts(work, plan)
    if not cells and query.terms and not _rows(work, store.any_hit(plan.form), plan.values):
        near = similar(work, query)
        if near is not None:
            matched = "similar"
            plan = _plan(work, caller, asked, near, teams)
            cells, by_team = _counts(work, plan)
    total, facets = _facets(plan, cells)
    facets["team"] = {teams[team]: n for team, n in by_team if team in teams}
    views = _views(work, caller, plan.values)
    how = _how(plan, total, views["all"], asked.limit)
    rows, more = _page(work, asked, plan, how, after) if total else ([], False)
    return Found(
        items=tuple(_items(work, [row[0] for row in rows])),
        total=total,
        next=write_cursor(asked.sort, rows[-1][2], rows[-1][1]) if more else "",
        facets={name: _counted(facets[name]) for name in FACETS},
        views=views,
        matched=matched,
    )


def _how(plan: _Plan, total: int, visible: int, limit: int) -> store.How:
    """Return how a page is found at the least cost, if the apps that match are spread evenly over the order."""
    if plan.probe_cost and (total >= _MOST * visible or not (plan.form.filtered or plan.form.owned)):
        probes = limit * visible // max(total, 1)
        if probes * plan.probe_cost <= total:
            return "probe"
    return "collect" if total <= _FEW else "walk"


def _plan(work: Work, caller: Caller, asked: Asked, query: Query, teams: dict[str, str]) -> _Plan:
    index = text_index(work)
    terms, excluded = whole_words(work, query.terms), whole_words(work, query.excluded)
    seen = caller.teams(Permission.APP_READ)
    keys = query.keys
    flags = {*asked.flag, *keys.get("is", ())}
    chosen = {name: frozenset((*getattr(asked, name), *keys.get(name, ()))) for name in _SHAPED}
    if "retired" in flags:
        chosen["stage"] |= {"retired"}
    named = {*asked.team, *keys.get("team", ())}
    scope = None if seen is None else set(seen)
    if named:
        # A team that the caller may not see is no team at all.
        scope = {key for key, name in teams.items() if name in named and (seen is None or key in seen)}
    owners = _owners(work, caller, asked.owner, keys.get("owner", []))
    form = Form(
        matches=index.matches.format("match") if terms else "",
        words=index.matches.format("words") if terms else "",
        cells=index.cells if terms else "",
        excluded=index.matches.format("exclude") if excluded and not terms else "",
        owned=owners is not None,
        visible=seen is not None,
        scope=scope is not None,
        facets=tuple(name for name in _SHAPED if chosen[name]),
        retired=asked.retired or "retired" in chosen["stage"],
        bits=bool(flags & BITS.keys()),
        drifted="drifted" in flags,
    )
    values: dict[str, Any] = {
        "all_teams": int(seen is None),
        "visible": sorted(seen or ()),
        "scope": [ALL] if scope is None else sorted(scope),
        "owners": owners,
        "bits": sum(BITS[flag] for flag in flags & BITS.keys()),
        "match": index.compile(terms, excluded) if terms else "",
        "words": index.compile(terms, ()) if terms else "",
        "exclude": index.compile_any(excluded) if excluded else "",
        **{name: sorted(chosen[name]) for name in _SHAPED},
    }
    return _Plan(form, chosen, values, index.probe_cost(terms) if terms else 0)


def _owners(work: Work, caller: Caller, name: str, typed: Iterable[str]) -> list[str] | None:
    """Return the ids of people whose apps were asked for; None when anybody's were."""
    wanted: set[str] | None = None
    for text, loose in [(name, 0), *((each, 1) for each in typed)]:
        if not text:
            continue
        ids = (
            {caller.person_id}
            if text == "me"
            else {str(row["id"]) for row in work.all(store.PEOPLE, name=text, length=len(text), loose=loose)}
        )
        wanted = ids if wanted is None else wanted & ids
    return None if wanted is None else sorted(wanted)


def _rows(work: Work, statement: TextClause, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return work.tuples(statement, **{name: values[name] for name in statement._bindparams})  # noqa: SLF001 - its names


def _counts(work: Work, plan: _Plan) -> tuple[list[tuple[Any, ...]], list[tuple[str, int]]]:
    """Return (stage, runs, platform, data class, n), under the teams asked for; and (team, n), under all the rest."""
    form, values = plan.form, plan.values
    if form.matches or form.excluded or form.owned:
        rows = _rows(work, store.counts_of_hits(form), values)
        return [row[1:] for row in rows if not row[0]], [(row[0], int(row[5])) for row in rows if row[0]]
    by_team = _rows(work, store.counts_by_team(form), values)
    return _rows(work, store.counts_by_shape(form), values), [(row[0], int(row[1])) for row in by_team]


def _facets(plan: _Plan, cells: list[tuple[Any, ...]]) -> tuple[int, dict[str, dict[str, int]]]:
    """Return how many apps pass every filter, and for each facet the counts under all others."""
    total = 0
    counts: list[Counter[str]] = [Counter() for _ in _SHAPED]
    chosen = [plan.chosen[name] for name in _SHAPED]
    for *shape, number in cells:
        n = int(number)
        failed = [place for place, value in enumerate(shape) if chosen[place] and value not in chosen[place]]
        if not failed:
            total += n
            for place, value in enumerate(shape):
                counts[place][value] += n
        elif len(failed) == 1:
            counts[failed[0]][shape[failed[0]]] += n
    return total, {name: dict(counts[place]) for place, name in enumerate(_SHAPED)}


def _counted(counts: dict[str, int]) -> tuple[Count, ...]:
    return tuple(Count(value, n) for value, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if n)


def _page(
    work: Work, asked: Asked, plan: _Plan, how: store.How, after: tuple[int, str] | None
) -> tuple[list[tuple[Any, ...]], bool]:
    limit = max(1, min(asked.limit, LIMIT_MAX))
    probe = text_index(work).probe
    statement = store.page(plan.form, asked.sort.value, how, after=after is not None, probe=probe)
    number, name = after or (0, "")
    values = plan.values | {"limit": limit + 1, "after_number": number, "after_name": name}
    rows = _rows(work, statement, values)
    return rows[:limit], len(rows) > limit


def _views(work: Work, caller: Caller, values: dict[str, Any]) -> dict[str, int]:
    scope = {name: values[name] for name in ("all_teams", "visible")}
    counts = work.tuples(store.VIEWS, visible=[ALL] if scope["all_teams"] else scope["visible"])[0]
    names = ("all", "in_review", "drifted", "quarantined", "no_owner", "no_deputy")
    views = {name: int(n) for name, n in zip(names, counts, strict=True)}
    return views | {"mine": int(work.scalar(store.MINE, owner=caller.person_id, **scope))}


def _items(work: Work, ids: list[str]) -> Iterable[Item]:
    if not ids:
        return
    apps = {row["id"]: row for row in work.all(index_store.APPS, ids=ids)}
    known = {row["app_id"]: row for row in work.all(index_store.KNOWN, ids=ids)}
    running = running_of(work, ids)
    for app_id in ids:
        yield _item(apps[app_id], known[app_id], running.get(app_id))


def _item(app: Row, known: Row, running: Row | None) -> Item:
    return Item(
        id=app["id"],
        name=app["name"],
        title=app["title"],
        purpose=app["purpose"],
        team=app["team"],
        owner=app["owner"],
        owner_name=app["owner_name"],
        owner_active=app["owner_status"] == "active",
        deputy=app["deputy"],
        deputy_name=app["deputy_name"],
        stage=app["stage"],
        platform=app["platform"],
        data_class=known["data_class"],
        data_tags=tuple(known["data_tags"].split()),
        runs=runs_word(running),
        seen_at=None if running is None else running["seen_at"],
        quarantined=bool(app["held"]),
        in_review=known["in_review"],
        running_number=None if running is None else running["number"],
        created_at=app["created_at"],
        connectors=tuple(known["connectors"].split()),
    )
