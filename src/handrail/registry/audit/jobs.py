"""The sealer."""

import logging
import threading
from typing import Final

from sqlalchemy.exc import DBAPIError

from handrail.platform.database import Database
from handrail.registry.audit.ports import Signer
from handrail.registry.audit.seal import seal
from handrail.registry.audit.store import ANY_UNSEALED

_PERIOD_S: Final = 0.5
log: Final = logging.getLogger("handrail.audit")


def seal_forever(database: Database, stop: threading.Event, signer: Signer | None = None) -> None:
    """Seal committed rows within a second, until `stop` is set.

    Any number of processes may run it: one at a time seals.
    """
    while not stop.is_set():
        try:
            sealed = seal_once(database, signer)
        except DBAPIError as error:
            # The database may be away for a while; sealing goes on when it is back.
            log.warning("the audit log could not be sealed: %s", type(error.orig).__name__)
            sealed = 0
        if not sealed:
            stop.wait(_PERIOD_S)


def seal_once(database: Database, signer: Signer | None = None) -> int:
    """Seal one batch; return how many rows. Takes no write lock when nothing waits."""
    with database.read() as work:
        if work.scalar(ANY_UNSEALED) is None:
            return 0
    with database.begin() as work:
        return seal(work, signer)
