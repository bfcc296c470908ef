"""Calls by hub and minute, and the newest calls of each hub."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
