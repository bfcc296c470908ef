"""Signals: what apps really do, rolled up from the hubs' logs."""

from handrail.runtime.signals.by_hub import connections_seen, hub_calls, pulse, tail
from handrail.runtime.signals.errors import RollupInvalid, WindowInvalid
from handrail.runtime.signals.first_call import first_call_at
from handrail.runtime.signals.jobs import downsample
from handrail.runtime.signals.model import (
    AppCalls,
    AppsCalls,
    Batch,
    CallReport,
    CallSeries,
    ConnectionCalls,
    ConnectionsCalls,
    Freshness,
    Gap,
    HubCalls,
    OperationCalls,
    Point,
    Position,
    Pulse,
    Reject,
    TailCall,
)
from handrail.runtime.signals.over_time import by_app, by_connection, series
from handrail.runtime.signals.service import apply, calls, forget_hub, freshness, last_call, positions, report
from handrail.runtime.signals.wire import read_batch, read_gaps

__all__ = [
    "AppCalls",
    "AppsCalls",
    "Batch",
    "CallReport",
    "CallSeries",
    "ConnectionCalls",
    "ConnectionsCalls",
    "Freshness",
    "Gap",
    "HubCalls",
    "OperationCalls",
    "Point",
    "Position",
    "Pulse",
    "Reject",
    "RollupInvalid",
    "TailCall",
    "WindowInvalid",
    "apply",
    "by_app",
    "by_connection",
    "calls",
    "connections_seen",
    "downsample",
    "first_call_at",
    "forget_hub",
    "freshness",
    "hub_calls",
    "last_call",
    "positions",
    "pulse",
    "read_batch",
    "read_gaps",
    "report",
    "series",
    "tail",
]
