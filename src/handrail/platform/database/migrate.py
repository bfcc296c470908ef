"""Bring a database to this version's schema: expand-only, refused when the database is newer."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from handrail.kernel.errors import Unavailable
from handrail.platform.database.work import Database

_FOLDER: Final = Path(__file__).parent / "migrations"


class SchemaNewer(Unavailable):
    code = "schema_newer"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def newest() -> str:
    """Return the id of the newest migration that this version knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def status(database: Database) -> str:
    """Return the id of the database's last migration; empty for an empty database.

    Raises:
        SchemaNewer: When the database was migrated by a newer version of Handrail.
    """
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision() or ""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found and found not in known:
        raise SchemaNewer(
            f"The database has schema {found}; this version of Handrail knows up to {newest()}.",
            fix="Start the version of Handrail that wrote it, or a newer one.",
            place="HANDRAIL_DATABASE_URL",
        )
    return found


def upgrade(database: Database, to: str = "head") -> str:
    """Run the migrations that are missing; return the schema's id.

    Raises:
        SchemaNewer: As `status`.
    """
    status(database)
    config = _config()
    with database.begin() as work:
        # Two processes that start together must not both migrate.
        work.lock("schema")
        config.attributes["connection"] = work.connection
        command.upgrade(config, to)
    return status(database)
