"""Reviews: submit, decide, and when a decision is in force."""

from fastapi import APIRouter

from handrail.governance import lifecycle
from handrail.governance.lifecycle import Decided, Dossier, Review
from handrail.kernel.clock import rfc3339
from handrail.registry import access, catalog
from handrail.registry.access import Approval, Grant
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.routes.versions import ChangeView, VersionView
from handrail.surfaces.http.texts import Line, Words
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["reviews"])


class ReviewView(View):
    id: str
    app: str
    environment: str
    number: int
    digest: str
    outcome: str
    submitted_by: str
    submitted_at: str
    due_at: str
    note: str
    decided_by: str
    decided_at: str | None
    reason: str

    @classmethod
    def of(cls, review: Review) -> "ReviewView":
        return cls(
            id=review.id,
            app=review.app,
            environment=review.environment_name,
            number=review.number,
            digest=review.digest,
            outcome=review.outcome.value,
            submitted_by=review.submitter,
            submitted_at=rfc3339(review.submitted_at),
            due_at=rfc3339(review.due_at),
            note=review.note,
            decided_by=review.decider,
            decided_at=None if review.decided_at is None else rfc3339(review.decided_at),
            reason=review.reason,
        )


class ReviewsView(View):
    items: list[ReviewView]


class GrantView(View):
    connection: str
    operation: str

    @classmethod
    def of(cls, grant: Grant) -> "GrantView":
        return cls(connection=grant.connection, operation=grant.operation)


class CheckView(View):
    name: str
    passed: bool
    text: str
    fix: str


class BarView(View):
    """Somebody who may not approve it, and why."""

    part: str
    name: str


class DossierView(ReviewView):
    """What a reviewer needs to decide; `comparedWith` is 0 when nothing was approved before."""

    compared_with: int
    changes: list[ChangeView]
    grants: list[GrantView]
    checks: list[CheckView]
    barred: list[BarView]

    @classmethod
    def whole(cls, dossier: Dossier) -> "DossierView":
        return cls(
            **ReviewView.of(dossier.review).model_dump(),
            compared_with=dossier.compared_with,
            changes=[ChangeView.of(change) for change in dossier.changes],
            grants=[GrantView.of(grant) for grant in dossier.grants],
            checks=[
                CheckView(name=check.name, passed=check.passed, text=check.text, fix=check.fix)
                for check in dossier.checks
            ],
            barred=[BarView(part=bar.part, name=bar.name) for bar in dossier.barred],
        )


class ApprovalView(View):
    """`inForce` says that every live hub enforces it."""

    id: str
    environment: str
    number: int
    digest: str
    approver: str
    policy: str
    valid_from: str
    expires_at: str
    superseded_at: str | None
    revoked_at: str | None
    live: bool
    in_force: bool

    @classmethod
    def of(cls, approval: Approval, now: int, *, in_force: bool) -> "ApprovalView":
        return cls(
            id=approval.id,
            environment=approval.environment_name,
            number=approval.number,
            digest=approval.digest,
            approver=approval.approver_name,
            policy=approval.policy_revision,
            valid_from=rfc3339(approval.valid_from),
            expires_at=rfc3339(approval.expires_at),
            superseded_at=None if approval.superseded_at is None else rfc3339(approval.superseded_at),
            revoked_at=None if approval.revoked_at is None else rfc3339(approval.revoked_at),
            live=approval.live(now),
            in_force=in_force,
        )


class DecidedView(ApprovalView):
    """`running` says that it became the running version at once."""

    grants: list[GrantView]
    running: bool

    @classmethod
    def decided(cls, decided: Decided, now: int) -> "DecidedView":
        view = ApprovalView.of(decided.approval, now, in_force=False)
        grants = [GrantView.of(grant) for grant in decided.grants]
        return cls(**view.model_dump(), grants=grants, running=decided.running)


class SubmissionNew(Body):
    """`digest` may be a prefix or a number; the newest version by default."""

    environment: Line = "production"
    digest: Line = ""
    note: Words = ""


class WithdrawalNew(Body):
    environment: Line = "production"


class ApprovalNew(Body):
    """`digest` is the whole digest that was read in the review."""

    environment: Line = "production"
    digest: Line


class RefusalNew(Body):
    environment: Line = "production"
    digest: Line = ""
    reason: Words


class RevocationNew(Body):
    environment: Line = "production"
    digest: Line
    reason: Words


@router.get("/api/v1/reviews", responses=PROBLEMS)
def list_reviews(context: ContextDep, caller: CallerDep, app: str = "", closed: bool = False) -> ReviewsView:
    """List reviews, the most urgent first; decided ones with `closed=true`."""
    with context.database.read() as work:
        found = lifecycle.reviews(work, caller, app=app, closed=closed)
    return ReviewsView(items=[ReviewView.of(review) for review in found])


@router.get("/api/v1/reviews/{review_id}", responses=PROBLEMS)
def read_review(context: ContextDep, caller: CallerDep, review_id: str) -> DossierView:
    """Show what a reviewer needs to decide: the difference, the grants, the checklist, who is barred."""
    with context.database.read() as work:
        review = lifecycle.find_review(work, caller, review_id)
        return DossierView.whole(lifecycle.dossier(work, review))


@router.post("/api/v1/apps/{name}/submit", status_code=201, responses=PROBLEMS)
def submit(context: ContextDep, caller: CallerDep, name: str, body: SubmissionNew) -> ReviewView:
    """Ask for a review of a version."""
    with context.database.begin() as work:
        review = lifecycle.submit(work, caller, name, body.environment, digest=body.digest, note=body.note)
    return ReviewView.of(review)


@router.post("/api/v1/apps/{name}/withdraw", responses=PROBLEMS)
def withdraw(context: ContextDep, caller: CallerDep, name: str, body: WithdrawalNew) -> ReviewView:
    """Take the version in review back."""
    with context.database.begin() as work:
        return ReviewView.of(lifecycle.withdraw(work, caller, name, body.environment))


@router.post("/api/v1/apps/{name}/approve", responses=PROBLEMS)
def approve(context: ContextDep, caller: CallerDep, name: str, body: ApprovalNew) -> DecidedView:
    """Approve exactly the version that was reviewed."""
    with context.database.begin() as work:
        decided = lifecycle.approve(work, caller, name, body.environment, body.digest)
        return DecidedView.decided(decided, work.now)


@router.post("/api/v1/apps/{name}/refuse", responses=PROBLEMS)
def refuse(context: ContextDep, caller: CallerDep, name: str, body: RefusalNew) -> ReviewView:
    """Refuse the version in review, with a reason."""
    with context.database.begin() as work:
        return ReviewView.of(lifecycle.refuse(work, caller, name, body.environment, body.reason, digest=body.digest))


@router.post("/api/v1/apps/{name}/revoke", responses=PROBLEMS)
def revoke(context: ContextDep, caller: CallerDep, name: str, body: RevocationNew) -> VersionView:
    """End the approval of a version at once."""
    with context.database.begin() as work:
        return VersionView.of(lifecycle.revoke(work, caller, name, body.environment, body.digest, body.reason))


@router.get("/api/v1/apps/{name}/approvals/{approval_id}", responses=PROBLEMS)
def read_approval(context: ContextDep, caller: CallerDep, name: str, approval_id: str) -> ApprovalView:
    """Show an approval, and whether every live hub enforces it."""
    with context.database.read() as work:
        app = catalog.find_app(work, caller, name)
        approval = access.approval_of(work, app, approval_id)
        return ApprovalView.of(approval, work.now, in_force=lifecycle.in_force(work, approval))
