"""Text that cannot print itself."""

from typing import NoReturn


class Secret:
    """Holds a secret; every way of printing or pickling it gives nothing away."""

    __slots__ = ("_clear",)

    def __init__(self, clear: str) -> None:
        self._clear = clear

    def reveal(self) -> str:
        """Return the clear text. Grep for this word to find every use."""
        return self._clear

    def __repr__(self) -> str:
        return "[redacted]"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return "[redacted]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._clear == self._clear

    def __hash__(self) -> int:
        return hash(self._clear)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never pickled")
