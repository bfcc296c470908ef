"""One file that holds everything but the vault's key, and the way back from it."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from handrail.kernel.clock import SECOND, now_us, rfc3339
from handrail.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from handrail.platform.database import migrate, revisions
from handrail.platform.database.work import Database, Work

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_PAYLOAD: Final = "database"
_CHUNK: Final = 1024 * 1024
_RAISE_EPOCH: Final = sa.text("""
    UPDATE revision SET value = :least WHERE topic = 'epoch' AND value < :least
""")


class BackupExists(Conflict):
    code = "backup_exists"


class BackupUnreadable(Invalid):
    code = "backup_unreadable"


class BackupForeign(Invalid):
    code = "backup_foreign"


class DatabaseMissing(NotFound):
    code = "database_missing"


class RestoreNotEmpty(Conflict):
    code = "restore_not_empty"


class DatabaseInUse(Conflict):
    code = "database_in_use"


class ProgramFailed(Unavailable):
    code = "database_program_failed"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        format: Of the archive.
        schema: Id of the database's last migration.
        dialect: `sqlite` or `postgresql`; a backup goes back into the same.
        digest: SHA-256 of the payload.
        created_at: RFC 3339.
    """

    format: int
    schema: str
    dialect: str
    digest: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        kept: Where the replaced database is: a file's path or a schema's name; empty when there was none.
    """

    manifest: Manifest
    kept: str


def back_up(database: Database, file: Path) -> Manifest:
    """Write a consistent state of a running database to one new file (mode 0600).

    Raises:
        BackupExists: The file is there already.
        DatabaseMissing: There is no database to save.
        ProgramFailed: `pg_dump` is missing or failed.
    """
    if file.exists():
        raise BackupExists(f"{file} is there already.", fix="Name another file.", place=str(file))
    url = make_url(database.url)
    if database.dialect == "sqlite" and not _sqlite_path(url).exists():
        raise _missing(url)
    schema = migrate.status(database)
    if not schema:
        raise _missing(url)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.absolute().parent) as folder:
        payload = Path(folder) / _PAYLOAD
        if database.dialect == "sqlite":
            _copy_sqlite(_sqlite_path(url), payload)
        else:
            _dump_postgres(url, payload)
        manifest = Manifest(_FORMAT, schema, database.dialect, _digest(payload), rfc3339(now_us()))
        draft = Path(folder) / "archive"
        _pack(draft, manifest, payload)
        # Link and not rename: a file that appeared meanwhile is not overwritten.
        try:
            os.link(draft, file)
        except FileExistsError:
            raise BackupExists(f"{file} is there already.", fix="Name another file.", place=str(file)) from None
    return manifest


def _missing(url: URL) -> DatabaseMissing:
    return DatabaseMissing(
        "There is no database here to save.",
        fix="Name the home folder with --home, or set HANDRAIL_DATABASE_URL.",
        place=url.render_as_string(hide_password=True),
    )


def _sqlite_path(url: URL) -> Path:
    return Path(url.database or "")


def _copy_sqlite(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reader,
        contextlib.closing(sqlite3.connect(target)) as writer,
    ):
        reader.backup(writer)
        # The copy says WAL too; a single file must be enough.
        writer.execute("PRAGMA journal_mode = DELETE")


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            hashed.update(chunk)
    return "sha256:" + hashed.hexdigest()


def _pack(draft: Path, manifest: Manifest, payload: Path) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    # PostgreSQL's dump is compressed already.
    method = zipfile.ZIP_DEFLATED if manifest.dialect == "sqlite" else zipfile.ZIP_STORED
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", method) as archive:
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.write(payload, _PAYLOAD)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _archive(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise BackupUnreadable(
            f"This is no backup that can be read ({type(error).__name__}).",
            fix="Name a file that handrail backup wrote.",
            place=str(file),
        ) from error


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        BackupUnreadable: It is no backup, or one of a later format.
    """
    with _archive(file) as archive:
        text = archive.read(_MANIFEST)
    try:
        held: Mapping[str, Any] = json.loads(text)
        manifest = Manifest(**held)
    except (ValueError, TypeError) as error:
        raise BackupUnreadable("The backup's manifest cannot be read.", place=str(file)) from error
    if manifest.format != _FORMAT:
        raise BackupUnreadable(
            f"The backup has format {manifest.format}; this version reads {_FORMAT}.",
            fix="Use the version of Handrail that wrote it, or a newer one.",
            place=str(file),
        )
    return manifest


