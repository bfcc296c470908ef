"""SQL of the list of definitions. A statement names only what was asked for: databases plan badly around switches."""
# ruff: noqa: S608 - the only text put together is of this file

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, String, TextClause, bindparam, text

from handrail.governance.estate.store import TEAMS, VISIBLE

_LISTS: Final[dict[str, BindParameter[Any]]] = {
    name: bindparam(name, expanding=True, type_=String) for name in ("platform", "connector", "owner", "team", "origin")
}
_FROM: Final = """
    FROM estate_definition AS d
    JOIN estate_origin AS o ON o.id = d.origin_id
    JOIN team AS t ON t.id = o.team_id
    LEFT JOIN app AS a ON a.id = d.app_id
    LEFT JOIN person AS p ON p.id = a.owner_id AND p.status = 'active'
"""
_ROW: Final = f"""
    SELECT d.id, d.name, d.platform, o.name AS origin, o.kind AS origin_kind, t.name AS team, d.path,
        d.idx AS "index", COALESCE(a.name, '') AS app, d.linked_by, COALESCE(p.name, '') AS owner, d.first_seen,
        d.changed_at, d.last_seen, d.gone_at, d.steps, d.leaks, d.blocks, d.warns, d.notes, d.secrets, d.own_keys,
        d.personal, d.data_class, d.rank
    {_FROM}
"""
RISKS: Final = {
    "leak": "d.leaks > 0",
    "block": "d.blocks > 0",
    "warn": "d.blocks = 0 AND d.warns > 0",
    "note": "d.blocks = 0 AND d.warns = 0 AND d.notes > 0",
    "clean": "d.blocks = 0 AND d.warns = 0 AND d.notes = 0",
    "secret": "d.secrets > 0",
    "personal": "d.personal = 1",
    "restricted": "d.data_class = 'restricted'",
}
FACETS: Final = ("platform", "connector", "owner", "team", "risk", "registered", "origin")
_IN: Final = {
    "platform": "d.platform IN :platform",
    "connector": "d.id IN (SELECT c.definition_id FROM estate_connector AS c WHERE c.connector IN :connector)",
    "owner": "COALESCE(p.name, '') IN :owner",
    "team": "t.name IN :team",
    "origin": "o.name IN :origin",
}
_COUNTED: Final = {
    "platform": ("d.platform", ""),
    "connector": ("c.connector", "JOIN estate_connector AS c ON c.definition_id = d.id"),
    "owner": ("COALESCE(p.name, '')", ""),
    "team": ("t.name", ""),
    "registered": ("CASE WHEN d.app_id IS NULL THEN 'no' ELSE 'yes' END", ""),
    "origin": ("o.name", ""),
}

