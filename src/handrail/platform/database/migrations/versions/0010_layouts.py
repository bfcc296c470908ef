"""Where the steps of a version are drawn."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # `moved` is 0 while nobody moved a step by hand; `noted_at` is when the audit log was last told of a move.
    op.execute("""
        CREATE TABLE layout (
            version_id TEXT PRIMARY KEY REFERENCES app_version (id),
            positions TEXT NOT NULL,
            moved BIGINT NOT NULL,
            set_by TEXT NOT NULL,
            set_at BIGINT NOT NULL,
            noted_at BIGINT
        )
    """)
