"""Finds out what is wrong with an install, and says what to do about it."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from handrail.surfaces.cli.client import REFUSED
from handrail.surfaces.cli.output import emit, output_option, say
from handrail.surfaces.cli.session_state import State

if TYPE_CHECKING:
    from handrail.runtime.doctor import Finding


@click.command(epilog="Example: handrail doctor -o json")
@output_option
@click.pass_obj
def doctor(state: State, output: str) -> None:
    """Check this machine's install: files, database, vault, processes and hub. Exit code 1 when something failed."""
    from handrail.runtime.doctor import guarded

    findings = [finding for name, check in _CHECKS.items() for finding in guarded(name, partial(check, state))]
    emit(
        [{"check": item.check, "state": item.state, "detail": item.detail, "fix": item.fix} for item in findings],
        output,
    )
    failed = sum(item.state == "failed" for item in findings)
    if failed:
        say(f"{failed} of {len(findings)} checks failed")
        raise SystemExit(REFUSED)
    say("nothing is wrong" if all(item.state == "ok" for item in findings) else "it works, with warnings")


def _home(state: State) -> "Iterator[Finding]":
    from handrail.runtime.doctor import Finding, disk

    home = state.settings().home
    if not home.is_dir():
        yield Finding("home", "failed", f"{home} does not exist", "Make it with: handrail init, or handrail up.")
        return
    if home.stat().st_mode & 0o077:
        yield Finding("home", "warning", f"others may look into {home}", f"chmod 700 {home}")
    else:
        yield Finding("home", "ok", str(home))
    yield from disk(home)


def _database(state: State) -> "Iterator[Finding]":
    from handrail.platform.database import Database
    from handrail.runtime.doctor import Finding, examine

    settings = state.settings()
    if settings.database_url.startswith("sqlite:///") and not (settings.home / "handrail.db").exists():
        yield Finding("database", "failed", "there is no database yet", "Make it with: handrail init, or handrail up.")
        return
    database = Database(settings.database_url)
    try:
        yield from examine(database, settings.key_file, whole_log=True)
    finally:
        database.close()


def _serve(state: State) -> "Iterator[Finding]":
    import httpx2 as httpx

    from handrail.runtime.doctor import Finding

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


def _agent(state: State) -> "Iterator[Finding]":
    from handrail.runtime import edge
    from handrail.runtime.doctor import Finding

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


_CHECKS: Final = {"home": _home, "database": _database, "serve": _serve, "agent": _agent}
