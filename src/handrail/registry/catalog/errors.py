"""What the catalog refuses."""

from handrail.kernel.errors import Conflict, Invalid, NotFound, Precondition


class AppUnknown(NotFound):
    code = "app_unknown"


class VersionUnknown(NotFound):
    code = "version_unknown"


class NameTaken(Conflict):
    code = "name_taken"


class DeputyInvalid(Invalid):
    code = "deputy_invalid"


class OwnerInvalid(Invalid):
    code = "owner_invalid"


class AppRetired(Conflict):
    code = "app_retired"


class AppChanged(Precondition):
    code = "changed_meanwhile"


class AppFieldInvalid(Invalid):
    code = "app_field_invalid"


class ManifestMismatch(Invalid):
    code = "manifest_mismatch"


class ConnectionNotHere(Invalid):
    code = "connection_not_here"


class OperationUnknown(Invalid):
    code = "operation_unknown"


class RunningObserved(Conflict):
    code = "running_observed"


class DigestAmbiguous(Invalid):
    code = "digest_ambiguous"


class LayoutStepUnknown(Invalid):
    code = "layout_step_unknown"


class LayoutChanged(Precondition):
    code = "layout_changed"
