"""Builder instances and the sources that read them."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE builder_instance (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            platform TEXT NOT NULL,
            url TEXT NOT NULL,
            network TEXT NOT NULL,
            region TEXT NOT NULL,
            team_id TEXT NOT NULL REFERENCES team (id),
            owner_id TEXT NOT NULL REFERENCES person (id),
            credential TEXT NOT NULL,
            interval_s INTEGER NOT NULL,
            created_at BIGINT NOT NULL,
            created_by TEXT NOT NULL
        )
    """)
    # Written every few seconds, so kept apart from what people wrote.
    op.execute("""
        CREATE TABLE source (
            instance_id TEXT PRIMARY KEY REFERENCES builder_instance (id) ON DELETE CASCADE,
            state TEXT NOT NULL,
            since BIGINT NOT NULL,
            message TEXT NOT NULL,
            failures INTEGER NOT NULL,
            polled_at BIGINT,
            read_at BIGINT,
            next_at BIGINT NOT NULL,
            lease_holder TEXT NOT NULL,
            lease_until BIGINT NOT NULL
        )
    """)
    op.execute("CREATE INDEX source_next ON source (next_at)")
    op.execute("""
        CREATE TABLE source_binding (
            id TEXT PRIMARY KEY,
            instance_id TEXT NOT NULL REFERENCES builder_instance (id) ON DELETE CASCADE,
            app_id TEXT NOT NULL REFERENCES app (id),
            environment_id TEXT NOT NULL REFERENCES environment (id),
            part TEXT NOT NULL,
            state TEXT NOT NULL,
            since BIGINT NOT NULL,
            message TEXT NOT NULL,
            seen_at BIGINT,
            created_at BIGINT NOT NULL,
            UNIQUE (app_id, environment_id)
        )
    """)
    op.execute("CREATE INDEX source_binding_instance ON source_binding (instance_id)")
