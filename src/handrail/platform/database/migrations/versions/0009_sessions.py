"""Sessions people can tell apart, and time zones."""

import sqlalchemy as sa
from alembic import op

from handrail.kernel.ids import new_id

revision = "0009"
down_revision = "0008"

_COLUMNS = (
    # Null only in a row that a process of the previous version wrote after this ran; its next use gives it one.
    "ALTER TABLE session ADD COLUMN id TEXT",
    "ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE session ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE session ADD COLUMN last_seen_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE person ADD COLUMN time_zone TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    for statement in _COLUMNS:
        op.execute(statement)
    connection = op.get_bind()
    named = sa.text("""
        UPDATE session SET id = :id, created_at = authenticated_at, last_seen_at = authenticated_at
        WHERE token_hash = :token_hash
    """)
    for token_hash in list(connection.execute(sa.text("SELECT token_hash FROM session")).scalars()):
        connection.execute(named, {"id": new_id(), "token_hash": token_hash})
    op.execute("CREATE UNIQUE INDEX session_id ON session (id)")
