"""Many flows as one: what they share, where data crosses from one to another, which do the same."""

from handrail.language.estates.model import (
    Carry,
    CrossLeak,
    Estate,
    Link,
    Member,
    Part,
    Share,
    Stop,
    Through,
    Twins,
)
from handrail.language.estates.parts import part_of
from handrail.language.estates.serial import part_from_json, part_to_json
from handrail.language.estates.service import survey, touching
from handrail.language.estates.shapes import exact_of

__all__ = [
    "Carry",
    "CrossLeak",
    "Estate",
    "Link",
    "Member",
    "Part",
    "Share",
    "Stop",
    "Through",
    "Twins",
    "exact_of",
    "part_from_json",
    "part_of",
    "part_to_json",
    "survey",
    "touching",
]
