"""SQL of where steps are drawn."""

from typing import Final

from sqlalchemy import text

OF_VERSION: Final = text("""
    SELECT l.positions, l.moved, l.set_by, l.set_at, l.noted_at, COALESCE(p.name, '') AS setter
    FROM layout AS l LEFT JOIN person AS p ON p.id = l.set_by
    WHERE l.version_id = :version_id
""")
PUT: Final = text("""
    INSERT INTO layout (version_id, positions, moved, set_by, set_at, noted_at)
    VALUES (:version_id, :positions, :moved, :set_by, :set_at, :noted_at)
    ON CONFLICT (version_id) DO UPDATE SET
        positions = excluded.positions,
        moved = excluded.moved,
        set_by = excluded.set_by,
        set_at = excluded.set_at,
        noted_at = excluded.noted_at
""")
# Whose drawing a new version takes over: the same flow elsewhere, what was before it there, then anywhere.
BEFORE: Final = text("""
    SELECT v.id FROM app_version AS v
    WHERE v.app_id = :app_id AND v.id <> :version_id
    ORDER BY CASE
        WHEN v.source_digest = :source_digest THEN 0
        WHEN v.environment_id = :environment_id THEN 1
        ELSE 2
    END, v.created_at DESC, v.number DESC, v.id DESC
    LIMIT 1
""")
