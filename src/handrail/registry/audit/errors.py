"""What the audit log refuses."""

from handrail.kernel.errors import Invalid


class AuditFactInvalid(Invalid):
    code = "audit_fact_invalid"


class AuditSearchInvalid(Invalid):
    code = "audit_search_invalid"
