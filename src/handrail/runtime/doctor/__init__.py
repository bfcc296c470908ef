"""Finds out what is wrong with an install, and says what to do about it."""

from handrail.runtime.doctor.guard import guarded
from handrail.runtime.doctor.model import Finding, State
from handrail.runtime.doctor.service import disk, examine, schema

__all__ = ["Finding", "State", "disk", "examine", "guarded", "schema"]
