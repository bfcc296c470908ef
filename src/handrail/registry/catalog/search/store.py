"""SQL of a search: counts, and one page.

`app_shape` holds each combination of stage, what runs, platform, data class and flags once. Without a text the counts
are read from `app_count`; with one they are counted over what matches.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, BindParameter, String, TextClause, bindparam, text

_LISTS: Final[tuple[BindParameter[Any], ...]] = tuple(
    bindparam(name, expanding=True, type_=String)
    for name in ("visible", "teams", "owners", "stage", "runs", "platform", "data_class")
)
_DIMENSIONS: Final = ("stage", "runs", "platform", "data_class")

TEAMS: Final = text("SELECT id, name FROM team")
PEOPLE: Final = text("""
    SELECT id FROM person WHERE name = :name OR (:loose = 1 AND (
        substr(name, 1, :length) = :name OR lower(substr(display_name, 1, :length)) = :name
    ))
    LIMIT 200
""")
VIEWS: Final = text("""
    SELECT COALESCE(SUM(c.n), 0), COALESCE(SUM(CASE WHEN s.flags & 1 > 0 THEN c.n ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN s.runs = 'drifted' THEN c.n ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN s.flags & 2 > 0 THEN c.n ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN s.flags & 4 > 0 THEN c.n ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN s.flags & 8 > 0 THEN c.n ELSE 0 END), 0)
    FROM app_count AS c JOIN app_shape AS s ON s.id = c.shape
    WHERE c.team_id IN :visible AND s.stage <> 'retired'
""").bindparams(_LISTS[0])
MINE: Final = text("""
    SELECT COUNT(*) FROM app_index AS i JOIN app_shape AS s ON s.id = i.shape
    WHERE i.owner_id = :owner AND s.stage <> 'retired' AND (:all_teams = 1 OR i.team_id IN :visible)
