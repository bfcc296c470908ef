"""SQL of what needs somebody: a few set-based queries, whatever the number of apps."""
# ruff: noqa: S608 - the only text put together is of this file

from typing import Any, Final

from sqlalchemy import BindParameter, String, TextClause, bindparam, text

_TEAMS: Final[BindParameter[Any]] = bindparam("teams", expanding=True, type_=String)
_APP: Final = "app.name AS app, app.title, team.name AS team"
# The scope stands in the query itself: a row of another team is never read.
_VISIBLE: Final = "(:all_teams = 1 OR app.team_id IN :teams)"
_MINE: Final = "(app.owner_id = :me OR app.deputy_id = :me)"
_IN_TEAM: Final = "JOIN team ON team.id = app.team_id"
_LIVE: Final = "a.revoked_at IS NULL AND a.valid_from <= :now AND a.expires_at > :now"


def _scoped(sql: str) -> TextClause:
    return text(sql).bindparams(_TEAMS)


_REVIEW: Final = f"""
    SELECT r.id AS review_id, r.submitted_by, {_APP}, app.team_id, app.owner_id,
        COALESCE(app.deputy_id, '') AS deputy_id, e.name AS environment, v.number, r.digest,
        r.submitted_at, r.due_at, r.note, s.name AS submitter, r.decided_at, r.reason,
        COALESCE(d.name, '') AS decider
    FROM review AS r
    JOIN app ON app.id = r.app_id AND app.stage <> 'retired'
    {_IN_TEAM}
    JOIN environment AS e ON e.id = r.environment_id
    JOIN app_version AS v ON v.id = r.version_id
    JOIN person AS s ON s.id = r.submitted_by
    LEFT JOIN person AS d ON d.id = r.decided_by
"""
OPEN_REVIEWS: Final = _scoped(f"{_REVIEW} WHERE r.outcome = 'open' AND {_VISIBLE} ORDER BY r.due_at, r.id LIMIT :count")
MY_OPEN_REVIEWS: Final = _scoped(f"""{_REVIEW}
    WHERE r.outcome = 'open' AND {_VISIBLE} AND (r.submitted_by = :me OR {_MINE})
    ORDER BY r.due_at, r.id LIMIT :count
""")
# Refused, its version is still the newest, and nobody has submitted anything since.
REFUSED: Final = _scoped(f"""{_REVIEW}
    JOIN (SELECT app_id, environment_id, MAX(id) AS id FROM review GROUP BY app_id, environment_id) AS last
        ON last.id = r.id
    WHERE r.outcome = 'refused' AND {_VISIBLE} AND (r.submitted_by = :me OR {_MINE})
        AND v.number = (
            SELECT MAX(w.number) FROM app_version AS w
            WHERE w.app_id = r.app_id AND w.environment_id = r.environment_id
        )
    ORDER BY r.decided_at DESC, r.id LIMIT :count
""")
DRIFTED: Final = _scoped(f"""
    SELECT {_APP}, e.name AS environment, v.number, r.digest, r.since AS at, r.source, r.set_by AS person,
        b.changes, d.until AS due_at, (
        SELECT MAX(w.number) FROM approval AS a
        JOIN app_version AS w
            ON w.app_id = a.app_id AND w.environment_id = a.environment_id AND w.digest = a.digest
        WHERE a.app_id = r.app_id AND a.environment_id = r.environment_id AND {_LIVE}
    ) AS approved
    FROM running AS r
    JOIN app ON app.id = r.app_id AND app.stage <> 'retired'
    {_IN_TEAM}
    JOIN environment AS e ON e.id = r.environment_id AND e.kind = 'production'
    JOIN app_version AS v
        ON v.app_id = r.app_id AND v.environment_id = r.environment_id AND v.digest = r.digest
    LEFT JOIN source_binding AS b ON b.app_id = r.app_id AND b.environment_id = r.environment_id
    LEFT JOIN drift_grace AS d
        ON d.app_id = r.app_id AND d.environment_id = r.environment_id AND d.digest = r.digest
        AND d.ended_at IS NULL AND d.until > :now
    WHERE {_VISIBLE} AND (:steward = 1 OR {_MINE})
        AND NOT EXISTS (
            SELECT 1 FROM approval AS a
            WHERE a.app_id = r.app_id AND a.environment_id = r.environment_id AND a.digest = r.digest AND {_LIVE}
        )
    ORDER BY r.since DESC, app.name LIMIT :count
""")
QUARANTINED: Final = _scoped(f"""
    SELECT {_APP}, q.placed_at AS at, q.reason, COALESCE(p.name, '') AS person
    FROM quarantine AS q
    JOIN app ON app.id = q.app_id AND app.stage <> 'retired'
    {_IN_TEAM}
    LEFT JOIN person AS p ON p.id = q.placed_by
    WHERE q.lifted_at IS NULL AND {_VISIBLE} AND (:steward = 1 OR {_MINE})
    ORDER BY q.placed_at DESC, app.name LIMIT :count
""")
DEPUTY_MISSING: Final = _scoped(f"""
    SELECT {_APP}, app.created_at AS at, app.stage, COALESCE(d.name, '') AS person
    FROM app
    {_IN_TEAM}
    LEFT JOIN person AS d ON d.id = app.deputy_id
    WHERE app.owner_id = :me AND {_VISIBLE} AND app.stage IN ('prototype', 'operating')
        AND (d.id IS NULL OR d.status <> 'active')
    ORDER BY CASE app.stage WHEN 'operating' THEN 0 ELSE 1 END, app.name LIMIT :count
""")
# The last approval of what runs; one that ends later would carry it on.
APPROVAL_ENDS: Final = _scoped(f"""
    SELECT {_APP}, e.name AS environment, v.number, MAX(a.valid_from) AS at, MAX(a.expires_at) AS due_at,
        MAX(COALESCE(a.superseded_at, 0)) AS superseded_at
    FROM running AS r
    JOIN app ON app.id = r.app_id AND app.stage <> 'retired'
    {_IN_TEAM}
    JOIN environment AS e ON e.id = r.environment_id
    JOIN app_version AS v
        ON v.app_id = r.app_id AND v.environment_id = r.environment_id AND v.digest = r.digest
    JOIN approval AS a
        ON a.app_id = r.app_id AND a.environment_id = r.environment_id AND a.digest = r.digest AND {_LIVE}
    WHERE {_VISIBLE} AND {_MINE}
    GROUP BY app.name, app.title, team.name, e.name, v.number
    HAVING MAX(a.expires_at) <= :soon
    ORDER BY MAX(a.expires_at), app.name LIMIT :count
""")
OWNER_GONE: Final = _scoped(f"""
    SELECT {_APP}, o.name AS person, COALESCE(d.name, '') AS deputy, COALESCE((
        SELECT MAX(x.at) FROM audit_event AS x
        WHERE x.subject = 'person:' || o.id AND x.action = 'person.disabled'
    ), app.created_at) AS at
    FROM app
    {_IN_TEAM}
    JOIN person AS o ON o.id = app.owner_id AND o.status <> 'active'
    LEFT JOIN person AS d ON d.id = app.deputy_id
    WHERE app.stage <> 'retired' AND {_VISIBLE}
        AND (:steward = 1 OR :admin = 1 OR app.deputy_id = :me)
    ORDER BY CASE app.stage WHEN 'operating' THEN 0 ELSE 1 END, app.name LIMIT :count
""")
# What was approved lately and some hub does not enforce yet.
NOT_IN_FORCE: Final = _scoped(f"""
    SELECT {_APP}, e.name AS environment, v.number, a.valid_from AS at, COALESCE(p.name, '') AS person
    FROM approval AS a
    JOIN app ON app.id = a.app_id AND app.stage <> 'retired'
    {_IN_TEAM}
    JOIN environment AS e ON e.id = a.environment_id
    JOIN app_version AS v
        ON v.app_id = a.app_id AND v.environment_id = a.environment_id AND v.digest = a.digest
    LEFT JOIN person AS p ON p.id = a.approver
    WHERE {_LIVE} AND a.superseded_at IS NULL AND a.valid_from > :since AND a.hub_revision > :acknowledged
        AND {_VISIBLE} AND {_MINE}
    ORDER BY a.valid_from DESC, app.name LIMIT :count
""")
CREDENTIAL_MISSING: Final = text("""
    SELECT n.name AS connection, n.credential, e.name AS environment, n.updated_at AS at, n.updated_by AS person
    FROM connection AS n
    JOIN environment AS e ON e.id = n.environment_id
    WHERE n.removed_at IS NULL AND n.credential IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM vault_version AS x WHERE x.name = n.credential AND x.environment = e.name
        )
    ORDER BY n.name LIMIT :count
""")

