"""Findings as every answer shows them."""

from typing import Any, Literal

from handrail.surfaces.http.views import View


class FixView(View):
    """`mechanical` when a program can make the change, `checked` when the engine found that it ends the finding."""

    text: str
    mechanical: bool
    checked: bool


class FoundView(View):
    """What a rule found; `pointer` leads into the file's document, `key` names it in this definition."""

    key: str
    rule: str
    severity: Literal["block", "warn", "note"]
    title: str
    text: str
    step: str
    pointer: str
    line: int
    why: str
    evidence: dict[str, Any]
    refs: list[str]
    fix: FixView | None
    help: str
