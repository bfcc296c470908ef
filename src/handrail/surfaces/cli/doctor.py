"""Finds out what is wrong with an install, and says what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import click

from handrail.surfaces.cli.client import REFUSED
from handrail.surfaces.cli.output import emit, output_option, say
from handrail.surfaces.cli.session_state import State

_FREE_BYTES: Final = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `state` is ok, warning or failed."""

    check: str
    state: str
    detail: str
    fix: str = ""


@click.command(epilog="Example: handrail doctor -o json")
@output_option
@click.pass_obj
def doctor(state: State, output: str) -> None:
    """Check this machine's install: files, database, vault, processes and hub. Exit code 1 when something failed."""
    findings = [finding for check in _CHECKS for finding in _guarded(check, state)]
    emit(
        [{"check": item.check, "state": item.state, "detail": item.detail, "fix": item.fix} for item in findings],
        output,
    )
    failed = sum(item.state == "failed" for item in findings)
    if failed:
        say(f"{failed} of {len(findings)} checks failed")
        raise SystemExit(REFUSED)
    say("nothing is wrong" if all(item.state == "ok" for item in findings) else "it works, with warnings")


def _guarded(check: "Callable[[State], Iterator[Finding]]", state: State) -> list[Finding]:
    from handrail.kernel.errors import HandrailError

    name = check.__name__.strip("_")
    try:
        return list(check(state))
    except HandrailError as error:
        return [Finding(name, "failed", error.message, error.fix)]
    except Exception as error:  # noqa: BLE001 - a doctor who faints helps nobody; the class tells where to look
        # A check that could not run is a finding, never silence.
        return [Finding(name, "failed", f"the check itself failed: {type(error).__name__}", "See the logs of serve.")]


def _home(state: State) -> Iterator[Finding]:
    home = state.settings().home
    if not home.is_dir():
        yield Finding("home", "failed", f"{home} does not exist", "Make it with: handrail init, or handrail up.")
        return
    if home.stat().st_mode & 0o077:
        yield Finding("home", "warning", f"others may look into {home}", f"chmod 700 {home}")
    else:
        yield Finding("home", "ok", str(home))
    free = shutil.disk_usage(home).free
    enough = free > _FREE_BYTES
    yield Finding(
        "disk", "ok" if enough else "warning", f"{free // 1024 // 1024} MiB free", "" if enough else "Free some space."
    )


def _database(state: State) -> Iterator[Finding]:
    from handrail.platform.database import Database, migrate

    settings = state.settings()
    if settings.database_url.startswith("sqlite:///") and not (settings.home / "handrail.db").exists():
        yield Finding("database", "failed", "there is no database yet", "Make it with: handrail init, or handrail up.")
        return
    database = Database(settings.database_url)
    try:
        found, newest = migrate.status(database), migrate.newest()
        if found != newest:
            yield Finding("database", "failed", f"schema {found or 'none'}, not {newest}", "Run: handrail migrate")
            return
        yield Finding("database", "ok", f"{database.dialect}, schema {found}")
        yield from _inside(state, database)
    finally:
        database.close()


def _inside(state: State, database: Any) -> Iterator[Finding]:
    from handrail.registry import audit, catalog
    from handrail.registry.vault import Vault
    from handrail.runtime import hub

    settings = state.settings()
    if not settings.key_file.exists():
        yield Finding(
            "vault", "failed", f"the key {settings.key_file} is missing", "Bring it back from where you keep it."
        )
    else:
        vault = Vault.open(settings.key_file)
        with database.read() as work:
            missing = vault.missing_keys(work)
        if missing:
            names = ", ".join(sorted(missing))
            yield Finding("vault", "failed", f"secrets are sealed with other keys: {names}", "Bring those keys back.")
        else:
            yield Finding("vault", "ok", f"key {vault.key_id}")
    with database.read() as work:
        verdict = audit.verify(work)
        live = hub.live_hubs(work)
        faults = catalog.index_faults(work)
    if verdict.fault is not None:
        yield Finding(
            "audit", "failed", str(verdict.fault), "Run: handrail audit verify, and keep a copy of the database."
        )
    else:
        yield Finding("audit", "ok", f"{verdict.rows} rows, intact")
    if faults:
        yield Finding("search", "warning", f"{faults} apps or counts are wrong", "Run: handrail catalog reindex")
    else:
        yield Finding("search", "ok", "every app is indexed")
    if not live:
        yield Finding(
            "hubs", "failed", "no hub has been heard of in the last minute", "Start one: handrail up, or handrail hub."
        )
    for found in live:
        problems = "; ".join(found.problems)
        yield Finding(
            f"hub {found.name}",
            "warning" if problems else "ok",
            problems or f"enforces revision {found.acked_revision}",
        )


def _serve(state: State) -> Iterator[Finding]:
    import httpx2 as httpx

    url = state.url or state.settings().url
    try:
        answer = httpx.get(f"{url}/readyz", timeout=5, trust_env=False)
    except httpx.HTTPError as error:
        yield Finding("serve", "failed", f"nothing answers at {url} ({type(error).__name__})", "Start it: handrail up.")
        return
    missing = "; ".join(answer.json().get("missing", [])) if answer.status_code == 503 else ""
    if answer.status_code == 200:
        yield Finding("serve", "ok", url)
    else:
        yield Finding("serve", "failed", missing or f"answers {answer.status_code}", "See the log of serve.")


def _agent(state: State) -> Iterator[Finding]:
    from handrail.runtime import edge

    found = edge.status(state.settings().home)
    if found is None:
        yield Finding("agent", "warning", "no hub agent runs for this home", "handrail up and handrail hub start one.")
        return
    for warning in found.get("warnings", []):
        yield Finding("agent", "warning", str(warning))
    for problem in found.get("problems", []):
        words = problem if isinstance(problem, str) else problem.get("message", "")
        yield Finding("agent", "warning", str(words), "" if isinstance(problem, str) else problem.get("fix", ""))
    ready = bool(found.get("ready"))
    yield Finding(
        "agent", "ok" if ready else "failed", "ready" if ready else "not ready yet", "" if ready else "See its log."
    )


_CHECKS: Final = (_home, _database, _serve, _agent)
