"""What is wrong with a definition, why, and the change that ends it: the same in every surface."""

from handrail.governance.checks.errors import BaselineInvalid, FixNotPossible, RuleUnknown
from handrail.governance.checks.fixes import Mended, mend, offer, verified
from handrail.governance.checks.json_patch import PatchInvalid, apply_patch
from handrail.governance.checks.model import SEVERITIES, Finding, Fix, Rule, Severity
from handrail.governance.checks.packages import ONCE_A_RUN, Lookup, Weaknesses, packages_of, without_told
from handrail.governance.checks.registry import RULES, rule
from handrail.governance.checks.service import (
    ENGINE,
    Checked,
    FileReport,
    check,
    check_file,
    keyed,
    unreadable,
    worst_first,
)

__all__ = [
    "ENGINE",
    "ONCE_A_RUN",
    "RULES",
    "SEVERITIES",
    "BaselineInvalid",
    "Checked",
    "FileReport",
    "Finding",
    "Fix",
    "FixNotPossible",
    "Lookup",
    "Mended",
    "PatchInvalid",
    "Rule",
    "RuleUnknown",
    "Severity",
    "Weaknesses",
    "apply_patch",
    "check",
    "check_file",
    "keyed",
    "mend",
    "offer",
    "packages_of",
    "rule",
    "unreadable",
    "verified",
    "without_told",
    "worst_first",
]
