"""What a source needs from outside."""

from typing import Protocol

from handrail.kernel.secret import Secret
from handrail.runtime.sources.model import Instance, Reading


class Reader(Protocol):
    """Reads the live definition of one instance."""

    def __call__(self, instance: Instance, credential: Secret | None) -> Reading:
        """Return what the instance runs now.

        Raises:
            Unreachable: If nothing answers in time, or its address is not allowed.
            Unauthorised: If it refuses the credential.
            Unreadable: If the answer is no definition.
        """
        ...
