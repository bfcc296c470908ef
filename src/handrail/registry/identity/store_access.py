"""SQL of passwords, sessions, API tokens and invitations."""

from typing import Final

from sqlalchemy import text

PASSWORD: Final = text("""
    SELECT p.id, p.status, w.hash FROM person p LEFT JOIN person_password w ON w.person_id = p.id
    WHERE p.name = :name
""")
SET_PASSWORD: Final = text("""
    INSERT INTO person_password (person_id, hash, set_at) VALUES (:person_id, :hash, :now)
    ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at
""")
INSERT_ATTEMPT: Final = text("INSERT INTO sign_in_attempt (id, subject, at) VALUES (:id, :subject, :now)")
COUNT_ATTEMPTS: Final = text("""
    SELECT COUNT(*) AS count, MIN(at) AS oldest FROM sign_in_attempt WHERE subject = :subject AND at > :after
""")
FORGET_ATTEMPTS: Final = text("DELETE FROM sign_in_attempt WHERE at <= :before")
FORGET_SUBJECT: Final = text("DELETE FROM sign_in_attempt WHERE subject = :subject")
FORGET_ATTEMPT: Final = text("DELETE FROM sign_in_attempt WHERE id = :id")

INSERT_SESSION: Final = text("""
    INSERT INTO session
        (token_hash, id, person_id, agent, address, created_at, last_seen_at, authenticated_at, expires_at)
    VALUES (:token_hash, :id, :person_id, :agent, :address, :now, :now, :now, :expires_at)
""")
SESSION: Final = text("""
    SELECT s.* FROM session s JOIN person p ON p.id = s.person_id
    WHERE s.token_hash = :token_hash AND s.expires_at > :now AND p.status = 'active'
""")
SESSIONS: Final = text("""
    SELECT * FROM session WHERE person_id = :person_id AND expires_at > :now AND id IS NOT NULL
    ORDER BY last_seen_at DESC, id DESC
""")
TOUCH_SESSION: Final = text("""
    UPDATE session SET last_seen_at = :now, id = COALESCE(id, :id),
        created_at = CASE WHEN created_at = 0 THEN authenticated_at ELSE created_at END
    WHERE token_hash = :token_hash AND last_seen_at < :before
""")
CONFIRM_SESSION: Final = text("UPDATE session SET authenticated_at = :now WHERE id = :id AND expires_at > :now")
DELETE_SESSION: Final = text("DELETE FROM session WHERE token_hash = :token_hash RETURNING person_id, id")
DELETE_SESSION_BY_ID: Final = text("""
    DELETE FROM session WHERE id = :id AND expires_at > :now
        AND (CAST(:person_id AS TEXT) IS NULL OR person_id = :person_id)
    RETURNING person_id
""")
DELETE_OTHER_SESSIONS: Final = text("""
    DELETE FROM session
    WHERE person_id = :person_id AND (CAST(:id AS TEXT) IS NULL OR id IS NULL OR id <> :id)
""")
DELETE_ALL_SESSIONS: Final = text("DELETE FROM session")
FORGET_SESSIONS: Final = text("DELETE FROM session WHERE expires_at <= :now")

INSERT_TOKEN: Final = text("""
    INSERT INTO api_token (id, person_id, name, secret_hash, scopes, created_at, expires_at)
    VALUES (:id, :person_id, :name, :secret_hash, :scopes, :now, :expires_at)
""")
TOKEN: Final = text("""
    SELECT t.* FROM api_token t JOIN person p ON p.id = t.person_id
    WHERE t.id = :id AND t.revoked_at IS NULL AND t.expires_at > :now AND p.status = 'active'
""")
TOKENS: Final = text("""
    SELECT * FROM api_token WHERE person_id = :person_id AND revoked_at IS NULL AND expires_at > :now
    ORDER BY created_at, id
""")
TOUCH_TOKEN: Final = text("UPDATE api_token SET last_used_at = :now WHERE id = :id")
REVOKE_TOKEN: Final = text("""
    UPDATE api_token SET revoked_at = :now
    WHERE id = :id AND revoked_at IS NULL AND (CAST(:person_id AS TEXT) IS NULL OR person_id = :person_id)
    RETURNING person_id
""")

ADMINS: Final = text("""
    SELECT COUNT(*) FROM role_binding b JOIN person p ON p.id = b.person_id
    WHERE b.role = 'admin' AND b.team_id = '*' AND p.status = 'active'
""")
INSERT_INVITATION: Final = text("""
    INSERT INTO invitation (id, kind, token_hash, bindings, created_by, created_at, expires_at)
    VALUES (:id, :kind, :token_hash, :bindings, :created_by, :now, :expires_at)
""")
INVITATION: Final = text("""
    SELECT * FROM invitation
    WHERE token_hash = :token_hash AND used_at IS NULL AND revoked_at IS NULL AND expires_at > :now
""")
INVITATIONS: Final = text("SELECT * FROM invitation ORDER BY created_at DESC, id DESC")
USE_INVITATION: Final = text("""
    UPDATE invitation SET used_at = :now, used_by = :person_id
    WHERE id = :id AND used_at IS NULL AND revoked_at IS NULL
""")
REVOKE_INVITATION: Final = text("""
    UPDATE invitation SET revoked_at = :now WHERE id = :id AND used_at IS NULL AND revoked_at IS NULL
""")
REVOKE_SETUPS: Final = text("""
    UPDATE invitation SET revoked_at = :now WHERE kind = 'setup' AND used_at IS NULL AND revoked_at IS NULL
""")
