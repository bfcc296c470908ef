"""SQL of a search: counts, and one page.

`app_shape` holds each combination of stage, what runs, platform, data class and flags once, `app_count` how many apps
of each team have it. Without a text the counts are read from there; with one `app_cell`, which is nothing but a
document's row of `app_count`, is counted over what matches. A statement names only what was asked for, because
databases plan badly around conditions that may be switched off.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, BindParameter, String, TextClause, bindparam, text

_LISTS: Final[tuple[BindParameter[Any], ...]] = tuple(
    bindparam(name, expanding=True, type_=String)
    for name in ("visible", "scope", "owners", "stage", "runs", "platform", "data_class")
)
_NUMBERS: Final = ("after_number", "bits")
_STATEMENTS: Final = 1000
How = Literal["collect", "walk", "probe"]

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


@dataclass(frozen=True, slots=True)
class Form:
    """What a question asks for, without the values.

    Attributes:
        matches: SQL that selects the documents that match, without those with excluded words; empty without words.
        words: The same with them.
        cells: What `matches` selects, and what it counts as.
        excluded: SQL of those with excluded words, when nothing else was typed.
        owned: Only some people's apps.
        visible: Only some teams may be seen.
        scope: Only some teams, because no others may be seen or because they were asked for.
        facets: Those with values asked for, `team` left out.
        retired: Retired apps too.
        bits: Some flags.
        drifted: Only apps that drift.
    """

    matches: str
    words: str
    cells: str
    excluded: str
    owned: bool
    visible: bool
    scope: bool
    facets: tuple[str, ...]
    retired: bool
    bits: bool
    drifted: bool

    @property
    def plain(self) -> bool:
        """Whether nearly every app that has the words is on the list: nothing else was asked for."""
        return not (self.scope or self.owned or self.filtered)

    @property
    def filtered(self) -> bool:
        """Whether some shapes were asked for."""
        return bool(self.facets) or self.bits or self.drifted

    def common(self) -> list[str]:
        """Return the conditions on a shape that no facet takes away."""
        found = [] if self.retired else ["s.stage <> 'retired'"]
        found += ["(s.flags & :bits) = :bits"] if self.bits else []
        return found + (["s.runs = 'drifted'"] if self.drifted else [])

    def shape(self) -> list[str]:
        """Return every condition on a shape."""
        return [*self.common(), *(f"s.{facet} IN :{facet}" for facet in self.facets)]

    def shaped(self, column: str) -> list[str]:
        """Return the same of a column that holds shapes, where thousands of rows have the same few hundred."""
        conditions = self.shape()
        if not conditions:
            return []
        return [f"{column} IN (SELECT s.id FROM app_shape AS s {_where(*conditions)})"]  # noqa: S608 - our own text


def _statement(sql: str) -> TextClause:
    found = text(sql)
    names = set(found.compile().params)
    lists = [each for each in _LISTS if each.key in names]
    numbers = [bindparam(name, type_=BigInteger) for name in _NUMBERS if name in names]
    return found.bindparams(*lists, *numbers)


def _where(*conditions: str) -> str:
    return "WHERE " + " AND ".join(conditions) if conditions else ""


@lru_cache(_STATEMENTS)
def counts_by_shape(form: Form) -> TextClause:
    """Return (stage, runs, platform, data class, n) of all apps of `scope`, which is never empty here."""
    return _statement(f"""
        SELECT s.stage, s.runs, s.platform, s.data_class, SUM(c.n)
        FROM app_count AS c JOIN app_shape AS s ON s.id = c.shape
        {_where("c.team_id IN :scope", "c.n > 0", *form.common())}
        GROUP BY s.stage, s.runs, s.platform, s.data_class
    """)  # noqa: S608 - our own text


@lru_cache(_STATEMENTS)
def counts_by_team(form: Form) -> TextClause:
    """Return (team, n) of all apps under the filters on shapes."""
    team = "c.team_id IN :visible" if form.visible else "c.team_id <> '*'"
    return _statement(f"""
        SELECT c.team_id, SUM(c.n) FROM app_count AS c
        {_where(team, "c.n > 0", *form.shaped("c.shape"))}
        GROUP BY c.team_id
    """)  # noqa: S608 - same


@lru_cache(_STATEMENTS)
def counts_of_hits(form: Form) -> TextClause:
    """Return both kinds of rows of what matches in one: the team is empty in those by shape."""
    if form.owned:
        source = "app_index AS i JOIN app_cell AS d ON d.doc = i.doc"
        conditions = ["i.owner_id IN :owners", *([f"i.doc IN ({form.matches})"] if form.matches else [])]
    elif form.matches:
        source, conditions = f"({form.cells}) AS d", []
    else:
        source, conditions = "app_cell AS d", []
    if form.excluded:
        conditions.append(f"d.doc NOT IN ({form.excluded})")
    # Thousands of cells are looked up once for both kinds, and added up before their few hundred shapes are read.
    return _statement(f"""
        WITH hits AS MATERIALIZED (
            SELECT d.cell, COUNT(*) AS n FROM {source} {_where(*conditions)} GROUP BY d.cell
        ), placed AS MATERIALIZED (
            SELECT c.team_id, c.shape, h.n FROM hits AS h JOIN app_count AS c ON c.id = h.cell
            {_where(*(["c.team_id IN :visible"] if form.visible else []))}
        )
        SELECT '' AS team_id, s.stage, s.runs, s.platform, s.data_class, p.n
        FROM (
            SELECT shape, SUM(n) AS n FROM placed {_where(*(["team_id IN :scope"] if form.scope else []))}
            GROUP BY shape
        ) AS p JOIN app_shape AS s ON s.id = p.shape {_where(*form.common())}
        UNION ALL
        SELECT p.team_id, '', '', '', '', SUM(p.n)
        FROM placed AS p {_where(*form.shaped("p.shape"))}
        GROUP BY p.team_id
    """)  # noqa: S608 - same


@lru_cache(_STATEMENTS)
def any_hit(form: Form) -> TextClause:
    """Return whether any visible app matches."""
    return _statement(f"""
        SELECT 1 FROM ({form.words}) AS m JOIN app_index AS i ON i.doc = m.doc
        {_where("i.team_id IN :visible") if form.visible else ""} LIMIT 1
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


