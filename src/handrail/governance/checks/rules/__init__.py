"""Families of rules: each is a function from a look at a definition to its findings."""

from collections.abc import Callable, Iterable
from typing import Final

from handrail.governance.checks.look import Look
from handrail.governance.checks.model import Finding
from handrail.governance.checks.rules import (
    accounts,
    agents,
    commands,
    conditions,
    destinations,
    endpoints,
    failing,
    leaking,
    samples,
    secrets,
    steps,
    transport,
    wiring,
)

Family = Callable[[Look], Iterable[Finding]]

FAMILIES: Final[tuple[tuple[str, Family], ...]] = (
    ("leak", leaking.find),
    ("public-request-bin", destinations.find),
    ("hardcoded-secret", secrets.find),
    ("personal-account", accounts.find),
    ("no-error-handling", failing.find),
    ("unauthenticated-endpoint", endpoints.find),
    ("plain-http", transport.find),
    ("injection", commands.find),
    ("prompt-injection", agents.find),
    ("sample-data", samples.find),
    ("weak-comparison", conditions.find),
    ("unwired-step", wiring.find),
    ("code-step", steps.find),
)
"""The first rule of each family stands for it when the family itself fails."""
