"""Rolls up a hub's call log beside the hub: exactly once from the file to the control plane."""

from handrail.runtime.edge.rollup.aggregate import Tally, bucket
from handrail.runtime.edge.rollup.errors import SinkAway, SinkRefused
from handrail.runtime.edge.rollup.files import LogFile, listing, reopen_logs, rotate
from handrail.runtime.edge.rollup.gaps import leave as leave_gap
from handrail.runtime.edge.rollup.model import REASON_RESTART, Batch, Gap, Position, Reject
from handrail.runtime.edge.rollup.ports import Sink
from handrail.runtime.edge.rollup.sender import HttpSink, encode
from handrail.runtime.edge.rollup.worker import RollUp, Worker, run

__all__ = [
    "REASON_RESTART",
    "Batch",
    "Gap",
    "HttpSink",
    "LogFile",
    "Position",
    "Reject",
    "RollUp",
    "Sink",
    "SinkAway",
    "SinkRefused",
    "Tally",
    "Worker",
    "bucket",
    "encode",
    "leave_gap",
    "listing",
    "reopen_logs",
    "rotate",
    "run",
]
