"""What can be wrong with asking for checks."""

import difflib

from handrail.kernel.errors import Conflict, Invalid, NotFound


class RuleUnknown(NotFound):
    """There is no such rule."""

    code = "rule_unknown"

    def __init__(self, rule_id: str, known: tuple[str, ...]) -> None:
        near = difflib.get_close_matches(rule_id, known, 1)
        super().__init__(
            f"There is no rule {rule_id[:60]!r}.",
            fix=f"Did you mean {near[0]!r}?" if near else "See handrail rules list.",
        )


class FixNotPossible(Conflict):
    """The change could not be made, or did not end what it should end."""

    code = "fix_not_possible"


class BaselineInvalid(Invalid):
    """The file with known findings cannot be read."""

    code = "baseline_invalid"
