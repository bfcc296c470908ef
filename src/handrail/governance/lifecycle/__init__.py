"""Reviews: submit a version, decide on it, roll it back, end its approval."""

from handrail.governance.lifecycle.dossiers import (
    approved_before,
    decided_reviews,
    dossier,
    find_review,
    open_review,
    reviews,
)
from handrail.governance.lifecycle.errors import (
    ChecklistOpen,
    DigestDiffers,
    NoOpenReview,
    NotApprovedHere,
    NotSubmittable,
    NoVersion,
    OwnChange,
    RefusalReasonMissing,
    ReviewUnderWay,
    ReviewUnknown,
)
from handrail.governance.lifecycle.force import in_force, rotate_key, tend, tending_due
from handrail.governance.lifecycle.model import Bar, Check, Decided, Dossier, Outcome, Review, Standing
from handrail.governance.lifecycle.separation import barred_marks, marks_of
from handrail.governance.lifecycle.service import approve, refuse, revoke, rollback, submit, withdraw
from handrail.governance.lifecycle.standing import deciders, standings

__all__ = [
    "Bar",
    "Check",
    "ChecklistOpen",
    "Decided",
    "DigestDiffers",
    "Dossier",
    "NoOpenReview",
    "NoVersion",
    "NotApprovedHere",
    "NotSubmittable",
    "Outcome",
    "OwnChange",
    "RefusalReasonMissing",
    "Review",
    "ReviewUnderWay",
    "ReviewUnknown",
    "Standing",
    "approve",
    "approved_before",
    "barred_marks",
    "decided_reviews",
    "deciders",
    "dossier",
    "find_review",
    "in_force",
    "marks_of",
    "open_review",
    "refuse",
    "reviews",
    "revoke",
    "rollback",
    "rotate_key",
    "standings",
    "submit",
    "tend",
    "tending_due",
    "withdraw",
]
