"""Which full-text index a unit of work has."""

from typing import Final

from handrail.platform.database import Work
from handrail.registry.catalog.search.ports import TextIndex
from handrail.registry.catalog.search.text_postgresql import PostgresText
from handrail.registry.catalog.search.text_sqlite import SqliteText

_BY_DIALECT: Final[dict[str, TextIndex]] = {"sqlite": SqliteText(), "postgresql": PostgresText()}


def text_index(work: Work) -> TextIndex:
    """Return the index of the database that a unit of work is in."""
    return _BY_DIALECT[work.dialect]
