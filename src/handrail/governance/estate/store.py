"""SQL that keeps what was found."""
# ruff: noqa: S608 - the only text put together is of this file

from typing import Any, Final

from sqlalchemy import BindParameter, String, bindparam, text

TEAMS: Final[BindParameter[Any]] = bindparam("teams", expanding=True, type_=String)
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True, type_=String)
_PATHS: Final[BindParameter[Any]] = bindparam("paths", expanding=True, type_=String)
# The scope stands in the query itself: a row of another team is never read.
VISIBLE: Final = "(:all_teams = 1 OR o.team_id IN :teams)"

_ORIGIN: Final = """
    SELECT o.id, o.name, o.kind, o.team_id, t.name AS team, COALESCE(o.instance_id, '') AS instance_id, o.scanned_at,
        o.first_complete_at, o.complete_at, o.took_ms, o.pass_at
    FROM estate_origin AS o JOIN team AS t ON t.id = o.team_id
"""
ORIGINS: Final = text(f"{_ORIGIN} WHERE {VISIBLE} ORDER BY o.name, t.name").bindparams(TEAMS)
ORIGINS_NAMED: Final = text(
    f"{_ORIGIN} WHERE o.name = :name AND {VISIBLE} AND (:team = '' OR t.name = :team) ORDER BY t.name"
).bindparams(TEAMS)
ORIGIN_BY_ID: Final = text(f"{_ORIGIN} WHERE o.id = :id")
INSERT_ORIGIN: Final = text("""
    INSERT INTO estate_origin (id, name, kind, team_id, instance_id, created_by, created_at)
    VALUES (:id, :name, :kind, :team_id, :instance_id, :created_by, :now)
    ON CONFLICT (team_id, name) DO NOTHING
""")
# A pass that nobody went on with for ten minutes is over; the next word begins another one.
TOUCH_ORIGIN: Final = text("""
    UPDATE estate_origin SET
        pass_at = CASE WHEN pass_at IS NULL OR scanned_at IS NULL OR scanned_at < :stale THEN :now ELSE pass_at END,
        scanned_at = :now
    WHERE id = :id
""")
FINISH_ORIGIN: Final = text("""
    UPDATE estate_origin SET
        took_ms = CASE WHEN pass_at IS NULL THEN took_ms ELSE (:now - pass_at) / 1000 END,
        first_complete_at = COALESCE(first_complete_at, :now), complete_at = :now, scanned_at = :now, pass_at = NULL
    WHERE id = :id
""")

FILES_OF: Final = text("""
    SELECT path, digest, engine, state FROM estate_file
    WHERE origin_id = :origin_id AND path IN :paths AND gone_at IS NULL
""").bindparams(_PATHS)
SEEN: Final = text("UPDATE estate_file SET seen_at = :now WHERE origin_id = :origin_id AND path IN :paths").bindparams(
    _PATHS
)
KEEP_FILE: Final = text("""
    INSERT INTO estate_file (origin_id, path, digest, engine, state, platform, size_bytes, definitions, error_code,
        error_text, error_fix, error_place, first_seen, seen_at, gone_at)
    VALUES (:origin_id, :path, :digest, :engine, :state, :platform, :size_bytes, :definitions, :error_code,
        :error_text, :error_fix, :error_place, :now, :now, NULL)
    ON CONFLICT (origin_id, path) DO UPDATE SET
        digest = excluded.digest, engine = excluded.engine, state = excluded.state, platform = excluded.platform,
        size_bytes = excluded.size_bytes, definitions = excluded.definitions, error_code = excluded.error_code,
        error_text = excluded.error_text, error_fix = excluded.error_fix, error_place = excluded.error_place,
        seen_at = excluded.seen_at, gone_at = NULL
""")
KEEP_DOCUMENT: Final = text("""
    INSERT INTO estate_document (digest, content, size_bytes, created_at) VALUES (:digest, :content, :size_bytes, :now)
    ON CONFLICT (digest) DO NOTHING
""")
DOCUMENT: Final = text("SELECT content FROM estate_document WHERE digest = :digest")

