"""SQL of what the index is made from, and of the index."""

from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True, type_=String)

APPS: Final = text("""
    SELECT app.id, app.name, app.title, app.purpose, app.team_id, team.name AS team, team.title AS team_title,
        app.owner_id, owner.name AS owner, owner.display_name AS owner_name, owner.status AS owner_status,
        COALESCE(deputy.name, '') AS deputy, COALESCE(deputy.display_name, '') AS deputy_name,
        app.stage, app.platform, app.held, app.created_at
    FROM app
    JOIN team ON team.id = app.team_id
    JOIN person AS owner ON owner.id = app.owner_id
    LEFT JOIN person AS deputy ON deputy.id = app.deputy_id
    WHERE app.id IN :ids
""").bindparams(_IDS)
VERSIONS: Final = text("""
    SELECT v.app_id, v.id, v.number, v.status, v.created_at, e.kind
    FROM app_version AS v JOIN environment AS e ON e.id = v.environment_id
    WHERE v.app_id IN :ids
""").bindparams(_IDS)
DOCUMENTS: Final = text("SELECT id, graph, manifest FROM app_version WHERE id IN :ids").bindparams(_IDS)
RUNNING: Final = text("""
    SELECT r.app_id, r.source, r.seen_at, v.number, v.allowed
    FROM running AS r
    JOIN environment AS e ON e.id = r.environment_id AND e.kind = 'production'
    JOIN app_version AS v
        ON v.app_id = r.app_id AND v.environment_id = r.environment_id AND v.digest = r.digest
    WHERE r.app_id IN :ids
    ORDER BY r.seen_at
""").bindparams(_IDS)

ALL_APPS: Final = text("SELECT id FROM app ORDER BY id")
UNINDEXED: Final = text("""
    SELECT app.id FROM app LEFT JOIN app_index ON app_index.app_id = app.id
    WHERE app_index.app_id IS NULL ORDER BY app.id
""")
APPS_OF: Final = text("SELECT id FROM app WHERE owner_id = :person_id OR deputy_id = :person_id ORDER BY id")

KNOWN: Final = text("""
    SELECT i.app_id, i.doc, i.name, i.team_id, i.owner_id, i.shape, i.attention, i.in_review, i.created_at,
        c.version_id, c.data_class, c.data_tags, c.connectors, c.version_words, c.words
    FROM app_index AS i JOIN app_content AS c ON c.app_id = i.app_id
    WHERE i.app_id IN :ids
""").bindparams(_IDS)
SHAPE: Final = text("""
    SELECT id FROM app_shape WHERE stage = :stage AND runs = :runs AND platform = :platform
        AND data_class = :data_class AND flags = :flags
""")
ADD_SHAPE: Final = text("""
    INSERT INTO app_shape (stage, runs, platform, data_class, flags)
    VALUES (:stage, :runs, :platform, :data_class, :flags)
    RETURNING id
""")
COUNT: Final = text("""
    INSERT INTO app_count (team_id, shape, n) VALUES (:team_id, :shape, :n)
    ON CONFLICT (team_id, shape) DO UPDATE SET n = app_count.n + excluded.n
    RETURNING id
""")
PUT_CELL: Final = text("""
    INSERT INTO app_cell (doc, cell) VALUES (:doc, :cell)
    ON CONFLICT (doc) DO UPDATE SET cell = excluded.cell
""")
PUT: Final = text("""
    INSERT INTO app_index (app_id, name, team_id, owner_id, shape, attention, in_review, created_at)
    VALUES (:app_id, :name, :team_id, :owner_id, :shape, :attention, :in_review, :created_at)
    ON CONFLICT (app_id) DO UPDATE SET name = excluded.name, team_id = excluded.team_id,
        owner_id = excluded.owner_id, shape = excluded.shape, attention = excluded.attention,
        in_review = excluded.in_review, created_at = excluded.created_at
    RETURNING doc
""")
PUT_CONTENT: Final = text("""
    INSERT INTO app_content (app_id, version_id, data_class, data_tags, connectors, version_words, words)
    VALUES (:app_id, :version_id, :data_class, :data_tags, :connectors, :version_words, :words)
    ON CONFLICT (app_id) DO UPDATE SET version_id = excluded.version_id, data_class = excluded.data_class,
        data_tags = excluded.data_tags, connectors = excluded.connectors,
        version_words = excluded.version_words, words = excluded.words
""")
CLEAR: Final = (
    text("DELETE FROM app_index"),
    text("DELETE FROM app_cell"),
    text("DELETE FROM app_content"),
    text("DELETE FROM app_count"),
    text("DELETE FROM app_shape"),
)
# An app without a row, a row without its count: what a repair would change.
LACKING: Final = text("""
    SELECT COUNT(*) FROM app LEFT JOIN app_index ON app_index.app_id = app.id WHERE app_index.app_id IS NULL
""")
MISCOUNTED: Final = text("""
    SELECT COUNT(*) FROM (
        SELECT c.shape FROM app_count AS c LEFT JOIN (
            SELECT shape, COUNT(*) AS n FROM app_index GROUP BY shape
        ) AS i ON i.shape = c.shape
        WHERE c.team_id = '*' AND c.n <> COALESCE(i.n, 0)
    ) AS wrong
""")
SET_HELD: Final = text("UPDATE app SET held = :held WHERE id = :id")
SET_ALLOWED: Final = text("""
    UPDATE app_version SET allowed = :allowed
    WHERE app_id = :app_id AND environment_id = :environment_id AND digest = :digest
""")
