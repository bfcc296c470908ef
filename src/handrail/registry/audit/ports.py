"""What the audit log needs from above."""

from typing import Protocol


class Signer(Protocol):
    """Signs checkpoints; its key lives with whoever starts the sealer."""

    @property
    def name(self) -> str:
        """Which key signs, for example its thumbprint."""

    def sign(self, message: bytes) -> str:
        """Return the signature of a message, as text."""


class Checker(Protocol):
    """Checks a checkpoint's signature."""

    def __call__(self, signer: str, message: bytes, signature: str) -> bool:
        """Tell whether the key of that name signed the message."""
