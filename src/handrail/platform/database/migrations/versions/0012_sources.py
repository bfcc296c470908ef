"""What instances hold, their standing rules, and drift that is tolerated for a while."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("ALTER TABLE builder_instance ADD COLUMN rules TEXT NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE source ADD COLUMN listed_at BIGINT")
    op.execute("ALTER TABLE source_binding ADD COLUMN version TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE source_binding ADD COLUMN author TEXT NOT NULL DEFAULT ''")
    # What differs from the approved version, in words, and between which digests: told on every page, made once.
    op.execute("ALTER TABLE source_binding ADD COLUMN changes TEXT NOT NULL DEFAULT '[]'")
    op.execute("ALTER TABLE source_binding ADD COLUMN changes_of TEXT NOT NULL DEFAULT ''")
    op.execute("""
        CREATE TABLE source_found (
            instance_id TEXT NOT NULL REFERENCES builder_instance (id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            inner_id TEXT NOT NULL,
            version TEXT NOT NULL,
            digest TEXT NOT NULL,
            active INTEGER,
            updated_at BIGINT,
            author TEXT NOT NULL,
            first_seen BIGINT NOT NULL,
            last_seen BIGINT NOT NULL,
            missed INTEGER NOT NULL,
            gone_at BIGINT,
            registration TEXT NOT NULL,
            problem TEXT NOT NULL,
            PRIMARY KEY (instance_id, part)
        )
    """)
    # A digest is tolerated once in an environment: running it again later starts no new deadline. `closed_at` is when
    # what is approved ran again: until then every further edit has the first one's deadline.
    op.execute("""
        CREATE TABLE drift_grace (
            app_id TEXT NOT NULL REFERENCES app (id),
            environment_id TEXT NOT NULL REFERENCES environment (id),
            digest TEXT NOT NULL,
            base_digest TEXT NOT NULL,
            since BIGINT NOT NULL,
            until BIGINT NOT NULL,
            ended_at BIGINT,
            closed_at BIGINT,
            PRIMARY KEY (app_id, environment_id, digest)
        )
    """)
    op.execute("CREATE INDEX drift_grace_open ON drift_grace (until) WHERE ended_at IS NULL")
