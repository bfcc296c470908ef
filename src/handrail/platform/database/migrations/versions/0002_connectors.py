"""Environments, connectors and connections."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from handrail.kernel.clock import now_us
from handrail.kernel.ids import new_id

revision = "0002"
down_revision = "0001"

_TABLES: Final = (
    """
        CREATE TABLE environment (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('sandbox', 'production')),
            region TEXT NOT NULL,
            created_at BIGINT NOT NULL
        )
    """,
    """
        CREATE TABLE connector (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created_at BIGINT NOT NULL
        )
    """,
    # A row is never changed: what a version means was approved with it.
    """
        CREATE TABLE connector_version (
            id TEXT PRIMARY KEY,
            connector_id TEXT NOT NULL REFERENCES connector (id),
            version TEXT NOT NULL,
            digest TEXT NOT NULL,
            document TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            UNIQUE (connector_id, version)
        )
    """,
    # A removed connection keeps its row, so that its name is never given again.
    """
        CREATE TABLE connection (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            environment_id TEXT NOT NULL REFERENCES environment (id),
            connector_version_id TEXT NOT NULL REFERENCES connector_version (id),
            upstream TEXT NOT NULL,
            region TEXT NOT NULL,
            network TEXT NOT NULL CHECK (network IN ('public', 'private')),
            credential TEXT,
            calls_per_minute BIGINT,
            burst BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            updated_by TEXT NOT NULL,
            removed_at BIGINT
        )
    """,
    "CREATE INDEX connection_environment ON connection (environment_id)",
    "CREATE INDEX connection_version ON connection (connector_version_id)",
)
_ENVIRONMENT: Final = sa.text("""
    INSERT INTO environment (id, name, kind, region, created_at) VALUES (:id, :name, :kind, 'local', :now)
""")


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
    for name in ("sandbox", "production"):
        op.execute(_ENVIRONMENT.bindparams(id=new_id(), name=name, kind=name, now=now_us()))
