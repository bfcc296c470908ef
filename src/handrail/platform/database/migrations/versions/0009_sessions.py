"""Sessions people can tell apart, and time zones."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
