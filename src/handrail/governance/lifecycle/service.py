"""Submit, decide, roll back, revoke."""

from typing import Final

from handrail.governance.lifecycle import store
from handrail.governance.lifecycle.checks import checklist
from handrail.governance.lifecycle.dossiers import find_review, granted_operations, grants_asked, open_review
from handrail.governance.lifecycle.errors import (
    ChecklistOpen,
    DigestDiffers,
    NotApprovedHere,
    NotSubmittable,
    NoVersion,
    RefusalReasonMissing,
    ReviewUnderWay,
)
from handrail.governance.lifecycle.model import REVIEW_DUE, Decided, Outcome, Review
from handrail.governance.lifecycle.separation import require_other
from handrail.kernel.ids import new_id
from handrail.platform.database import Work
from handrail.registry import access, audit, catalog
from handrail.registry.catalog import App, Assurance, Running, Stage, Status, Version
from handrail.registry.connectors import Environment, find_environment
from handrail.registry.identity import Caller, Permission

_NOTE_MAX: Final = 2000


def submit(work: Work, caller: Caller, app: str, environment: str, *, digest: str = "", note: str = "") -> Review:
    """Ask for a review of a version; a reviewer has 48 hours.

    Args:
        work: The unit of work.
        caller: Needs `version:submit` in the app's team.
        app: The app's name.
        environment: Where it is to run.
        digest: The version's digest, a prefix of it or its number; the newest one there by default.
        note: What the reviewer should know.

    Raises:
        NoVersion: If nothing was uploaded for that environment.
        NotSubmittable: If it is approved and nothing is to be decided.
        ReviewUnderWay: If a version of this app is in review there.
        ChecklistOpen: With every line that does not pass.
    """
    owned = catalog.find_writable(work, caller, app, Permission.VERSION_SUBMIT)
    there = find_environment(work, environment)
    work.lock(_lock(owned, there))
    version = _chosen(work, owned, there, digest)
    _require_submittable(work, owned, there, version)
    _require_checklist(work, owned, version)
    review_id = new_id()
    work.run(
        store.INSERT,
        id=review_id,
        version_id=version.id,
        app_id=owned.id,
        environment_id=there.id,
        digest=version.digest,
        submitted_by=caller.person_id,
        submitted_at=work.now,
        owner_id=owned.owner_id,
        note=note.strip()[:_NOTE_MAX],
        due_at=work.now + REVIEW_DUE,
    )
    catalog.set_status(work, version.id, Status.IN_REVIEW)
    facts = {"review": review_id, "environment": there.name, "digest": version.digest}
    audit.record(work, caller.actor, "version.submitted", owned.subject, facts)
    return find_review(work, caller, review_id)


def approve(work: Work, caller: Caller, app: str, environment: str, digest: str, *, reason: str = "") -> Decided:
    """Approve exactly the version that was reviewed: approval, grants, statuses and stage change together.

    Args:
        work: The unit of work.
        caller: Needs `version:review`, and had no part in the version.
        app: The app's name.
        environment: Where it is to run.
        digest: The whole digest that the reviewer read.
        reason: What the reviewer says about it; kept with the review and in the audit log.

    Raises:
        OwnChange: For author, uploader, submitter and owner.
        NoOpenReview: If nothing is in review there.
        DigestDiffers: If another digest is in review.
        ChecklistOpen: If something the checklist needs has gone since it was submitted.
    """
    owned = catalog.find_writable(work, caller, app, Permission.VERSION_REVIEW)
    there = find_environment(work, environment)
    work.lock(_lock(owned, there))
    review = open_review(work, owned, there)
    version = catalog.version_by_id(work, review.version_id)
    require_other(work, caller, owned, version)
    _require_same(owned, review, digest)
    _require_checklist(work, owned, version)
    grants = grants_asked(version)
    first = not access.approvals(work, owned.id, there.id)
    said = reason.strip()
    approval, superseded = access.add_approval(
        work, caller.actor, owned, version, granted_operations(version), reason=said
    )
    _close(work, caller, review, Outcome.APPROVED, said)
    for old in superseded:
        if old != version.digest:
            catalog.set_status(work, catalog.find_version(work, owned, there, old).id, Status.SUPERSEDED)
    catalog.set_status(work, version.id, Status.APPROVED)
    if there.kind == "production" and owned.stage in {Stage.IDEA, Stage.PROTOTYPE}:
        catalog.set_stage(work, caller.actor, owned, Stage.OPERATING)
    running = False
    if first and owned.assurance is Assurance.DECLARED and not catalog.running_of(work, owned.id, there.id):
        catalog.set_running_digest(work, caller.actor, owned, version, Assurance.DECLARED)
        running = True
    return Decided(approval, grants, running)


def refuse(work: Work, caller: Caller, app: str, environment: str, reason: str, *, digest: str = "") -> Review:
    """Refuse the version in review, with a reason that its builder can act on.

    Raises:
        NoOpenReview: If nothing is in review there.
        RefusalReasonMissing: Without a reason.
        DigestDiffers: If a digest is given and another one is in review.
    """
    owned = catalog.find_writable(work, caller, app, Permission.VERSION_REVIEW)
    there = find_environment(work, environment)
    if not reason.strip():
        raise RefusalReasonMissing(
            "A refusal needs a reason: the builder has to know what would pass.",
            fix="Add --reason TEXT.",
            place="reason",
        )
    work.lock(_lock(owned, there))
    review = open_review(work, owned, there)
    if digest:
        _require_same(owned, review, digest)
    _close(work, caller, review, Outcome.REFUSED, reason.strip())
    catalog.set_status(work, review.version_id, _status_without_review(work, review, Status.REFUSED))
    access.end_graces(work, caller.actor, owned, there.id, "It was refused in review.", review.digest)
    facts = {"review": review.id, "digest": review.digest, "environment": there.name, "reason": reason.strip()}
    audit.record(work, caller.actor, "version.refused", owned.subject, facts)
    return find_review(work, caller, review.id)


