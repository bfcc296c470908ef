"""The inventory: estates adopted, their findings kept, and kept true."""

from handrail.governance.estate.archives import open_archive
from handrail.governance.estate.details import definition, document_of
from handrail.governance.estate.errors import (
    AlreadyRegistered,
    ArchiveInvalid,
    DefinitionGone,
    DefinitionUnknown,
    EstateFilesInvalid,
    EstateQueryInvalid,
    OriginAmbiguous,
    OriginInvalid,
    OriginUnknown,
)
from handrail.governance.estate.files import Page, files
from handrail.governance.estate.listing import definitions
from handrail.governance.estate.model import (
    FILE_MAX,
    FILES_MAX,
    Asked,
    Detail,
    Fault,
    FileIn,
    FileRead,
    Kept,
    Listed,
    Origin,
    Row,
    Taken,
)
from handrail.governance.estate.overview import Overview, cross_row, leak_rows, overview, twins_row
from handrail.governance.estate.reading import engine, read_files
from handrail.governance.estate.registration import artefact_of, register
from handrail.governance.estate.service import (
    TOPIC,
    check_path,
    ensure_origin,
    find_origin,
    finish,
    known,
    link,
    origin_of_team,
    origins,
    take_in,
)
from handrail.governance.estate.surveys import Survey, visible

__all__ = [
    "FILES_MAX",
    "FILE_MAX",
    "TOPIC",
    "AlreadyRegistered",
    "ArchiveInvalid",
    "Asked",
    "DefinitionGone",
    "DefinitionUnknown",
    "Detail",
    "EstateFilesInvalid",
    "EstateQueryInvalid",
    "Fault",
    "FileIn",
    "FileRead",
    "Kept",
    "Listed",
    "Origin",
    "OriginAmbiguous",
    "OriginInvalid",
    "OriginUnknown",
    "Overview",
    "Page",
    "Row",
    "Survey",
    "Taken",
    "artefact_of",
    "check_path",
    "cross_row",
    "definition",
    "definitions",
    "document_of",
    "engine",
    "ensure_origin",
    "files",
    "find_origin",
    "finish",
    "known",
    "leak_rows",
    "link",
    "open_archive",
    "origin_of_team",
    "origins",
    "overview",
    "read_files",
    "register",
    "take_in",
    "twins_row",
    "visible",
]
