"""What an examination finds."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: Its name; one that is about one hub or source names it.
        fix: What to do about it; empty when all is well.
    """

    check: str
    state: State
    detail: str
    fix: str = ""
