"""Find versions, and what is known of each."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from handrail.language.manifest import AppManifest
from handrail.language.manifest import manifest_of as read_manifest
from handrail.platform.database import Row, Work
from handrail.registry.catalog import version_store as store
from handrail.registry.catalog.errors import DigestAmbiguous, VersionUnknown
from handrail.registry.catalog.model import App, Status, Version, VersionSummary
from handrail.registry.catalog.search import touch
from handrail.registry.connectors import Environment

_WHICH: Final = re.compile(r"[a-z0-9:]{1,100}")
_PREFIX_MIN: Final = len("c1:sha256:") + 6


def _summary(row: Row) -> VersionSummary:
    return VersionSummary(**{**dict(row), "status": Status(row["status"])})


def _version(row: Row) -> Version:
    documents: dict[str, Any] = {name: json.loads(row[name]) for name in ("closure", "graph", "manifest")}
    return Version(**{**dict(row), "status": Status(row["status"]), **documents})


def version_by_id(work: Work, version_id: str) -> Version:
    """Return a version.

    Raises:
        VersionUnknown: If there is none.
    """
    row = work.one(store.BY_ID, id=version_id)
    if row is None:
        raise VersionUnknown("There is no such version.")
    return _version(row)


def versions_by_id(work: Work, ids: list[str]) -> dict[str, Version]:
    """Return several versions at once, by id."""
    return {row["id"]: _version(row) for row in work.all(store.BY_IDS, ids=ids)} if ids else {}


def find_version(work: Work, app: App, environment: Environment, which: str) -> Version:
    """Return a version of an app in an environment.

    Args:
        work: Any unit of work.
        app: The app.
        environment: The environment.
        which: A digest, the beginning of one (with or without `c1:sha256:`), or a number.

    Raises:
        VersionUnknown: If there is none.
        DigestAmbiguous: If several digests begin like that.
    """
    place = {"app_id": app.id, "environment_id": environment.id}
    if not _WHICH.fullmatch(which):
        _unknown(app, environment, which)
    row = work.one(store.BY_DIGEST, digest=which, **place)
    if row is None and which.isdecimal() and len(which) < 10:
        row = work.one(store.BY_NUMBER, number=int(which), **place)
    if row is None:
        prefix = which if which.startswith("c1:") else f"c1:sha256:{which}"
        found = work.all(store.BY_PREFIX, prefix=prefix, length=len(prefix), **place)
        if len(prefix) >= _PREFIX_MIN and len(found) > 1:
            raise DigestAmbiguous(f"Several versions begin with {which}.", fix="Give more of it.", place="digest")
        row = found[0] if found and len(prefix) >= _PREFIX_MIN else None
    if row is None:
        _unknown(app, environment, which)
    return _version(row)


def _unknown(app: App, environment: Environment, which: str) -> NoReturn:
    raise VersionUnknown(
        f"{app.name!r} has no version {which!r} in {environment.name}.",
        fix=f"List them with: handrail version list {app.name}",
        place="version",
    )


def versions(work: Work, app_id: str, environment_id: str = "") -> list[VersionSummary]:
    """Return the versions of an app, newest first; in all environments by default."""
    return [_summary(row) for row in work.all(store.LISTING, app_id=app_id, environment_id=environment_id)]


def newest_version(work: Work, app_id: str, environment_id: str) -> Version | None:
    """Return the version of an app that was uploaded last for an environment, or None."""
    row = work.one(store.NEWEST, app_id=app_id, environment_id=environment_id)
    return None if row is None else _version(row)


def manifest_of(version: Version) -> AppManifest:
    """Return what a version declares."""
    return read_manifest(AppManifest, dict(version.manifest))


def sources_of(work: Work, found: Iterable[VersionSummary]) -> dict[str, Any]:
    """Return the sources that versions were taken from, as JSON with secrets replaced, by source digest."""
    digests = sorted({version.source_digest for version in found})
    rows = work.all(store.SOURCES, digests=digests) if digests else []
    return {row["digest"]: json.loads(row["content"]) for row in rows}


def set_status(work: Work, version_id: str, status: Status) -> None:
    """Note what was decided about a version; the lifecycle decides and records it."""
    app_id = work.scalar(store.SET_STATUS, id=version_id, status=status.value)
    if app_id is not None:
        touch(work, app_id)


def makers(work: Work, app_id: str, source_digest: str) -> list[tuple[str, str, str]]:
    """Return author, uploader's name and uploader's id of every version of an app with this source."""
    rows = work.all(store.MAKERS, app_id=app_id, source_digest=source_digest)
    return [(row["author"], row["uploader"], row["uploaded_by"]) for row in rows]
