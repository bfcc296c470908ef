"""What access needs to know from floors above."""

from typing import Protocol


class HubsHave(Protocol):
    """Tells whether every live hub has acknowledged a snapshot that contains a signing key."""

    def __call__(self, kid: str) -> bool: ...
