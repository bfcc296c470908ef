"""The checks that are the same from the command line and inside serve."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from handrail.kernel.clock import MINUTE, SECOND
from handrail.platform.database import Database, migrate
from handrail.registry import audit, catalog
from handrail.registry.vault import Vault
from handrail.runtime import hub, signals, sources
from handrail.runtime.doctor.guard import guarded
from handrail.runtime.doctor.model import Finding

FREE_BYTES: Final = 500 * 1024 * 1024
# A live hub reports every few seconds, also when nobody calls.
_STALE: Final = 5 * MINUTE
_TOLD: Final = 5


def disk(home: Path) -> list[Finding]:
    """Check that the home folder has room."""

    def check() -> Iterator[Finding]:
        free = shutil.disk_usage(home).free
        enough = free > FREE_BYTES
        yield Finding(
            "disk",
            "ok" if enough else "warning",
            f"{free // 1024 // 1024} MiB free",
            "" if enough else "Free some space.",
        )

    return guarded("disk", check)


def schema(database: Database) -> list[Finding]:
    """Check that the database answers and has this version's schema; nothing else can be read before that."""

    def check() -> Iterator[Finding]:
        found, newest = migrate.status(database), migrate.newest()
        if found != newest:
            yield Finding("database", "failed", f"schema {found or 'none'}, not {newest}", "Run: handrail migrate")
            return
        yield Finding("database", "ok", f"{database.dialect}, schema {found}")

    return guarded("database", check)


def examine(database: Database, key_file: Path, *, whole_log: bool = False) -> list[Finding]:
    """Check database, vault, audit log, hubs, sources and signals.

    Args:
        database: Where everything is kept.
        key_file: The vault's key.
        whole_log: Check every row of the audit log, not only the last thousand: takes seconds for a long one.
    """
    first = schema(database)
    if any(finding.state == "failed" for finding in first):
        return first
    checks: dict[str, Callable[[], Iterable[Finding]]] = {
        "vault": lambda: _vault(database, key_file),
        "audit": lambda: _audit(database, whole_log=whole_log),
        "search": lambda: _search(database),
        "hubs": lambda: _hubs(database),
        "sources": lambda: _sources(database),
        "signals": lambda: _signals(database),
    }
    return [*first, *(finding for name, check in checks.items() for finding in guarded(name, check))]


def _vault(database: Database, key_file: Path) -> Iterator[Finding]:
    # Opening would make a new key where there is none.
    if not key_file.exists():
        yield Finding("vault", "failed", f"the key {key_file} is missing", "Bring it back from where you keep it.")
        return
    vault = Vault.open(key_file)
    with database.read() as work:
        missing = vault.missing_keys(work)
    if missing:
        names = ", ".join(sorted(missing))
        yield Finding("vault", "failed", f"secrets are sealed with other keys: {names}", "Bring those keys back.")
    else:
        yield Finding("vault", "ok", f"key {vault.key_id}")


def _audit(database: Database, *, whole_log: bool) -> Iterator[Finding]:
    with database.read() as work:
        verdict = audit.verify(work) if whole_log else audit.verify_tail(work)
    if verdict.fault is not None:
        yield Finding(
            "audit", "failed", verdict.fault.text, "Run: handrail audit verify, and keep a copy of the database."
        )
    elif whole_log:
        yield Finding("audit", "ok", f"{verdict.rows} rows, intact")
    else:
        rows = f"the last {verdict.rows} rows are intact" if verdict.rows else "no row is sealed yet"
        yield Finding("audit", "ok", rows)


def _search(database: Database) -> Iterator[Finding]:
    with database.read() as work:
        faults = catalog.index_faults(work)
    if faults:
        yield Finding("search", "warning", f"{faults} apps or counts are wrong", "Run: handrail catalog reindex")
    else:
        yield Finding("search", "ok", "every app is indexed")


def _hubs(database: Database) -> Iterator[Finding]:
    with database.read() as work:
        live = hub.live_hubs(work)
    if not live:
        fix = "Start one: handrail up, or handrail hub."
        yield Finding("hubs", "failed", "no hub has been heard of in the last minute", fix)
    for found in live:
        problems = "; ".join(found.problems)
        yield Finding(
            f"hub {found.name}",
            "warning" if problems else "ok",
            problems or f"enforces revision {found.acked_revision}",
        )


def _sources(database: Database) -> Iterator[Finding]:
    with database.read() as work:
        found, now = sources.silent(work), work.now
    if not found:
        yield Finding("sources", "ok", "every watched app was read in time")
        return
    told = [
        f"{each.source} ({each.app}): {each.state.value} for {(now - each.since) // SECOND} s" for each in found[:_TOLD]
    ]
    more = f", and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    fix = "See handrail source list; a worker must run, and the builder must answer."
    yield Finding("sources", "warning", "; ".join(told) + more, fix)


def _signals(database: Database) -> Iterator[Finding]:
    with database.read() as work:
        live, known, now = hub.live_hubs(work), signals.freshness(work), work.now
    reported = {each.hub_id: each.as_of for each in known}
    # A hub that was enrolled a moment ago has nothing to report yet.
    as_of = {found.name: reported.get(found.id, found.created_at) for found in live}
    late = [name for name, at in as_of.items() if now - at > _STALE]
    if late:
        yield Finding(
            "signals",
            "warning",
            f"no calls are known of the last minutes from {', '.join(late[:_TOLD])}",
            "Calls go on as usual. Look at the log of the roll-up on that hub's machine.",
        )
    elif not live:
        yield Finding("signals", "warning", "no hub is there to report calls", "Start one: handrail up.")
    else:
        yield Finding("signals", "ok", f"calls are known up to {(now - min(as_of.values())) // SECOND} s ago")
