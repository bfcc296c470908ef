"""Signals: what apps really do, rolled up from the hubs' logs."""

from handrail.runtime.signals.errors import RollupInvalid, WindowInvalid
from handrail.runtime.signals.jobs import downsample
from handrail.runtime.signals.model import (
    Batch,
    CallReport,
    Freshness,
    Gap,
    OperationCalls,
    Position,
    Reject,
)
from handrail.runtime.signals.service import apply, calls, forget_hub, freshness, last_call, positions, report
from handrail.runtime.signals.wire import read_batch, read_gaps

__all__ = [
    "Batch",
    "CallReport",
    "Freshness",
    "Gap",
    "OperationCalls",
    "Position",
    "Reject",
    "RollupInvalid",
    "WindowInvalid",
    "apply",
    "calls",
    "downsample",
    "forget_hub",
    "freshness",
    "last_call",
    "positions",
    "read_batch",
    "read_gaps",
    "report",
]
