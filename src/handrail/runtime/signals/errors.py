"""What signals refuse."""

from handrail.kernel.errors import Invalid


class RollupInvalid(Invalid):
    code = "rollup_invalid"


class WindowInvalid(Invalid):
    code = "window_invalid"
