"""What detectors say, as values."""

from dataclasses import dataclass
from typing import Literal

Tag = Literal["pii", "phi", "pci", "secret"]
"""Personal, health and payment data, and secrets."""

DataClass = Literal["internal", "confidential", "restricted"]
"""How far it may go; the stricter one wins where several meet."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a field holds, told by its name.

    Attributes:
        kind: For example `email` or `salary`.
        tag: What protects it.
        data_class: How far it may go.
    """

    kind: str
    tag: Tag
    data_class: DataClass


@dataclass(frozen=True, slots=True)
class Detection:
    """A value in a text: what it is and where, never the value.

    Attributes:
        kind: For example `email`, `iban`, or a kind of secret.
        tag: What protects it.
        data_class: How far it may go.
        start: First character, from 0.
        end: First character after it.
        certain: False for samples of documentations (`example.com`, test cards) and gaps to be filled in.
    """

    kind: str
    tag: Tag
    data_class: DataClass
    start: int
    end: int
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """An account of one person that a flow depends on.

    Attributes:
        value: `freemail` or `named_user`.
        pointer: JSON pointer below what was looked at.
    """

    value: Literal["freemail", "named_user"]
    pointer: str
