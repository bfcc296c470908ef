"""What sources refuse, and how reading one may fail."""

from handrail.kernel.errors import Conflict, Invalid, NotFound


class SourceUnknown(NotFound):
    code = "source_unknown"


class SourceNameTaken(Conflict):
    code = "source_name_taken"


class SourcePlatformUnknown(Invalid):
    code = "source_platform_unknown"


class SourceUrlInvalid(Invalid):
    code = "source_url_invalid"


class SourceFieldInvalid(Invalid):
    code = "source_field_invalid"


class SourceBindingTaken(Conflict):
    code = "source_binding_taken"


class SourceBusy(Conflict):
    code = "source_busy"


class SourceRulesInvalid(Invalid):
    code = "source_rules_invalid"


class ReadFailed(Exception):
    """A look at a builder instance gave nothing; `str(error)` may be shown, it never repeats what was received.

    Attributes:
        retry_after_s: For how many seconds it asked to be left alone; 0 if it did not say.
    """

    def __init__(self, message: str, *, retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unreachable(ReadFailed):
    """Nothing answered, or not in time, or it may not be asked from here."""


class Unauthorised(ReadFailed):
    """It answered, and refused the credential."""


class Unreadable(ReadFailed):
    """It answered with something that is no definition."""


class TooMuch(Unreadable):
    """One answer was larger than is permitted."""
