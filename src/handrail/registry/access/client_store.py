"""SQL of clients, used assertions and signing keys."""

from typing import Final

from sqlalchemy import text

_CLIENT: Final = """
    SELECT c.id, c.app_id, c.environment_id AS environment, e.name AS environment_name, e.kind AS environment_kind,
        c.kind, c.public_jwk, c.secret_hash, c.created_at, COALESCE(p.name, c.created_by) AS created_by,
        c.last_used_at, c.revoked_at, c.failures, c.failures_since
    FROM client AS c
    JOIN environment AS e ON e.id = c.environment_id
    LEFT JOIN person AS p ON p.id = c.created_by
"""

INSERT: Final = text("""
    INSERT INTO client (id, app_id, environment_id, kind, public_jwk, secret_hash, created_at, created_by,
        failures, failures_since)
    VALUES (:id, :app_id, :environment_id, :kind, :public_jwk, :secret_hash, :created_at, :created_by, 0, 0)
""")
BY_ID: Final = text(f"{_CLIENT} WHERE c.id = :id")
LISTING: Final = text(f"{_CLIENT} WHERE c.app_id = :app_id ORDER BY c.created_at, c.id")
LIVE_COUNT: Final = text("""
    SELECT COUNT(*) FROM client
    WHERE app_id = :app_id AND environment_id = :environment_id AND kind = :kind AND revoked_at IS NULL
""")
REVOKE: Final = text("UPDATE client SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL")
USED: Final = text("UPDATE client SET last_used_at = :now, failures = 0 WHERE id = :id")
FAILED: Final = text("""
    UPDATE client SET
        failures = CASE WHEN failures_since < :window THEN 1 ELSE failures + 1 END,
        failures_since = CASE WHEN failures_since < :window THEN :now ELSE failures_since END
    WHERE id = :id
""")

PRUNE_ASSERTIONS: Final = text("DELETE FROM assertion_seen WHERE expires_at < :now")
USE_ASSERTION: Final = text("""
    INSERT INTO assertion_seen (client_id, jti, expires_at) VALUES (:client_id, :jti, :expires_at)
    ON CONFLICT (client_id, jti) DO NOTHING
""")
