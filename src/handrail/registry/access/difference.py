"""Why a digest may not run, in words: what differs from what was approved."""

from collections.abc import Sequence
from typing import Final

from handrail.kernel.clock import rfc3339
from handrail.language.closure import summarise
from handrail.platform.database import Row, Work
from handrail.registry import catalog
from handrail.registry.access import store
from handrail.registry.catalog import App, Version, VersionSummary
from handrail.registry.connectors import Environment

_TEXT_MAX: Final = 600


def newest_approved(
    work: Work, app_id: str, environment_id: str, *, except_digest: str = "", at: int | None = None
) -> Version | None:
    """Return the version of an app that was approved last for an environment and still is (or was, `at` a time)."""
    version_id = work.scalar(
        store.NEWEST_APPROVED,
        app_id=app_id,
        environment_id=environment_id,
        except_digest=except_digest,
        at=work.now if at is None else at,
    )
    return None if version_id is None else catalog.version_by_id(work, version_id)


def why_not_approved(work: Work, app: App, environment: Environment, version: VersionSummary) -> str:
    """Return why a version of an app may not run in an environment, with the difference to what may."""
    ended = work.one(store.ENDED, app_id=app.id, environment_id=environment.id, digest=version.digest)
    approved = newest_approved(work, app.id, environment.id, except_digest=version.digest)
    current = catalog.version_by_id(work, version.id)
    return _text(work, app.name, environment.name, current, approved, ended)


def refusal_texts(work: Work, environment: str, rows: Sequence[Row]) -> dict[str, str]:
    """Return, by app id, why each running digest in `rows` (of `store.REFUSALS`) may not run."""
    ids = {str(row[name]) for row in rows for name in ("running_version", "approved_version") if row[name]}
    versions = catalog.versions_by_id(work, sorted(ids))
    return {
        row["app_id"]: _text(
            work,
            row["name"],
            environment,
            versions[row["running_version"]],
            versions.get(row["approved_version"] or ""),
            row,
        )
        for row in rows
    }


def _text(work: Work, app: str, environment: str, current: Version, approved: Version | None, ended: Row | None) -> str:
    what = f"Version {current.number} of {app}"
    if ended is not None and ended["revoked_at"] is not None:
        opening = f"The approval of version {current.number} of {app} in {environment} was ended"
    elif ended is not None and ended["expired_at"] is not None:
        opening = f"{what} was approved in {environment} until {rfc3339(ended['expired_at'])}"
    else:
        opening = f"{what} is not approved in {environment}"
    if approved is None:
        return f"{opening}; no other version is approved there."
    changes = summarise(catalog.changes_between(work, approved, current))
    return f"{opening}. Since version {approved.number}, which is: {changes}."[:_TEXT_MAX]
