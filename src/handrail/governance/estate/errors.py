"""What the inventory refuses."""

from handrail.kernel.errors import Conflict, Invalid, NotFound


class OriginUnknown(NotFound):
    code = "origin_unknown"


class OriginAmbiguous(Invalid):
    code = "origin_ambiguous"


class OriginInvalid(Invalid):
    code = "origin_invalid"


class DefinitionUnknown(NotFound):
    code = "definition_unknown"


class EstateFilesInvalid(Invalid):
    code = "estate_files_invalid"


class EstateQueryInvalid(Invalid):
    code = "estate_query_invalid"


class ArchiveInvalid(Invalid):
    code = "archive_invalid"


class AlreadyRegistered(Conflict):
    code = "already_registered"


class DefinitionGone(Conflict):
    code = "definition_gone"