@lru_cache(_STATEMENTS)
def page(form: Form, order: str, how: How, *, after: bool, probe: str) -> TextClause:
    """Return one page of apps: id, name and the number that they are ordered by.

    Args:
        form: What was asked.
        order: A `Sort`.
        how: Few apps are collected and sorted. Many are walked in their order until the page is full; whether one has
            the words is looked up in the list of all that do, or, when nearly all do, one by one.
        after: Whether the page begins behind another one.
        probe: SQL that selects the document `i.doc` if it matches.
    """
    number, behind, sorting = _ORDERS[order]
    conditions = [*form.shape(), *([behind] if after else [])]
    if form.owned:
        conditions.append("i.owner_id IN :owners")
    if form.excluded:
        conditions.append(f"i.doc NOT IN ({form.excluded})")
    columns = f"i.app_id, i.name, {number} AS number"
    if how == "collect":
        return _collected(form, columns, conditions, sorting)
    if form.matches:
        conditions.append(f"EXISTS ({probe})" if how == "probe" else f"i.doc IN ({form.matches})")
    if form.scope:
        # `|| ''` keeps the database from taking the team's index, which would have to be sorted.
        conditions.append("i.team_id || '' IN :scope")
    return _statement(f"""
        SELECT {columns} FROM app_index AS i CROSS JOIN app_shape AS s
        {_where("s.id = i.shape", *conditions)}
        ORDER BY {sorting} LIMIT :limit
    """)  # noqa: S608 - same


def _collected(form: Form, columns: str, conditions: list[str], sorting: str) -> TextClause:
    team = ["i.team_id IN :scope"] if form.scope else []
    docs = ""
    if form.matches and not form.plain:
        # What else was asked for is told by the cells, before any app is read.
        counted = ["c.id = d.cell", "s.id = c.shape", *(["c.team_id IN :scope"] if form.scope else []), *form.shape()]
        docs = f"""docs AS MATERIALIZED (
            SELECT d.doc FROM ({form.cells}) AS d CROSS JOIN app_count AS c CROSS JOIN app_shape AS s {_where(*counted)}
        ),"""  # noqa: S608 - our own text
        source = "docs CROSS JOIN app_index AS i"
        joined = ["i.doc = docs.doc", *(each for each in conditions if each not in form.shape())]
    elif form.matches:
        source, joined = f"({form.matches}) AS d CROSS JOIN app_index AS i", ["i.doc = d.doc"]
        joined += [*(each for each in conditions if each not in form.shape()), *form.shaped("i.shape")]
    elif form.owned:
        source, joined = "app_index AS i CROSS JOIN app_shape AS s", ["i.shape = s.id", *team, *conditions]
    else:
        source, joined = "app_shape AS s CROSS JOIN app_index AS i", ["i.shape = s.id", *team, *conditions]
    return _statement(f"""
        WITH {docs} hits AS MATERIALIZED (
            SELECT i.app_id, i.name, i.attention, i.created_at FROM {source} {_where(*joined)}
        )
        SELECT {columns} FROM hits AS i ORDER BY {sorting} LIMIT :limit
    """)  # noqa: S608 - same