def restore(file: Path, database_url: str, *, replace: bool = False) -> Restored:
    """Bring a backup back; nothing may use the database meanwhile. Afterwards call `begin_epoch`.

    Args:
        file: What `back_up` wrote.
        database_url: Where to.
        replace: Whether a database that is there may be put aside.

    Raises:
        BackupUnreadable: It is no backup, or was damaged.
        BackupForeign: It is of the other kind of database, or of a newer schema.
        RestoreNotEmpty: There is a database, and `replace` is not set.
        DatabaseInUse: A process still uses it.
        ProgramFailed: `pg_restore` is missing or failed; what was there is there again.
    """
    url = make_url(database_url)
    manifest = read_manifest(file)
    _require_fitting(manifest, url)
    if url.get_backend_name() == "sqlite":
        folder = _sqlite_path(url).absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
    else:
        folder = Path(tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as scratch:
        payload = Path(scratch) / _PAYLOAD
        with _archive(file) as archive, archive.open(_PAYLOAD) as packed:
            _unpack(packed, payload)
        if _digest(payload) != manifest.digest:
            raise BackupUnreadable(
                "The backup was changed: its digest is not the one in its manifest.",
                fix="Use another backup.",
                place=str(file),
            )
        kept = (
            _place_sqlite(payload, _sqlite_path(url), replace=replace)
            if manifest.dialect == "sqlite"
            else _place_postgres(payload, url, replace=replace)
        )
    return Restored(manifest, kept)


def _unpack(packed: IO[bytes], payload: Path) -> None:
    descriptor = os.open(payload, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        shutil.copyfileobj(packed, target, _CHUNK)
        target.flush()
        os.fsync(target.fileno())


def _require_fitting(manifest: Manifest, url: URL) -> None:
    if manifest.dialect != url.get_backend_name():
        raise BackupForeign(
            f"The backup is of {manifest.dialect}; the database is {url.get_backend_name()}.",
            fix=f"Set HANDRAIL_DATABASE_URL to a {manifest.dialect} database.",
        )
    if manifest.schema > migrate.newest():
        raise BackupForeign(
            f"The backup has schema {manifest.schema}; this version of Handrail knows up to {migrate.newest()}.",
            fix="Use the version of Handrail that wrote it, or a newer one.",
        )


def _not_empty(place: str) -> RestoreNotEmpty:
    return RestoreNotEmpty(
        "There is a database already.",
        fix="Add --replace: the one that is there is kept aside.",
        place=place,
    )


def _in_use(place: str) -> DatabaseInUse:
    return DatabaseInUse("A process still uses the database.", fix="Stop every process of Handrail first.", place=place)


def _stamp() -> str:
    return rfc3339(now_us()).replace("-", "").replace(":", "").replace(".", "").lower()


def _place_sqlite(payload: Path, target: Path, *, replace: bool) -> str:
    kept = ""
    if target.exists():
        if not replace:
            raise _not_empty(str(target))
        _fold_log(target)
        aside = target.with_name(f"{target.name}.replaced-{_stamp()}")
        os.link(target, aside)
        kept = str(aside)
    payload.replace(target)
    descriptor = os.open(target.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return kept


def _fold_log(path: Path) -> None:
    # Leaving WAL takes the only connection there is, and moves the log into the file.
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise _in_use(str(path)) from None
    except sqlite3.DatabaseError:
        # What is there is damaged, perhaps the very reason for the restore: its log is no use either.
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    # Debian keeps the server's programs off the PATH, one folder for each version.
    packed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not packed:
        raise ProgramFailed(f"The program {name} is not here.", fix="Install PostgreSQL's client programs.")
    return str(packed[-1])


def _run(url: URL, name: str, *arguments: str) -> None:
    # A password in the arguments could be read by everybody on the machine.
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = url.password
    command = [_program(name), "--no-password", f"--dbname={plain}", *arguments]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ProgramFailed(
            f"{name} failed: {last[:300]}", fix="Is the database's address right, and the program not older?"
        )


def _dump_postgres(url: URL, target: Path) -> None:
    # One schema: what an earlier restore put aside is not part of the install.
    _run(url, "pg_dump", "--format=custom", "--schema=public", "--no-owner", "--no-privileges", f"--file={target}")


def _place_postgres(payload: Path, url: URL, *, replace: bool) -> str:
    place = url.render_as_string(hide_password=True)
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            tables = sa.text("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'")
            occupied = bool(connection.execute(tables).scalar())
            if occupied and not replace:
                raise _not_empty(place)
            others = sa.text("""
                SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """)
            if connection.execute(others).scalar():
                raise _in_use(place)
            aside = f"replaced_{_stamp()}"
            if occupied:
                _swap(connection, f'ALTER SCHEMA public RENAME TO "{aside}"', "CREATE SCHEMA public")
            try:
                _run(
                    url,
                    "pg_restore",
                    "--schema=public",
                    "--no-owner",
                    "--no-privileges",
                    "--exit-on-error",
                    "--single-transaction",
                    str(payload),
                )
            except ProgramFailed:
                if occupied:
                    _swap(connection, "DROP SCHEMA public CASCADE", f'ALTER SCHEMA "{aside}" RENAME TO public')
                raise
            return aside if occupied else ""
    finally:
        engine.dispose()


def _swap(connection: sa.Connection, *statements: str) -> None:
    connection.exec_driver_sql("; ".join(statements))


def begin_epoch(work: Work) -> int:
    """Start a new epoch after a restore, so that hubs take the restored state; return it.

    The number is at least the time in seconds: the same backup restored twice gives two rising epochs.
    """
    revisions.bump(work, "epoch")
    work.run(_RAISE_EPOCH, least=work.now // SECOND)
    return revisions.current(work, "epoch")
