"""What a source needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from handrail.kernel.secret import Secret
from handrail.runtime.sources.model import File, Instance, Reading, Source


class Reader(Protocol):
    """Reads the live definitions of one instance."""

    def __call__(self, instance: Instance, credential: Secret | None, known: Mapping[str, str]) -> Reading:
        """Return what the instance holds now.

        Args:
            instance: What to ask.
            credential: What it wants; None for nothing.
            known: Versions by file whose content is not needed again.

        Raises:
            Unreachable: If nothing answers in time, or its address is not allowed.
            Unauthorised: If it refuses the credential.
            Unreadable: If the answer is no definition.
        """
        ...


class Inventory(Protocol):
    """Keeps what was found, for those who look after the whole estate."""

    def __call__(
        self,
        source: Source,
        files: Sequence[File],
        paths: Collection[str] | None,
        apps: Mapping[tuple[str, int], str],
    ) -> None:
        """Take in what changed.

        Args:
            source: The instance.
            files: Files with definitions in them that are new or changed, with their content.
            paths: Every path with definitions, after a complete look; None when it was not complete.
            apps: Ids of the apps that definitions of these files are known to be, by path and place in the file.
        """
        ...