def withdraw(work: Work, caller: Caller, app: str, environment: str) -> Review:
    """Take a version out of review; it is a draft again.

    Raises:
        NoOpenReview: If nothing is in review there.
    """
    owned = catalog.find_writable(work, caller, app, Permission.VERSION_SUBMIT)
    there = find_environment(work, environment)
    work.lock(_lock(owned, there))
    review = open_review(work, owned, there)
    _close(work, caller, review, Outcome.WITHDRAWN, "")
    catalog.set_status(work, review.version_id, _status_without_review(work, review, Status.DRAFT))
    facts = {"review": review.id, "digest": review.digest, "environment": there.name}
    audit.record(work, caller.actor, "version.withdrawn", owned.subject, facts)
    return find_review(work, caller, review.id)


def rollback(work: Work, caller: Caller, app: str, environment: str, digest: str) -> Running:
    """Make an older, still approved version the running one.

    Raises:
        NotApprovedHere: If its approval has ended.
        RunningObserved: If a source says what runs: it is rolled back in the builder's own tool.
    """
    owned = catalog.find_writable(work, caller, app, Permission.APP_WRITE)
    there = find_environment(work, environment)
    version = catalog.find_version(work, owned, there, digest)
    if access.live_approval(work, owned.id, there.id, version.digest) is None:
        raise NotApprovedHere(
            f"Version {version.number} of {app!r} is not approved in {environment} (any more).",
            fix=f"Submit it: handrail submit {app} --environment {environment} --version {version.number}",
            place="digest",
        )
    return catalog.set_running(work, caller, app, environment, version.digest)


def revoke(work: Work, caller: Caller, app: str, environment: str, digest: str, reason: str) -> Version:
    """End the approval of a version at once, everywhere in an environment.

    Raises:
        ApprovalUnknown: If it has no live approval there.
        RefusalReasonMissing: Without a reason.
    """
    owned = catalog.find_writable(work, caller, app, Permission.VERSION_REVIEW)
    there = find_environment(work, environment)
    version = catalog.find_version(work, owned, there, digest)
    if not reason.strip():
        raise RefusalReasonMissing(
            "Ending an approval needs a reason: the owner reads it.", fix="Add --reason TEXT.", place="reason"
        )
    access.revoke_approval(work, caller.actor, owned, version, reason.strip())
    access.end_graces(work, caller.actor, owned, there.id, "An approval was revoked.")
    if version.status is not Status.IN_REVIEW:
        catalog.set_status(work, version.id, Status.REVOKED)
    return catalog.version_by_id(work, version.id)


def _lock(app: App, environment: Environment) -> str:
    return f"review:{app.id}:{environment.id}"


def _chosen(work: Work, app: App, environment: Environment, digest: str) -> Version:
    if digest:
        return catalog.find_version(work, app, environment, digest)
    newest = catalog.newest_version(work, app.id, environment.id)
    if newest is None:
        raise NoVersion(
            f"Nothing of {app.name!r} was uploaded for {environment.name} yet.",
            fix=f"Upload it with: handrail version upload {app.name} FILE --environment {environment.name}",
        )
    return newest


def _require_submittable(work: Work, app: App, environment: Environment, version: Version) -> None:
    under_way = work.one(store.OPEN, app_id=app.id, environment_id=environment.id)
    if under_way is not None:
        raise ReviewUnderWay(
            f"Version {under_way['number']} of {app.name!r} is in review for {environment.name} already.",
            fix=f"Wait for the decision, or take it back: handrail withdraw {app.name} "
            f"--environment {environment.name}",
        )
    live = access.live_approval(work, app.id, environment.id, version.digest)
    if live is not None and live.superseded_at is None:
        raise NotSubmittable(
            f"Version {version.number} of {app.name!r} is approved in {environment.name}; nothing is left to decide.",
            fix="Upload a new version first.",
        )


def _require_checklist(work: Work, app: App, version: Version) -> None:
    lines = checklist(app, catalog.manifest_of(version), catalog.uses(work, version))
    missing = [line for line in lines if not line.passed]
    if missing:
        raise ChecklistOpen(
            f"Version {version.number} of {app.name!r} is not ready: {missing[0].text}",
            fix=missing[0].fix,
            place=missing[0].name,
            details={"problems": [{"place": line.name, "detail": line.text, "fix": line.fix} for line in missing]},
        )


def _require_same(app: App, review: Review, digest: str) -> None:
    if digest != review.digest:
        raise DigestDiffers(
            f"In review is version {review.number} of {app.name!r} ({review.digest}), not {digest or 'nothing'}.",
            fix="Read the review that is open now, then name its digest.",
            place="digest",
            details={"digest": review.digest},
        )


def _close(work: Work, caller: Caller, review: Review, outcome: Outcome, reason: str) -> None:
    closed = work.run(
        store.DECIDE,
        id=review.id,
        outcome=outcome.value,
        decided_by=caller.person_id,
        decided_at=work.now,
        reason=reason,
    )
    if not closed:
        raise ReviewUnderWay("Somebody else has just decided this review.", fix="Look at it again.")


def _status_without_review(work: Work, review: Review, otherwise: Status) -> Status:
    # A superseded version that was submitted again keeps its remaining days.
    live = access.live_approval(work, review.app_id, review.environment, review.digest)
    return otherwise if live is None else Status.SUPERSEDED
