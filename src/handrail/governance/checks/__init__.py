"""What is wrong with a definition, why, and the change that ends it: the same in every surface."""

from handrail.governance.checks.model import Finding, Fix, Rule, Severity

__all__ = ["Finding", "Fix", "Rule", "Severity"]
