"""Find reviews, and show a reviewer what to decide on."""

from collections.abc import Mapping
from typing import Any

from handrail.governance import estate
from handrail.governance.estate import VersionFindings
from handrail.governance.lifecycle import store
from handrail.governance.lifecycle.checks import checklist, read_by_machine
from handrail.governance.lifecycle.errors import NoOpenReview, ReviewUnknown
from handrail.governance.lifecycle.model import Dossier, Outcome, Review
from handrail.governance.lifecycle.separation import barred
from handrail.platform.database import Row, Work
from handrail.registry import access, catalog
from handrail.registry.access import Approval, Grant, GrantedOperation
from handrail.registry.catalog import App, Version
from handrail.registry.connectors import Environment
from handrail.registry.identity import Caller, Permission


def _review(row: Row) -> Review:
    values: Mapping[str, Any] = {**dict(row), "outcome": Outcome(row["outcome"])}
    return Review(**values)


def _scope(caller: Caller) -> dict[str, Any]:
    teams = caller.teams(Permission.APP_READ)
    return {"all_teams": int(teams is None), "teams": sorted(teams or ())}


def reviews(work: Work, caller: Caller, *, app: str = "", closed: bool = False, mine: bool = False) -> list[Review]:
    """Return the reviews that the caller may see, the most urgent first.

    Args:
        work: Any unit of work.
        caller: Sees the reviews of apps that they may see.
        app: Only of this app.
        closed: Decided ones too.
        mine: Only those that the caller submitted.
    """
    rows = work.all(store.LISTING, all_outcomes=int(closed), **_wanted(work, caller, app, mine=mine))
    return [_review(row) for row in rows]


def decided_reviews(
    work: Work, caller: Caller, *, app: str = "", mine: bool = False, before: str = "", limit: int = 50
) -> list[Review]:
    """Return the decided reviews that the caller may see, the newest decision first.

    Args:
        work: Any unit of work.
        caller: Sees the reviews of apps that they may see.
        app: Only of this app.
        mine: Only those that the caller submitted.
        before: Id of the review that the page before ended with.
        limit: How many at most.
    """
    rows = work.all(store.DECIDED, before=before, count=limit, **_wanted(work, caller, app, mine=mine))
    return [_review(row) for row in rows]


def _wanted(work: Work, caller: Caller, app: str, *, mine: bool) -> dict[str, Any]:
    app_id = catalog.find_app(work, caller, app).id if app else ""
    return {"app_id": app_id, "me": caller.person_id if mine else "", **_scope(caller)}


def find_review(work: Work, caller: Caller, review_id: str) -> Review:
    """Return a review.

    Raises:
        ReviewUnknown: If there is none, or if it is of an app that the caller may not see.
    """
    row = work.one(store.BY_ID, id=review_id, **_scope(caller))
    if row is None:
        raise ReviewUnknown("There is no such review that you may see.", fix="List them: handrail review list")
    return _review(row)


def open_review(work: Work, app: App, environment: Environment) -> Review:
    """Return the review under way for an app in an environment.

    Raises:
        NoOpenReview: If there is none.
    """
    row = work.one(store.OPEN, app_id=app.id, environment_id=environment.id)
    if row is None:
        raise NoOpenReview(
            f"No version of {app.name!r} is in review for {environment.name}.",
            fix=f"Its builder submits one with: handrail submit {app.name} --environment {environment.name}",
        )
    return _review(row)


def dossier(work: Work, review: Review, found: VersionFindings | None = None) -> Dossier:
    """Return what a reviewer needs to decide.

    Args:
        work: Any unit of work.
        review: Of which version.
        found: What the automatic checks say of it; what they said last by default.
    """
    app = catalog.app_by_id(work, review.app_id)
    version = catalog.version_by_id(work, review.version_id)
    # What was read for a decision stays readable: a decided review is compared with what was approved then.
    before = approved_before(work, version, at=review.decided_at)
    return Dossier(
        review=review,
        compared_with=before.number if before else 0,
        changes=catalog.changes_between(work, before, version),
        grants=grants_asked(version),
        checks=(
            *checklist(app, catalog.manifest_of(version), catalog.uses(work, version)),
            *read_by_machine(found or estate.findings_of(work, version.id)),
        ),
        barred=barred(work, app, version),
        approval=_given(work, review),
    )


def _given(work: Work, review: Review) -> Approval | None:
    if review.outcome is not Outcome.APPROVED:
        return None
    found = access.approvals(work, review.app_id, review.environment)
    return next((each for each in found if each.valid_from == review.decided_at), None)


def approved_before(work: Work, version: Version, *, at: int | None = None) -> Version | None:
    """Return the version that a version is compared with: what was approved there last (then), if not itself."""
    return access.newest_approved(work, version.app_id, version.environment, except_digest=version.digest, at=at)


def granted_operations(version: Version) -> tuple[GrantedOperation, ...]:
    """Return what approving a version grants: exactly the operations that its closure names."""
    ids = dict(version.closure["connections"])
    return tuple(
        GrantedOperation(ids[connection], operation, interface)
        for connection, operation, interface in version.closure["operations"]
    )


def grants_asked(version: Version) -> tuple[Grant, ...]:
    """Return the same for people, by connection's name."""
    ids = dict(version.closure["connections"])
    return tuple(
        Grant(ids[connection], connection, operation) for connection, operation, _ in version.closure["operations"]
    )
