"""Contract tests run on both databases."""

from collections.abc import Iterator

import pytest

from handrail.platform.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a migrated database of this test alone, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
        return
    cluster = request.getfixturevalue("postgres")
    url = cluster.create(request.getfixturevalue("postgres_template"))
    database = Database(url)
    yield database
    database.close()
    cluster.drop(url)
