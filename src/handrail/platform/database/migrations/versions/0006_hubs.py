"""Hubs, their acknowledgements and the snapshot's signing key."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE hub (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            region TEXT NOT NULL,
            token_hash TEXT NOT NULL UNIQUE,
            public_key TEXT NOT NULL,
            acked_epoch BIGINT NOT NULL,
            acked_revision BIGINT NOT NULL,
            acked_quarantine BIGINT NOT NULL,
            seen_at BIGINT,
            problems TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            removed_at BIGINT
        )
    """)
    op.execute("CREATE UNIQUE INDEX hub_name ON hub (name) WHERE removed_at IS NULL")
    op.execute("""
        CREATE TABLE hub_signing_key (
            id TEXT PRIMARY KEY,
            sealed TEXT NOT NULL,
            public_key TEXT NOT NULL,
            created_at BIGINT NOT NULL
        )
    """)
