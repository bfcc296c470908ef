"""Who did what, when: rows written with the change, chained by one sealer."""

from handrail.registry.audit.errors import AuditFactInvalid, AuditSearchInvalid
from handrail.registry.audit.jobs import seal_forever, seal_once
from handrail.registry.audit.model import SYSTEM, Actor, Event, Fault, Verdict
from handrail.registry.audit.ports import Checker, Signer
from handrail.registry.audit.seal import seal, verify, verify_tail
from handrail.registry.audit.service import actions, first_at, head, listing, record, sealed_after

__all__ = [
    "SYSTEM",
    "Actor",
    "AuditFactInvalid",
    "AuditSearchInvalid",
    "Checker",
    "Event",
    "Fault",
    "Signer",
    "Verdict",
    "actions",
    "first_at",
    "head",
    "listing",
    "record",
    "seal",
    "seal_forever",
    "seal_once",
    "sealed_after",
    "verify",
    "verify_tail",
]
