"""Reads definitions of builder platforms: strict, without secrets, in one canonical form."""

from handrail.language.importers.archives import is_archive, open_archive
from handrail.language.importers.definitions import definition_of_source, read_definitions
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
from handrail.language.importers.model import Artefact, Definition, Finding, Part, Secret
from handrail.language.importers.packs import Pack, PackInvalid, StepType, load_pack
from handrail.language.importers.service import parts, read_artefact, sniff

__all__ = [
    "AppDraft",
    "Artefact",
    "ArtefactInvalid",
    "ArtefactPartUnknown",
    "ArtefactTooLarge",
    "ArtefactUnknown",
    "Call",
    "Definition",
    "Finding",
    "KnownConnection",
    "KnownOperation",
    "Pack",
    "PackInvalid",
    "Part",
    "Question",
    "Secret",
    "StepType",
    "definition_of_source",
    "draft_app",
    "is_archive",
    "load_pack",
    "open_archive",
    "parts",
    "read_artefact",
    "read_definitions",
    "sniff",
]
