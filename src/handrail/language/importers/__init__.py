"""Reads definitions of builder platforms: strict, without secrets, in one canonical form."""

from handrail.language.importers.draft import (
    AppDraft,
    Call,
    KnownConnection,
    KnownOperation,
    Question,
    draft_app,
)
from handrail.language.importers.errors import (
    ArtefactInvalid,
    ArtefactPartUnknown,
    ArtefactTooLarge,
    ArtefactUnknown,
)
from handrail.language.importers.model import Artefact, Finding, Part
from handrail.language.importers.service import parts, read_artefact, sniff

__all__ = [
    "AppDraft",
    "Artefact",
    "ArtefactInvalid",
    "ArtefactPartUnknown",
    "ArtefactTooLarge",
    "ArtefactUnknown",
    "Call",
    "Finding",
    "KnownConnection",
    "KnownOperation",
    "Part",
    "Question",
    "draft_app",
    "parts",
    "read_artefact",
    "sniff",
]
