"""The unit of work: what one use case reads and writes, committed together or not at all."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from handrail.kernel.clock import Clock, now_us

Row = sa.RowMapping


@dataclass(slots=True)
class Work:
    """One transaction.

    Attributes:
        now: The time of this unit of work, in microseconds since 1970; every row it writes carries it.
        dialect: `sqlite` or `postgresql`.
        topics: Counters that this unit of work raised (see `revisions`).
    """

    connection: sa.Connection
    now: int
    dialect: str
    topics: set[str] = field(default_factory=set)
    _after: list[Callable[[], None]] = field(default_factory=list)
    _last: "dict[LastAct, set[str]]" = field(default_factory=dict)

    def run(self, statement: sa.TextClause, **parameters: Any) -> int:
        """Run one write; return the number of rows it changed."""
        return self.connection.execute(statement, parameters).rowcount

    def run_many(self, statement: sa.TextClause, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run one write for every row."""
        if rows:
            self.connection.execute(statement, rows)

    def all(self, statement: sa.TextClause, **parameters: Any) -> list[Row]:
        """Return every row."""
        return list(self.connection.execute(statement, parameters).mappings())

    def tuples(self, statement: sa.TextClause, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return every row as a plain tuple, which is cheaper where there are many."""
        return [tuple(row) for row in self.connection.execute(statement, parameters)]

    def one(self, statement: sa.TextClause, **parameters: Any) -> Row | None:
        """Return the first row, or None."""
        return self.connection.execute(statement, parameters).mappings().first()

    def scalar(self, statement: sa.TextClause, **parameters: Any) -> Any:
        """Return the first column of the first row, or None."""
        return self.connection.execute(statement, parameters).scalar()

    def lock(self, name: str) -> None:
        """Serialise with every other unit of work that takes this name, until the end of the transaction.

        SQLite's one writer does that by itself; PostgreSQL takes an advisory lock.
        """
        if self.dialect == "postgresql":
            self.connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    def before_commit(self, act: "LastAct", subject: str) -> None:
        """Call `act` once at the end of this transaction, with every subject that was named for it, sorted.

        For what is derived from rows that several use cases of one transaction may change.
        """
        self._last.setdefault(act, set()).add(subject)

    def finish(self) -> None:
        """Do what `before_commit` put off; `Database.begin` calls it."""
        while self._last:
            act, subjects = self._last.popitem()
            act(self, sorted(subjects))

    def on_commit(self, act: Callable[[], None]) -> None:
        """Call `act` after the commit (wake-ups only: it may be lost in a crash)."""
        self._after.append(act)


LastAct = Callable[[Work, list[str]], None]


class Database:
    """An engine and the two ways in: `begin` to write, `read` to read."""

    def __init__(self, url: str, *, clock: Clock = now_us) -> None:
        self.url = url
        self.clock = clock
        # SQLAlchemy's default for a PostgreSQL URL is psycopg2, which nobody installs here.
        engine_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        options: dict[str, Any] = {}
        if engine_url.startswith("sqlite"):
            options["connect_args"] = {"timeout": 30, "check_same_thread": False}
        else:
            options.update(pool_size=10, max_overflow=10, pool_pre_ping=True)
        self.engine = sa.create_engine(engine_url, **options)
        self.dialect = self.engine.dialect.name
        # Called with a topic after each commit of this process that raised its counter.
        self.watchers: list[Callable[[str], None]] = []
        if self.dialect == "sqlite":
            sa.event.listen(self.engine, "connect", _on_sqlite_connect)

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """Open a unit of work that commits at the end, or rolls back on any error."""
        with self.engine.connect() as connection:
            if self.dialect == "sqlite":
                # IMMEDIATE takes the writer's lock at once: a deferred one may fail in the middle instead of waiting.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            work = Work(connection, self.clock(), self.dialect)
            try:
                yield work
                work.finish()
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
        for act in work._after:  # noqa: SLF001 - the other half of on_commit
            act()
        for topic in work.topics:
            for watcher in self.watchers:
                watcher(topic)

    @contextmanager
    def read(self) -> Iterator[Work]:
        """Open a read-only unit of work over one consistent state; writing in it fails."""
        with self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
                connection.exec_driver_sql("PRAGMA query_only = 1")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield Work(connection, self.clock(), self.dialect)
            finally:
                connection.rollback()
                if self.dialect == "sqlite":
                    connection.exec_driver_sql("PRAGMA query_only = 0")
                    connection.rollback()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are opened by `begin` and `read`, not by the driver's guess.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: an acknowledged change survives a power cut, not only a killed process.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 30000")
