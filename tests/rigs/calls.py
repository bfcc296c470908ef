"""Lines of a hub's call log, as Envoy writes them, and a sink that needs no HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from handrail.platform.database import Database
from handrail.runtime import signals
from handrail.runtime.edge.rollup import Batch, Gap, Position, SinkRefused, encode

APP = "018f0000-0000-7000-8000-000000000001"
DIGEST = "c1:sha256:" + "0" * 64


def line(**changes: Any) -> bytes:
    """Return one line; a successful call unless `changes` say otherwise."""
    call = {
        "app": APP,
        "code": None,
        "conn": "slack",
        "cur": "EUR",
        "env": "production",
        "flags": None,
        "id": "018f0000-0000-7000-8000-00000000aaaa",
        "key": DIGEST,
        "op": "chat.postMessage",
        "price": 1500,
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