BY_ID: Final = text(f"{_ROW} WHERE d.id = :id AND {VISIBLE}").bindparams(TEAMS)
CONNECTORS: Final = text(
    "SELECT definition_id, connector FROM estate_connector WHERE definition_id IN :ids ORDER BY connector"
).bindparams(bindparam("ids", expanding=True, type_=String))
DETAIL: Final = text("""
    SELECT e.detail, d.document_digest, d.pointer, d.file_digest, d.origin_id, o.team_id
    FROM estate_detail AS e
    JOIN estate_definition AS d ON d.id = e.definition_id
    JOIN estate_origin AS o ON o.id = d.origin_id
    WHERE d.id = :id
""")
FILES: Final = text(f"""
    SELECT o.name AS origin, o.id AS origin_id, t.name AS team, f.path, f.state, f.platform, f.size_bytes,
        f.definitions, f.error_code, f.error_text, f.error_fix, f.error_place, f.seen_at
    FROM estate_file AS f
    JOIN estate_origin AS o ON o.id = f.origin_id
    JOIN team AS t ON t.id = o.team_id
    WHERE {VISIBLE} AND f.gone_at IS NULL AND (:state = '' OR f.state = :state) AND (:origin = '' OR o.name = :origin)
        AND (o.name > :after_origin OR (o.name = :after_origin AND (o.id > :after_id
            OR (o.id = :after_id AND f.path > :after_path))))
    ORDER BY o.name, o.id, f.path LIMIT :count
""").bindparams(TEAMS)
LEAKS: Final = text(f"""
    SELECT l.shown, l.rank, l.number, d.id, d.name, d.platform, COALESCE(a.name, '') AS app
    FROM estate_leak AS l
    JOIN estate_definition AS d ON d.id = l.definition_id AND d.gone_at IS NULL
    JOIN estate_origin AS o ON o.id = d.origin_id
    LEFT JOIN app AS a ON a.id = d.app_id
    WHERE {VISIBLE} ORDER BY l.rank, d.id, l.number LIMIT :count OFFSET :skip
""").bindparams(TEAMS)
LEAK_COUNT: Final = text(f"""
    SELECT COUNT(*) FROM estate_leak AS l
    JOIN estate_definition AS d ON d.id = l.definition_id AND d.gone_at IS NULL
    JOIN estate_origin AS o ON o.id = d.origin_id
    WHERE {VISIBLE}
""").bindparams(TEAMS)
BY_PLATFORM: Final = text(f"""
    SELECT d.platform, COUNT(*) AS found, SUM(CASE WHEN d.app_id IS NULL THEN 0 ELSE 1 END) AS registered,
        SUM(d.own_keys) AS own_keys, SUM(CASE WHEN d.own_keys > 0 THEN 1 ELSE 0 END) AS keyed,
        SUM(CASE WHEN d.data_class = 'restricted' THEN 1 ELSE 0 END) AS restricted, SUM(d.leaks) AS leaks,
        SUM(CASE WHEN d.first_seen > :week AND o.first_complete_at IS NOT NULL AND d.first_seen > o.first_complete_at
            THEN 1 ELSE 0 END) AS new,
        SUM(CASE WHEN d.leaks > 0 THEN 1 ELSE 0 END) AS leaking, SUM(d.personal) AS personal
    {_FROM}
    WHERE {VISIBLE} AND d.gone_at IS NULL GROUP BY d.platform ORDER BY COUNT(*) DESC, d.platform
""").bindparams(TEAMS)
ORIGINS_BY_PLATFORM: Final = text(f"""
    SELECT DISTINCT d.platform, o.name AS origin FROM estate_definition AS d
    JOIN estate_origin AS o ON o.id = d.origin_id
    WHERE {VISIBLE} AND d.gone_at IS NULL ORDER BY d.platform, o.name
""").bindparams(TEAMS)
FILE_STATES: Final = text(f"""
    SELECT f.platform, f.state, COUNT(*) AS n FROM estate_file AS f
    JOIN estate_origin AS o ON o.id = f.origin_id
    WHERE {VISIBLE} AND f.gone_at IS NULL GROUP BY f.platform, f.state
""").bindparams(TEAMS)
OWNERLESS: Final = text(f"""
    SELECT COUNT(*) {_FROM}
    WHERE {VISIBLE} AND d.gone_at IS NULL AND d.app_id IS NOT NULL AND p.id IS NULL
""").bindparams(TEAMS)
VANISHED: Final = text(f"""
    SELECT COUNT(*) {_FROM}
    WHERE {VISIBLE} AND d.gone_at IS NOT NULL AND d.app_id IS NOT NULL AND a.stage <> 'retired' AND NOT EXISTS (
        SELECT 1 FROM estate_definition AS e WHERE e.app_id = d.app_id AND e.gone_at IS NULL
    )
""").bindparams(TEAMS)
MEMBERS: Final = text("""
    SELECT d.id, d.name, d.platform, d.origin_id, o.team_id, COALESCE(a.name, '') AS app, COALESCE(p.name, '') AS owner,
        e.part
    FROM estate_definition AS d
    JOIN estate_origin AS o ON o.id = d.origin_id
    JOIN estate_detail AS e ON e.definition_id = d.id
    LEFT JOIN app AS a ON a.id = d.app_id
    LEFT JOIN person AS p ON p.id = a.owner_id AND p.status = 'active'
    WHERE d.gone_at IS NULL AND d.id > :after ORDER BY d.id LIMIT :count
""")


@lru_cache(maxsize=4096)
def page(filters: tuple[str, ...], *, cursor: bool) -> TextClause:
    """Return one page under some filters: names of `_IN`, `q`, `gone`, `registered:yes|no` and `risk:<name>`."""
    further = "AND (d.rank < :rank OR (d.rank = :rank AND d.id < :id))" if cursor else ""
    return _bound(f"{_ROW} WHERE {_where(filters)} {further} ORDER BY d.rank DESC, d.id DESC LIMIT :count", filters)


@lru_cache(maxsize=4096)
def total(filters: tuple[str, ...]) -> TextClause:
    """Return how many there are under some filters."""
    return _bound(f"SELECT COUNT(*) {_FROM} WHERE {_where(filters)}", filters)


@lru_cache(maxsize=4096)
def facet(name: str, filters: tuple[str, ...]) -> TextClause:
    """Return how many there are of each value of a facet, under some filters."""
    if name == "risk":
        sums = ", ".join(f"COALESCE(SUM(CASE WHEN {sql} THEN 1 ELSE 0 END), 0)" for sql in RISKS.values())
        return _bound(f"SELECT {sums} {_FROM} WHERE {_where(filters)}", filters)
    value, join = _COUNTED[name]
    sql = f"""
        SELECT {value} AS value, COUNT(*) AS n {_FROM} {join} WHERE {_where(filters)}
        GROUP BY {value} ORDER BY COUNT(*) DESC, {value} LIMIT 100
    """
    return _bound(sql, filters)


def _where(filters: tuple[str, ...]) -> str:
    conditions = [VISIBLE, "d.gone_at IS NOT NULL" if "gone" in filters else "d.gone_at IS NULL"]
    conditions += [sql for name, sql in _IN.items() if name in filters]
    risks = [RISKS[each.removeprefix("risk:")] for each in filters if each.startswith("risk:")]
    conditions += ["(" + " OR ".join(f"({sql})" for sql in risks) + ")"] if risks else []
    conditions += ["d.app_id IS NOT NULL"] if "registered:yes" in filters else []
    conditions += ["d.app_id IS NULL"] if "registered:no" in filters else []
    conditions += ["(lower(d.name) LIKE :q ESCAPE '!' OR lower(d.path) LIKE :q ESCAPE '!')"] if "q" in filters else []
    return " AND ".join(conditions)


def _bound(sql: str, filters: tuple[str, ...]) -> TextClause:
    return text(sql).bindparams(TEAMS, *(_LISTS[name] for name in filters if name in _LISTS))
