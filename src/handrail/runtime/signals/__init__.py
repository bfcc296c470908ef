"""Signals: what apps really do, rolled up from the hubs' logs."""

from handrail.runtime.signals.errors import RollupInvalid, WindowInvalid
from handrail.runtime.signals.first_call import first_call_at
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
from handrail.runtime.signals.service import apply, calls, forget_hub, freshness, positions, report
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
    "first_call_at",
    "forget_hub",
    "freshness",
    "positions",
    "read_batch",
    "read_gaps",
    "report",
]
