"""What checks say, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

Severity = Literal["block", "warn", "note"]
"""`block`: `handrail check` ends with 1. `warn`: a person should decide. `note`: worth knowing."""

SEVERITIES: Final = ("block", "warn", "note")
NO_EVIDENCE: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that is looked for.

    Attributes:
        id: Stable name (`leak`, `hardcoded-secret`); its page is `docs/reference/rules/<id>.md`.
        title: In a few words.
        severity: Unless a finding says otherwise.
        refs: Risks of the OWASP Citizen Development Top 10 that it belongs to (`CD-SEC-04`).
        help: What a builder does about it, in a sentence.
    """

    id: str
    title: str
    severity: Severity
    refs: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that ends a finding.

    Attributes:
        text: For a builder, in a sentence.
        patch: RFC 6902 operations on the file's document; empty when a person must decide.
        replace: For scripts instead of `patch`: (line, old line, new line), lines from 1.
        checked: Whether the engine has applied it and found the finding gone and nothing new.
    """

    text: str
    patch: tuple[Mapping[str, Any], ...] = ()
    replace: tuple[tuple[int, str, str], ...] = ()
    checked: bool = False

    @property
    def mechanical(self) -> bool:
        """Tell whether a program can make the change."""
        return bool(self.patch or self.replace)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in one definition.

    Attributes:
        rule: Id of the rule.
        severity: How bad.
        text: For a builder, one sentence, never with a secret or a person's data.
        step: Id of the step; empty for the whole flow.
        pointer: JSON pointer into the file's document; empty for the whole, or for a script.
        line: Line in the file, from 1; 0 until somebody asks (`positions.locate`).
        why: The reason in words.
        evidence: What belongs to the rule: for a leak `from`, `to`, `sink_class`, `path`, `cut`.
        refs: As the rule's.
        fix: What would end it.
    """

    rule: str
    severity: Severity
    text: str
    step: str = ""
    pointer: str = ""
    line: int = 0
    why: str = ""
    evidence: Mapping[str, Any] = field(default_factory=lambda: NO_EVIDENCE)
    refs: tuple[str, ...] = ()
    fix: Fix | None = None