# Through the index of subjects: as long as the history of the apps that the caller may see, not as the whole log.
CHANGES: Final = _scoped(f"""
    SELECT x.id, x.at, x.actor_kind, x.actor_name, x.action, x.body, app.id AS app_id, app.name AS app
    FROM audit_event AS x JOIN app ON x.subject = 'app:' || app.id
    WHERE x.id IN (
        SELECT y.id FROM app JOIN audit_event AS y ON y.subject = 'app:' || app.id
        WHERE {_VISIBLE} ORDER BY y.id DESC LIMIT :count
    )
    ORDER BY x.id DESC
""")
NUMBERS: Final = text("""
    SELECT v.app_id, e.name AS environment, v.digest, v.number
    FROM app_version AS v JOIN environment AS e ON e.id = v.environment_id
    WHERE v.app_id IN :apps AND v.digest IN :digests
""").bindparams(
    bindparam("apps", expanding=True, type_=String),
    bindparam("digests", expanding=True, type_=String),
)

GRANTED: Final = text(f"""
    SELECT DISTINCT c.name AS connection, e.name AS environment, g.operation
    FROM approval AS a
    JOIN approval_grant AS g ON g.approval_id = a.id
    JOIN connection AS c ON c.id = g.connection_id AND c.removed_at IS NULL
    JOIN environment AS e ON e.id = a.environment_id
    WHERE a.app_id = :app_id AND {_LIVE}
    ORDER BY c.name, g.operation
""")

# What each kind of subject is called, by the table that knows.
_NAMED: Final = {
    "app": "app",
    "person": "person",
    "team": "team",
    "connector": "connector",
    "connection": "connection",
    "hub": "hub",
    "source": "builder_instance",
    "api_token": "api_token",
}
NAMES: Final = {
    kind: text(f"SELECT id, name FROM {table} WHERE id IN :ids").bindparams(
        bindparam("ids", expanding=True, type_=String)
    )
    for kind, table in _NAMED.items()
}
