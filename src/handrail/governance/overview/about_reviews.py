"""Needs of reviews: what to decide, what was refused, and who can decide what one waits for."""

from collections.abc import Iterator
from typing import Final

from handrail.governance import lifecycle
from handrail.governance.overview import store
from handrail.governance.overview.model import Need
from handrail.governance.overview.viewer import Viewer
from handrail.platform.database import Row, Work
from handrail.registry.identity import Permission, person_by_id, who_may

# Reviews that the caller had a part in are taken out afterwards, so more are read than are listed.
_READ: Final = 500
DECIDERS_TOLD: Final = 3


def review_needs(work: Work, viewer: Viewer, count: int) -> Iterator[Need]:
    """Return the reviews that the viewer may decide, and the refusals that they should act on."""
    teams = viewer.caller.teams(Permission.VERSION_REVIEW)
    if teams is None or teams:
        scope = {"all_teams": int(teams is None), "teams": sorted(teams or ())}
        rows = work.all(store.OPEN_REVIEWS, count=_READ, **scope)
        barred = lifecycle.barred_marks(work, [row["review_id"] for row in rows])
        own = lifecycle.marks_of(person_by_id(work, viewer.caller.person_id)) if rows else frozenset()
        mine = [row for row in rows if viewer.sees(row["team_id"]) and not own & barred[row["review_id"]]]
        yield from (_waiting(row, work.now) for row in mine[:count])
    for row in work.all(store.REFUSED, count=count, **_mine(viewer)):
        yield _need(row, "review_refused", row["decided_at"], person=row["decider"], reason=row["reason"])


def reviews_waiting(work: Work, viewer: Viewer, count: int) -> Iterator[Need]:
    """Return the viewer's own submissions that others must decide, with up to three who may."""
    rows = work.all(store.MY_OPEN_REVIEWS, count=count, **_mine(viewer))
    if not rows:
        return
    barred = lifecycle.barred_marks(work, [row["review_id"] for row in rows])
    reviewers = who_may(work, Permission.VERSION_REVIEW)
    for row in rows:
        may = lifecycle.deciders(reviewers, row["team_id"], barred[row["review_id"]])
        if viewer.caller.person_id in {person.id for person in may} and viewer.caller.may(
            Permission.VERSION_REVIEW, row["team_id"]
        ):
            # Theirs to decide, so it is among their needs.
            continue
        yield _need(
            row,
            "in_review",
            row["submitted_at"],
            due_at=row["due_at"],
            person=may[0].name if may else "",
            reason="" if may else "Nobody else may decide it: somebody needs the role reviewer.",
            details={
                "deciders": [person.name for person in may[:DECIDERS_TOLD]],
                "deciderCount": len(may),
                "digest": row["digest"],
                "overdue": row["due_at"] < work.now,
            },
        )


def _mine(viewer: Viewer) -> dict[str, object]:
    return {name: value for name, value in viewer.scope().items() if name in {"all_teams", "teams", "me"}}


def _waiting(row: Row, now: int) -> Need:
    return _need(
        row,
        "review_waiting",
        row["submitted_at"],
        due_at=row["due_at"],
        person=row["submitter"],
        reason=row["note"],
        details={"digest": row["digest"], "overdue": row["due_at"] < now},
    )


def _need(
    row: Row,
    kind: str,
    at: int,
    *,
    due_at: int | None = None,
    person: str = "",
    reason: str = "",
    details: dict[str, object] | None = None,
) -> Need:
    return Need(
        kind,
        at,
        row["app"],
        row["title"],
        row["team"],
        number=row["number"],
        environment=row["environment"],
        review_id=row["review_id"],
        due_at=due_at,
        person=person,
        reason=reason,
        details=details or {"digest": row["digest"]},
    )
