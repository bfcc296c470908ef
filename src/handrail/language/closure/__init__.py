"""What is approved: closures, their digests, and what differs between two of them."""

from handrail.language.closure.difference import diff, summarise
from handrail.language.closure.errors import ClosureAmbiguous, ClosureInvalid
from handrail.language.closure.model import Change, Closure, ClosureInput, Severity, Snapshot
from handrail.language.closure.renames import renamed_steps
from handrail.language.closure.service import take_closure

__all__ = [
    "Change",
    "Closure",
    "ClosureAmbiguous",
    "ClosureInput",
    "ClosureInvalid",
    "Severity",
    "Snapshot",
    "diff",
    "renamed_steps",
    "summarise",
    "take_closure",
]
