"""What a hub refuses, and what keeps it from serving."""

from handrail.kernel.errors import Conflict, Forbidden, Invalid, Unauthenticated, Unavailable


class SnapshotForged(Forbidden):
    code = "snapshot_forged"


class SnapshotMalformed(Invalid):
    code = "snapshot_malformed"


class SnapshotIncomplete(Invalid):
    code = "snapshot_incomplete"


class SnapshotMisaddressed(Forbidden):
    code = "snapshot_misaddressed"


class SnapshotStale(Conflict):
    code = "snapshot_stale"


class SnapshotExpired(Conflict):
    code = "snapshot_expired"


class SnapshotUnsealable(Forbidden):
    code = "snapshot_unsealable"


class HubNotEnrolled(Unauthenticated):
    code = "hub_not_enrolled"


class HubKeyUnsafe(Invalid):
    code = "hub_key_unsafe"


class HubFolderUnsafe(Invalid):
    code = "hub_folder_unsafe"


class ControlPlaneAway(Unavailable):
    code = "control_plane_away"


class ControlPlaneRefused(Unauthenticated):
    code = "control_plane_refused"


class EnvoyAway(Unavailable):
    code = "envoy_away"


class WatchesExhausted(Unavailable):
    code = "watches_exhausted"


class AgentRunning(Conflict):
    code = "agent_running"
