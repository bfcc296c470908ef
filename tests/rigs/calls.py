"""Lines of a hub's call log, as Envoy writes them, and a sink that needs no HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from handrail.platform.database import Database
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Batch, Gap, Position, SinkRefused, encode

APP = "018f0000-0000-7000-8000-000000000001"
DIGEST = "c1:sha256:" + "0" * 64
_PARTS = ("app", "env", "digest", "conn", "op", "price", "cur", "code")


def line(**changes: Any) -> bytes:
    """Return one line; a successful call unless `changes` say otherwise.

    Besides the fields of the log, `app`, `env`, `digest`, `conn`, `op`, `price`, `cur` change the route's name and the
    key; `code` makes it a call that a route of the hub refused.
    """
    named: dict[str, Any] = {
        "app": APP,
        "env": "production",
        "digest": DIGEST,
        "conn": "slack",
        "op": "chat.postMessage",
        "price": 1500,
        "cur": "EUR",
        "code": None,
    }
    named.update({name: changes.pop(name) for name in _PARTS if name in changes})
    key = f"{named['app']}:{named['env']}:{named['digest']}"
    route = f"{named['conn']}/{named['op']}/{named['price']}/{named['cur']}/{key}"
    call = {
        "details": "direct_response" if named["code"] else "via_upstream",
        "flags": None,
        "id": "018f0000-0000-7000-8000-00000000aaaa",
        "key": key if named["code"] else None,
        "route": f"{named['conn']}/!{named['code']}" if named["code"] else route,
        "rx": 100,
        "status": 200,
        "t": "2026-01-01T00:00:30.000Z",
        "try": 1,
        "tx": 2000,
        "up_us": 90_000,
        "us": 100_000,
    }
    return orjson.dumps({**call, **changes}) + b"\n"


class DatabaseSink:
    """Takes batches over the real wire format into a real database, without HTTP between."""

    def __init__(self, database: Database, hub_id: str = "hub-1") -> None:
        self.database = database
        self.hub_id = hub_id

    def positions(self) -> Mapping[str, Position]:
        with self.database.read() as work:
            return {item.file: Position(item.offset, item.as_of) for item in signals.positions(work, self.hub_id)}

    def apply(self, batch: Batch) -> int:
        try:
            read = signals.read_batch(encode(batch))
        except signals.RollupInvalid as error:
            raise SinkRefused(error.message) from error
        with self.database.begin() as work:
            stored = signals.apply(work, self.hub_id, read)
            self.before_commit()
        self.after_commit()
        return stored

    def report(self, as_of: int, gaps: Sequence[Gap]) -> None:
        body = orjson.dumps(
            {
                "asOf": as_of,
                "gaps": [{"id": gap.id, "since": gap.since, "until": gap.until, "reason": gap.reason} for gap in gaps],
            }
        )
        with self.database.begin() as work:
            signals.report(work, self.hub_id, *signals.read_gaps(body))

    def before_commit(self) -> None:
        """Override to die here."""

    def after_commit(self) -> None:
        """Override to die here."""
