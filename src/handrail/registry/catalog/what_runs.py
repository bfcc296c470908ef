"""What runs where, and how we know."""

from handrail.platform.database import Row, Work, revisions
from handrail.registry import audit
from handrail.registry.audit import Actor
from handrail.registry.catalog import version_store as store
from handrail.registry.catalog.errors import RunningObserved
from handrail.registry.catalog.lookup import find_version
from handrail.registry.catalog.model import App, Assurance, Running, VersionSummary
from handrail.registry.catalog.search import touch
from handrail.registry.catalog.service import find_writable
from handrail.registry.connectors import find_environment
from handrail.registry.identity import Caller, Permission


def _running(row: Row) -> Running:
    return Running(**{**dict(row), "source": Assurance(row["source"])})


def running_of(work: Work, app_id: str, environment_id: str = "") -> list[Running]:
    """Return what runs, one row an environment at most; in all environments by default."""
    return [_running(row) for row in work.all(store.RUNNING, app_id=app_id, environment_id=environment_id)]


def set_running(work: Work, caller: Caller, app: str, environment: str, digest: str) -> Running:
    """Say what runs, for an app that no source watches: a switch, a roll-back or an attestation.

    A version that isn't approved may be named, because what runs is a fact; its calls are then refused.

    Args:
        work: The unit of work.
        caller: Needs `app:write` in the app's team.
        app: The app's name.
        environment: Where it runs.
        digest: A version's digest, a prefix of it, or its number.

    Raises:
        RunningObserved: If a source says what runs.
        VersionUnknown: If there is no such version there.
    """
    owned = find_writable(work, caller, app, Permission.APP_WRITE)
    there = find_environment(work, environment)
    if owned.assurance is not Assurance.DECLARED:
        raise RunningObserved(
            f"What runs of {app!r} is {owned.assurance.value}; nobody can say otherwise.",
            fix="Change it where it runs (roll it back in the builder's own tool): it is noticed within seconds.",
            place="app",
        )
    version = find_version(work, owned, there, digest)
    return set_running_digest(work, caller.actor, owned, version, Assurance.DECLARED)


def set_running_digest(work: Work, actor: Actor, app: App, version: VersionSummary, source: Assurance) -> Running:
    """Note which version runs in its environment, for callers that have decided who may say so."""
    before = running_of(work, app.id, version.environment)
    work.run(
        store.SET_RUNNING,
        app_id=app.id,
        environment_id=version.environment,
        digest=version.digest,
        source=source.value,
        seen_at=work.now,
        set_by=actor.name,
    )
    old = before[0].digest if before else ""
    running = running_of(work, app.id, version.environment)[0]
    if not before or (before[0].digest, before[0].source) != (running.digest, running.source):
        touch(work, app.id)
    if running.digest != old or source is Assurance.DECLARED:
        facts = {
            "environment": version.environment_name,
            "from": old,
            "to": running.digest,
            "source": source.value,
        }
        audit.record(work, actor, "running.set", app.subject, facts)
    if running.digest != old:
        revisions.bump(work, "hub")
    return running
