"""Look at every source when it is due. Any number of workers may do it: a lease in SQL gives each look to one."""

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from handrail.kernel.clock import SECOND
from handrail.kernel.ids import new_id
from handrail.platform.database import Database
from handrail.registry.vault import Vault
from handrail.runtime.sources import store
from handrail.runtime.sources.errors import SourceBusy
from handrail.runtime.sources.looks import Looker
from handrail.runtime.sources.model import Source
from handrail.runtime.sources.node_red import read_node_red
from handrail.runtime.sources.ports import Inventory, Reader
from handrail.runtime.sources.service import by_id

LEASE_S: Final = 60
AT_ONCE: Final = 4
_IDLE_S: Final = 1.0

log: Final = logging.getLogger("handrail.sources")


def poll_forever(
    database: Database,
    vault: Vault,
    stop: threading.Event,
    reader: Reader = read_node_red,
    *,
    hub_hosts: Iterable[str] = (),
    inventory: Inventory | None = None,
) -> None:
    """Look at sources when they are due, several at once, until `stop` is set."""
    holder = new_id()
    looker = Looker(database, vault, reader, holder, hub_hosts, inventory)
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="source") as pool:
        while not stop.is_set():
            running = _without_done(running)
            claimed = _claim_due(database, holder) if len(running) < AT_ONCE else None
            if claimed is not None:
                running.add(pool.submit(looker.look, claimed))
            elif running:
                wait(running, timeout=_IDLE_S / 4)
            else:
                stop.wait(_pause_s(database))


def poll_now(
    database: Database,
    vault: Vault,
    instance_id: str,
    reader: Reader = read_node_red,
    *,
    hub_hosts: Iterable[str] = (),
    inventory: Inventory | None = None,
) -> Source:
    """Look at one source at once, due or not; return it with what was found.

    Raises:
        SourceUnknown: If there is none.
        SourceBusy: If a worker looks at it at this moment.
    """
    holder = new_id()
    with database.begin() as work:
        source = by_id(work, instance_id)
        until = work.now + LEASE_S * SECOND
        claimed = work.scalar(store.CLAIM_ONE, id=instance_id, holder=holder, until=until, now=work.now)
    if claimed is None:
        raise SourceBusy(
            f"A worker looks at {source.instance.name!r} at this moment.",
            fix=f"See what it finds: handrail source show {source.instance.name}",
        )
    Looker(database, vault, reader, holder, hub_hosts, inventory).look(instance_id)
    with database.read() as work:
        return by_id(work, instance_id)


def _without_done(running: set[Future[None]]) -> set[Future[None]]:
    done = {future for future in running if future.done()}
    for future in done:
        error = future.exception()
        if error is not None:
            # The lease ends by itself, and the next look tries again; the source's age shows the gap.
            log.error("a look at a source failed", exc_info=error)
    return running - done


def _claim_due(database: Database, holder: str) -> str | None:
    # Reading first: an idle worker must not take SQLite's one writer every second.
    with database.read() as work:
        first = work.scalar(store.NEXT_AT)
    if first is None or first > database.clock():
        return None
    with database.begin() as work:
        until = work.now + LEASE_S * SECOND
        found = work.scalar(store.CLAIM_DUE, holder=holder, until=until, now=work.now)
    return None if found is None else str(found)


def _pause_s(database: Database) -> float:
    with database.read() as work:
        first = work.scalar(store.NEXT_AT)
    if first is None:
        return _IDLE_S
    return min(_IDLE_S, max(0.01, (int(first) - database.clock()) / SECOND))
