"""Where the steps of a version are drawn."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