""").bindparams(_LISTS[0])


def _bound(sql: str) -> TextClause:
    found = text(sql)
    names = found._bindparams  # noqa: SLF001 - which of the lists this statement names
    lists = [each for each in _LISTS if each.key in names]
    numbers = [bindparam(name, type_=BigInteger) for name in ("after_number", "bits") if name in names]
    return found.bindparams(*lists, *numbers)


def _shape(but: str = "") -> str:
    """Return the conditions on a shape, all but those of one facet."""
    kept = [
        "(:any_runs = 1 OR s.runs IN :runs)" if each == "runs" else f"(:any_{each} = 1 OR s.{each} IN :{each})"
        for each in _DIMENSIONS
        if each != but
    ]
    return " AND ".join([_ALWAYS, *kept])


# What no facet takes away: flags, and whether retired apps count.
_ALWAYS: Final = """(:retired = 1 OR s.stage <> 'retired') AND (s.flags & :bits) = :bits
    AND (:drifted = 0 OR s.runs = 'drifted')"""


@cache
def counted() -> tuple[TextClause, TextClause]:
    """Return the counts by shape, and by team, of all apps."""
    cells = f"""
        SELECT s.stage, s.runs, s.platform, s.data_class, SUM(c.n)
        FROM app_count AS c JOIN app_shape AS s ON s.id = c.shape
        WHERE c.team_id IN :teams AND c.n > 0 AND {_ALWAYS}
        GROUP BY s.stage, s.runs, s.platform, s.data_class
    """  # noqa: S608 - our own text
    teams = f"""
        SELECT c.team_id, SUM(c.n)
        FROM app_count AS c JOIN app_shape AS s ON s.id = c.shape
        WHERE (:all_teams = 1 OR c.team_id IN :visible) AND c.team_id <> '*' AND c.n > 0 AND {_shape()}
        GROUP BY c.team_id
    """  # noqa: S608 - same
    return _bound(cells), _bound(teams)


@cache
def counted_hits(matches: str, excluded: str, owned: str) -> TextClause:
    """Return the counts by shape, and by team, of apps that match; one read of what matches for both.

    Args:
        matches: SQL that selects the documents that match; empty for all.
        excluded: The same of those that must not.
        owned: `1` when only some people's apps count.
    """
    return _bound(f"""
        WITH hits AS MATERIALIZED (
            SELECT i.team_id, i.shape, COUNT(*) AS n
            FROM {_source(matches)}
            WHERE (:all_teams = 1 OR i.team_id IN :visible) {_narrowed(excluded, owned)}
            GROUP BY i.team_id, i.shape
        )
        SELECT '' AS team_id, s.stage, s.runs, s.platform, s.data_class, SUM(h.n)
        FROM hits AS h JOIN app_shape AS s ON s.id = h.shape
        WHERE (:any_team = 1 OR h.team_id IN :teams) AND {_ALWAYS}
        GROUP BY s.stage, s.runs, s.platform, s.data_class
        UNION ALL
        SELECT h.team_id, '', '', '', '', SUM(h.n)
        FROM hits AS h JOIN app_shape AS s ON s.id = h.shape
        WHERE {_shape()}
        GROUP BY h.team_id
    """)  # noqa: S608 - same


@cache
def any_hit(matches: str) -> TextClause:
    """Return whether any visible app matches."""
    return _bound(f"""
        SELECT 1 FROM ({matches}) AS m JOIN app_index AS i ON i.doc = m.doc
        WHERE (:all_teams = 1 OR i.team_id IN :visible) LIMIT 1
    """)  # noqa: S608 - same


_ORDERS: Final = {
    "attention": ("i.attention", "(i.attention, i.name) > (:after_number, :after_name)", "i.attention, i.name"),
    "name": ("0", "i.name > :after_name", "i.name"),
    "created": (
        "i.created_at",
        "(i.created_at, i.name) < (:after_number, :after_name)",
        "i.created_at DESC, i.name DESC",
    ),
}


@cache
def page(order: str, matches: str, excluded: str, owned: str, *, after: bool, few: bool) -> TextClause:
    """Return one page of apps with their place in an order.

    Args:
        order: A `Sort`.
        matches: As `counted_hits`.
        excluded: As `counted_hits`.
        owned: As `counted_hits`.
        after: Whether the page begins behind another one.
        few: Whether few apps are left: then they are collected and sorted, else apps are walked in their order until
            the page is full.
    """
    number, behind, sorting = _ORDERS[order]
    # `|| ''` keeps the database from taking the team's index, which would have to be sorted.
    team = "i.team_id" if few else "i.team_id || ''"
    conditions = f"""
        (:all_teams = 1 OR {team} IN :visible) AND (:any_team = 1 OR {team} IN :teams) AND {_shape()}
        {_narrowed(excluded, owned)} {f"AND {behind}" if after else ""}
    """
    columns = f"i.app_id, i.name, {number} AS number"
    if not few:
        listed = f"AND i.doc IN ({matches})" if matches else ""
        return _bound(f"""
            SELECT {columns} FROM app_index AS i CROSS JOIN app_shape AS s
            WHERE s.id = i.shape AND {conditions} {listed}
            ORDER BY {sorting} LIMIT :limit
        """)  # noqa: S608 - same
    return _bound(f"""
        WITH hits AS MATERIALIZED (
            SELECT i.app_id, i.name, i.attention, i.created_at
            FROM {_source(matches, shapes_first=not owned)}
            WHERE {conditions}
        )
        SELECT {columns} FROM hits AS i ORDER BY {sorting} LIMIT :limit
    """)  # noqa: S608 - same


def _source(matches: str, *, shapes_first: bool | None = None) -> str:
    if shapes_first is None:
        return f"({matches}) AS m JOIN app_index AS i ON i.doc = m.doc" if matches else "app_index AS i"
    if matches:
        return f"({matches}) AS m CROSS JOIN app_index AS i JOIN app_shape AS s ON s.id = i.shape AND i.doc = m.doc"
    return "app_index AS i JOIN app_shape AS s ON s.id = i.shape"


def _narrowed(excluded: str, owned: str) -> str:
    return " ".join(
        [
            f"AND i.doc NOT IN ({excluded})" if excluded else "",
            "AND i.owner_id IN :owners" if owned else "",
        ]
    )
