"""SQL of what checks say of versions."""

from typing import Final

from sqlalchemy import text

OF_VERSION: Final = text("""
    SELECT engine, exact, findings FROM version_findings WHERE version_id = :version_id
""")
KEEP: Final = text("""
    INSERT INTO version_findings (version_id, engine, exact, blocks, warns, notes, findings, computed_at)
    VALUES (:version_id, :engine, :exact, :blocks, :warns, :notes, :findings, :now)
    ON CONFLICT (version_id) DO UPDATE SET
        engine = excluded.engine, exact = excluded.exact, blocks = excluded.blocks, warns = excluded.warns,
        notes = excluded.notes, findings = excluded.findings, computed_at = excluded.computed_at
""")
UNCHECKED: Final = text("""
    SELECT v.id FROM app_version AS v
    LEFT JOIN version_findings AS f ON f.version_id = v.id AND f.engine = :engine
    WHERE f.version_id IS NULL ORDER BY v.id DESC LIMIT :count
""")
