"""The inventory: estates adopted, their findings kept, and kept true."""

from handrail.governance.estate.archives import open_dropped
from handrail.governance.estate.dependencies import lookup_at
from handrail.governance.estate.details import definition, held_of
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
from handrail.governance.estate.instances import InstanceInventory
from handrail.governance.estate.jobs import check_some_versions, check_versions_forever
from handrail.governance.estate.listing import definitions
from handrail.governance.estate.mending import Mended, Subject, mend, to_mend, with_tried_fixes
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
from handrail.governance.estate.paths import check_path
from handrail.governance.estate.reading import Report, engine, read_files, report_of, unread
from handrail.governance.estate.registration import artefact_of, register
from handrail.governance.estate.service import (
    TOPIC,
    ensure_origin,
    find_origin,
    finish,
    known,
    origin_of_team,
    origins,
    require_by_hand,
    take_in,
)
from handrail.governance.estate.surveys import Survey, visible
from handrail.governance.estate.versions import (
    VersionFindings,
    check_version,
    findings_now,
    findings_of,
    unchecked,
)

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
    "InstanceInventory",
    "Kept",
    "Listed",
    "Mended",
    "Origin",
    "OriginAmbiguous",
    "OriginInvalid",
    "OriginUnknown",
    "Overview",
    "Page",
    "Report",
    "Row",
    "Subject",
    "Survey",
    "Taken",
    "VersionFindings",
    "artefact_of",
    "check_path",
    "check_some_versions",
    "check_version",
    "check_versions_forever",
    "cross_row",
    "definition",
    "definitions",
    "engine",
    "ensure_origin",
    "files",
    "find_origin",
    "findings_now",
    "findings_of",
    "finish",
    "held_of",
    "known",
    "leak_rows",
    "link_to_app",
    "lookup_at",
    "mend",
    "open_dropped",
    "origin_of_team",
    "origins",
    "overview",
    "read_files",
    "register",
    "report_of",
    "require_by_hand",
    "take_in",
    "to_mend",
    "twins_row",
    "unchecked",
    "unread",
    "visible",
    "with_tried_fixes",
]
