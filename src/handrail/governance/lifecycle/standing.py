"""Who may decide a review, and where its reader stands."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from handrail.governance.lifecycle.model import Outcome, Review, Standing
from handrail.governance.lifecycle.separation import marks_by_part, marks_of
from handrail.platform.database import Work
from handrail.registry.identity import ALL_TEAMS, Caller, Permission, Person, person_by_id, who_may


def standings(work: Work, caller: Caller, reviews: Sequence[Review]) -> dict[str, Standing]:
    """Return, by review's id, who may decide it; only for those that are open."""
    waiting = [review for review in reviews if review.outcome is Outcome.OPEN]
    if not waiting:
        return {}
    by_part = marks_by_part(work, [review.id for review in waiting])
    own = marks_of(person_by_id(work, caller.person_id))
    reviewers = who_may(work, Permission.VERSION_REVIEW)
    found = {}
    for review in waiting:
        parts = tuple(part for part, marks in by_part[review.id].items() if own & marks)
        barred: set[str] = set().union(*by_part[review.id].values())
        found[review.id] = Standing(
            may_decide=not parts and caller.may(Permission.VERSION_REVIEW, review.team_id),
            parts=parts,
            deciders=tuple(person.name for person in deciders(reviewers, review.team_id, barred)),
        )
    return found


def deciders(reviewers: Sequence[tuple[Person, str]], team_id: str, barred: AbstractSet[str]) -> list[Person]:
    """Return who may decide, of everybody who may review and for which team; barred are marks as of `marks_of`."""
    # The team's own reviewers first: whoever is responsible for all teams is asked last.
    found: dict[str, Person] = {}
    for wanted in (team_id, ALL_TEAMS):
        for person, team in reviewers:
            if team == wanted and not marks_of(person) & barred:
                found.setdefault(person.id, person)
    return list(found.values())
