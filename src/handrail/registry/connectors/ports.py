"""What connectors need to know from floors above."""

from collections.abc import Sequence
from typing import Protocol

from handrail.platform.database import Work


class AppsUsing(Protocol):
    """Returns the names of the apps that have a live grant on a connection."""

    def __call__(self, work: Work, connection_id: str) -> Sequence[str]: ...
