"""What the lifecycle refuses."""

from handrail.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class OwnChange(Forbidden):
    code = "own_change"


class ChecklistOpen(Conflict):
    code = "checklist_open"


class NoVersion(NotFound):
    code = "no_version"


class NotSubmittable(Conflict):
    code = "not_submittable"


class ReviewUnderWay(Conflict):
    code = "review_under_way"


class NoOpenReview(Conflict):
    code = "no_open_review"


class ReviewUnknown(NotFound):
    code = "review_unknown"


class DigestDiffers(Conflict):
    code = "digest_differs"


class RefusalReasonMissing(Invalid):
    code = "refusal_reason_missing"


class NotApprovedHere(Conflict):
    code = "not_approved_here"
