"""Search over apps, counts for facets, and saved views."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass
