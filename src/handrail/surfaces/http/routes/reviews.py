"""Reviews: submit, decide, and when a decision is in force."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from handrail.governance import estate, lifecycle
from handrail.governance.estate import VersionFindings
from handrail.governance.lifecycle import Decided, Dossier, Review, Standing
from handrail.kernel.clock import rfc3339
from handrail.registry import access, catalog
from handrail.registry.access import Approval, Grant
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.findings import FoundView
from handrail.surfaces.http.routes.versions import ChangeView, VersionView
from handrail.surfaces.http.texts import Line, Words
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["reviews"])
_DECIDERS_TOLD: Final = 5


class ReviewView(View):
    id: str
    app: str
    team: str
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
            team=review.team,
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


class StandingView(View):
    """Who may decide it (the first few and how many), and where the reader stands: `parts` are theirs in it."""

    may_decide: bool
    parts: list[str]
    deciders: list[str]
    decider_count: int

    @classmethod
    def of(cls, standing: Standing) -> "StandingView":
        return cls(
            may_decide=standing.may_decide,
            parts=list(standing.parts),
            deciders=list(standing.deciders[:_DECIDERS_TOLD]),
            decider_count=len(standing.deciders),
        )


class QueuedView(ReviewView):
    """`standing` is null for a review that is decided."""

    standing: StandingView | None

    @classmethod
    def queued(cls, review: Review, standing: Standing | None) -> "QueuedView":
        told = None if standing is None else StandingView.of(standing)
        return cls(**ReviewView.of(review).model_dump(), standing=told)


class ReviewsView(View):
    """`next` is the `before` of the next page; null on the last one, and where nothing is paged."""

    items: list[QueuedView]
    next: str | None


class GrantView(View):
    connection: str
    operation: str

    @classmethod
    def of(cls, grant: Grant) -> "GrantView":
        return cls(connection=grant.connection, operation=grant.operation)


class CheckView(View):
    """`required` says that a version which fails it cannot be approved; what others mean is for the reviewer."""

    name: str
    passed: bool
    text: str
    fix: str
    required: bool


class BarView(View):
    """Somebody who may not approve it, and why."""

    part: str
    name: str


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


class DossierView(QueuedView):
    """What a reviewer needs to decide; `comparedWith` is 0 when nothing was approved before.

    `approval` is what its approval gave, as it stands now; `findings` what the automatic checks say of the version.
    """

    compared_with: int
    changes: list[ChangeView]
    grants: list[GrantView]
    checks: list[CheckView]
    barred: list[BarView]
    approval: ApprovalView | None
    findings: list[FoundView]

    @classmethod
    def whole(
        cls, dossier: Dossier, standing: Standing | None, approval: ApprovalView | None, found: VersionFindings
    ) -> "DossierView":
        return cls(
            **ReviewView.of(dossier.review).model_dump(),
            standing=None if standing is None else StandingView.of(standing),
            compared_with=dossier.compared_with,
            changes=[ChangeView.of(change) for change in dossier.changes],
            grants=[GrantView.of(grant) for grant in dossier.grants],
            checks=[
                CheckView(name=check.name, passed=check.passed, text=check.text, fix=check.fix, required=check.required)
                for check in dossier.checks
            ],
            barred=[BarView(part=bar.part, name=bar.name) for bar in dossier.barred],
            approval=approval,
            findings=[FoundView.model_validate(each) for each in found.findings],
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
    """`digest` is the whole digest that was read in the review; `reason` is kept with it and in the audit log."""

    environment: Line = "production"
    digest: Line
    reason: Words = ""


class RefusalNew(Body):
    environment: Line = "production"
    digest: Line = ""
    reason: Words


class RevocationNew(Body):
    environment: Line = "production"
    digest: Line
    reason: Words


@router.get("/api/v1/reviews", responses=PROBLEMS)
def list_reviews(
    context: ContextDep,
    caller: CallerDep,
    app: str = "",
    closed: Annotated[bool, Query(description="Decided ones too.")] = False,
    decided: Annotated[bool, Query(description="Only decided ones, the newest decision first, by pages.")] = False,
    mine: Annotated[bool, Query(description="Only those that the caller submitted.")] = False,
    before: Annotated[str, Query(max_length=36, description="With `decided`: the `next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="With `decided`: how many a page.")] = 50,
) -> ReviewsView:
    """List reviews, the most urgent first, and who may decide them."""
    with context.database.read() as work:
        if decided:
            found = lifecycle.decided_reviews(work, caller, app=app, mine=mine, before=before, limit=limit)
        else:
            found = lifecycle.reviews(work, caller, app=app, closed=closed, mine=mine)
        standings = lifecycle.standings(work, caller, found)
    following = found[-1].id if decided and len(found) == limit else None
    return ReviewsView(items=[QueuedView.queued(each, standings.get(each.id)) for each in found], next=following)


@router.get("/api/v1/reviews/{review_id}", responses=PROBLEMS)
def read_review(context: ContextDep, caller: CallerDep, review_id: str) -> DossierView:
    """Show what a reviewer needs to decide: the difference, the grants, the checklist, who is barred."""
    with context.database.read() as work:
        review = lifecycle.find_review(work, caller, review_id)
        version = catalog.version_by_id(work, review.version_id)
        found = estate.findings_now(work, version, context.boundary, context.lookup)
        dossier = lifecycle.dossier(work, review, found)
        given = dossier.approval
        approval = None
        if given is not None:
            approval = ApprovalView.of(given, work.now, in_force=lifecycle.in_force(work, given))
        standing = lifecycle.standings(work, caller, [review]).get(review.id)
        return DossierView.whole(dossier, standing, approval, found)


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
        decided = lifecycle.approve(work, caller, name, body.environment, body.digest, reason=body.reason)
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
