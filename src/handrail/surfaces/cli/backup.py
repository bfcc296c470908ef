"""Backup, restore and the vault's key: on the host, straight on the database."""

import dataclasses
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.surfaces.cli.client import MISSING, fail
from handrail.surfaces.cli.output import dry_run_option, emit, output_option, say
from handrail.surfaces.cli.session_state import State

if TYPE_CHECKING:
    from handrail.platform.database import Database
    from handrail.platform.settings import Settings
    from handrail.registry.audit import Actor
    from handrail.registry.vault import SealedColumn


def _operator() -> "Actor":
    """Return whoever runs this on the host, as the audit log names them."""
    from handrail.registry.audit import Actor

    account = getpass.getuser()
    return Actor("system", f"host:{account}", f"{account} on the host")


@click.command(epilog="Example: handrail backup /var/backups/handrail-2026-03-01.backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@dry_run_option
@output_option
@click.pass_obj
def backup(state: State, file: Path, dry_run: bool, output: str) -> None:
    """Write everything but the vault's key into one file, while Handrail runs.

    Keep a copy of the vault's key file (HANDRAIL_KEY_FILE) in another place: without it no credential opens.
    """
    from handrail.platform.database import Database
    from handrail.platform.database.backup import back_up
    from handrail.registry import audit

    settings = state.settings()
    if dry_run:
        say(f"would write a backup of {_shown(settings)} to {file}")
        return
    database = Database(settings.database_url)
    try:
        manifest = back_up(database, file)
        with database.begin() as work:
            facts = {"digest": manifest.digest, "schema": manifest.schema}
            audit.record(work, _operator(), "backup.made", "database:handrail", facts)
    finally:
        database.close()
    emit({"file": str(file), **dataclasses.asdict(manifest)}, output)
    say(f"The vault's key is not in it: keep a copy of {settings.key_file} somewhere else.")


def _shown(settings: "Settings") -> str:
    from sqlalchemy.engine import make_url

    return make_url(settings.database_url).render_as_string(hide_password=True)


@click.command(epilog="Example: handrail restore /var/backups/handrail-2026-03-01.backup --replace")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the database that is there aside, and use the backup.")
@dry_run_option
@output_option
@click.pass_obj
def restore(state: State, file: Path, replace: bool, dry_run: bool, output: str) -> None:
    """Bring a backup back and start a new epoch; stop every process of Handrail first."""
    from handrail.platform.database import Database, migrate
    from handrail.platform.database import backup as backups
    from handrail.registry import audit, identity

    settings = state.settings()
    if dry_run:
        manifest = backups.read_manifest(file)
        say(f"would restore the backup of {manifest.created_at} into {_shown(settings)}")
        return
    done = backups.restore(file, settings.database_url, replace=replace)
    database = Database(settings.database_url)
    try:
        migrate.upgrade(database)
        with database.begin() as work:
            epoch = backups.begin_epoch(work)
            facts = {"digest": done.manifest.digest, "made_at": done.manifest.created_at, "epoch": epoch}
            audit.record(work, _operator(), "database.restored", "database:handrail", facts)
            identity.end_all_sessions(work, _operator())
        _tell_about_key(settings, database)
    finally:
        database.close()
    emit({"made_at": done.manifest.created_at, "epoch": epoch, "kept": done.kept}, output)
    say(
        f"Everything is as it was at {done.manifest.created_at}: people, API tokens, approvals and holds that ended "
        "since are back. Look at: handrail audit list, handrail people list, handrail quarantine --help"
    )


def _tell_about_key(settings: "Settings", database: "Database") -> None:
    from handrail.registry.vault import Vault

    if not settings.key_file.exists():
        say(f"The vault's key is not here: put it back to {settings.key_file} before you start Handrail.")
        return
    with database.read() as work:
        missing = Vault.open(settings.key_file).missing_keys(work)
    if missing:
        say(f"{settings.key_file} lacks the key {', '.join(missing)}: put back the one that belongs to the backup.")


@click.group(epilog="Example: handrail vault rotate-key")
def vault() -> None:
    """The vault's key."""


def _sealed_columns() -> "list[SealedColumn]":
    """Return every place outside of the vault's own tables that holds something sealed."""
    from handrail.registry.access import SEALED_COLUMN
    from handrail.registry.vault import SealedColumn
    from handrail.runtime.sources import SEALED

    return [SEALED_COLUMN, SEALED, SealedColumn("hub_signing_key", "id", "sealed", "hub-signing-key")]


@vault.command("rotate-key", epilog="Example: handrail vault rotate-key")
@dry_run_option
@output_option
@click.pass_obj
def rotate_key(state: State, dry_run: bool, output: str) -> None:
    """Make a new key for the vault and wrap everything with it, while Handrail runs.

    The older keys stay in the key file, so that older backups still open. Copy the file afterwards.
    """
    from handrail.platform.database import Database
    from handrail.registry.vault import Vault

    settings = state.settings()
    if not settings.key_file.exists():
        fail(f"there is no key file at {settings.key_file}.", MISSING, fix="Name the home folder with --home.")
    opened = Vault.open(settings.key_file)
    if dry_run:
        say(f"would add a key to {settings.key_file} and wrap every secret with it (now {opened.key_id})")
        return
    database = Database(settings.database_url)
    try:
        opened.rotate_key()
        with database.begin() as work:
            done = opened.rewrap(work, _operator(), _sealed_columns())
    finally:
        database.close()
    emit(dataclasses.asdict(done), output)
    say(f"Copy {settings.key_file} to where you keep the vault's key.")
