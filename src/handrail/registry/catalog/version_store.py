"""SQL of versions, their sources and what runs."""

from typing import Final

from sqlalchemy import String, bindparam, text

_SUMMARY: Final = """
    v.id, v.app_id, v.environment_id AS environment, e.name AS environment_name, v.number, v.digest, v.status,
    v.platform, v.source_digest, v.author, v.uploaded_by, v.created_at
"""
_FROM: Final = "FROM app_version AS v JOIN environment AS e ON e.id = v.environment_id"
_WHOLE: Final = f"SELECT {_SUMMARY}, v.closure, v.graph, v.manifest {_FROM}"

BY_ID: Final = text(f"{_WHOLE} WHERE v.id = :id")
BY_DIGEST: Final = text(
    f"{_WHOLE} WHERE v.app_id = :app_id AND v.environment_id = :environment_id AND v.digest = :digest"
)
BY_NUMBER: Final = text(
    f"{_WHOLE} WHERE v.app_id = :app_id AND v.environment_id = :environment_id AND v.number = :number"
)
BY_PREFIX: Final = text(f"""{_WHOLE}
    WHERE v.app_id = :app_id AND v.environment_id = :environment_id
        AND substr(v.digest, 1, :length) = :prefix
    ORDER BY v.number DESC LIMIT 2
""")
NEWEST: Final = text(f"""{_WHOLE}
    WHERE v.app_id = :app_id AND v.environment_id = :environment_id
    ORDER BY v.number DESC LIMIT 1
""")
BY_IDS: Final = text(f"{_WHOLE} WHERE v.id IN :ids").bindparams(bindparam("ids", expanding=True, type_=String))
LISTING: Final = text(f"""
    SELECT {_SUMMARY} {_FROM}
    WHERE v.app_id = :app_id AND (:environment_id = '' OR v.environment_id = :environment_id)
    ORDER BY e.name, v.number DESC
""")
NEXT_NUMBER: Final = text("""
    SELECT COALESCE(MAX(number), 0) + 1 FROM app_version
    WHERE app_id = :app_id AND environment_id = :environment_id
""")
INSERT: Final = text("""
    INSERT INTO app_version (id, app_id, environment_id, number, digest, status, platform, closure, graph, manifest,
        source_digest, author, uploaded_by, created_at)
    VALUES (:id, :app_id, :environment_id, :number, :digest, :status, :platform, :closure, :graph, :manifest,
        :source_digest, :author, :uploaded_by, :created_at)
""")
SET_STATUS: Final = text("UPDATE app_version SET status = :status WHERE id = :id RETURNING app_id")
MAKERS: Final = text("""
    SELECT DISTINCT v.author, v.uploaded_by, COALESCE(p.name, 'a source') AS uploader
    FROM app_version AS v LEFT JOIN person AS p ON p.id = v.uploaded_by
    WHERE v.app_id = :app_id AND v.source_digest = :source_digest
""")
KEEP_BLOB: Final = text("""
    INSERT INTO blob (digest, content, size_bytes, created_at) VALUES (:digest, :content, :size_bytes, :created_at)
    ON CONFLICT (digest) DO NOTHING
""")
# What the live definition most likely is: what was approved, what ran until now, what was approved before.
OF_SOURCE: Final = text(f"""{_WHOLE}
    LEFT JOIN running AS r
        ON r.app_id = v.app_id AND r.environment_id = v.environment_id AND r.digest = v.digest
    WHERE v.app_id = :app_id AND v.environment_id = :environment_id AND v.source_digest = :source_digest
    ORDER BY CASE
        WHEN v.status = 'approved' THEN 0
        WHEN r.digest IS NOT NULL THEN 1
        WHEN v.status = 'superseded' THEN 2
        ELSE 3
    END, v.number DESC
    LIMIT 1
""")
SOURCES: Final = text("SELECT digest, content FROM blob WHERE digest IN :digests").bindparams(
    bindparam("digests", expanding=True, type_=String)
)

RUNNING: Final = text("""
    SELECT r.app_id, r.environment_id AS environment, e.name AS environment_name, r.digest, v.number, r.source,
        r.since, r.seen_at, r.set_by
    FROM running AS r
    JOIN environment AS e ON e.id = r.environment_id
    JOIN app_version AS v
        ON v.app_id = r.app_id AND v.environment_id = r.environment_id AND v.digest = r.digest
    WHERE r.app_id = :app_id AND (:environment_id = '' OR r.environment_id = :environment_id)
    ORDER BY e.name
""")
# The newer word wins: a slow source never overwrites what was seen later.
SET_RUNNING: Final = text("""
    INSERT INTO running (app_id, environment_id, digest, source, since, seen_at, set_by)
    VALUES (:app_id, :environment_id, :digest, :source, :seen_at, :seen_at, :set_by)
    ON CONFLICT (app_id, environment_id) DO UPDATE SET
        since = CASE WHEN running.digest = excluded.digest THEN running.since ELSE excluded.since END,
        digest = excluded.digest,
        source = excluded.source,
        seen_at = excluded.seen_at,
        set_by = excluded.set_by
    WHERE excluded.seen_at >= running.seen_at
""")
