"""What people look at before they act: what needs them, what changed, and what an act would stop."""

from handrail.governance.overview.history import history, subject_names
from handrail.governance.overview.impact import impact
from handrail.governance.overview.model import Change, Home, Impact, Need, Reach
from handrail.governance.overview.service import LISTED, home

__all__ = [
    "LISTED",
    "Change",
    "Home",
    "Impact",
    "Need",
    "Reach",
    "history",
    "home",
    "impact",
    "subject_names",
]
