"""Who did what, when: rows written with the change, chained by one sealer."""

from handrail.registry.audit.errors import AuditFactInvalid
from handrail.registry.audit.jobs import seal_forever, seal_once
from handrail.registry.audit.model import SYSTEM, Actor, Event, Fault, Verdict
from handrail.registry.audit.ports import Checker, Signer
from handrail.registry.audit.seal import seal, verify
from handrail.registry.audit.service import first_at, head, listing, record, sealed_after

__all__ = [
    "SYSTEM",
    "Actor",
    "AuditFactInvalid",
    "Checker",
    "Event",
    "Fault",
    "Signer",
    "Verdict",
    "first_at",
    "head",
    "listing",
    "record",
    "seal",
    "seal_forever",
    "seal_once",
    "sealed_after",
    "verify",
]
