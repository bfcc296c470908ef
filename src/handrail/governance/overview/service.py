"""What somebody should know when they come in."""

from typing import Final

from handrail.governance.overview.about_apps import app_needs, not_in_force
from handrail.governance.overview.about_install import install_needs
from handrail.governance.overview.about_reviews import review_needs, reviews_waiting
from handrail.governance.overview.changes import changes
from handrail.governance.overview.model import Home, Need
from handrail.governance.overview.viewer import viewer_of
from handrail.kernel.clock import DAY, HOUR
from handrail.platform.database import Work
from handrail.registry.identity import Caller

LISTED: Final = 50
_REVIEW_PRESSES: Final = 4 * HOUR
_APPROVAL_PRESSES: Final = 2 * DAY
# First what stops calls now, then what somebody waits for, then what only will go wrong.
_RANK: Final = {
    "hub_problem": 0,
    "drifted": 0,
    "quarantined": 0,
    "credential_missing": 0,
    "review_refused": 2,
    "review_waiting": 2,
    "source_silent": 2,
    "owner_gone": 3,
    "second_person": 3,
    "approval_ends": 3,
    "deputy_missing": 4,
}


def home(work: Work, caller: Caller) -> Home:
    """Return what a caller can act on, what they wait for, and what changed in the apps that they may see."""
    viewer = viewer_of(caller)
    # One more than is listed shows that there are more.
    count = LISTED + 1
    needs = [*app_needs(work, viewer, count), *review_needs(work, viewer, count), *install_needs(work, viewer, count)]
    waiting = [*reviews_waiting(work, viewer, count), *not_in_force(work, viewer, count)]
    needs.sort(key=lambda need: _urgency(need, work.now))
    waiting.sort(key=lambda need: need.due_at or need.at)
    needs, cut_needs = _cut(needs)
    waiting, cut_waiting = _cut(waiting)
    return Home(tuple(needs), tuple(waiting), tuple(changes(work, viewer)), tuple(sorted(cut_needs | cut_waiting)))


def _urgency(need: Need, now: int) -> tuple[int, int, int, str, str]:
    rank = _RANK[need.kind]
    if need.due_at is not None:
        left = need.due_at - now
        if left <= (_REVIEW_PRESSES if need.kind == "review_waiting" else _APPROVAL_PRESSES):
            rank = 1
    return rank, need.due_at if need.due_at is not None else 2**62, -need.at, need.app, need.kind


def _cut(needs: list[Need]) -> tuple[list[Need], set[str]]:
    seen: dict[str, int] = {}
    kept: list[Need] = []
    for need in needs:
        seen[need.kind] = seen.get(need.kind, 0) + 1
        if seen[need.kind] <= LISTED:
            kept.append(need)
    return kept, {kind for kind, count in seen.items() if count > LISTED}
