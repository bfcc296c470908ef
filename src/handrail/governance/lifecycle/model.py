"""Reviews and what they decide."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handrail.kernel.clock import HOUR
from handrail.language.closure import Change
from handrail.registry.access import Approval, Grant

REVIEW_DUE: Final = 48 * HOUR


class Outcome(StrEnum):
    """How a review ended."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Review:
    """One request to let a version run in an environment.

    Attributes:
        environment: The environment's id (`environment_name` is its name).
        digest: What is reviewed, exactly.
        submitted_by: The person's id (`submitter` is the name).
        owner_id: Who owned the app when it was submitted: stays barred after a change of owner.
        note: What the submitter wants the reviewer to know.
        due_at: When the reviewer should have decided (microseconds since 1970).
        reason: What the decider said: why it was refused, or a word with an approval.
    """

    id: str
    version_id: str
    app_id: str
    app: str
    team_id: str
    team: str
    environment: str
    environment_name: str
    digest: str
    number: int
    submitted_by: str
    submitter: str
    submitted_at: int
    owner_id: str
    note: str
    due_at: int
    outcome: Outcome
    decided_by: str
    decider: str
    decided_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist.

    Attributes:
        name: Stable name, for example `deputy_named`.
        text: What was found, in words.
        fix: The smallest thing that would make it pass; empty when it passed.
        required: Whether a version that fails it can be neither submitted nor approved; else a reviewer decides.
    """

    name: str
    passed: bool
    text: str
    fix: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """Why somebody may not approve a version.

    Attributes:
        part: `owner`, `author`, `uploader` or `submitter`.
        name: Who.
    """

    part: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Who may decide an open review, and where the reader stands.

    Attributes:
        may_decide: Whether the reader may approve it.
        parts: The reader's own parts in it, as in `Bar`; they may not approve it while there is one.
        deciders: Names of who may, reviewers of the app's team first.
    """

    may_decide: bool
    parts: tuple[str, ...]
    deciders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a reviewer needs to decide.

    Attributes:
        compared_with: Number of the approved version that `changes` starts from; 0 when nothing was approved.
        changes: What is different, in words a builder understands.
        grants: What an approval would allow.
        barred: Who may not approve it, and why.
        approval: What its approval gave; None while it is open, and when it was not approved.
    """

    review: Review
    compared_with: int
    changes: tuple[Change, ...]
    grants: tuple[Grant, ...]
    checks: tuple[Check, ...]
    barred: tuple[Bar, ...]
    approval: Approval | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What an approval brought about.

    Attributes:
        grants: What the version may call.
        running: Whether it became the running version at once (the first approval of a declared app).
    """

    approval: Approval
    grants: tuple[Grant, ...]
    running: bool
