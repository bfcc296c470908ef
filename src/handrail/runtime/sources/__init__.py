"""Sources read what builder instances really run, at a stated interval."""

from handrail.runtime.sources.errors import (
    ReadFailed,
    SourceBindingTaken,
    SourceBusy,
    SourceFieldInvalid,
    SourceNameTaken,
    SourcePlatformUnknown,
    SourceUnknown,
    SourceUrlInvalid,
    Unauthorised,
    Unreachable,
    Unreadable,
)
from handrail.runtime.sources.jobs import poll_forever, poll_now
from handrail.runtime.sources.model import (
    INTERVAL_S,
    PLATFORMS,
    Binding,
    Instance,
    NewSource,
    Reading,
    Silence,
    Source,
    State,
)
from handrail.runtime.sources.node_red import read_node_red
from handrail.runtime.sources.ports import Reader
from handrail.runtime.sources.service import SEALED, add, bind, by_id, find, listing, remove, silent

__all__ = [
    "INTERVAL_S",
    "PLATFORMS",
    "SEALED",
    "Binding",
    "Instance",
    "NewSource",
    "ReadFailed",
    "Reader",
    "Reading",
    "Silence",
    "Source",
    "SourceBindingTaken",
    "SourceBusy",
    "SourceFieldInvalid",
    "SourceNameTaken",
    "SourcePlatformUnknown",
    "SourceUnknown",
    "SourceUrlInvalid",
    "State",
    "Unauthorised",
    "Unreachable",
    "Unreadable",
    "add",
    "bind",
    "by_id",
    "find",
    "listing",
    "poll_forever",
    "poll_now",
    "read_node_red",
    "remove",
    "silent",
]
