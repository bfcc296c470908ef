"""Why a batch did not get through."""

from typing import Final

from handrail.kernel.errors import Invalid, Unavailable

UNREACHABLE_FIX: Final = "Nothing to do on the hub: it keeps the log and tries again."


class SinkAway(Unavailable):
    """The control plane did not take the batch now; the same batch may pass later."""

    code = "rollup_sink_away"


class SinkRefused(Invalid):
    """The control plane will never take this batch as it stands."""

    code = "rollup_sink_refused"
