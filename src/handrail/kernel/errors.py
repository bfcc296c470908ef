"""The tree of errors.

Capabilities raise these and know nothing of HTTP; `surfaces.http.problem` is the only place that maps them to statuses.
`str(error)` and `fix` may be shown to a builder, `internal` is only logged. A `code` is part of the contract.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class HandrailError(Exception):
    """Anything that Handrail refuses or cannot do.

    Attributes:
        code: Stable, documented name of what happened.
        message: What happened, for a person who does not know our code.
        fix: The smallest thing that would make it pass; empty when there is none.
        place: Where: `file:line:column`, a JSON pointer or a field's name.
        details: More facts for machines (JSON types only, never a secret).
    """

    code: ClassVar[str] = "internal"

    def __init__(
        self,
        message: str,
        *,
        fix: str = "",
        place: str = "",
        internal: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.place = place
        self.internal = internal
        self.details: dict[str, Any] = dict(details or {})


class Invalid(HandrailError):
    """What was given does not make sense as it stands."""

    code = "invalid"


class Unauthenticated(HandrailError):
    """Nobody knows who is asking."""

    code = "unauthenticated"


class Forbidden(HandrailError):
    """The caller is known and may not do this."""

    code = "forbidden"


class NotFound(HandrailError):
    """It does not exist, or the caller may not know that it does."""

    code = "not_found"


class Conflict(HandrailError):
    """The state it met does not allow the act."""

    code = "conflict"


class Precondition(HandrailError):
    """What the caller read is no longer what there is."""

    code = "changed_meanwhile"


class TooMany(HandrailError):
    """A limit was reached; waiting helps."""

    code = "too_many"


class Unavailable(HandrailError):
    """Something that is needed does not answer; trying again may help."""

    code = "unavailable"
