"""SQLite or PostgreSQL: one unit of work, one linear list of migrations."""

from handrail.platform.database import migrate, revisions
from handrail.platform.database.work import Database, Row, Work

__all__ = ["Database", "Row", "Work", "migrate", "revisions"]
