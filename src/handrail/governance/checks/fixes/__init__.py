"""The change that would end a finding, where a program can make it."""

from handrail.governance.checks.fixes.mending import Mended, mend, verified
from handrail.governance.checks.fixes.offering import offer

__all__ = ["Mended", "mend", "offer", "verified"]
