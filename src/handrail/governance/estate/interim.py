"""Stands in for readers and checks that are not here yet."""

from collections.abc import Sequence
from typing import Any

from handrail.governance.checks import Finding
from handrail.language.importers import Definition
from handrail.language.leaks import Boundary

ENGINE = "interim-1"


def check(definition: Definition, _boundary: Boundary) -> tuple[Finding, ...]:
    return tuple(
        Finding("hardcoded-secret", "block", "A secret is written in the flow.", "", each.pointer, refs=("CD-SEC-04",))
        for each in definition.secrets
    )


def fix(
    document: Any, _definition: Definition, _boundary: Boundary, _keys: Sequence[str]
) -> tuple[str, list[dict[str, Any]], list[str], dict[str, int], str]:
    return "", [], [], {"block": 0, "warn": 0, "note": 0}, document if isinstance(document, str) else ""