DEFINITIONS_AT: Final = text("""
    SELECT id, path, idx, name, exact, app_id, gone_at FROM estate_definition
    WHERE origin_id = :origin_id AND path IN :paths
""").bindparams(_PATHS)
_COUNTS: Final = ("steps", "leaks", "blocks", "warns", "notes", "secrets", "own_keys", "personal", "rank")
_FIELDS: Final = (
    "platform",
    "name",
    "pointer",
    "file_digest",
    "document_digest",
    "engine",
    "exact",
    "data_class",
    *_COUNTS,
)
_SET: Final = ", ".join(f"{name} = excluded.{name}" for name in _FIELDS)
KEEP_DEFINITION: Final = text(f"""
    INSERT INTO estate_definition (id, origin_id, path, idx, linked_by, first_seen, changed_at, last_seen,
        {", ".join(_FIELDS)})
    VALUES (:id, :origin_id, :path, :idx, '', :now, :now, :now, {", ".join(f":{name}" for name in _FIELDS)})
    ON CONFLICT (origin_id, path, idx) DO UPDATE SET {_SET}, last_seen = excluded.last_seen, gone_at = NULL,
        changed_at = CASE WHEN estate_definition.exact = excluded.exact THEN estate_definition.changed_at
            ELSE excluded.changed_at END
""")
KEEP_DETAIL: Final = text("""
    INSERT INTO estate_detail (definition_id, part, detail) VALUES (:id, :part, :detail)
    ON CONFLICT (definition_id) DO UPDATE SET part = excluded.part, detail = excluded.detail
""")
FORGET_CONNECTORS: Final = text("DELETE FROM estate_connector WHERE definition_id IN :ids").bindparams(_IDS)
KEEP_CONNECTOR: Final = text("INSERT INTO estate_connector (definition_id, connector) VALUES (:id, :connector)")
FORGET_LEAKS: Final = text("DELETE FROM estate_leak WHERE definition_id IN :ids").bindparams(_IDS)
KEEP_LEAK: Final = text(
    "INSERT INTO estate_leak (definition_id, number, rank, shown) VALUES (:id, :number, :rank, :shown)"
)
GONE_DEFINITIONS: Final = text(
    "UPDATE estate_definition SET gone_at = :now WHERE id IN :ids AND gone_at IS NULL"
).bindparams(_IDS)

PATHS: Final = text(
    "SELECT path, seen_at FROM estate_file WHERE origin_id = :origin_id AND gone_at IS NULL ORDER BY path"
)
GONE_FILES: Final = text("""
    UPDATE estate_file SET gone_at = :now WHERE origin_id = :origin_id AND path IN :paths AND gone_at IS NULL
""").bindparams(_PATHS)
GONE_AT_PATHS: Final = text("""
    UPDATE estate_definition SET gone_at = :now WHERE origin_id = :origin_id AND path IN :paths AND gone_at IS NULL
""").bindparams(_PATHS)
# Without the bound on what changes, every pass would write every row.
STILL_THERE: Final = text("""
    UPDATE estate_definition SET last_seen = :now WHERE origin_id = :origin_id AND gone_at IS NULL AND last_seen < :now
""")

# A registered app of the same team whose version does exactly the same, if it is the only one.
_SAME: Final = """
    FROM version_findings AS f
    JOIN app_version AS v ON v.id = f.version_id
    JOIN app ON app.id = v.app_id AND app.stage <> 'retired'
    JOIN estate_origin AS o ON o.team_id = app.team_id
    WHERE f.exact = estate_definition.exact AND o.id = estate_definition.origin_id
"""
_LINK: Final = f"""
    UPDATE estate_definition SET linked_by = 'content', app_id = (SELECT MIN(v.app_id) {_SAME})
    WHERE app_id IS NULL AND exact <> '' AND 1 = (SELECT COUNT(DISTINCT v.app_id) {_SAME})
"""
LINK_SAME: Final = text(f"{_LINK} AND exact IN :exact RETURNING id, app_id").bindparams(
    bindparam("exact", expanding=True, type_=String)
)
LINK_THESE: Final = text(f"{_LINK} AND id IN :ids RETURNING id, app_id").bindparams(_IDS)
UNLINK: Final = text("UPDATE estate_definition SET app_id = NULL, linked_by = '' WHERE id = :id")
LINK_ONE: Final = text("""
    UPDATE estate_definition SET app_id = :app_id, linked_by = :linked_by WHERE id = :id AND app_id IS NULL
""")
