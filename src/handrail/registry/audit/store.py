"""The audit log's SQL."""
# ruff: noqa: S608 - the only text put together is of this file

from typing import Final

from sqlalchemy import TextClause, text

INSERT: Final = text("""
    INSERT INTO audit_event (id, at, actor_kind, actor_id, actor_name, action, subject, body)
    VALUES (:id, :at, :actor_kind, :actor_id, :actor_name, :action, :subject, :body)
""")
HEAD: Final = text("SELECT seq, hash FROM audit_event WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1")
UNSEALED: Final = text("""
    SELECT id, body FROM audit_event WHERE seq IS NULL ORDER BY at, id LIMIT :count
""")
SEAL: Final = text("""
    UPDATE audit_event SET seq = :seq, prev_hash = :prev_hash, hash = :hash WHERE id = :id AND seq IS NULL
""")
CHAIN: Final = text("""
    SELECT id, at, actor_kind, actor_id, actor_name, action, subject, body, seq, prev_hash, hash
    FROM audit_event WHERE seq > :after ORDER BY seq LIMIT :count
""")
WAITING: Final = text("SELECT COUNT(*) FROM audit_event WHERE seq IS NULL")
LATE: Final = text("""
    SELECT id, at FROM audit_event WHERE seq IS NULL AND at < :before ORDER BY at, id LIMIT 1
""")
WORDS_MAX: Final = 6
_EVENT: Final = "id, at, actor_kind, actor_id, actor_name, action, subject, body, seq, hash"
# The body is canonical, so what follows "facts" is what was noted, not the names of the columns before it.
_FACTS: Final = {
    "sqlite": "substr(body, instr(body, '\"facts\":') + 8)",
    "postgresql": "substr(body, strpos(body, '\"facts\":') + 8)",
}


def _listing(dialect: str) -> TextClause:
    heap = f"LOWER(actor_name || ' ' || action || ' ' || subject || ' ' || {_FACTS[dialect]})"
    # Escaped by a character that both dialects are told, because they agree on none.
    words = " ".join(
        f"AND (CAST(:word{n} AS TEXT) IS NULL OR {heap} LIKE :word{n} ESCAPE '!')" for n in range(WORDS_MAX)
    )
    return text(f"""
        SELECT {_EVENT} FROM audit_event
        WHERE (CAST(:subject AS TEXT) IS NULL OR subject = :subject)
          AND (CAST(:actor AS TEXT) IS NULL OR actor_id = :actor OR actor_name = :actor)
          AND (CAST(:action AS TEXT) IS NULL OR action = :action OR action LIKE :action_prefix ESCAPE '!')
          AND (CAST(:after AS BIGINT) IS NULL OR at >= :after)
          AND (CAST(:until AS BIGINT) IS NULL OR at < :until)
          AND (CAST(:before_id AS TEXT) IS NULL OR id < :before_id)
          {words}
        ORDER BY id DESC LIMIT :count
    """)


LISTING: Final = {dialect: _listing(dialect) for dialect in _FACTS}
ACTIONS: Final = text("SELECT DISTINCT action FROM audit_event ORDER BY action")
TAIL: Final = text("""
    SELECT id, at, actor_kind, actor_id, actor_name, action, subject, body, seq, prev_hash, hash
    FROM audit_event WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT :count
""")
CHECKPOINT: Final = text("""
    INSERT INTO audit_checkpoint (seq, at, hash, signer, signature)
    VALUES (:seq, :at, :hash, :signer, :signature)
    ON CONFLICT (seq) DO NOTHING
""")
LAST_CHECKPOINT: Final = text("SELECT seq, at FROM audit_checkpoint ORDER BY seq DESC LIMIT 1")
CHECKPOINTS: Final = text("SELECT seq, at, hash, signer, signature FROM audit_checkpoint ORDER BY seq")
ANY_UNSEALED: Final = text("SELECT id FROM audit_event WHERE seq IS NULL LIMIT 1")
FIRST: Final = text("SELECT at FROM audit_event ORDER BY id LIMIT 1")
