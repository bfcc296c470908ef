"""A window in equal steps, and which of them are known. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handrail.kernel.clock import DAY, HOUR, MINUTE
from handrail.runtime.signals.errors import WindowInvalid
from handrail.runtime.signals.model import Gap

POINTS_MAX: Final = 500
STEPS: Final = {"1m": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "6h": 6 * HOUR, "1d": DAY}


@dataclass(frozen=True, slots=True)
class Steps:
    """Whole steps, counted from 1970 in UTC: a day begins at midnight.

    Attributes:
        first: Start of the first step, microseconds since 1970.
        step: Length of each.
        number: How many there are.
    """

    first: int
    step: int
    number: int

    @property
    def last(self) -> int:
        """Return the end of the last step."""
        return self.first + self.number * self.step

    def starts(self) -> list[int]:
        """Return when each step starts."""
        return [self.first + place * self.step for place in range(self.number)]

    def place(self, at: int) -> int:
        """Return in which step a time lies, from 0; an hour that begins before the window lies in the first."""
        return min(max((at - self.first) // self.step, 0), self.number - 1)

    def known(self, calls: Sequence[int], as_of: int | None, gaps: Sequence[Gap], kept_since: int) -> list[bool]:
        """Tell for each step whether its number of calls is known.

        It is not when the step begins after `as_of` or ends before what is kept, when a gap covers it, or when a gap
        touches it and there were no calls otherwise: none may be there because none were written.

        Args:
            calls: The number of calls in each step.
            as_of: Up to when calls are known; None when nothing is.
            gaps: Times in which calls may be missing.
            kept_since: Older calls have been dropped.
        """
        return [
            as_of is not None
            and start < as_of
            and start + self.step > kept_since
            and not any(_hides(gap, start, start + self.step, count) for gap in gaps)
            for start, count in zip(self.starts(), calls, strict=True)
        ]


def _hides(gap: Gap, start: int, end: int, calls: int) -> bool:
    covers = gap.since <= start and gap.until >= end
    return covers or (calls == 0 and gap.since < end and gap.until >= start)


def steps_of(since: int, until: int, name: str, *, minutes_since: int) -> Steps:
    """Return the steps that touch a window; its end is exclusive.

    Args:
        since: Start, microseconds since 1970.
        until: End.
        name: One of `STEPS`.
        minutes_since: From when on there are minutes; before that there are only hours.

    Raises:
        WindowInvalid: When it is empty, has too many steps, or steps that are finer than what is kept.
    """
    step = STEPS[name]
    first = since // step * step
    number = -(-until // step) - since // step
    if until <= since:
        raise WindowInvalid(
            "The window must end after it starts.", fix="Ask for the last day with since=24h.", place="since"
        )
    if number > POINTS_MAX:
        coarser = [other for other, length in STEPS.items() if -(-(until - since) // length) < POINTS_MAX]
        raise WindowInvalid(
            f"That is {number} steps; an answer has at most {POINTS_MAX}.",
            fix=f"Ask with step={coarser[0]}." if coarser else "Ask for a shorter window.",
            place="step",
        )
    if step < HOUR and first < minutes_since:
        raise WindowInvalid(
            f"Minutes are not kept that long, so there are no steps of {name}.",
            fix="Ask with step=1h, or for a later time.",
            place="step",
        )
    return Steps(first, step, number)
