"""Stands in for readers and checks that are not here yet."""

from handrail.governance.checks import Finding
from handrail.language.importers import Definition
from handrail.language.leaks import Boundary

ENGINE = "interim-1"


def check(definition: Definition, _boundary: Boundary) -> tuple[Finding, ...]:
    return tuple(
        Finding("hardcoded-secret", "block", "A secret is written in the flow.", "", each.pointer, refs=("CD-SEC-04",))
        for each in definition.secrets
    )
