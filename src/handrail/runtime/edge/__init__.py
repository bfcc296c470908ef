"""The agent on a hub's machine: it stands between the control plane and Envoy."""

from handrail.runtime.edge.agent import enrol, run
from handrail.runtime.edge.discovery import Address, Tls
from handrail.runtime.edge.enrolment import public_key, read_enrolment, write_enrolment
from handrail.runtime.edge.envoy import command, envoy_ready
from handrail.runtime.edge.health import prepared, ready, status
from handrail.runtime.edge.hub import Options
from handrail.runtime.edge.lifetime import envoy_ended, envoy_starts
from handrail.runtime.edge.model import Enrolment
from handrail.runtime.edge.places import Places, clear, places_of

__all__ = [
    "Address",
    "Enrolment",
    "Options",
    "Places",
    "Tls",
    "clear",
    "command",
    "enrol",
    "envoy_ended",
    "envoy_ready",
    "envoy_starts",
    "places_of",
    "prepared",
    "public_key",
    "read_enrolment",
    "ready",
    "run",
    "status",
    "write_enrolment",
]
