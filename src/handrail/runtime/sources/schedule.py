"""When the next look is due."""

import random
from typing import Final

from handrail.kernel.clock import SECOND

BACK_OFF_MAX_S: Final = 60


def delay_us(interval_s: int, failures: int) -> int:
    """Return how long to wait until the next look, in microseconds.

    Args:
        interval_s: Seconds between two looks while all is well; never less than this.
        failures: Looks that failed in a row; each doubles the wait, up to a minute.
    """
    backed_off = interval_s * 2 ** min(max(failures - 1, 0), 10)
    # Spread, so that sources that failed together do not ask together.
    spread = 1 + random.random() / 10  # noqa: S311 - no secret
    return int(max(interval_s, min(backed_off, BACK_OFF_MAX_S)) * spread * SECOND)
