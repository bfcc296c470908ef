"""Fixtures that every kind of test may use.

`database` is a migrated SQLite database here; `tests/contract` runs the same on PostgreSQL too.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handrail.platform.database import Database, migrate
from handrail.registry.identity import Binding, Caller, Role, Team, caller_of, find_person, grant_role
from handrail.registry.identity import add_person as add_person_row
from handrail.registry.identity import add_team as add_team_row

ROOT = Path(__file__).parents[1]
POSTGRES_PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real flows and conformance suites, which is no part of this project."""
    folder = Path(os.environ.get("TEST_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the shared data is not here: {folder}")
    return folder


class Cluster:
    """A PostgreSQL server of this test session, reached by a Unix socket only."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.data = folder / "data"
        self.count = 0

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            # The server refuses to run as root.
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def start(self) -> None:
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--no-locale")
        options = f"-c listen_addresses= -k {self.folder} -F -c full_page_writes=off -c synchronous_commit=off"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.data), "-l", log, "-o", options, "-w", "-t", "60", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def create(self, template: str = "template1") -> str:
        """Create a database; return its URL."""
        self.count += 1
        name = f"t{self.count}"
        self.statement(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.removeprefix("postgresql://postgres@/").partition("?")[0]
        self.statement(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def statement(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Yield a running PostgreSQL server; skip when its programs are not on this machine."""
    if not (POSTGRES_PROGRAMS / "initdb").exists():
        pytest.skip(f"no PostgreSQL 15 server programs in {POSTGRES_PROGRAMS}")
    # Not pytest's own folder: a socket's path is limited to 107 characters and root's folders are closed to postgres.
    folder = Path(tempfile.mkdtemp(prefix="hr-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(POSTGRES_PROGRAMS, folder)
    try:
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> str:
    """Return the name of a migrated database to copy."""
    url = postgres.create()
    database = Database(url)
    migrate.upgrade(database)
    database.close()
    return url.removeprefix("postgresql://postgres@/").partition("?")[0]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "handrail.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "handrail.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Return a migrated database of this test alone."""
    return sqlite_database


MakePerson = Callable[..., Caller]


@pytest.fixture
def make_person(database: Database) -> MakePerson:
    """Return a function that writes a person with role bindings and returns them as a caller.

    `make_person("ada", Binding(Role.BUILDER, team.id), ("reviewer", "*"))`; calling it again adds bindings.
    """

    def make(name: str, *bindings: Binding | tuple[str, str]) -> Caller:
        from handrail.registry.audit import SYSTEM
        from handrail.registry.identity import PersonUnknown

        with database.begin() as work:
            try:
                person = find_person(work, name)
            except PersonUnknown:
                person = add_person_row(work, SYSTEM, name, name.title())
            for binding in bindings:
                wanted = binding if isinstance(binding, Binding) else Binding(Role(binding[0]), binding[1])
                grant_role(work, SYSTEM, person, wanted)
            return caller_of(work, person.id)

    return make


@pytest.fixture
def admin(make_person: MakePerson) -> Caller:
    """Return the first administrator (who is also a steward, as after `handrail init`)."""
    return make_person("root-admin", ("admin", "*"), ("steward", "*"))


@pytest.fixture
def team(database: Database) -> Team:
    """Return the team `finance-ops`."""
    from handrail.registry.audit import SYSTEM

    with database.begin() as work:
        return add_team_row(work, SYSTEM, "finance-ops", "Finance operations")


@pytest.fixture
def clock(database: Database) -> Callable[[int], None]:
    """Return a function that moves the database's clock on."""

    def advance(by: int) -> None:
        before = database.clock
        database.clock = lambda: before() + by

    return advance


@pytest.fixture
def http_context(database: Database, tmp_path: Path):
    """Return what `main` hands to the HTTP surface: real database, real vault."""
    from handrail.platform.settings import read_settings
    from handrail.registry.vault import Vault
    from handrail.runtime.hub import SnapshotSource
    from handrail.surfaces.http import Context
    from handrail.surfaces.http.news import News

    settings = read_settings({}, home=str(tmp_path / "home"))
    vault = Vault.open(tmp_path / "home" / "vault.key")
    public_url, hub_url = "http://127.0.0.1:8700", "http://127.0.0.1:8780"
    news = News(database)
    yield Context(
        settings=settings,
        database=database,
        vault=vault,
        public_url=public_url,
        hub_url=hub_url,
        snapshots=SnapshotSource(database, vault, public_url=public_url, hub_url=hub_url, hours=24),
        news=news,
    )
    news.close()


@pytest.fixture
def http(http_context):
    """Yield a client of the whole HTTP application, without anybody signed in."""
    from starlette.testclient import TestClient

    from handrail.surfaces.http import create_app

    with TestClient(create_app(http_context), base_url="http://127.0.0.1:8700") as client:
        yield client


@pytest.fixture
def token_of(database: Database) -> Callable[[Caller], dict[str, str]]:
    """Return a function that makes the headers of a fresh, unrestricted API token for a caller."""

    def headers(caller: Caller) -> dict[str, str]:
        from handrail.registry.identity import new_token

        with database.begin() as work:
            _, secret = new_token(work, caller, "test", days=1)
        return {"authorization": f"Bearer {secret.reveal()}"}

    return headers


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return one Chromium for all pages of a test process."""
    from tests.rigs.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def demo(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a running demo; its url is the portal's."""
    from tests.rigs.processes import Install

    with Install(tmp_path_factory.mktemp("demo")) as install:
        install.up("--demo")
        yield install
