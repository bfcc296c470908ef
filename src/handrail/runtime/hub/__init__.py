"""The hub as the control plane sees it: compile, sign, seal, and know what each hub enforces."""

from handrail.runtime.hub.compile import compile_quarantine, compile_state, compile_tls
from handrail.runtime.hub.errors import HubExists, HubKeyFixed, HubNotEnrolled, HubTokenInvalid, HubUnknown
from handrail.runtime.hub.model import Hub
from handrail.runtime.hub.service import (
    acknowledge,
    bind_key,
    enrol_hub,
    ensure_signing_key,
    find_hub,
    hub_acknowledged,
    hub_by_token,
    hubs,
    knows,
    live_hubs,
    local_hub,
    quarantine_acknowledged,
    read_hub,
    remove_hub,
    seen,
)
from handrail.runtime.hub.snapshot import Position, SnapshotSource

__all__ = [
    "Hub",
    "HubExists",
    "HubKeyFixed",
    "HubNotEnrolled",
    "HubTokenInvalid",
    "HubUnknown",
    "Position",
    "SnapshotSource",
    "acknowledge",
    "bind_key",
    "compile_quarantine",
    "compile_state",
    "compile_tls",
    "enrol_hub",
    "ensure_signing_key",
    "find_hub",
    "hub_acknowledged",
    "hub_by_token",
    "hubs",
    "knows",
    "live_hubs",
    "local_hub",
    "quarantine_acknowledged",
    "read_hub",
    "remove_hub",
    "seen",
]
